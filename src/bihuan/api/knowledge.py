"""The library of archived matters."""

from datetime import datetime
from typing import Any

from ninja import Query

from bihuan.api.http import Request
from bihuan.api.routing import Routes
from bihuan.api.schemas import Code, Keyed, Line, Out, Page, page
from bihuan.knowledge import queries

routes = Routes("knowledge")


class LessonOut(Out):
    kind: str
    text: str
    cause: str


class ArchiveOut(Out):
    id: int
    collaboration_id: int
    number: str
    title: str
    library: str
    tags: list[str]
    retention: str
    read_right: str
    secrecy: str
    archived_at: datetime
    lessons: list[LessonOut]


class ArchiveDetail(ArchiveOut):
    """`is_unchanged`: the frozen contents still have the digest they were archived with."""

    location: str
    frozen_hash: str
    is_unchanged: bool


class LibraryIn(Keyed):
    text: Line = ""
    kind: Code = ""


@routes.read("/library", Page[ArchiveOut])
def library(request: Request, wanted: Query[LibraryIn]) -> dict[str, Any]:
    """Archives the caller may read, newest first; `text` looks into titles, tags and lessons."""
    found = queries.library(request.actor, text=wanted.text, kind=wanted.kind, before=wanted.before, at=request.at)
    return page(map(_archive, found.rows), found.next_before)


@routes.read("/library/{int:archive_id}", ArchiveDetail)
def archive(request: Request, archive_id: int) -> dict[str, Any]:
    found = queries.archive_for(request.actor, archive_id, at=request.at)
    more = {"location": found.location, "frozen_hash": found.frozen_hash}
    return {**_archive(found), **more, "is_unchanged": queries.is_unchanged(found)}


def _archive(found: Any) -> dict[str, Any]:
    taken = {name: getattr(found, name) for name in ArchiveOut.model_fields if name != "lessons"}
    return {**taken, "lessons": list(found.lessons.all())}
