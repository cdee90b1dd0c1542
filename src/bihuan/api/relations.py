"""Matters that belong together: what follows what, and what is part of what."""

from datetime import date, datetime
from typing import Any

from bihuan.access.operations import note_reading
from bihuan.api.collaborations import receipt_of
from bihuan.api.http import Request
from bihuan.api.routing import Routes
from bihuan.api.schemas import Code, Id, In, Line, Named, Out, Page, Reason, Receipt, Words, page
from bihuan.collaborations import operations, queries
from bihuan.collaborations.enums import Asking
from bihuan.collaborations.operations import joining
from bihuan.collaborations.queries import petitions, relations

routes = Routes("relations")


class RelatedOut(Out):
    """Another matter; `ending` is empty while it runs."""

    id: int
    number: str
    title: str
    ending: str


class PartOut(Out):
    """A matter that is part of this one, or of one of its parts (`is_below`); `overdue` counts what is late."""

    id: int
    number: str
    title: str
    step: str
    ending: str
    health: str
    overdue: int
    open: int
    is_below: bool


class RelationsOut(Out):
    """`follows` is the ended matter that this one takes up, `parent` the matter it is part of.

    Matters the caller may not read are neither named nor counted.
    """

    follows: RelatedOut | None
    followed_by: list[RelatedOut]
    parent: RelatedOut | None
    parts: list[PartOut]
    running: int
    overdue: int
    health: str


class FollowUpIn(In):
    """`title` is that of the ended matter if empty."""

    title: Line = ""
    department_id: Id
    playbook: Code


class ParentIn(In):
    """Null: part of none."""

    parent_id: Id | None


class JoinOut(Out):
    """A department that asks to take part."""

    id: int
    department: Named
    reason: str
    asked_by: Named
    asked_at: datetime


class JoinIn(In):
    department_id: Id
    reason: Words


class GrantIn(In):
    """`expected` is owed by the contact person of the department from then on."""

    expected: Words
    due_on: date | None = None


@routes.read("/collaborations/{int:collaboration_id}/relations", RelationsOut)
def related(request: Request, collaboration_id: int) -> dict[str, Any]:
    """What the matter follows and what follows it, what it is part of, and its parts rolled up."""
    matter = _matter(request, collaboration_id)
    told: dict[str, Any] = {"actor": request.actor, "at": request.at}
    rolled = relations.roll_up(matter, **told)
    return {
        "follows": relations.followed(matter, **told), "followed_by": relations.followers(matter, **told),
        "parent": relations.parent(matter, **told), "parts": rolled.parts, "running": rolled.running,
        "overdue": rolled.overdue, "health": rolled.health,
    }  # fmt: skip


@routes.act("/collaborations/{int:collaboration_id}/follow-ups", status=201)
def follow_up(request: Request, collaboration_id: int, body: FollowUpIn) -> Receipt:
    """Begin a matter that takes up this ended one, as a draft that only its initiator sees."""
    ended = _matter(request, collaboration_id)
    begun = operations.begin_follow_up(ended, **body.model_dump(), actor=request.actor, at=request.at)
    return receipt_of(begun)


@routes.act("/collaborations/{int:collaboration_id}/parent")
def set_parent(request: Request, collaboration_id: int, body: ParentIn) -> Receipt:
    """Make the matter a part of another one, or of none."""
    matter = _matter(request, collaboration_id)
    if body.parent_id is None:
        operations.unset_parent(matter, actor=request.actor, at=request.at)
    else:
        parent = _matter(request, body.parent_id)
        operations.set_parent(matter, parent=parent, actor=request.actor, at=request.at)
    return receipt_of(matter)


@routes.read("/collaborations/{int:collaboration_id}/joins", Page[JoinOut])
def joins(request: Request, collaboration_id: int) -> dict[str, Any]:
    """The departments that ask to take part and have no answer yet."""
    asked = petitions.open_petitions(_matter(request, collaboration_id))
    return page([each for each in asked if each.asking == Asking.JOIN])


@routes.act("/collaborations/{int:collaboration_id}/joins", status=201)
def ask_to_join(request: Request, collaboration_id: int, body: JoinIn) -> Receipt:
    """Ask that one's own department may take part; the project lead answers."""
    matter = _matter(request, collaboration_id)
    joining.ask_to_join(matter, **body.model_dump(), actor=request.actor, at=request.at)
    return receipt_of(matter)


@routes.act("/collaborations/{int:collaboration_id}/joins/{int:petition_id}/grant")
def grant_join(request: Request, collaboration_id: int, petition_id: int, body: GrantIn) -> Receipt:
    """Let the department take part, with what is expected of it."""
    matter = _matter(request, collaboration_id)
    petition = petitions.petition_in(matter, petition_id)
    joining.grant_join(petition, **body.model_dump(), actor=request.actor, at=request.at)
    return receipt_of(matter)


@routes.act("/collaborations/{int:collaboration_id}/joins/{int:petition_id}/refuse")
def refuse_join(request: Request, collaboration_id: int, petition_id: int, body: Reason) -> Receipt:
    """Say why the department does not take part; it may ask again."""
    matter = _matter(request, collaboration_id)
    petition = petitions.petition_in(matter, petition_id)
    joining.refuse_join(petition, reason=body.reason, actor=request.actor, at=request.at)
    return receipt_of(matter)


def _matter(request: Request, collaboration_id: int) -> Any:
    matter = queries.collaboration_for(request.actor, collaboration_id, at=request.at)
    note_reading(matter.scope_id, actor=request.actor, at=request.at)
    return matter
