from typing import Any

import pytest

from infitah.ground.accounts import queries
from infitah.ground.accounts.models import Person, Role
from tests import make

pytestmark = pytest.mark.django_db


def test_a_role_is_looked_at_before_it_is_taken_back(sign_in: Any) -> None:
    here = make.place("tetouan")
    alice, bob = make.focal_point(here), make.person("Bob")
    grant = make.grant(bob, Role.CLERK, here)
    browser, address = sign_in(alice), f"/fr/people/{grant.pk}/revoke/"
    assert f'href="{address}"' in browser.get("/fr/c/tetouan/people/").content.decode()
    page = browser.get(address).content.decode()
    for said in ("Bob", bob.email, "Tétouan", str(grant.get_role_display()), "consigner ses sessions et ses votes"):
        assert said in page
    assert Person.objects.get(pk=bob.pk).holds(Role.CLERK, at=here) and "point focal ici" not in page
    assert browser.post(address).status_code == 303 and not Person.objects.get(pk=bob.pk).holds(Role.CLERK, at=here)
    assert browser.get(address).status_code == 409
    last = sign_in(make.holder(Role.NATIONAL, make.country())).get(f"/fr/people/{alice.grants.get().pk}/revoke/")
    assert "Il n’y a pas d’autre point focal ici" in last.content.decode()


def test_every_role_says_what_ends_with_it() -> None:
    assert set(queries.ENABLES) == set(Role)
