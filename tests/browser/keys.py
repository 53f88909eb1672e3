"""Someone at a page with a keyboard alone: every stop of the way must be seen, and nothing be out of its reach."""

from typing import Any

from tests.stories.readers import ALL, FIRST, Browsing, File

MOST = 400  # stops on the way to what is sought, before it counts as out of reach
STOP = """wanted => {
    const here = document.activeElement, box = here.getBoundingClientRect(), drawn = getComputedStyle(here);
    if (here === document.body) return "";
    const isInside = /^(date|time)/.test(here.type) && !here.matches(":focus-visible");  // the browser rings a part of it
    if (!isInside && !(parseFloat(drawn.outlineWidth) >= 2 && drawn.outlineStyle !== "none"))
        return `no ring: ${here.outerHTML.slice(0, 120)}`;
    const isSeen = [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.1], [0.5, 0.9]].some(([across, down]) => {
        const top = document.elementFromPoint(box.left + box.width * across, box.top + box.height * down);
        return top && (here.contains(top) || top.contains(here) || [...here.labels || []].some(one => one.contains(top)));
    });
    if (!isSeen) return `covered: ${here.outerHTML.slice(0, 120)}`;
    if (here === wanted) return "here";
    const fold = here.matches("summary") && here.parentElement;
    return fold && !fold.open && fold.contains(wanted) ? "fold" : "";
}"""


class Keys(Browsing):
    """Reads and writes with the keys: Tab to go on, Enter, the space bar and the arrows to choose."""

    def go_to(self, wanted: Any) -> None:
        """Tab until there, opening the folds around it."""
        element, keyboard = wanted.element_handle(), self.page.keyboard
        for _stop in range(MOST):
            told = element.evaluate(STOP)
            if told == "here":
                return
            assert told in {"", "fold"}, f"{self.address}: {told}"
            keyboard.press("Enter" if told == "fold" else "Tab")
        raise AssertionError(f"{self.address}: no key leads to {element.evaluate('wanted => wanted.outerHTML')}")

    def follow(self, words: str) -> "Keys":
        self.go_to(self.page.get_by_role("link", name=words).first)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        return self

    def press(self, button: Any) -> None:
        self.go_to(button)
        super().press(Pressed(self.page))

    def unfold(self, form: Any, wanted: Any) -> None:
        """Folds are opened on the way."""

    def fill(self, form: Any, name: str, value: Any) -> None:
        named = form.locator(f'[name="{name}"]')
        kind, keyboard = named.first.get_attribute("type"), self.page.keyboard
        if kind == "checkbox":
            some = named if value in {FIRST, ALL} else form.locator(f'[name="{name}"][value="{value}"]')
            for box in some.all() if value == ALL else [some.first]:
                self.go_to(box)
                if not box.is_checked():
                    keyboard.press("Space")
                assert box.is_checked()
        elif kind == "radio":
            self.choose(named, value)
        elif isinstance(value, File):
            self.go_to(named)
            with self.page.expect_file_chooser() as opened:
                keyboard.press("Space")
            opened.value.set_files({"name": value.name, "mimeType": value.kind, "buffer": value.contents})
        elif named.first.evaluate("field => field.tagName") == "SELECT":
            self.go_to(named)
            wanted = named.evaluate("field => field.options[1].value") if value == FIRST else str(value)
            keyboard.press("Home")
            for _step in named.locator("option").all():
                if named.input_value() != wanted:
                    keyboard.press("ArrowDown")
            assert named.input_value() == wanted
        elif kind in {"date", "datetime-local", "time"}:
            self.go_to(named)
            named.fill(str(value))  # the browser's own field: its keys depend on the language
        else:
            self.go_to(named)
            keyboard.press("Control+a")
            keyboard.insert_text(str(value))

    def choose(self, named: Any, value: Any) -> None:
        """One of several: with the arrows from the one that Tab leads to."""
        values = [one.get_attribute("value") for one in named.all()]
        wanted = named.nth(0 if value == FIRST else values.index(value))
        checked = next((one for one in named.all() if one.is_checked()), named.first)
        self.go_to(checked)
        self.page.keyboard.press("Space")
        for _step in values:
            if wanted.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{self.address}: no arrow leads to {value}")


class Pressed:
    """A button on which the keyboard stands."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def click(self) -> None:
        self.page.keyboard.press("Enter")
