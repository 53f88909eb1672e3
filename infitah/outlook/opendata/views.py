from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_safe

from infitah.lib.http import limit, page
from infitah.outlook.commitments import actions as commitments

from . import queries
from .catalog import BY_NAME, DATA_SETS

FORMATS = {"csv": (queries.as_csv, "text/csv; charset=utf-8"), "json": (queries.as_json, "application/json")}


@require_safe
def catalog(request: HttpRequest) -> HttpResponse:
    """What data there is, and how to take it."""
    return page(request, "opendata/catalog.html", {"data_sets": DATA_SETS})


@require_safe
def download(request: HttpRequest, name: str, form: str) -> StreamingHttpResponse:
    """A whole data set, or one place's part of it."""
    if name not in BY_NAME or form not in FORMATS:
        raise Http404
    limit(request, "data", times=60, per=3600)
    (written, kind), place = FORMATS[form], request.GET.get("place", "")[:16]
    if place:
        commitments.note_use(place)
    answer = StreamingHttpResponse(written(BY_NAME[name], place), content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="infitah-{name}.{form}"'
    return answer
