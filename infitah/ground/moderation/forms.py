from django import forms
from django.utils.translation import gettext_lazy as _

from infitah.lib.forms import readable

from .models import Ground, Moderated

LONGEST = 2000


class Report(forms.Form):
    """What is wrong with a publication."""

    ground = forms.ChoiceField(label=_("What is wrong?"), choices=Ground, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("What should we know?"), max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean_text(self) -> str:
        return readable(self.cleaned_data["text"])


class Rule(forms.Form):
    """What becomes of a publication, and why."""

    visibility = forms.ChoiceField(choices=Moderated.Visibility)
    ground = forms.ChoiceField(
        label=_("Rule"), choices=[("", _("None: it keeps to the rules")), *Ground.choices], required=False
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Its author is told, and everyone can read it."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean_reason(self) -> str:
        return readable(self.cleaned_data["reason"])

    def clean(self) -> dict[str, object]:
        given = super().clean() or self.cleaned_data
        if given.get("visibility") == Moderated.Visibility.HIDDEN and not given.get("ground"):
            self.add_error("ground", _("Name the rule that it breaks."))
        return given


class Appeal(forms.Form):
    """Why the author objects."""

    text = forms.CharField(
        label=_("Why should it be shown?"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4})
    )

    def clean_text(self) -> str:
        return readable(self.cleaned_data["text"])


class Answer(forms.Form):
    """The answer to an objection."""

    text = forms.CharField(label=_("Answer"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2}))
    is_granted = forms.BooleanField(label=_("Show the publication again"), required=False)

    def clean_text(self) -> str:
        return readable(self.cleaned_data["text"])
