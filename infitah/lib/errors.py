"""How the house says no: always with a sentence that a resident understands, and the right status."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Refusal(Exception):
    """An answer of no, with its sentence."""

    status = 400
    sentence: str | Promise = _("This request could not be understood.")

    def __init__(self, sentence: str | Promise | None = None) -> None:
        self.sentence = sentence or self.sentence
        super().__init__(str(self.sentence))


class NotAllowed(Refusal):
    """The person may not do this."""

    status = 403
    sentence = _("You are not allowed to do this. If you think you should be, ask the focal point of your commune.")


class NoSuch(Refusal):
    """Nothing bears the number or the code that was given."""

    status = 404
    sentence = _("There is nothing under this number. Compare it with what you were given.")


class WrongWay(Refusal):
    """An address that only takes what a form sends was opened as a page, or the other way round."""

    status = 405
    sentence = _("This address is not a page. Go back, and use the button again.")


class NotPossible(Refusal):
    """Nobody can do this now: the phase is closed, the state has moved on."""

    status = 409
    sentence = _("This is no longer possible: the situation has changed. Reload the page to see where things stand.")


class Overtaken(NotPossible):
    """Somebody else has changed it since it was read; `stands` is the mark of what stands now."""

    sentence = _(
        "Somebody else has changed this since you opened it. What you wrote is kept here, and not saved yet: look at "
        "what stands now, then send yours again."
    )

    def __init__(self, stands: str, sentence: str | Promise | None = None) -> None:
        self.stands = stands
        super().__init__(sentence)


class TooMuch(Refusal):
    """The file or the text is too large."""

    status = 413
    sentence = _("This file is too large. The limit is 10 MB.")


class TooMany(Refusal):
    """Asked too often from the same place."""

    status = 429
    sentence = _("Too many requests from the same place. Wait a few minutes, then try again; nothing is lost.")


def require(holds: bool, otherwise: Refusal | None = None) -> None:
    """Go on only if it holds; else refuse, as not allowed unless told otherwise."""
    if not holds:
        raise otherwise or NotAllowed()
