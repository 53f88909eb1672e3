from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from infitah.lib.http import page

from . import queries
from .forms import Find


@require_GET
def find(request: HttpRequest) -> HttpResponse:
    form = Find(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    context = {"form": form, "words": words, "found": queries.find(words)}
    return page(request, "territories/find.html", context, part="found", status=200 if form.is_valid() else 422)
