from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from infitah.lib import pdf, text
from infitah.lib.errors import NoSuch, NotPossible, require
from infitah.lib.http import limit, looked_up, page, posted
from infitah.network.meetings.queries import by_code

from . import actions, forms, queries, rules
from .models import Certificate

PAPER = Path(__file__).parent / "templates/certificates/certificate.typ"


@never_cache
@require_http_methods(["GET", "POST"])
def certify(request: HttpRequest, code: str) -> HttpResponse:
    """Whoever holds a registration has their name printed, and takes the paper."""
    limit(request, "certified", times=400, per=600)  # a hall behind one address; each is a page to typeset
    found = looked_up(request, "registration-codes", lambda: by_code(code), misses=30, per=600)
    require(found is not None, NoSuch(_("No registration bears this code. Compare it with what you were given.")))
    early = NotPossible(_("Certificates are for those who were checked in, from the end of the meeting on."))
    require(rules.can_certify(found), early)
    form = forms.OwnName(**posted(request), initial={"name": found.name, "language": get_language()})
    if form.is_valid():
        return printed(actions.certify(found, **form.cleaned_data), **form.cleaned_data)
    back = reverse("meetings:registration", args=[text.receipt_shown(found.code)])
    context = {"meeting": found.meeting, "form": form, "crumbs": [(_("Your registration"), back)]}
    return page(request, "certificates/certify.html", context)


def printed(made: Certificate, *, name: str, language: str) -> HttpResponse:
    """The paper, in the language asked for."""
    shown = text.receipt_shown(made.code)
    with translation.override(language):
        address = settings.SITE_URL + reverse("certificates:verify", args=[shown])
        told = queries.paper(made, name=name, language=language, address=address)
    answer = HttpResponse(pdf.typeset(PAPER, told, at=made.issued_at), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{shown}.pdf"'
    return answer


@require_GET
def find(request: HttpRequest) -> HttpResponse:
    form = forms.Verification(request.GET if "code" in request.GET else None)
    if form.is_bound:
        limit(request, "certificates", times=60, per=600)
        if form.is_valid():
            shown = text.receipt_shown(form.cleaned_data["code"])
            return HttpResponseRedirect(reverse("certificates:verify", args=[shown]))
    return page(request, "certificates/find.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """What a certificate is worth: the meeting, the initials printed; whoever holds the paper has its name compared."""
    if request.method == "POST":
        limit(request, "certificate-names", times=60, per=600)
    found = looked_up(request, "certificates", lambda: queries.certificate(code), misses=30, per=600)
    if found is None:
        return unknown(request, code)
    form = forms.NameCheck(**posted(request))
    fits = queries.is_named(found, form.cleaned_data["name"]) if form.is_bound and form.is_valid() else None
    meeting, shown = found.registration.meeting, text.receipt_shown(found.code)
    context = {"certificate": found, "meeting": meeting, "form": form, "fits": fits, "shown": shown}
    context["hours"] = queries.hours(meeting)
    return page(request, "certificates/verify.html", context, status=0 if form.errors else 200)


def unknown(request: HttpRequest, code: str) -> HttpResponse:
    """A code with a slip, or one that no certificate bears: said in a sentence, with the code to correct."""
    form = forms.Verification({"code": code[:40]})
    if form.is_valid():
        form.add_error("code", _("No certificate bears this code. Compare it with the paper."))
        return page(request, "certificates/find.html", {"form": form}, status=404)
    return page(request, "certificates/find.html", {"form": form}, status=422)
