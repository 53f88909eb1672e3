"""The small sum that stands in for a captcha."""

import base64
import hashlib
import json
from typing import Any

import pytest
from django.test import Client

from infitah.lib import proof


def solved(asked: dict[str, Any]) -> dict[str, Any]:
    number = next(
        n
        for n in range(asked["maxNumber"] + 1)
        if hashlib.sha256(f"{asked['salt']}{n}".encode()).hexdigest() == asked["challenge"]
    )
    return {**asked, "number": number}


def packed(answer: object) -> str:
    return base64.b64encode(json.dumps(answer).encode()).decode()


def test_a_sum_counts_once(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof, "HARDEST", 50)
    answer = solved(client.get("/fr/challenge/").json())
    assert proof.is_solved(packed(answer))
    assert not proof.is_solved(packed(answer))
    assert not proof.is_solved(packed({**answer, "more": 1}))


@pytest.mark.parametrize("payload", ["", "abc", "%%%", packed([]), packed({"number": 1}), "A" * 5000])
def test_anything_else_is_unsolved(payload: str) -> None:
    assert not proof.is_solved(payload)


def test_a_sum_of_someone_else_is_unsolved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof, "HARDEST", 50)
    answer = solved(proof.challenge())
    assert not proof.is_solved(packed({**answer, "signature": "0" * 64}))
