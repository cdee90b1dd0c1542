"""Who of the PMO is on duty."""

from datetime import date
from typing import Any

from bihuan.api.http import Request
from bihuan.api.routing import Routes
from bihuan.api.schemas import Day, Id, In, Named, Out, Page, Receipt, page
from bihuan.organisation import operations, queries

routes = Routes("duty")
HREF = "/api/v1/duty-turns"


class TurnOut(Out):
    """`is_now`: asked today, because first on the list and here. `ends_on` is the first day no longer covered."""

    id: int
    person: Named
    starts_on: date
    ends_on: date | None
    is_away: bool
    is_now: bool


class TurnIn(In):
    person_id: Id
    starts_on: Day | None = None
    ends_on: Day | None = None


@routes.read("/duty-turns", Page[TurnOut])
def turns(request: Request) -> dict[str, Any]:
    """The duty list of the PMO: turns of today and to come, soonest first."""
    return page(queries.duty_turns(request.at))


@routes.act("/duty-turns", status=201)
def put(request: Request, body: TurnIn) -> Receipt:
    """Put somebody of the PMO on duty; what nobody else is responsible for is told to him."""
    row = operations.put_on_duty(**body.model_dump(), actor=request.actor, at=request.at)
    return Receipt(kind="duty_turn", id=row.pk, href=HREF, state="PUT")


@routes.act("/duty-turns/{int:turn_id}/end")
def end(request: Request, turn_id: int) -> Receipt:
    """Not on duty any more from today."""
    operations.end_turn(turn_id, actor=request.actor, at=request.at)
    return Receipt(kind="duty_turn", id=turn_id, href=HREF, state="ENDED")
