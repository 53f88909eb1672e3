"""The whole country as members: the board of all of them, and a message to five thousand people."""

import os
import signal
import subprocess
import sys
import time
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from infitah.ground.accounts.models import Person, Role, RoleGrant
from infitah.ground.territories.models import Territory
from infitah.journey.programmes.models import Cycle, Phase, Programme
from infitah.lib.i18n import Localized
from infitah.network.membership.models import Cohort, Member
from infitah.network.pool.models import HelpRequest, Skill
from infitah.outlook.board.models import Sign
from infitah.outlook.notifications.models import Announcement, Notice
from tests import make

from .clock import fresh, in_turn, queries_of, tell
from .world import environment

PEOPLE = 5000
STEPS = [*Programme.Status, None]  # some have begun none


@cache
def national() -> Person:
    """All 1,590 collectivities as members in three cohorts, at every step; five thousand people with a role. Gives
    someone of the national team."""
    there = set(Member.objects.values_list("place_id", flat=True))
    places = list(Territory.objects.filter(is_collectivity=True, valid_until=None).exclude(kind="country"))
    cohorts = [
        Cohort.objects.get_or_create(number=number, defaults={"label": year, "enrolled_on": date(2022, 1, 1)})[0]
        for number, year in enumerate(["2022-2023", "2024", "2025"], 1)
    ]
    Member.objects.bulk_create(
        Member(place=place, cohort=cohorts[turn % 3], status=Member.Status.ACTIVE, joined_on=date(2025, 1, 1))
        for turn, place in enumerate(places)
        if place.pk not in there
    )
    begin(places, cohorts)
    now = timezone.now()
    Sign.objects.bulk_create(
        Sign(place=place, entry=turn, at=now - timedelta(days=turn % 400)) for turn, place in enumerate(places)
    )
    skill = Skill.objects.get_or_create(code="bench", defaults={"number": 99})[0]
    HelpRequest.objects.bulk_create(HelpRequest(place=place, theme=skill, text="…") for place in places[::20])
    appoint(places)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    settings.IS_SECOND_FACTOR_COMPULSORY = False  # the measures sign nobody in
    return make.holder(Role.NATIONAL, Territory.objects.get(kind="country"))


def begin(places: list[Territory], cohorts: list[Cohort]) -> None:
    """A programme for ten members of eleven, at each step in turn, its phases planned around today."""
    years = {"name": Localized(fr="…"), "starts_on": date(2025, 1, 1), "ends_on": date(2028, 1, 1)}
    cycles = [Cycle.objects.get_or_create(cohort=cohort, defaults=years)[0] for cohort in cohorts]
    has_one = set(Programme.objects.values_list("place_id", flat=True))
    programmes = Programme.objects.bulk_create(
        Programme(cycle=cycles[turn % 3], place=place, title=Localized(fr="…"), status=STEPS[turn % 11])
        for turn, place in enumerate(places)
        if STEPS[turn % 11] and place.pk not in has_one
    )
    today = timezone.localdate()
    Phase.objects.bulk_create(
        Phase(
            programme=programme,
            kind=kind,
            planned_from=today + timedelta(days=90 * (number - 3) - turn % 60),
            planned_until=today + timedelta(days=90 * (number - 3) - turn % 60 + 60),
        )
        for turn, programme in enumerate(programmes)
        for number, kind in enumerate(Phase.Kind)
    )


def appoint(places: list[Territory]) -> None:
    """Five thousand people with an address, each with two roles: nobody is to be told twice."""
    people = Person.objects.bulk_create(
        Person(email=f"bench{number}@example.org", pseudonym=f"P{number}", language="ar") for number in range(PEOPLE)
    )
    RoleGrant.objects.bulk_create(
        RoleGrant(person=person, role=role, territory=places[number % len(places)])
        for number, person in enumerate(people)
        for role in (Role.FOCAL_POINT, Role.COMMITTEE)
    )


def board(by: Person) -> None:
    """The board of all members, its filters and its spreadsheet."""
    browser = Client(headers={"accept-language": "ar"})
    browser.force_login(by)
    first = reverse("board:board")
    middle = Member.objects.order_by("place__code").values_list("place__code", flat=True)[800]
    pages = {"first page": first, "page in the middle": f"{first}?after={middle}"}
    pages |= {"late ones": f"{first}?attention=late", "one region, drafting": f"{first}?kind=commune&step=drafting"}
    for called, address in pages.items():
        [taken] = in_turn(40, fresh(browser, address))
        tell(f"Board of {Member.objects.count()} members, {called}", taken, "60 ms")
        tell("    its queries", queries_of(browser, address), "12")
    [taken] = in_turn(10, fresh(browser, reverse("board:cohorts")))
    tell("Cohorts side by side", taken)
    [taken] = in_turn(3, fresh(browser, reverse("board:export", args=["xlsx"])))
    tell("    the whole board as a spreadsheet", taken)


def announcement(by: Person, database: str) -> None:
    """Queued through the page; then mailed by a worker that is killed half-way, and by a second one."""
    browser = Client(headers={"accept-language": "ar"})
    browser.force_login(by)
    words = {"subject_fr": "Rencontre", "text_fr": "À demain.", "roles": ["focal_point", "committee"], "key": uuid4()}
    address = reverse("board:announce")
    shown = browser.post(address, words).content.decode()
    many = int(shown.partition('name="people" value="')[2].partition('"')[0])
    began = time.perf_counter()
    answer = browser.post(address, {**words, "people": str(many)})
    queued = time.perf_counter() - began
    assert answer.status_code == 303, answer.status_code
    tell(f"Announcement to {many} people, queued", f"{queued:.2f} s", "10 s")
    with TemporaryDirectory() as box:
        first = worker(database, box)
        while written(box) < many // 2:
            time.sleep(0.05)
        first.send_signal(signal.SIGKILL)
        first.wait()
        fell = written(box)
        began = time.perf_counter()
        worker(database, box).wait()
        took = time.perf_counter() - began
        told = "".join(path.read_text() for path in Path(box).iterdir())
    addresses = [line for line in told.splitlines() if line.startswith("To: ")]
    entry = Announcement.objects.latest("pk").entry
    waiting = Notice.objects.filter(entry=entry, mailed_at=None, person__email__isnull=False).count()
    tell("    messages when the worker was killed", fell)
    tell("    the second worker", f"{took:.1f} s, {(many - fell) / took:.0f} a second")
    tell("    mailed never, mailed twice", f"{waiting}, {len(addresses) - len(set(addresses))}", "0, 0")


def worker(database: str, box: str) -> "subprocess.Popen[bytes]":
    """Another process that mails what waits into a folder."""
    return subprocess.Popen(
        [sys.executable, "-m", "bench.one_mailing", box], env=environment(database), cwd=os.getcwd()
    )


def written(box: str) -> int:
    return sum(path.read_text().count("\nTo: ") for path in Path(box).iterdir())
