"""Needs: asked, answered, in place, given back."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from bihuan.api.http import Request
from bihuan.api.routing import Routes
from bihuan.api.schemas import Id, Named, Out, Page, Receipt, Seen, SeenWithReason, Words, page
from bihuan.collaborations.queries import collaboration_for
from bihuan.resources import operations, queries
from bihuan.resources.enums import Answer

routes = Routes("resources")


class NeedOut(Out):
    id: int
    collaboration_id: int
    line_id: str
    provider: Named
    type: str
    spec: str
    quantity: Decimal | None
    unit: str
    amount: Decimal | None
    starts_on: date | None
    ends_on: date | None
    purpose: str
    state: str
    answer: str
    offer: str
    answered_by: Named | None
    answered_at: datetime | None
    named_person: Named | None
    evidence: str
    in_place_at: datetime | None
    released_at: datetime | None
    reason: str
    revision: int


class AnswerIn(Seen):
    """A refusal gives its reason in `text`, another offer its words in `offer`; people promised are named."""

    answer: Answer
    text: Words = ""
    offer: Words = ""
    named_person_id: Id | None = None


class InPlaceIn(Seen):
    evidence: Words


@routes.read("/collaborations/{int:collaboration_id}/needs", Page[NeedOut])
def of_collaboration(request: Request, collaboration_id: int) -> dict[str, Any]:
    """Every need of a matter, in the order of its list."""
    return page(queries.needs_of(collaboration_for(request.actor, collaboration_id, at=request.at)))


@routes.read("/needs/{int:need_id}", NeedOut)
def need(request: Request, need_id: int) -> Any:
    return _need(request, need_id)


@routes.act("/needs/{int:need_id}/answer")
def answer(request: Request, need_id: int, body: AnswerIn) -> Receipt:
    """The provider promises, offers something else, or refuses."""
    return _receipt(operations.answer_need(_need(request, need_id), **_said(request, body)))


@routes.act("/needs/{int:need_id}/accept-offer")
def accept_offer(request: Request, need_id: int, body: Seen) -> Receipt:
    """Who carries the matter takes the other offer."""
    return _receipt(operations.accept_offer(_need(request, need_id), **_said(request, body)))


@routes.act("/needs/{int:need_id}/drop")
def drop(request: Request, need_id: int, body: SeenWithReason) -> Receipt:
    """Who carries the matter does without."""
    return _receipt(operations.drop_need(_need(request, need_id), **_said(request, body)))


@routes.act("/needs/{int:need_id}/put-in-place")
def put_in_place(request: Request, need_id: int, body: InPlaceIn) -> Receipt:
    """The provider says that the resource is there, and where it can be seen."""
    return _receipt(operations.put_in_place(_need(request, need_id), **_said(request, body)))


@routes.act("/needs/{int:need_id}/release")
def release(request: Request, need_id: int, body: Seen) -> Receipt:
    """The resource goes back."""
    return _receipt(operations.release_need(_need(request, need_id), **_said(request, body)))


def _said(request: Request, body: Seen) -> dict[str, Any]:
    return {**body.model_dump(), "actor": request.actor, "at": request.at}


def _need(request: Request, need_id: int) -> Any:
    return queries.need_for(request.actor, need_id, at=request.at)


def _receipt(found: Any) -> Receipt:
    href = f"/api/v1/needs/{found.pk}"
    return Receipt(kind="need", id=found.pk, href=href, state=found.state, revision=found.revision)
