"""Someone at a page with a keyboard alone: every stop of the way must be seen, and nothing be out of its reach."""

from typing import Any

from tests.stories.readers import ALL, FIRST, Browsing, File

MOST = 400  # stops on the way to what is sought, before it counts as out of reach
STOP = """wanted => {
    const here = document.activeElement, box = here.getBoundingClientRect(), drawn = getComputedStyle(here);
    if (here === document.body) return "";
    const isInside = /^(date|time)/.test(here.type) && !here.matches(":focus-visible");  // a part of it has the ring
    if (!isInside && !(parseFloat(drawn.outlineWidth) >= 2 && drawn.outlineStyle !== "none"))
        return `no ring: ${here.outerHTML.slice(0, 120)}`;
    const isSeen = [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.1], [0.5, 0.9]].some(([across, down]) => {
        const top = document.elementFromPoint(box.left + box.width * across, box.top + box.height * down);
        return top && [here, ...here.labels || []].some(one => one.contains(top) || top.contains(one));
    });
    if (!isSeen) return `covered: ${here.outerHTML.slice(0, 120)}`;
    if (here === wanted) return "here";
    const fold = here.matches("summary") && here.parentElement;
    return fold && !fold.open && fold.contains(wanted) ? "fold" : "";
}"""


class Keys(Browsing):
    """Reads and writes with the keys: Tab to go on, Enter, the space bar and the arrows to choose."""

    def __init__(self, page: Any, *, with_script: bool) -> None:
        super().__init__(page, with_script=with_script)
        page.on("filechooser", lambda opened: None)  # taken over from the start: at the key it might come too late

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
        kind = named.first.get_attribute("type") or named.first.evaluate("field => field.tagName").lower()
        if kind == "checkbox":
            some = named if value in {FIRST, ALL} else form.locator(f'[name="{name}"][value="{value}"]')
            for box in some.all() if value == ALL else [some.first]:
                self.tick(box)
            return
        self.go_to(self.first_of(named) if kind == "radio" else named)
        way = {"radio": self.choose, "select": self.select, "file": self.hand_in}.get(kind, self.type)
        way(named, value)

    def tick(self, box: Any) -> None:
        self.go_to(box)
        if not box.is_checked():
            self.page.keyboard.press("Space")
        assert box.is_checked()

    def type(self, named: Any, value: Any) -> None:
        if (named.get_attribute("type") or "").startswith(("date", "time")):
            named.fill(str(value))  # the browser's own field: its keys depend on its language
            return
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(str(value))

    def hand_in(self, named: Any, value: File) -> None:
        with self.page.expect_file_chooser() as opened:
            self.page.keyboard.press("Space")
        opened.value.set_files({"name": value.name, "mimeType": value.kind, "buffer": value.contents})

    def select(self, named: Any, value: Any) -> None:
        wanted = named.evaluate("field => field.options[1].value") if value == FIRST else str(value)
        self.page.keyboard.press("Home")
        for _step in named.locator("option").all():
            if named.input_value() != wanted:
                self.page.keyboard.press("ArrowDown")
        assert named.input_value() == wanted

    def first_of(self, named: Any) -> Any:
        """Of several, the one to which Tab leads: that which is chosen, else the first."""
        return next((one for one in named.all() if one.is_checked()), named.first)

    def choose(self, named: Any, value: Any) -> None:
        """One of several: with the arrows."""
        values = [one.get_attribute("value") for one in named.all()]
        wanted = named.nth(0 if value == FIRST else values.index(value))
        self.page.keyboard.press("Space")
        for _step in values:
            if not wanted.is_checked():
                self.page.keyboard.press("ArrowDown")
        assert wanted.is_checked()


class Pressed:
    """A button on which the keyboard stands."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def click(self) -> None:
        self.page.keyboard.press("Enter")
