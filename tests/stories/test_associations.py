"""The story of an association, through pages alone, without a browser."""

import pytest
from django.test import Client

from infitah.ground.accounts.models import Person
from tests.house.entries import words_in_the_ledger
from tests.stories.associations import Associations
from tests.stories.readers import Alone


@pytest.mark.django_db
def test_an_association_is_verified_spoken_for_and_named_beside_what_it_gives() -> None:
    def read_as(person: Person | None) -> Alone:
        client = Client(headers={"accept-language": "ar"})
        if person:
            client.force_login(person)
        return Alone(client)

    Associations(read_as).told()
    assert words_in_the_ledger() == []
