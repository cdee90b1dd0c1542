"""Who stands in for whom, and who is away."""

from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import Field

from bihuan.api.http import Request
from bihuan.api.routing import Routes
from bihuan.api.schemas import Amount, Code, Day, Id, In, Line, Named, Out, Receipt
from bihuan.organisation import operations, queries

routes = Routes("deputies")


class DeputyOut(Out):
    """`kinds` empty: for everything. `ends_on` is the first day no longer covered.

    `forms`, `amount_limit` (yuan) and `collaborations` limit for which decisions the deputy stands in.
    """

    id: int
    person: Named
    kinds: list[str]
    starts_on: date
    ends_on: date | None
    is_here: bool
    forms: list[str]
    amount_limit: Decimal | None
    collaborations: list[int]


class AbsenceOut(Out):
    """`ends_on` is the first day back; `reason` is empty for who may not hand over for the person."""

    id: int
    starts_on: date
    ends_on: date
    reason: str


class StandingInOut(Out):
    deputies: list[DeputyOut]
    absences: list[AbsenceOut]


class DeputyIn(In):
    deputy_id: Id
    kinds: list[Code] = Field(default=[], max_length=10)
    forms: list[Code] = Field(default=[], max_length=30)
    amount_limit: Amount | None = None
    collaborations: list[Id] = Field(default=[], max_length=100)
    starts_on: Day | None = None
    ends_on: Day | None = None


class AbsenceIn(In):
    starts_on: Day | None = None
    ends_on: Day
    reason: Line = ""


@routes.read("/people/{int:person_id}/deputies", StandingInOut)
def deputies(request: Request, person_id: int) -> dict[str, Any]:
    """Who stands in for a person, in order, and when the person is away."""
    queries.person_page(request.actor, person_id, request.at)
    is_settled = queries.may_settle(request.actor, person_id, request.at)
    return {
        "deputies": queries.deputy_cards(person_id, request.at),
        "absences": queries.absences_of(person_id, request.at, with_reasons=is_settled),
    }


@routes.act("/people/{int:person_id}/deputies", status=201)
def name(request: Request, person_id: int, body: DeputyIn) -> Receipt:
    """Add somebody to the end of a person's list of deputies."""
    row = operations.name_deputy(person_id, **body.model_dump(), actor=request.actor, at=request.at)
    return _receipt("deputy", row.pk, person_id, "NAMED")


@routes.act("/deputies/{int:deputy_row_id}/end")
def end(request: Request, deputy_row_id: int) -> Receipt:
    """Somebody stands in no longer, from today."""
    row = operations.end_deputy(deputy_row_id, actor=request.actor, at=request.at)
    return _receipt("deputy", deputy_row_id, row.person_id, "ENDED")


@routes.act("/people/{int:person_id}/absences", status=201)
def note_absence(request: Request, person_id: int, body: AbsenceIn) -> Receipt:
    """Say when a person is away; the deputies sign meanwhile."""
    row = operations.note_absence(person_id, **body.model_dump(), actor=request.actor, at=request.at)
    return _receipt("absence", row.pk, person_id, "NOTED")


@routes.act("/absences/{int:absence_id}/end")
def end_absence(request: Request, absence_id: int) -> Receipt:
    """Back today, or not going at all."""
    row = operations.end_absence(absence_id, actor=request.actor, at=request.at)
    return _receipt("absence", absence_id, row.person_id, "ENDED")


def _receipt(kind: str, pk: int, person_id: int, state: str) -> Receipt:
    return Receipt(kind=kind, id=pk, href=f"/api/v1/people/{person_id}/deputies", state=state)
