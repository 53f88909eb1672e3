import json
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path
from threading import Event

import pymerkle
import pytest
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory
from django.utils import translation

from infitah.ground.ledger import actions, queries
from infitah.ground.ledger.models import Entry, Head, Seal
from infitah.ground.territories.models import Territory
from infitah.lib import merkle
from tests import make

pytestmark = pytest.mark.django_db


def things(count: int, at: Territory | None = None) -> Territory:
    at = at or make.place()
    alice = make.person()
    for number in range(count):
        actions.record("territory.renamed", by=alice, on=at, place=at, number=number, name="تطوان")
    return at


def seal_all() -> None:
    actions.seal_these(list(Entry.objects.filter(seal=None).order_by("id")))


def verify(*arguments: object) -> str:
    out = StringIO()
    call_command("verify", *map(str, arguments), stdout=out)
    return out.getvalue()


def written(path: Path, words: object) -> Path:
    path.write_bytes(words if isinstance(words, bytes) else json.dumps(words, ensure_ascii=False).encode())
    return path


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 13])
def test_our_trees_are_those_of_pymerkle(size: int) -> None:
    tree = pymerkle.InmemoryTree(algorithm="sha256")
    leaves = [merkle.leaf(bytes([number])) for number in range(size)]
    for number in range(size):
        tree.append_entry(bytes([number]))
    assert merkle.root(leaves) == tree.get_root()
    for position, digest in enumerate(leaves):
        path = merkle.path(leaves, position)
        assert merkle.climb(digest, position, size, path) == tree.get_root()
        assert merkle.climb(digest, position, size, [*path, digest]) is None
        assert merkle.climb(digest, size, size, path) is None
        if size > 1:
            assert merkle.climb(digest, position, size, path[:-1]) is None


def test_recording_counts_the_head_of_the_place() -> None:
    at = things(3)
    assert queries.head(at) == queries.heads([at]) == 3
    assert queries.heads([at, make.place()]) == 3
    assert [entry.particulars["number"] for entry in queries.history(at)] == [0, 1, 2]
    assert [entry.particulars["number"] for entry in queries.latest(at.code)] == [2, 1, 0]


def test_recording_many_is_one_insert_and_one_count(django_assert_num_queries) -> None:
    at, alice = make.place(), make.person()
    many = [Territory(pk=number) for number in range(1, 501)]
    with django_assert_num_queries(2):
        actions.record_many(
            "idea.submitted", by=alice, things=many, place=at, particulars_of=lambda each: {"number": each.pk}
        )
    entries = list(Entry.objects.order_by("id"))
    assert [entry.on_id for entry in entries] == list(range(1, 501))
    assert entries[7].particulars == {"number": 8} and entries[7].by == alice.uid
    assert queries.head(at) == 500
    actions.record_many("idea.submitted", by=alice, things=[], place=at)
    assert Entry.objects.count() == 500


@pytest.mark.parametrize("change", ["UPDATE ledger_entry SET action = 'other'", "DELETE FROM ledger_entry"])
def test_an_entry_is_never_changed_or_removed(change: str) -> None:
    things(1)
    with pytest.raises(DatabaseError, match="never changed or removed"), transaction.atomic():
        connection.cursor().execute(change)
    seal_all()
    for again in [change, "UPDATE ledger_entry SET seal = 2", "UPDATE ledger_entry SET seal = NULL, position = NULL"]:
        with pytest.raises(DatabaseError, match="never changed or removed"), transaction.atomic():
            connection.cursor().execute(again)


@pytest.mark.parametrize("change", ["UPDATE ledger_seal SET size = 9", "DELETE FROM ledger_seal"])
def test_a_seal_is_never_changed_or_removed(change: str) -> None:
    things(1)
    seal_all()
    with pytest.raises(DatabaseError, match="a seal of the ledger is never"), transaction.atomic():
        connection.cursor().execute(change)


def test_an_entry_is_written_with_its_seal_in_one_go_only() -> None:
    things(1)
    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute("UPDATE ledger_entry SET seal = 1, position = 0, action = 'other'")


def test_an_unfinished_transaction_is_not_sealed() -> None:
    things(2)
    assert actions.seal() == 0


def sealed() -> int:
    """Seal once nothing else is under way; what the server does by itself (autovacuum) puts sealing off as well."""
    with connection.cursor() as cursor:
        for _attempt in range(2000):
            cursor.execute("SELECT pg_snapshot_xmin(now) = pg_snapshot_xmax(now) FROM pg_current_snapshot() AS now")
            if cursor.fetchone()[0]:
                return actions.seal()
            cursor.execute("SELECT pg_sleep(0.005)")
    raise AssertionError("something is under way without end")


@pytest.mark.django_db(transaction=True)
def test_finished_entries_are_sealed_in_order_once() -> None:
    things(3)
    assert sealed() == 3
    assert sealed() == 0
    things(2)
    assert sealed() == 2
    assert list(Seal.objects.order_by("number").values_list("number", "size")) == [(1, 3), (2, 2)]
    places = Entry.objects.order_by("id").values_list("seal", "position")
    assert list(places) == [(1, 0), (1, 1), (1, 2), (2, 0), (2, 1)]


@pytest.mark.django_db(transaction=True)
def test_what_began_first_and_ends_last_is_neither_left_out_nor_put_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "BATCH", 2)
    at, has_recorded, may_end = things(1), Event(), Event()

    def slowly() -> None:
        try:
            with transaction.atomic():
                actions.record("slow.recorded", by=None, on=at)
                has_recorded.set()
                assert may_end.wait(10)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(slowly)
        assert has_recorded.wait(10)
        for _turn in range(3):
            actions.record("quick.recorded", by=None, on=at, place=at)
        assert actions.seal() <= 1, "only what was finished before the slow one began"
        may_end.set()
        slow.result(timeout=10)
    sealed()
    order = Entry.objects.order_by("seal", "position").values_list("action", flat=True)
    assert list(order) == ["territory.renamed", "slow.recorded", *["quick.recorded"] * 3]
    assert Entry.objects.filter(seal=None).count() == 0


def test_a_proof_is_checked_without_the_database(tmp_path: Path) -> None:
    things(5)
    assert queries.proof(Entry.objects.get(pk=Entry.objects.first().pk)) is None
    seal_all()
    things(3)
    seal_all()
    for entry in Entry.objects.all():
        told = verify(written(tmp_path / "proof.json", queries.proof(entry)))
        assert told.startswith(f"RIGHT: entry {entry.pk} ")


def test_one_changed_byte_of_a_proof_is_refused(tmp_path: Path) -> None:
    things(5)
    seal_all()
    proof = json.dumps(queries.proof(Entry.objects.order_by("id")[2]), ensure_ascii=False).encode()
    for changed in range(0, len(proof), 3):
        broken = proof[:changed] + bytes([proof[changed] ^ 1]) + proof[changed + 1 :]
        if chr(proof[changed]).isspace():
            continue
        with pytest.raises(CommandError, match="REFUSED"):
            verify(written(tmp_path / "proof.json", broken))


def test_one_changed_byte_of_a_dump_is_refused(tmp_path: Path) -> None:
    things(3)
    seal_all()
    things(2)
    seal_all()
    dump = b"".join(queries.dump())
    assert "5 entries under 2 seals" in verify("--dump", written(tmp_path / "dump", dump))
    for changed in range(0, len(dump), 7):
        broken = dump[:changed] + bytes([dump[changed] ^ 1]) + dump[changed + 1 :]
        with pytest.raises(CommandError, match="REFUSED"):
            verify("--dump", written(tmp_path / "dump", broken))
    lines = dump.splitlines(keepends=True)
    for without in range(len(lines) - 1):
        with pytest.raises(CommandError, match="REFUSED"):
            verify("--dump", written(tmp_path / "dump", b"".join(lines[:without] + lines[without + 1 :])))


def test_a_proof_is_found_in_its_dump_and_in_no_other(tmp_path: Path) -> None:
    things(2)
    seal_all()
    proof = written(tmp_path / "proof.json", queries.proof(Entry.objects.first()))
    dump = written(tmp_path / "dump", b"".join(queries.dump()))
    assert "The dump carries the same seal" in verify(proof, "--dump", dump)
    with pytest.raises(CommandError, match="not in this dump"):
        verify(proof, "--dump", written(tmp_path / "empty", b""))


def test_what_is_not_sealed_yet_is_told_apart(tmp_path: Path) -> None:
    things(2)
    dump = written(tmp_path / "dump", b"".join(queries.dump()))
    assert "2 entries at the end are not sealed yet" in verify("--dump", dump)
    with pytest.raises(CommandError, match="Name a proof"):
        verify()


def test_the_proof_of_an_entry_and_the_dump_are_public(client: Client) -> None:
    things(2)
    entry = Entry.objects.first()
    assert client.get(f"/ar/ledger/{entry.pk}/proof.json").status_code == 409
    seal_all()
    assert client.get(f"/ar/ledger/{entry.pk}/proof.json").json()["entry"]["id"] == entry.pk
    assert client.get("/ar/ledger/99999999/proof.json").status_code == 404
    assert b"".join(client.get("/ar/ledger/dump.jsonl").streaming_content) == b"".join(queries.dump())


def test_a_head_names_no_place_for_what_has_none() -> None:
    actions.record("accounts.purged", by=None, on=make.person())
    assert queries.head() == 1 and Head.objects.get().place == ""


class Page:
    """Counts how often it was made."""

    def __init__(self, request: HttpRequest, has_form: bool = False) -> None:
        self.request, self.has_form, self.times = request, has_form, 0

    def __call__(self) -> HttpResponse:
        self.times += 1
        return HttpResponse(get_token(self.request) if self.has_form else f"page {self.times}")


def visit(address: str = "/ar/", **headers: str) -> HttpRequest:
    request = RequestFactory().get(address, headers=headers)
    SessionMiddleware(lambda request: HttpResponse()).process_request(request)
    return request


def test_a_kept_page_is_made_once_until_something_happens_there() -> None:
    here, elsewhere = make.place(), make.place()
    page = Page(visit())
    answers = [queries.kept(visit(), places=[here], make=page) for _ in range(3)]
    assert {answer.content for answer in answers} == {b"page 1"}
    things(1, at=elsewhere)
    assert queries.kept(visit(), places=[here], make=page).content == b"page 1"
    things(1, at=here)
    assert queries.kept(visit(), places=[here], make=page).content == b"page 2"


def test_a_reader_who_has_the_page_gets_304() -> None:
    page = Page(visit())
    etag = queries.kept(visit(), make=page)["ETag"]
    answer = queries.kept(visit(**{"if-none-match": etag}), make=page)
    assert (answer.status_code, answer.content, page.times) == (304, b"", 1)


def test_another_address_language_or_part_is_another_page() -> None:
    page = Page(visit())
    queries.kept(visit(), make=page)
    queries.kept(visit("/ar/?after=3"), make=page)
    queries.kept(visit(**{"hx-request": "true"}), make=page)
    with translation.override("fr"):
        queries.kept(visit(), make=page)
    assert page.times == 4


@pytest.mark.parametrize("cookie", ["sessionid=abc", "messages=abc", "device=abc"])
def test_a_reader_with_a_cookie_of_their_own_gets_a_page_of_their_own(cookie: str) -> None:
    page = Page(visit())
    for _ in range(2):
        queries.kept(visit(cookie=cookie), make=page)
    assert page.times == 2


def test_a_page_with_a_form_token_is_never_kept() -> None:
    for _ in range(2):
        request = visit(cookie="csrftoken=0123456789abcdef0123456789abcdef")
        page = Page(request, has_form=True)
        assert "ETag" not in queries.kept(request, make=page)
        assert page.times == 1


def test_only_a_good_answer_is_kept() -> None:
    for _ in range(2):
        assert "ETag" not in queries.kept(visit(), make=lambda: HttpResponse("no", status=404))
    post = RequestFactory().post("/ar/")
    assert "ETag" not in queries.kept(post, make=lambda: HttpResponse("ok"))
