from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from infitah.ground.accounts.queries import signed_in
from infitah.lib.errors import NotPossible, require
from infitah.lib.forms import refused
from infitah.lib.http import done, page, posted

from . import actions, queries, rules
from .forms import Area, Rewording
from .models import PolicyArea


def around(**more: Any) -> dict[str, Any]:
    """What each page behind the list knows: the way back to it."""
    return {"crumbs": [(_("Policy areas"), reverse("areas:areas"))], **more}


@require_safe
def areas(request: HttpRequest) -> HttpResponse:
    """The list, for everyone; its keepers change it here."""
    found = queries.in_order(PolicyArea.objects.all())
    context: dict[str, Any] = {"offered": [area for area in found if not area.retired_on]}
    context |= {"retired": [area for area in found if area.retired_on], "can_keep": rules.can_keep(signed_in(request))}
    return page(request, "areas/areas.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    by = signed_in(request)
    require(rules.can_keep(by))
    form, status = Area(**posted(request)), 0
    if form.is_valid():
        try:
            actions.add(by=by, **form.cleaned_data)
            return done(request, reverse("areas:areas"), _("The area is in the list: projects can be filed under it."))
        except NotPossible as taken:
            form.add_error("name", taken.sentence)
    return page(request, "areas/area.html", around(form=form), status=status)


@login_required
@require_http_methods(["GET", "POST"])
def reword(request: HttpRequest, key: str) -> HttpResponse:
    by, area = signed_in(request), get_object_or_404(PolicyArea, key=key)
    require(rules.can_keep(by))
    form, status = Rewording(area, **posted(request)), 0
    if form.is_valid():
        try:
            actions.reword(area, by=by, **form.cleaned_data)
            return done(request, reverse("areas:areas"), _("Saved."))
        except NotPossible as refusal:
            status = refused(form, refusal)
    return page(request, "areas/area.html", around(form=form, area=area), status=status)


@login_required
@require_POST
def retire(request: HttpRequest, key: str) -> HttpResponse:
    actions.retire(get_object_or_404(PolicyArea, key=key), by=signed_in(request))
    return done(request, reverse("areas:areas"), _("The area is retired: projects that have it keep it."))


@login_required
@require_POST
def restore(request: HttpRequest, key: str) -> HttpResponse:
    actions.restore(get_object_or_404(PolicyArea, key=key), by=signed_in(request))
    return done(request, reverse("areas:areas"), _("The area is in the list: projects can be filed under it."))
