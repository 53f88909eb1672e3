from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from infitah.ground.accounts.models import Person, Role
from infitah.lib.http import page

from . import queries


@login_required
@require_GET
def workbench(request: HttpRequest) -> HttpResponse:
    person = request.user
    assert isinstance(person, Person)
    context = {
        "bench": queries.bench(person),
        "ideas": queries.given_by(person),
        "opinions": queries.opinions_of(person),
    }
    if person.is_national:
        context |= national(request)
    if any(grant.role == Role.EVALUATOR for grant in person.current_grants):
        context["ended"] = queries.ended(timezone.localdate())
    return page(request, "workbench/workbench.html", context)


def national(request: HttpRequest) -> dict[str, object]:
    """The programmes at each step, and a page of them."""
    status, after = request.GET.get("status", ""), request.GET.get("after", "")[:16]
    found = queries.overview(status, after=after)
    programmes = found[: queries.PAGE]
    more = f"?status={status}&after={programmes[-1].place.code}" if len(found) > queries.PAGE else ""
    return {"stages": queries.stages(), "status": status, "programmes": programmes, "next_url": more}
