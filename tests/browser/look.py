"""What every page is looked at for: readable for all, and no wider than the screen."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AXE = Axe().axe_script
FIND = """() => axe.run({ resultTypes: ["violations"] }).then(found => found.violations.map(
    broken => `${broken.id} ${broken.nodes[0].html.slice(0, 120)}`))"""
WIDER = """() => {
    const most = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= most) return "";
    const all = [...document.body.querySelectorAll("*")].filter(one => !one.closest(".tablewrap, [hidden]"));
    const box = one => one.getBoundingClientRect();
    const wide = all.filter(one => box(one).left < -1 || box(one).right > most + 1);
    return wide.slice(0, 3).map(one => one.outerHTML.slice(0, 90)).join(" | ") || "unknown";
}"""


def faults(page: Page) -> list[str]:
    """What axe finds by all its rules, and what is wider than the screen."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    wide = page.evaluate(WIDER)
    return [*page.evaluate(FIND), *([f"wider than the screen: {wide}"] if wide else [])]
