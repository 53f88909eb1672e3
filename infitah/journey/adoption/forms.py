from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from infitah.lib.forms import SHORTEST, Upload, day, past, words

from . import queries
from .models import Sitting

LONGEST = 20_000  # characters of minutes


def votes(label: str) -> forms.IntegerField:
    """A field for a number of votes."""
    return forms.IntegerField(label=label, min_value=0, max_value=500, widget=forms.NumberInput)


class Agreement(forms.Form):
    """The committee's agreement to the programme."""

    validated_on = day(_("Day of the committee's meeting"))
    minutes = words(
        _("Minutes"),
        _("Who was there, what was agreed, what was changed and why. Everyone reads them."),
        rows=6,
        longest=LONGEST,
        shortest=SHORTEST,
    )
    document = Upload(kinds=("pdf",), label=_("Signed minutes (PDF)"), help_text=_("10 MB at most."), required=False)

    def clean_validated_on(self) -> date | None:
        return past(self.cleaned_data["validated_on"])


class Agenda(forms.Form):
    """The sitting at which the council is to vote."""

    sits_on = day(_("Day of the sitting"))
    kind = forms.ChoiceField(
        label=_("Session"),
        choices=[(kind.value, kind.label) for kind in (Sitting.Kind.ORDINARY, Sitting.Kind.EXTRAORDINARY)],
        widget=forms.RadioSelect,
    )


class Counted(forms.Form):
    """Votes, as counted in the sitting."""

    votes_for = votes(_("Votes for"))
    votes_against = votes(_("Votes against"))
    abstentions = votes(_("Abstentions"))

    def is_carried(self) -> bool | None:
        """Whether the votes adopt; None while they are not all there."""
        given = [self.cleaned_data.get(name) for name in ("votes_for", "votes_against", "abstentions")]
        if None in given:
            return None
        if not any(given):
            self.add_error("votes_for", _("Count the votes: somebody has voted."))
            return None
        votes = {name: self.cleaned_data[name] for name in ("votes_for", "votes_against")}
        return queries.is_carried(**votes, by_casting_vote=self.cleaned_data.get("by_casting_vote", False))


class Adoption(Counted):
    """The council adopts."""

    by_casting_vote = forms.BooleanField(
        label=_("The votes were equal, and the president's casting vote decided"), required=False
    )
    number = words(_("Number of the deliberation"), longest=40, shortest=1, widget=forms.TextInput())
    document = Upload(
        kinds=("pdf",),
        label=_("Signed deliberation (PDF)"),
        help_text=_(
            "10 MB at most. Its fingerprint (SHA-256) is published, so that anyone can check the copy they hold."
        ),
    )
    posted_on = day(_("Posted at the seat on"), required=False)

    def clean(self) -> None:
        carried, given = self.is_carried(), self.cleaned_data
        if carried is False:
            self.add_error("votes_for", _("A programme is adopted by more votes for than against."))
        if carried and given.get("by_casting_vote") and given["votes_for"] != given["votes_against"]:
            self.add_error("by_casting_vote", _("The president's casting vote decides only between equal votes."))

    def clean_posted_on(self) -> date | None:
        return past(self.cleaned_data["posted_on"])


class Postponement(forms.Form):
    """The council puts off its vote."""

    reason = words(_("Reason"), _("Why the council put off its vote. Residents read it."), shortest=SHORTEST)


class Rejection(Counted):
    """The council votes the programme down."""

    reason = words(_("Reason"), _("Why the council voted it down. Residents read it."), shortest=SHORTEST)

    def clean(self) -> None:
        if self.is_carried():
            self.add_error("votes_for", _("More votes for than against: the programme is adopted."))
