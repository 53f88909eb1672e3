from django.db import models

from infitah.ground.accounts.models import Person


def can_follow(person: Person | None, thing: models.Model) -> bool:
    """Everyone with an account follows ideas, projects, practices and collectivities, and is told what happens to them."""  # noqa: E501
    return person is not None and bool(getattr(thing, "is_public", True))


def can_announce(person: Person | None) -> bool:
    """The national team writes to those who hold a role at the members it chooses, once each."""
    return person is not None and person.is_national
