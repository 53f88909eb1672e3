"""Every door of the house; each room opens its own, under the language of the reader."""

from django.conf.urls.i18n import i18n_patterns
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path

from infitah.lib import files
from infitah.outlook.opendata.api import api
from infitah.outlook.website import views as website

ROOMS = [
    "infitah.outlook.website",
    "infitah.outlook.spaces",
    "infitah.outlook.custody",
    "infitah.outlook.voices",
    "infitah.outlook.directory",
    "infitah.outlook.plan",
    "infitah.outlook.workbench",
    "infitah.outlook.handover",
    "infitah.outlook.board",
    "infitah.outlook.practices",
    "infitah.outlook.commitments",
    "infitah.outlook.indicators",
    "infitah.outlook.notifications",
    "infitah.outlook.opendata",
    "infitah.journey.programmes",
    "infitah.journey.ideas",
    "infitah.journey.projects",
    "infitah.journey.consultation",
    "infitah.journey.adoption",
    "infitah.journey.monitoring",
    "infitah.journey.evaluation",
    "infitah.network.membership",
    "infitah.network.calls",
    "infitah.network.meetings",
    "infitah.network.certificates",
    "infitah.network.pool",
    "infitah.network.questions",
    "infitah.ground.territories",
    "infitah.ground.accounts",
    "infitah.ground.areas",
    "infitah.ground.moderation",
    "infitah.ground.organisations",
    "infitah.ground.discussion",
    "infitah.ground.ledger",
    "infitah.ui",
]


def healthz(request: HttpRequest) -> HttpResponse:
    """For whoever watches over this machine: 200 only if the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except OperationalError:
        return HttpResponse("the database does not answer", content_type="text/plain", status=503)
    return HttpResponse("ok", content_type="text/plain")


def favicon(request: HttpRequest) -> HttpResponse:
    """For browsers that ask for it where it always was; kept a day, as its address changes with what it shows."""
    return HttpResponseRedirect(static("built/favicon.svg"), headers={"Cache-Control": "public, max-age=86400"})


handler500 = "infitah.lib.http.broken"
handler429 = "infitah.lib.http.too_many"
urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz/", healthz, name="healthz"),
    path("favicon.ico", favicon, name="favicon"),
    path("api/", api.urls),
    path("robots.txt", website.robots, name="robots"),
    path("sitemap.xml", website.sitemap, name="sitemap"),
    path("files/<path:name>", files.public, name="file"),
    *i18n_patterns(
        *(path("", include(f"{room}.urls")) for room in ROOMS),
        path("accounts/", include("allauth.urls")),
    ),
]
