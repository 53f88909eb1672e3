from django import forms
from django.utils.translation import gettext_lazy as _

from infitah.lib.forms import readable, words

from .models import Ground, Moderated

LONGEST = 2000


class Report(forms.Form):
    """What is wrong with a publication."""

    ground = forms.ChoiceField(label=_("What is wrong?"), choices=Ground, widget=forms.RadioSelect)
    text = words(_("What should we know?"), required=False, longest=LONGEST)

    def clean_text(self) -> str:
        return readable(self.cleaned_data["text"])


class Rule(forms.Form):
    """What becomes of a publication, and why."""

    visibility = forms.ChoiceField(choices=Moderated.Visibility)
    ground = forms.ChoiceField(
        label=_("Rule"), choices=[("", _("None: it keeps to the rules")), *Ground.choices], required=False
    )
    reason = words(_("Reason"), _("Its author is told, and everyone can read it."), rows=2, longest=LONGEST)

    def clean_reason(self) -> str:
        return readable(self.cleaned_data["reason"])

    def clean(self) -> dict[str, object]:
        given = super().clean() or self.cleaned_data
        if given.get("visibility") == Moderated.Visibility.HIDDEN and not given.get("ground"):
            self.add_error("ground", _("Name the rule that it breaks."))
        return given


class Appeal(forms.Form):
    """Why the author objects."""

    text = words(_("Why should it be shown?"), rows=4, longest=LONGEST)

    def clean_text(self) -> str:
        return readable(self.cleaned_data["text"])


class Answer(forms.Form):
    """The answer to an objection."""

    text = words(_("Answer"), rows=2, longest=LONGEST)
    is_granted = forms.BooleanField(label=_("Show the publication again"), required=False)

    def clean_text(self) -> str:
        return readable(self.cleaned_data["text"])
