"""The story of the network, through pages alone, without a browser."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from infitah.ground.accounts.models import Person
from tests.house.entries import words_in_the_ledger
from tests.stories.network import Network
from tests.stories.readers import Alone


@pytest.mark.django_db
def test_a_collectivity_joins_learns_is_helped_and_takes_up_what_worked_elsewhere() -> None:
    now = timezone.now()

    def read_as(person: Person | None) -> Alone:
        client = Client(headers={"accept-language": "ar"})
        if person:
            client.force_login(person)
        return Alone(client)

    def travel(day: int) -> Any:
        return time_machine.travel(now + timedelta(days=day), tick=True)

    Network(read_as, travel).told()
    assert words_in_the_ledger() == []
