from infitah.ground.accounts.models import Person, Role


def can_see(person: Person | None) -> bool:
    """The national team sees the board of all members; a wilaya or province sees that of its territory, and changes nothing there."""  # noqa: E501
    return person is not None and (person.is_national or is_wilaya(person))


def is_wilaya(person: Person) -> bool:
    """Whether the person stands for a wilaya or a province, somewhere."""
    return any(grant.role == Role.WILAYA for grant in person.current_grants)


def can_call(person: Person | None) -> bool:
    """The national team reads how to reach those who run a member, and notes that it has called."""
    return person is not None and person.is_national
