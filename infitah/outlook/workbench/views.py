from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from infitah.ground.accounts.models import Person, Role
from infitah.ground.organisations.queries import spoken_for
from infitah.lib.http import next_page, number_before, page

from . import queries


@login_required
@require_GET
def workbench(request: HttpRequest) -> HttpResponse:
    person = request.user
    assert isinstance(person, Person)
    context: dict[str, Any] = {
        "bench": queries.bench(person),
        "ideas": queries.given_by(person),
        "opinions": queries.opinions_of(person),
        "speaks": [one.organisation for one in spoken_for(person) if one.accepted_at],
    }
    if any(grant.role == Role.EVALUATOR for grant in person.current_grants):
        context["evaluates"] = True
        context["to_review"], before = queries.to_review(person, number_before(request))
        context["next_url"] = next_page(request, before)
    return page(request, "workbench/workbench.html", context)
