from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from infitah.lib.errors import NotPossible, require
from infitah.lib.http import limit

from . import queries
from .models import Entry


def proof(request: HttpRequest, number: int) -> HttpResponse:
    """The proof of an entry, to keep and to check with `infitah verify`."""
    limit(request, "proof", times=120, per=60)
    found = queries.proof(get_object_or_404(Entry, pk=number))
    require(found is not None, NotPossible(_("This entry is not sealed yet. Entries are sealed within two minutes.")))
    answer = JsonResponse(found, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="infitah-proof-{number}.json"'
    return answer


def dump(request: HttpRequest) -> StreamingHttpResponse:
    """The whole ledger, line by line."""
    limit(request, "ledger-dump", times=6, per=3600)
    answer = StreamingHttpResponse(queries.dump(), content_type="application/jsonl; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="infitah-ledger.jsonl"'
    return answer
