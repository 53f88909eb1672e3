"""The promise, kept through pages alone, without a browser."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from infitah.ground.accounts.models import Person
from tests.house.entries import words_in_the_ledger
from tests.stories.readers import Alone
from tests.stories.story import Promise


@pytest.mark.django_db
def test_whoever_gives_an_idea_sees_what_became_of_it() -> None:
    now = timezone.now()

    def read_as(person: Person | None) -> Alone:
        client = Client(headers={"accept-language": "ar"})
        if person:
            client.force_login(person)
        return Alone(client)

    def travel(day: int) -> Any:
        return time_machine.travel(now + timedelta(days=day), tick=True)

    Promise(read_as, travel, with_script=False).told()
    assert words_in_the_ledger() == []
