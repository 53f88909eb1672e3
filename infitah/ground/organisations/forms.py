from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from infitah.lib.forms import LEAST, SHORTEST, LocalizedFormField, email, key, seen, words
from infitah.lib.states import mark

from .models import Organisation


class Registration(forms.Form):
    """An organisation, as its people call it."""

    key = key()
    name = LocalizedFormField(
        label=_("Its name"), help_text=_("As you write it, in one of the two languages or in both."), max_length=160
    )
    kind = forms.ChoiceField(label=_("What is it?"), choices=Organisation.Kind.choices)
    text = words(
        _("What does it do here?"),
        _("A few lines, in any language. Everyone reads them; name no person."),
        longest=1000,
        shortest=SHORTEST,
    )


class Rewording(Registration):
    """The same, of one that is registered: once it is verified, its name stays."""

    key = None
    seen = seen()

    def __init__(self, organisation: Organisation, *arguments: Any, **options: Any) -> None:
        names = ["text"] if organisation.status == Organisation.Status.VERIFIED else ["name", "kind", "text"]
        said = {name: getattr(organisation, name) for name in names}
        super().__init__(*arguments, initial={**said, "seen": mark(organisation, *names)}, **options)
        for name in {"name", "kind"} - said.keys():
            del self.fields[name]


class Reason(forms.Form):
    """Why an organisation is not verified, or no longer."""

    reason = words(
        _("Why?"),
        _("Everyone reads it beside its name, once it was verified; before that, those who speak for it."),
        rows=2,
        longest=500,
        shortest=LEAST,
    )


class Invitation(forms.Form):
    """Whom to invite."""

    email = email(
        _("E-mail"),
        _("Someone without an account gets one: they sign in with a code sent to this address."),
        is_own=False,
    )
