from django.db import models

from infitah.ground.accounts.models import Person
from infitah.ground.moderation.models import Moderated


def can_follow(person: Person | None, thing: models.Model) -> bool:
    """Everyone with an account follows ideas, projects and collectivities, and is told what happens to them."""
    return person is not None and (not isinstance(thing, Moderated) or thing.is_public)


def can_announce(person: Person | None) -> bool:
    """The national team writes to those who hold a role at the members it chooses, once each."""
    return person is not None and person.is_national
