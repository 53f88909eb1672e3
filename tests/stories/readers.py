"""Someone at a page: reads it, follows its links, fills and sends its forms. With a browser, or with none at all."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urljoin

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

FIRST, ALL = "the first there is", "all there are"  # of the boxes, buttons or options of a name


@dataclass
class File:
    """A file that someone sends."""

    name: str
    kind: str
    contents: bytes


class Reader(Protocol):
    """What a story asks of whoever reads."""

    address: str

    @property
    def text(self) -> str: ...

    def open(self, address: str) -> "Reader": ...

    def follow(self, words: str) -> "Reader": ...

    def send(self, *, to: str = "", **typed: Any) -> "Reader":
        """Fill and send the first form that has all these fields (and, if told, whose address ends with `to`)."""
        ...

    def take(self, *, to: str = "", **typed: Any) -> bytes:
        """The same, for a form that answers with a file: its contents."""
        ...


# -- without a browser: the page as it is written ----------------------------------------------


@dataclass
class Field:
    """A field of a form, with the values it offers and those it holds."""

    kind: str
    held: list[str] = field(default_factory=list)
    offered: list[str] = field(default_factory=list)


@dataclass
class Form:
    """A form of a page."""

    action: str
    method: str
    fields: dict[str, Field] = field(default_factory=dict)


class Page(HTMLParser):
    """The words, the links and the forms of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[tuple[str, list[str]]] = []
        self.forms: list[Form] = []
        self.open_form: Form | None = None
        self.writing: Field | None = None
        self.choosing: Field | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "a" and "href" in given:
            self.links.append((given["href"], []))
        elif tag == "form":
            self.open_form = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self.open_form)
        elif tag == "option" and self.choosing:
            value = given.get("value", "")
            self.choosing.offered += [value] if value else []
            if "selected" in given or not self.choosing.held:
                self.choosing.held = [value]
        elif self.open_form and given.get("name") and tag in {"input", "textarea", "select", "button"}:
            self.add(self.open_form, tag, given)

    def add(self, form: Form, tag: str, given: dict[str, str]) -> None:
        """One control of the form."""
        kind = given.get("type", "text") if tag == "input" else tag
        named = form.fields.setdefault(given["name"], Field(kind))
        if kind in {"checkbox", "radio"}:
            named.offered.append(given.get("value", "on"))
            named.held += [given.get("value", "on")] if "checked" in given else []
        elif tag == "input" and kind != "file":
            named.held.append(given.get("value", ""))
        self.writing = named if tag == "textarea" else None
        self.choosing = named if tag == "select" else None

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open_form = None
        self.writing = None if tag == "textarea" else self.writing
        self.choosing = None if tag == "select" else self.choosing

    def handle_data(self, data: str) -> None:
        if self.writing:
            self.writing.held = [*self.writing.held, data.strip()]
        else:
            self.words.append(data)
            if self.links:
                self.links[-1][1].append(data)


class Alone:
    """Reads and writes without a browser, and so without any script."""

    def __init__(self, client: Client) -> None:
        self.client, self.address, self.page = client, "", Page("")

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.page.words).split())

    def open(self, address: str) -> "Alone":
        return self.arrive(self.client.get(address, follow=True), address)

    def arrive(self, answer: Any, address: str) -> "Alone":
        """At the page that the answer is."""
        steps = [step for step, _status in answer.redirect_chain]
        self.address = urljoin(address, steps[-1] if steps else address)
        self.page = Page(answer.content.decode())
        assert answer.status_code == 200, f"{address}: {answer.status_code} {self.text}"
        return self

    def follow(self, words: str) -> "Alone":
        to = next(href for href, told in self.page.links if "".join(told).strip().startswith(words))
        return self.open(urljoin(self.address, to))

    def send(self, *, to: str = "", **typed: Any) -> "Alone":
        address, sent = self.filled(to, typed)
        return self.arrive(self.client.post(address, sent, follow=True), address)

    def take(self, *, to: str = "", **typed: Any) -> bytes:
        answer = self.client.post(*self.filled(to, typed))
        assert answer.status_code == 200, answer.status_code
        return bytes(answer.getvalue())

    def filled(self, to: str, typed: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """Where the form goes, and all that it sends."""
        forms = [form for form in self.page.forms if form.method == "post" and form.action.endswith(to)]
        form = next((form for form in forms if set(typed) <= set(form.fields)), None)
        assert form, f"{self.address} has no form with {set(typed)}: {[set(form.fields) for form in forms]} {self.text}"
        sent: dict[str, Any] = {}
        for name, found in form.fields.items():
            values = list(self.values(found, typed[name]) if name in typed else found.held)
            if values and found.kind != "button" or name in typed:
                sent[name] = values if len(values) > 1 else values[0]
        return urljoin(self.address, form.action), sent

    def values(self, found: Field, typed: Any) -> Iterator[Any]:
        """What is sent for one name."""
        if isinstance(typed, File):
            yield SimpleUploadedFile(typed.name, typed.contents, typed.kind)
        elif typed == ALL:
            yield from found.offered
        else:
            yield found.offered[0] if typed == FIRST else str(typed)


# -- with a browser ----------------------------------------------------------------------------


UNTIL_SWAPPED = """() => {
    window.isWaiting = true;
    document.addEventListener("htmx:afterSettle", () => { window.isWaiting = false; }, { once: true });
}"""


class Browsing:
    """Reads and writes in a browser, with a finger: what is folded away is opened first."""

    def __init__(self, page: Any, *, with_script: bool) -> None:
        self.page, self.with_script = page, with_script

    @property
    def address(self) -> str:
        return str(self.page.url)

    @property
    def text(self) -> str:
        return " ".join(self.page.locator("body").text_content().split())

    def open(self, address: str) -> "Browsing":
        answer = self.page.goto(address)
        assert answer.status == 200, f"{address}: {answer.status}"
        return self

    def follow(self, words: str) -> "Browsing":
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=words).first.click()
        return self

    def send(self, *, to: str = "", **typed: Any) -> "Browsing":
        button = self.filled(to, typed)
        with self.page.expect_event("response", lambda answer: answer.request.method == "POST") as sent:
            self.press(button)
        assert sent.value.status < 400, f"{sent.value.url}: {sent.value.status}"
        return self

    def press(self, button: Any) -> None:
        """Press it, and wait until what it asks for is there: another page, or a part swapped into this one."""
        if self.with_script:
            self.page.evaluate(UNTIL_SWAPPED)
            button.click()
            self.page.wait_for_function("() => !window.isWaiting && document.readyState === 'complete'")
            return
        with self.page.expect_navigation():
            button.click()

    def take(self, *, to: str = "", **typed: Any) -> bytes:
        button = self.filled(to, typed)
        with self.page.expect_download() as taken:
            button.click()
        return Path(taken.value.path()).read_bytes()

    def filled(self, to: str, typed: dict[str, Any]) -> Any:
        """Fill the form; the button that sends it."""
        form = self.page.locator(f'form[method=post][action$="{to}"]' if to else "form[method=post]")
        for name in typed:
            form = form.filter(has=self.page.locator(f'[name="{name}"]'))
        form = form.first
        button = form.locator("button:not([type=button]):not([name])")
        for name, value in typed.items():
            pressed = form.locator(f'button[name="{name}"][value="{value}"]')
            if pressed.count():
                button = pressed
            else:
                self.fill(form, name, value)
        button = button.first
        self.unfold(form, button)
        if self.with_script and form.locator("[name=proof]").count():  # a person takes longer to write than the sum
            while not form.locator("[name=proof]").first.input_value():
                self.page.wait_for_timeout(50)
        return button

    def unfold(self, form: Any, wanted: Any) -> None:
        """Open the folds around what is wanted, and go on to the step on which it is asked."""
        for fold in wanted.locator("xpath=ancestor::details[not(@open)]").all():
            fold.locator("summary").first.click()
        for _step in range(9):
            if wanted.is_visible():
                return
            form.locator(".steps-nav button").last.click()
        raise AssertionError("it stands on no step from here on: fill in fields in the order of the steps")

    def fill(self, form: Any, name: str, value: Any) -> None:
        """One field of the form."""
        named = form.locator(f'[name="{name}"]')
        kind = named.first.get_attribute("type")
        if kind in {"checkbox", "radio"}:
            some = named if value in {FIRST, ALL} else form.locator(f'[name="{name}"][value="{value}"]')
            for box in some.all() if value == ALL else [some.first]:
                self.unfold(form, box.locator("xpath=ancestor::*[self::label or self::li or self::p or self::div][1]"))
                box.check()
            return
        self.unfold(form, named.first)
        if isinstance(value, File):
            named.set_input_files({"name": value.name, "mimeType": value.kind, "buffer": value.contents})
        elif named.first.evaluate("field => field.tagName") == "SELECT":
            named.select_option(index=1) if value == FIRST else named.select_option(str(value))
        else:
            named.fill(str(value))
