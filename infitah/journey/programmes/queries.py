from infitah.ground.territories.models import Territory

from .models import Phase, Programme


def current_programme(place: Territory) -> Programme | None:
    """The place's latest programme, by the start of its cycle."""
    found = Programme.objects.filter(place=place).select_related("cycle", "place")
    return found.order_by("-cycle__starts_on", "-id").first()


def phase_of(programme: Programme, kind: str) -> Phase | None:
    """The programme's phase of that kind, if it is planned."""
    return Phase.objects.filter(programme=programme, kind=kind).first()


def is_open(programme: Programme, kind: str) -> bool:
    """Whether that phase is open at this moment."""
    phase = phase_of(programme, kind)
    return phase is not None and phase.is_open()
