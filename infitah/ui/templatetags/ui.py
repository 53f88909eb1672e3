"""Tags and filters of the pages."""

import re
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno
from django import template
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.defaultfilters import linebreaksbr
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import get_language, gettext_lazy

from infitah.lib import dates, i18n
from infitah.lib.i18n import READ, Localized, Written, page_language
from infitah.lib.text import receipt_shown

register = template.Library()

SPRITE = (Path(__file__).parent.parent / "icons.svg").read_text()
ICONS = {
    name: (turns, drawing)
    for name, turns, drawing in re.findall(r'<symbol id="([a-z-]+)"( class="turns")?>(.*?)</symbol>', SPRITE)
}
ALSO = {"comment": "speech", "pen": "edit", "location": "place", "file": "document", "user": "person", "trash": "bin"}
KINDS = {"success": "ok", "info": "part", "warning": "wait", "error": "late", "debug": "no"}
RIGHT_TO_LEFT = {"ar", "ary"}
NUMBERED = {"fr": "{}\u00a0%"}


@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str, label: str = "") -> SafeString:
    """A drawing of the sprite; with a label it speaks for itself, without one it only stands beside a word."""
    turns, drawing = ICONS.get(ALSO.get(name, name), ICONS["dot"])
    kind = "icon turns" if turns else "icon"
    spoken = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    drawn = '<svg class="{}" viewBox="0 0 24 24" width="20" height="20" {}>{}</svg>'  # small also where no style came
    return format_html(drawn, kind, spoken, mark_safe(drawing))


STEPS = {
    "done": ("check", gettext_lazy("done")),
    "now": ("dot", gettext_lazy("now")),
    "late": ("alert", gettext_lazy("late")),
    "next": ("circle", gettext_lazy("planned")),
}


@register.simple_tag
def step(name: str, state: str, note: str = "") -> SafeString:
    """A cell of a matrix of steps: its state (done, now, late, next; nothing for none) as a mark and a word, and a
    note."""
    return _step(name, state, note, get_language() or "ar")


@lru_cache(maxsize=4096)
def _step(name: str, state: str, note: str, language: str) -> SafeString:
    if state not in STEPS:
        return format_html('<td class="none" data-name="{}"></td>', name)
    mark, word = STEPS[state]
    cell = '<td class="{}" data-name="{}">{}<span class="hidden">{}</span> {}</td>'
    return format_html(cell, state, name, icon(mark), word, note)


@register.simple_tag
def said(text: str | None, language: str = "", words: int = 0, lines: int = 0) -> SafeString:
    """A resident's text as written: escaped, line breaks kept, its own direction and language.

    `words` shortens it; `lines` (1 to 4) shows so many lines and leaves the rest to the page of the whole.
    """
    shown = Truncator(text or "").words(words, truncate="…") if words else text or ""
    lang = f' lang="{escape(language)}"' if language not in ("", "und") else ""
    kind = f"said clamp{lines}" if lines else "said"
    body = escape(shown).replace("\n", "<br>")  # `lib.text.clean` keeps one kind of line end
    return mark_safe(f'<span class="{kind}" dir="auto"{lang}>{body}</span>')


@register.simple_tag
def told(text: Localized | str | None, words: int = 0) -> SafeString | str:
    """An official's text in the reader's language, else in the first that it has, marked as such."""
    if not text:
        return ""
    shown = Truncator(str(text)).words(words, truncate="…") if words else str(text)
    body = linebreaksbr(shown, autoescape=True)
    if not isinstance(text, Localized):
        return body
    if text.lang == Written.OTHER:
        return format_html('<span dir="auto">{}</span>', body)
    direction = "rtl" if text.lang in RIGHT_TO_LEFT else "ltr"
    return format_html('<span lang="{}" dir="{}">{}</span>', text.lang, direction, body)


@register.filter
def told_in(text: Localized | str | None, language: str) -> str:
    """The text in the language named, else as the reader would be told."""
    if isinstance(text, Localized):
        return text.get(language) or str(text)
    return str(text or "")


@register.filter(is_safe=True)
def elided(sentence: str) -> str:
    """A sentence with the name of a place in it, joined as French does."""
    return i18n.elided(sentence)


@register.filter
def day(value: date | datetime | None) -> str:
    return dates.day(value)


@register.filter
def moment(value: datetime | None) -> str:
    return dates.moment(value)


@register.filter
def month(value: date | datetime | None) -> str:
    """The name of the month alone."""
    return dates.month(value) if value else ""


@register.filter
def iso(value: date | datetime | None) -> str:
    """As machines read it, for `<time datetime>`."""
    return value.isoformat() if value else ""


@register.filter
def percent(value: float | None) -> str:
    """A share of 0 to 100 as the language writes it; a dash for none."""
    if value is None:
        return "–"
    return NUMBERED.get((get_language() or "ar").split("-")[0], "{}%").format(round(value))


@register.filter
def scaled(value: float | None, length: int) -> str:
    """A share of 0 to 100 as a length of a drawing."""
    return f"{max(0.0, min(100.0, float(value or 0))) * length / 100:.4g}"


@register.filter
def kind(name: str) -> str:
    """The kind of a badge or notice; levels of messages (success, info, warning, error) are understood too."""
    return KINDS.get(name, name)


@register.filter
def kind_icon(name: str) -> str:
    """The icon that goes with the colour of a badge or notice."""
    return {"ok": "check", "no": "circle", "wait": "clock", "part": "info", "late": "alert"}.get(kind(name), "info")


@register.simple_tag
def badge(state: str | tuple[str, str], text: str = "", drawing: str = "") -> SafeString:
    """A state: its colour, its icon and its word; `state` is its kind (ok, part, wait, late, no), or kind and word."""
    name, word = (state, text) if isinstance(state, str) else state
    return format_html('<span class="badge {}">{}{}</span>', kind(name), icon(drawing or kind_icon(name)), word)


@register.filter
def receipt(code: str) -> str:
    """A receipt as printed and read aloud: `4K7-2QM-9T`."""
    return receipt_shown(code)


@register.simple_tag
def square(address: str) -> SafeString:
    """The address as a QR code, an SVG without styles."""
    code = segno.make(address, error="m", micro=False)
    return mark_safe(code.svg_inline(scale=4, omitsize=True, svgclass="qr", lineclass=None))


@register.simple_tag
def direction() -> str:
    return "rtl" if page_language() in RIGHT_TO_LEFT else "ltr"


@register.simple_tag
def written() -> str:
    """The language that the page is chiefly written in."""
    return page_language()


def request_of(context: template.Context) -> HttpRequest | None:
    """The request behind a page, also in a piece that was included with `only`."""
    return context.get("request") or getattr(context, "request", None)


@register.simple_tag(takes_context=True)
def here(context: template.Context) -> str:
    """The address of this page, without its question mark."""
    request = request_of(context)
    return request.path if request else ""


@register.simple_tag(takes_context=True)
def csrf(context: template.Context) -> SafeString:
    """The hidden field against forged forms, also in a piece that was included with `only`."""
    request = request_of(context)
    token = get_token(request) if request else ""
    return format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', token)


@register.simple_tag(takes_context=True)
def again(context: template.Context, name: str) -> SafeString:
    """What a block of the page says, once more, for an attribute: what a link to the page shows where it is shared."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block(name) if blocks else None
    return mark_safe(block.render(context).strip().replace('"', "&quot;")) if block else mark_safe("")


@register.simple_tag(takes_context=True)
def here_in(context: template.Context, language: str) -> str:
    """The address of this page in another language; pages without a language in it go by a remembered choice."""
    request = request_of(context)
    if request is None:
        return f"/{language}/"
    here = request.get_full_path()
    spoken, _slash, rest = here[1:].partition("/")
    if spoken in READ:
        return f"/{language}/{rest}"
    return f"{reverse('ui:speak')}?{urlencode({'language': language, 'to': here})}"


@register.filter
def is_kind(field: Any, kinds: str) -> bool:
    """Whether a form field is drawn as one of the kinds, as in `"checkbox,radioselect"`."""
    return field.widget_type in kinds.split(",")


@register.filter
def is_narrowed(form: Any) -> bool:
    """Whether a filter is set, besides the words looked for."""
    return any(name != "q" for name in form.changed_data)
