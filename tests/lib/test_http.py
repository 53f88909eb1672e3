"""What stands guard around every answer."""

import logging
from types import SimpleNamespace

import pytest
from django.db import OperationalError
from django.test import Client

from infitah.lib import http


def test_a_fault_of_ours_shows_no_trace_but_a_number_that_the_log_has(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(self: object) -> None:
        raise ZeroDivisionError("a secret of the house")

    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", fail)
    answer = Client(raise_request_exception=False).get("/healthz/")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "secret" not in page and "Traceback" not in page
    number = next(record.request.number for record in caplog.records if hasattr(record, "request"))  # type: ignore[attr-defined]
    assert number in page


def test_a_line_of_the_log_has_the_number_of_its_request() -> None:
    line = logging.makeLogRecord({"request": SimpleNamespace(number="0f3a")})
    assert http.Numbered().filter(line) and line.number == "0f3a"  # type: ignore[attr-defined]


def test_the_house_is_well_only_if_the_database_answers(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", fail)
    assert client.get("/healthz/").status_code == 503
