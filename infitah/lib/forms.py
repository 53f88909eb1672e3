"""What people write, refused where nobody could read it; and one field for an official's text in several languages."""

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.db import models
from django.forms.renderers import get_default_renderer
from django.forms.utils import flatatt
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from . import files, screening
from .errors import Overtaken, Refusal
from .i18n import Localized
from .text import clean, fold

OFFICIAL = {"ar": "العربية", "fr": "Français", "zgh": "ⵜⴰⵎⴰⵣⵉⵖⵜ", "en": "English"}  # each in its own words
USUAL = ("ar", "fr")
LONGEST = 3000  # characters; the longest real solution has 2,045
SHORTEST = 8  # characters that can be read, of what is to be answered
LEAST = 2  # of a remark: "نعم" is one, an emoji alone is none


class Words(forms.CharField):
    """People's own words; where `shortest` is told, cleaned, and refused if fewer characters can be read."""

    default_error_messages = {
        "max_length": _("This text is too long: %(limit_value)s characters at most, and it has %(show_value)s."),
    }

    def __init__(self, *, shortest: int = 0, **options: Any) -> None:
        super().__init__(**options)
        self.shortest = shortest

    def clean(self, value: Any) -> str:
        said: str = super().clean(value)
        return meaningful(said, shortest=self.shortest) if said and self.shortest else said


def words(
    label: Any,
    help_text: Any = "",
    *,
    rows: int = 3,
    required: bool = True,
    longest: int = LONGEST,
    shortest: int = 0,
    widget: forms.Widget | None = None,
) -> Words:
    """A field for people's own words, in any language and direction."""
    area = widget or forms.Textarea(attrs={"rows": rows, "dir": "auto", "maxlength": longest})
    told: dict[str, Any] = {"label": label, "help_text": help_text, "widget": area}
    return Words(**told, max_length=longest, required=required, shortest=shortest)


def day(label: Any, help_text: Any = "", *, required: bool = True, **options: Any) -> forms.DateField:
    """A field for a day, as browsers write it."""
    picker = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    told: dict[str, Any] = {"label": label, "help_text": help_text, "required": required, "widget": picker}
    return forms.DateField(**told, validators=[of_our_time], **options)


def moment(label: Any, *, required: bool = True) -> forms.DateTimeField:
    """A field for a day and a time, by the clock of the country."""
    written = "%Y-%m-%dT%H:%M"
    told: dict[str, Any] = {"label": label, "required": required, "input_formats": [written]}
    picker = forms.DateTimeInput(format=written, attrs={"type": "datetime-local"})
    return forms.DateTimeField(**told, widget=picker, validators=[of_our_time])


def of_our_time(value: date) -> None:
    """Refuses a year with a sign too few or too many, such as 0026 or 9999: no calendar here reaches so far."""
    if not 1900 <= value.year <= 2100:
        raise forms.ValidationError(_("This year cannot be right. Write it with four digits, such as 2026."))


def past(value: date | None) -> date | None:
    """The day, if it has come."""
    if value and value > timezone.localdate():
        raise forms.ValidationError(_("This day has not come yet."))
    return value


def to_come(value: date | None) -> date | None:
    """The day, if it has not passed."""
    if value and value < timezone.localdate():
        raise forms.ValidationError(_("This day has passed."))
    return value


def key() -> forms.UUIDField:
    """The form's own number, by which the same form sent twice is one record."""
    damaged = _("This form was damaged on its way. Copy what you wrote, open the page anew, and send it again.")
    told = {"required": damaged, "invalid": damaged}
    return forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, error_messages=told)


def seen() -> forms.CharField:
    """What stood there when the form was opened (`lib.states.mark`): nobody overwrites what they have not read."""
    return forms.CharField(widget=forms.HiddenInput, required=False)


def see_again(form: forms.Form, stands: str) -> None:
    """Whoever sends this form once more has seen what stands now."""
    form.data = form.data.copy()  # type: ignore[union-attr]
    form.data["seen"] = stands  # type: ignore[index]


def refused(form: forms.Form, refusal: Refusal) -> int:
    """The form keeps what was typed and tells the refusal, whose status this is; what was overtaken, sent once more, is
    meant."""
    if isinstance(refusal, Overtaken):
        see_again(form, refusal.stands)
        form.is_overtaken = True  # type: ignore[attr-defined]  # its page leads to what stands now
    form.add_error(None, refusal.sentence)
    return refusal.status


class PublicName(forms.CharField):
    """What someone is called beside what they write, if they wish: it can be read, and gives nobody away."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=60, required=False, **options)

    def clean(self, value: Any) -> str:
        name: str = super().clean(value)
        name = meaningful(name, shortest=1) if name else ""
        found = screening.found_in(name)
        if found:
            raise forms.ValidationError(screening.UNFIT[found])
        return name


def shown_name() -> PublicName:
    """The name of someone without an account."""
    return PublicName(label=_("Name to show"), help_text=_("Everyone will see it. Leave it empty to stay unnamed."))


def email(label: Any, help_text: Any = "", *, required: bool = True, is_own: bool = True) -> forms.EmailField:
    """A field for an address, one's own or somebody else's, no longer than what keeps it."""
    box = forms.EmailInput(attrs={"autocomplete": "email" if is_own else "off"})
    return forms.EmailField(label=label, help_text=help_text, widget=box, max_length=254, required=required)


def told_at() -> forms.EmailField:
    """Where someone without an account is told what became of it."""
    help_text = _("Never shown, kept apart from what you write, and erased after the cycle.")
    return email(_("E-mail to be told the answer"), help_text, required=False)


def in_whose_name(form: forms.Form, voices: models.QuerySet[Any]) -> None:
    """Ask, of whoever speaks for an organisation, in whose name they give; of nobody else."""
    label, own = _("In whose name?"), _("In my own name")
    if voices:
        field = forms.ModelChoiceField(voices, label=label, required=False, empty_label=own, widget=Select)
        form.fields["organisation"] = field


def meaningful(text: str, *, shortest: int = SHORTEST) -> str:
    """The words, cleaned; refused where nothing readable is left, as of an emoji alone."""
    text = clean(text)
    if len(fold(text)) < shortest:
        raise forms.ValidationError(_("This is too short to be understood. Write a few words more."))
    return text


def readable(text: str) -> str:
    """The same for a remark, which may be short, or may be none at all; but what is written can be read."""
    return meaningful(text, shortest=LEAST) if text else ""


class Upload(forms.FileField):
    """A file of these kinds (keys of `files.KINDS`): gives the `files.Checked` that may be kept, or None."""

    def __init__(self, *, kinds: tuple[str, ...] = ("document", "image", "pdf"), **options: Any) -> None:
        accept = ",".join(sorted({extension for kind in kinds for extension in files.KINDS[kind]}))
        super().__init__(widget=forms.FileInput(attrs={"accept": accept.replace(".jpg", ".jpg,.jpeg")}), **options)
        self.kinds = set(kinds)

    def clean(self, data: Any, initial: Any = None) -> files.Checked | None:
        sent = super().clean(data, initial)
        return files.checked(sent, kinds=self.kinds) if sent else None


CHOSEN = mark_safe(" selected")


class Select(forms.Select):
    """A list of choices without groups, drawn in one go: Django's own takes two templates for every option."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = self.format_value(value)
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((key, CHOSEN if str(key) in chosen else "", label) for key, label in self.choices),
        )
        return format_html('<select name="{}"{}>{}</select>', name, flatatt({**self.attrs, **(attrs or {})}), options)


class LocalizedInput(forms.MultiWidget):
    """One text area (or, with `rows=1`, one line) a language; each says its language and runs in its direction."""

    def __init__(self, languages: tuple[str, ...] = USUAL, rows: int = 1, attrs: dict[str, Any] | None = None) -> None:
        kind = forms.TextInput if rows == 1 else forms.Textarea
        size = {} if rows == 1 else {"rows": rows}
        inputs: dict[str, forms.Widget | type[forms.Widget]] = {
            code: kind({**size, "lang": code, "dir": "rtl" if code == "ar" else "ltr", "aria-label": OFFICIAL[code]})
            for code in languages
        }
        self.languages = languages
        super().__init__(inputs, attrs)

    def decompress(self, value: Any) -> list[str]:
        return [(value or {}).get(code, "") for code in self.languages]

    def use_required_attribute(self, initial: Any) -> bool:
        return False  # one language is enough, and a browser would ask for each

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        parts = self.get_context(name, value, attrs)["widget"]["subwidgets"]
        renderer = renderer or get_default_renderer()
        inputs = format_html_join(
            "",
            '<span class="language"><span class="tongue" lang="{}" aria-hidden="true">{}</span>{}</span>',
            (
                (code, OFFICIAL[code], mark_safe(renderer.render(part["template_name"], {"widget": part})))
                for code, part in zip(self.languages, parts, strict=True)
            ),
        )
        return format_html('<span class="languages">{}</span>', inputs)


class LocalizedFormField(forms.MultiValueField):
    """Gives a Localized with the languages that were filled; required means in one language at least."""

    default_error_messages = {
        "required": _("Write this in Arabic or in French."),
        "max_length": _("This text is too long: %(limit)s characters at most."),
    }

    def __init__(
        self, *, rows: int = 1, max_length: int = 4000, languages: tuple[str, ...] = USUAL, **options: Any
    ) -> None:
        fields = [forms.CharField(required=False) for _code in languages]
        widget = LocalizedInput(languages, rows)
        self.languages, self.max_length = languages, max_length
        super().__init__(fields, widget=widget, require_all_fields=False, **options)

    def compress(self, values: list[str]) -> Localized:
        written = {code: clean(value or "") for code, value in zip(self.languages, values or [], strict=False)}
        if any(len(text) > self.max_length for text in written.values()):
            raise forms.ValidationError(
                self.error_messages["max_length"], code="max_length", params={"limit": self.max_length}
            )
        found = Localized({code: text for code, text in written.items() if text})
        if self.required and not found:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return found
