from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from infitah.ground.accounts.models import Person
from infitah.ground.territories.models import Territory
from infitah.lib.errors import require
from infitah.lib.http import page
from infitah.network.membership import queries as membership
from infitah.network.membership import rules

from . import queries


@login_required
@require_GET
def handover(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything that a successor needs, on one page that prints."""
    person, place = request.user, get_object_or_404(Territory, slug=slug)
    assert isinstance(person, Person)
    require(rules.can_read_hand_over(person, place))
    named = membership.hand_overs(place)
    mine = next((one for one in named if one.incoming == person and one.acknowledged_at is None), None)
    context = {"place": place, "file": queries.handed_over(person, place), "named": named, "mine": mine}
    context["can_name"] = rules.can_name_successor(person, place)
    return page(request, "handover/handover.html", context)
