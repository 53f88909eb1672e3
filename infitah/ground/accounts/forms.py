from typing import Any

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from allauth.socialaccount.forms import DisconnectForm
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from infitah.lib.forms import PublicName, day, email
from infitah.lib.i18n import READ

from .models import Role

NAMES = {"ar": "العربية", "fr": "Français", "zgh": "ⵜⴰⵎⴰⵣⵉⵖⵜ", "en": "English"}


class Me(forms.Form):
    """How a person wants to be called and spoken to."""

    pseudonym = PublicName(
        label=_("Public name"),
        help_text=_("What others see beside your contributions. Leave it empty to appear as “A resident”."),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        help_text=_("For messages that we send you."),
        choices=[(code, NAMES[code]) for code in READ],
    )


class Erase(forms.Form):
    """A second thought before something that cannot be undone."""

    is_sure = forms.BooleanField(label=_("I understand that this cannot be undone."))


class Grant(forms.Form):
    """Who gets which role, until when."""

    email = email(
        _("E-mail"),
        _("Someone without an account gets one: they sign in with a code sent to this address."),
        is_own=False,
    )
    role = forms.ChoiceField(label=_("Role"))
    until = day(_("Until (if limited)"), required=False)

    def __init__(self, *args: Any, roles: list[Role], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["role"].choices = [(role.value, role.label) for role in roles]  # type: ignore[attr-defined]

    def clean_until(self) -> Any:
        until = self.cleaned_data["until"]
        if until and until < timezone.localdate():
            raise forms.ValidationError(_("This day has passed."))
        return until


class AddKey(AddWebAuthnForm):  # type: ignore[misc]
    """A key, and whether it is enough to sign in; allauth's, in our words, as those below."""

    name = forms.CharField(
        label=_("Name of this key"),
        help_text=_("So that you know it again, such as “My phone”."),
        max_length=100,
        required=False,
    )
    passwordless = forms.BooleanField(
        label=_("Sign in with this key alone, without a code by mail"),
        help_text=_("Only you unlock it, with your fingerprint, face or code: it is two factors in one."),
        initial=True,
        required=False,
    )


class RenameKey(EditWebAuthnForm):  # type: ignore[misc]
    name = forms.CharField(label=_("Name of this key"), max_length=100)


class Part(DisconnectForm):  # type: ignore[misc]
    """An institution is to be known no more. Allauth asks for a password first; here a mailed code always opens."""

    def clean(self) -> dict[str, Any]:
        return self.cleaned_data


def code_field(label: Any, help_text: Any) -> forms.CharField:
    attrs = {"autocomplete": "one-time-code", "dir": "ltr", "spellcheck": "false"}
    return forms.CharField(label=label, help_text=help_text, widget=forms.TextInput(attrs=attrs))


class SecondCode(AuthenticateForm):  # type: ignore[misc]
    code = code_field(_("Code"), _("Six digits from your app, or one of your recovery codes."))


class SecondCodeAgain(ReauthenticateForm):  # type: ignore[misc]
    code = code_field(_("Code"), _("Six digits from your app, or one of your recovery codes."))


class AppCode(ActivateTOTPForm):  # type: ignore[misc]
    code = code_field(_("Code shown by the app"), _("Six digits."))
