"""Risks."""

from datetime import datetime
from typing import Any

from bihuan.api.http import Request
from bihuan.api.routing import Routes
from bihuan.api.schemas import In, Named, Out, Page, Receipt, Words, page
from bihuan.collaborations.queries import collaboration_for
from bihuan.issues import operations, queries

routes = Routes("issues")


class RiskOut(Out):
    id: int
    collaboration_id: int
    record_id: int
    number: str
    title: str
    category: str
    level: str
    department: Named
    finder: Named
    discovered_at: datetime
    filed_at: datetime
    state: str
    outcome: str
    closed_by: Named | None
    closed_at: datetime | None


class CloseIn(In):
    outcome: Words


@routes.read("/collaborations/{int:collaboration_id}/risks", Page[RiskOut])
def of_collaboration(request: Request, collaboration_id: int) -> dict[str, Any]:
    """Every risk of a matter, newest first."""
    return page(queries.risks_of(collaboration_for(request.actor, collaboration_id, at=request.at)))


@routes.read("/risks/{int:risk_id}", RiskOut)
def risk(request: Request, risk_id: int) -> Any:
    return queries.risk_for(request.actor, risk_id, at=request.at)


@routes.act("/collaborations/{int:collaboration_id}/risks", status=201)
def start(request: Request, collaboration_id: int) -> Receipt:
    """Begin a risk report; fill it in and submit it as the record of the receipt."""
    matter = collaboration_for(request.actor, collaboration_id, at=request.at)
    draft = operations.start_risk(matter, actor=request.actor, at=request.at)
    href = f"/api/v1/records/{draft.pk}"
    return Receipt(kind="record", id=draft.pk, href=href, state=draft.status, revision=draft.revision)


@routes.act("/risks/{int:risk_id}/close")
def close(request: Request, risk_id: int, body: CloseIn) -> Receipt:
    """The PMO says how the risk came out."""
    found = queries.risk_for(request.actor, risk_id, at=request.at)
    closed = operations.close_risk(found, outcome=body.outcome, actor=request.actor, at=request.at)
    return Receipt(kind="risk", id=closed.pk, href=f"/api/v1/risks/{closed.pk}", state=closed.state)
