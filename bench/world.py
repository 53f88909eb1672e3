"""A small country with a few large communes."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connection

from infitah.ground.territories.actions import import_register
from infitah.ground.territories.models import Territory
from infitah.journey.ideas.actions import recount
from infitah.journey.ideas.models import Tally
from infitah.journey.programmes.models import Programme
from tests import make

IDEAS = """
INSERT INTO ideas_idea (programme_id, place_id, number, axis_id, problem, solution, language, channel, "where",
    outside_number, pseudonym, receipt, key, fingerprint, received_at, status, outcome, decided_at, support_count,
    comment_count, search, visibility)
SELECT %(programme)s, %(place)s, n, (%(axes)s::bigint[])[1 + n %% 2], problem, solution, 'ar',
    (ARRAY['website', 'workshop', 'paper'])[1 + n %% 3], '', '', '', lpad((%(start)s + n)::text, 8, '0'),
    gen_random_uuid(), md5(%(start)s || '-' || n), now() - n * interval '1 minute',
    CASE WHEN n %% 3 = 0 THEN 'decided' ELSE 'received' END, CASE WHEN n %% 3 = 0 THEN 'kept' ELSE '' END,
    CASE WHEN n %% 3 = 0 THEN now() END, 0, 0, to_tsvector('simple', problem || ' ' || solution), 'shown'
FROM (SELECT n, 'الأرصفة في الحي رقم ' || n || ' محتلة، ولا يجد الراجلون والأطفال مكانا آمنا للمرور.' AS problem,
             'تحرير الملك العمومي ونشر جدول المراقبة كل شهر، مع خريطة للنقط السوداء رقم ' || n || '.' AS solution
      FROM generate_series(1, %(size)s) AS n) AS written
"""
DECISIONS = """
INSERT INTO ideas_decision (idea_id, outcome, reason, language, at)
SELECT id, outcome, 'أدرج الاقتراح ضمن مشروع تحرير الملك العمومي.', 'ar', now() FROM ideas_idea
WHERE place_id = %s AND status = 'decided'
"""
SIZES = {"a hundred": 100, "ten thousand": 10_000, "a hundred thousand": 100_000}


@contextmanager
def own_database() -> Iterator[str]:
    """A database beside the usual one, for as long as it takes; gives its address."""
    before = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = "bench_infitah"
    connection.settings_dict["OPTIONS"].pop("pool", None)
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield address()
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)


def address() -> str:
    """How another process reaches this database."""
    to = connection.settings_dict
    who = quote(to["USER"]) + (f":{quote(to['PASSWORD'])}" if to["PASSWORD"] else "")
    query = urlencode({"host": to["HOST"]}) if to["HOST"].startswith("/") else ""
    host = "" if query else f"{to['HOST']}:{to['PORT'] or 5432}"
    return f"postgresql://{who}@{host}/{to['NAME']}?{query}"


def fill() -> dict[str, Territory]:
    """The register, and communes with as many ideas as SIZES say."""
    import_register()
    places = dict(zip(SIZES, Territory.objects.filter(kind="commune").order_by("-population"), strict=False))
    start = 10_000_000
    for called, size in SIZES.items():
        fill_place(places[called], size, start)
        start += size
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return places


def fill_place(place: Territory, size: int, start: int) -> Programme:
    programme = make.programme(place, opened="ideas")
    axes = list(programme.axes.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(
            IDEAS, {"programme": programme.pk, "place": place.pk, "axes": axes, "size": size, "start": start}
        )
        cursor.execute(DECISIONS, [place.pk])
    recount(place)
    Tally.objects.filter(place=place).update(last_number=size)
    return programme


def environment(database: str) -> dict[str, str]:
    return {**os.environ, "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "config.settings"}
