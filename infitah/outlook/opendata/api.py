"""The data sets for programs: JSON, page by page. Its description is `/api/openapi.json`."""

from typing import Any

from django.http import HttpRequest
from ninja import Field, NinjaAPI, Query, Schema, Status

from infitah.lib.http import limit
from infitah.outlook.commitments import actions as commitments

from . import queries
from .catalog import BY_NAME, DATA_SETS

MOST = 500

api = NinjaAPI(
    title="Infitah",
    version="1",
    description="Public data of the network of open local governments. CC BY 4.0. Nothing personal.",
    docs_url=None,
    urls_namespace="api",
)


class Described(Schema):
    """A data set: what a line of it is, and its columns."""

    name: str
    title: str
    definition: str
    columns: list[str]


class Lines(Schema):
    """A page of a data set; ask again with `after` for the next one."""

    lines: list[dict[str, Any]]
    after: int | None = Field(None, description="the id to go on from; null on the last page")


class Wrong(Schema):
    """Why there is no answer."""

    detail: str


@api.get("/", response=list[Described], operation_id="data_sets", summary="The data sets")
def data_sets(request: HttpRequest) -> list[dict[str, Any]]:
    return [
        {
            "name": each.name,
            "title": str(each.title),
            "definition": str(each.definition),
            "columns": ["id", *each.columns],
        }
        for each in DATA_SETS
    ]


class NotAsAsked(Schema):
    """Which part of what was asked cannot be."""

    detail: list[dict[str, Any]]


ANSWERS = {200: Lines, 400: Wrong, 404: Wrong, 422: NotAsAsked, 429: Wrong}


@api.get("/{name}/", response=ANSWERS, operation_id="lines", summary="A page of a data set")
def lines(
    request: HttpRequest,
    name: str,
    place: str = "",
    after: int = Query(0, ge=0, le=2**62),
    number: int = Query(100, ge=1, le=MOST),
) -> Status[dict[str, Any]]:
    """The lines beyond the id `after`, `number` of them at most; of one place by its official code."""
    limit(request, "api", times=600, per=60)
    if name not in BY_NAME:
        return Status(404, {"detail": "There is no such data set; / lists them."})
    if place and not after:
        commitments.note_use(place[:16])
    found = list(queries.lines(BY_NAME[name], place=place, after=after, limit=number))
    return Status(200, {"lines": found, "after": found[-1]["id"] if len(found) == number else None})
