"""The budgets of docs/decisions and of the architecture, kept by the machine; and proof that each check can fail."""

import re
import tomllib
from collections.abc import Callable
from functools import cache
from typing import Any

import polib
import pytest
from django.conf import settings

from infitah.ground.accounts.queries import sentences_of_rules
from tests.house import FLOORS, ROOT, Check, code, complaints, files, pages, repository, room_of, text_of, texts
from tests.house.entries import words_in

NOT_OURS = ("/migrations/",)


def of_python(check: Check) -> list[str]:
    return [word for word in complaints(check, ".py") if not any(part in word for part in NOT_OURS)]


@pytest.mark.parametrize(
    "check",
    [
        code.long_file,
        code.long_functions,
        code.long_views,
        code.inner_imports,
        code.writes,
        code.strange_keys,
        code.string_links,
        code.signals,
        code.overridden_save,
        code.strange_file,
        code.door_plate,
        code.out_of_order,
        code.strangers_in,
        code.test_names,
        code.stranger_tests,
    ],
    ids=lambda check: check.__name__,
)
def test_python_keeps_within(check: Check) -> None:
    assert of_python(check) == []


@pytest.mark.parametrize(
    "check",
    [
        pages.long_template,
        pages.inline,
        pages.grouped,
        pages.queries,
        pages.homeless,
        pages.unreachable,
        pages.taken_away,
    ],
    ids=lambda check: check.__name__,
)
def test_templates_keep_within(check: Check) -> None:
    assert complaints(check, ".html", under="infitah/") == []


@pytest.mark.parametrize("check", [pages.physical, pages.important], ids=lambda check: check.__name__)
def test_style_sheets_keep_within(check: Check) -> None:
    assert complaints(check, ".css") == []


@pytest.mark.parametrize(
    "check", [repository.unfinished, repository.machine_paths, repository.registries], ids=lambda check: check.__name__
)
def test_the_repository_keeps_within(check: Check) -> None:
    assert complaints(check, "") == []


def test_no_test_is_skipped() -> None:
    assert complaints(repository.skips, ".py", under="tests/") == []


def test_nothing_foreign_is_kept() -> None:
    assert complaints(repository.foreign_file, "") == []


def test_every_template_is_used() -> None:
    own = [path for path in files(".html", ".txt", under="infitah/") if "/templates/" in path]
    assert pages.unused(own, [text_of(path) for path in files(".py", ".html", ".txt", under="infitah/")]) == []


def test_the_settings_are_read_at_once() -> None:
    assert len(text_of("config/settings.py").splitlines()) < 200


def test_every_room_is_in_the_house() -> None:
    rooms = {room_of(path) for path in files(".py", under="infitah/")} - {""}
    built = {
        name.removeprefix("infitah.").replace(".", "/")
        for name in settings.INSTALLED_APPS
        if name.startswith("infitah.")
    }
    assert rooms == {name for name in built if name.split("/")[0] in FLOORS}


def test_what_the_code_reads_is_packed_with_it() -> None:
    """`pip install` brings every file that is not Python: those that match the lists in pyproject.toml."""
    packed = tomllib.loads(text_of("pyproject.toml"))["tool"]["setuptools"]
    kinds = tuple(pattern.removeprefix("**/*") for pattern in packed["package-data"]["*"])
    left = [path for path in files("", under="infitah/") if not path.endswith((".py", *kinds))]
    assert [path for path in left if not re.search("/(static|templates)/", path)] == []
    assert {f"{folder.removeprefix('share/infitah/')}/django.po" for folder in packed["data-files"]} == set(
        files(".po")
    )


@cache
def used_texts() -> set[texts.Text]:
    used: set[texts.Text] = set()
    for path in [*files(".py", under="infitah/"), *files(".py", under="config/")]:
        used |= set(texts.texts_of_code(text_of(path)))
    for path in files(".html", ".txt", under="infitah/"):
        if "/templates/" in path:
            used |= set(texts.texts_of_template(path, text_of(path)))
    # The public page “who may do what” reads the rules themselves: their docstrings are texts for people.
    return used | {("", said) for plate, rules in sentences_of_rules() if rules for said in [plate, *rules]}


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_every_text_is_translated(language: str) -> None:
    assert texts.lacking(used_texts(), ROOT / f"locale/{language}/LC_MESSAGES/django.po") == []


@pytest.mark.parametrize("language", ["ar", "fr", "en", "zgh"])
def test_no_translation_outlives_its_text(language: str) -> None:
    assert texts.idle(used_texts(), ROOT / f"locale/{language}/LC_MESSAGES/django.po") == []


# -- each check can fail -----------------------------------------------------------------------

IDEAS = "infitah/journey/ideas/"
BAD = [
    (code.long_file, "x.py", "x = 1\n" * 401),
    (code.long_functions, "x.py", "def f():\n" + "    x = 1\n" * 40),
    (code.long_views, IDEAS + "views.py", "def f():\n" + "    x = 1\n" * 20),
    (code.inner_imports, "x.py", "def f():\n    import os"),
    (code.strange_keys, IDEAS + "actions.py", "Idea.objects.filter(key=key).first()"),
    (code.strange_keys, IDEAS + "actions.py", "Idea.objects.get_or_create(key=key, defaults=said)"),
    (code.writes, IDEAS + "views.py", "idea.save()"),
    (code.writes, IDEAS + "views.py", "idea.delete()"),
    (code.writes, IDEAS + "queries.py", "Idea.objects.create(x=1)"),
    (code.writes, IDEAS + "jobs.py", "ideas.update(supports=1)"),
    (code.writes, IDEAS + "forms.py", "Idea.objects.bulk_create(rows)"),
    (code.writes, IDEAS + "rules.py", "Idea.objects.get_or_create(x=1)"),
    (code.writes, IDEAS + "management/commands/x.py", "cursor.execute('INSERT INTO x VALUES (1)')"),
    (code.string_links, "x.py", "models.ForeignKey('ideas.Idea')"),
    (code.string_links, "x.py", "models.ManyToManyField(to='Idea')"),
    (code.signals, "x.py", "from django.db.models.signals import post_save"),
    (code.signals, "x.py", "from django.dispatch import receiver"),
    (code.overridden_save, "x.py", "class A:\n    def save(self): ..."),
    (code.strange_file, IDEAS + "utils.py", "x = 1"),
    (code.strange_file, IDEAS + "catalog.py", "x = 1"),
    (code.strange_file, IDEAS + "services/x.py", "x = 1"),
    (code.strange_file, IDEAS + "rules.py", "\n"),
    (code.door_plate, IDEAS + "__init__.py", ""),
    (code.door_plate, IDEAS + "__init__.py", "'''Ideas.'''\nx = 1"),
    (code.out_of_order, IDEAS + "rules.py", "from . import actions"),
    (code.out_of_order, IDEAS + "models.py", "from .queries import x"),
    (code.out_of_order, IDEAS + "rules.py", "from infitah.journey.ideas.views import x"),
    (code.strangers_in, IDEAS + "views.py", "from infitah.ground.accounts.forms import x"),
    (code.strangers_in, IDEAS + "views.py", "from infitah.ground.accounts import views"),
    (code.strangers_in, IDEAS + "views.py", "import infitah.ground.accounts.views"),
    (code.test_names, "tests/test_x.py", "def test_idea(): ..."),
    (code.stranger_tests, "tests/journey/more/test_x.py", ""),
    (pages.long_template, "x.html", "<p>\n" * 151),
    (pages.inline, "x.html", "<script>alert(1)</script>"),
    (pages.inline, "x.html", "<style>p {}</style>"),
    (pages.inline, "x.html", '<p class="a" style="color: red">'),
    (pages.inline, "x.html", '<button\n onclick="x()">'),
    (pages.inline, "x.html", '<a href="javascript:x()">'),
    (pages.grouped, "x.html", '<input value="{{ idea.pk }}">'),
    (pages.grouped, "x.html", '<a href="#idea-{{ number }}">'),
    (pages.queries, "x.html", "{% for x in idea.comments.filter %}"),
    (pages.unreachable, "x.html", '<div class="tablewrap"><table>'),
    (pages.taken_away, "x.html", """<a class="btn" href="{% url 'notifications:ledger' %}?page=2" download>"""),
    (pages.homeless, IDEAS + "templates/idea.html", ""),
    (pages.homeless, IDEAS + "templates/projects/idea.html", ""),
    (pages.physical, "x.css", "p { margin-left: 1px }"),
    (pages.physical, "x.css", "p { left: 0 }"),
    (pages.physical, "x.css", "p { border-top-right-radius: 1px }"),
    (pages.physical, "x.css", "p {\n  text-align: right;\n}"),
    (pages.physical, "x.css", "p { float:left }"),
    (pages.important, "x.css", "p { color: red !important }"),
    (repository.unfinished, "x.py", "# TO" + "DO: later"),
    (repository.unfinished, "x.html", "Lorem" + " ipsum dolor"),
    (repository.skips, "x.py", "@pytest.mark." + "skip"),
    (repository.machine_paths, "x.py", "open('/" + "home/me/x')"),
    (repository.registries, "x.txt", "--index" + "-url x"),
    (repository.registries, "x.txt", "https://mirror.example/" + "simple"),
    (repository.foreign_file, "infitah/ui/static/ui/htmx.min.js", ""),
    (repository.foreign_file, "infitah/ui/static/ui/plex.woff2", ""),
]


@pytest.mark.parametrize(("check", "path", "text"), BAD)
def test_each_check_can_fail(check: Check, path: str, text: str) -> None:
    assert check(path, text)


GOOD = [
    (pages.grouped, "x.html", '<b id="n-{{ idea.pk|unlocalize }}">{{ idea.number }}</b>'),
    (code.writes, IDEAS + "views.py", "found.update(other); cache.delete('x'); seen.add(1)"),
    (code.writes, IDEAS + "actions.py", "idea.save()"),
    (code.strange_keys, IDEAS + "actions.py", "sent_before(Idea, key, entered_by=by); Idea.objects.create(key=key)"),
    (code.string_links, "x.py", "models.ForeignKey('self')"),
    (code.out_of_order, IDEAS + "views.py", "from . import actions, forms, rules"),
    (code.strangers_in, IDEAS + "views.py", "from infitah.ground.accounts.models import Person"),
    (pages.inline, "x.html", '<script src="x.js" defer></script><p class="one">{% icon "onion" %}</p>'),
    (pages.queries, "x.html", "{% if forloop.first %}{{ idea.supports.all }}{% endif %}"),
    (pages.physical, "x.css", "p { margin-inline-start: 1px; inset-inline-end: 0; text-align: start }"),
    (repository.machine_paths, "x.html", '<a href="https://example.org/home/x">'),
]


@pytest.mark.parametrize(("check", "path", "text"), GOOD)
def test_each_check_lets_good_work_pass(check: Check, path: str, text: str) -> None:
    assert check(path, text) == []


WORDS: list[tuple[str, Any]] = [
    ("phase.shifted", {"reason": "عطلة"}),
    ("phase.shifted", {"reason": "holiday of spring"}),
    ("project.drafted", {"title": {"fr": "Parc"}}),
    ("project.amended", {"changes": {"service": [{"fr": ""}, {"fr": "Mme Alami"}]}}),
    ("seat.given", {"name": "Alami"}),
    ("plan.reviewed", {"source": "https://example.org/alami"}),
    ("role.granted", {"Alami": 1}),
]


@pytest.mark.parametrize(("action", "particulars"), WORDS)
def test_words_in_an_entry_of_the_ledger_are_found(action: str, particulars: Any) -> None:
    assert len(words_in(action, particulars)) == 1


def test_what_is_nobodys_is_let_into_the_ledger() -> None:
    codes = {"status": "on_agenda", "about": "ideas.idea", "key": "open-budgets", "into": "01.511.01", "at": "MA"}
    days = {"on": "2026-03-01", "at": "2026-03-01T10:00:00.123456+00:00", "closes_at": None, "is_national": True}
    prints = {"sha256": "0a" * 32, "person": "0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f", "changes": {"lens": ["", "yes"]}}
    assert words_in("some.happened", [codes, days, prints, 3]) == []
    assert words_in("area.reworded", {"name": [{"ar": "الصحة"}, {"fr": "Santé"}]}) == []


def test_an_unused_template_is_found() -> None:
    assert pages.unused(["infitah/journey/ideas/templates/ideas/x.html"], ["'ideas/y.html'"]) == ["ideas/x.html"]
    assert pages.unused(["infitah/journey/ideas/templates/ideas/x.html"], ["'ideas/x.html#list'"]) == []


def test_a_missing_or_doubtful_translation_is_found(tmp_path: Callable[..., None]) -> None:
    book = polib.POFile()
    book.append(polib.POEntry(msgid="Good day", msgstr="Bonjour"))
    book.append(polib.POEntry(msgid="Perhaps", msgstr="Peut-être", flags=["fuzzy"]))
    book.append(polib.POEntry(msgid="%(name)s came", msgstr="%(nom)s est venu"))
    book.append(polib.POEntry(msgid="idea", msgid_plural="ideas", msgstr_plural={0: "idée", 1: ""}))
    book.save(f"{tmp_path}/x.po")
    for sound, words in [(True, "Good day"), (False, "Perhaps"), (False, "Absent"), (False, "idea")]:
        assert (texts.lacking({("", words)}, f"{tmp_path}/x.po") == []) is sound
    assert texts.lacking({("", "%(name)s came")}, f"{tmp_path}/x.po")


def test_a_translation_that_outlived_its_text_is_found(tmp_path: Callable[..., None]) -> None:
    book = polib.POFile()
    book.extend(polib.POEntry(msgid=words, msgstr="…") for words in ["Good day", "Enter a valid date.", "Gone"])
    book.save(f"{tmp_path}/x.po")
    assert texts.idle({("", "Good day")}, f"{tmp_path}/x.po") == ["keeps “Gone”, which nothing says"]


def test_texts_are_found_in_code_and_templates() -> None:
    source = (
        "from django.utils.translation import gettext_lazy as _\nx = _('One' ' day')\ny = ngettext('idea', 'ideas', 2)"
    )
    assert set(texts.texts_of_code(source)) == {("", "One day"), ("", "idea")}
    page = """{% load i18n %}{% trans "It's here" %} {{ _("There") }} {% include "x.html" with text=_("Then") %}
    {% blocktrans trimmed count n=2 %}one {{ n }}{% plural %}many {{ n }}{% endblocktrans %}"""
    assert set(texts.texts_of_template("x.html", page)) == {
        ("", "It's here"),
        ("", "There"),
        ("", "Then"),
        ("", "one %(n)s"),
    }


def test_code_is_read_as_python() -> None:
    assert all(code.parsed(text_of(path)) for path in files(".py"))
