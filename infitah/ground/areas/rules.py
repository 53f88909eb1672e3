from infitah.ground.accounts.models import Person


def can_keep(person: Person | None) -> bool:
    """The national team keeps the list of policy areas: it adds one, words one anew, retires one or takes it up again."""  # noqa: E501
    return person is not None and person.is_national
