"""Sign-offs: reading what is asked, and deciding on exactly the digest that was read."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from bihuan.api.http import Request
from bihuan.api.routing import Routes
from bihuan.api.schemas import Code, Digest, Flag, Id, In, Out, Page, Receipt, Words, page
from bihuan.approvals import operations, queries
from bihuan.approvals.enums import Decision
from bihuan.approvals.operations import PartDecision
from bihuan.approvals.policy import Condition
from bihuan.organisation.enums import TokenScope
from bihuan.records.queries import record_for

routes = Routes("approvals")


class SlotOut(Out):
    """`principal` is asked now, in the place of `instead_of` while `moved` says why; `by_rule` is a deputy's line."""

    id: int
    step: int
    key: str
    principal: str
    instead_of: str
    moved: str
    by_rule: dict[str, Any]
    label: str
    part: str
    digest: str
    tests: list[str]
    state: str
    decided_by_name: str
    decided_at: datetime | None
    opinion: str
    conditions: list[dict[str, Any]]
    test_answers: dict[str, bool]
    may_decide: bool


class SignoffOut(Out):
    id: int
    route: str
    subject: str
    digest: str
    state: str
    by_part: bool
    opened_at: datetime
    closed_at: datetime | None
    slots: list[SlotOut]


class SaidIn(In):
    """What one signature says. `conditions` are sentences; each becomes a commitment to be given an owner and a day."""

    decision: Decision
    opinion: Words = ""
    conditions: Annotated[list[Words], Field(max_length=20)] = []
    tests: dict[Code, Flag] = {}


class DecideIn(SaidIn):
    seen_digest: Digest


class PartIn(SaidIn):
    slot_id: Id


class PartsIn(In):
    decisions: Annotated[list[PartIn], Field(max_length=500)]
    seen_digest: Digest


@routes.read("/records/{int:record_id}/signoffs", Page[SignoffOut])
def of_record(request: Request, record_id: int) -> dict[str, Any]:
    """Every sign-off of a record, newest first."""
    found = record_for(request.actor, record_id, at=request.at)
    return page(_signoff(request, each) for each in queries.signoffs_of(found.subject))


@routes.read("/signoffs/{int:signoff_id}", SignoffOut)
def signoff(request: Request, signoff_id: int) -> dict[str, Any]:
    return _signoff(request, queries.signoff_for(request.actor, signoff_id, request.at))


def _signoff(request: Request, found: Any) -> dict[str, Any]:
    mine = {slot.pk for slot in queries.slots_to_decide(found, request.actor)}
    taken = {name: getattr(found, name) for name in SignoffOut.model_fields if name not in {"slots", "subject"}}
    return {**taken, "subject": str(found.subject), "slots": [_slot(slot, mine) for slot in found.slots.all()]}


def _slot(slot: Any, mine: set[int]) -> dict[str, Any]:
    taken = {name: getattr(slot, name) for name in SlotOut.model_fields if name != "may_decide"}
    return {**taken, "may_decide": slot.pk in mine}


@routes.act("/slots/{int:slot_id}/decide", scope=TokenScope.SIGN)
def decide(request: Request, slot_id: int, body: DecideIn) -> Receipt:
    """Give one signature, once, on the digest that was seen."""
    slot = queries.slot_for(request.actor, slot_id, request.at)
    decided = operations.decide(
        slot, decision=body.decision, opinion=body.opinion, conditions=_conditions(body), tests=body.tests,
        seen_digest=body.seen_digest, actor=request.actor, at=request.at,
    )  # fmt: skip
    href = f"/api/v1/signoffs/{decided.signoff_id}"
    return Receipt(kind="slot", id=decided.pk, href=href, state=decided.state)


@routes.act("/signoffs/{int:signoff_id}/decide", scope=TokenScope.SIGN)
def decide_parts(request: Request, signoff_id: int, body: PartsIn) -> Receipt:
    """Decide several lines in one act, all or none."""
    found = queries.signoff_for(request.actor, signoff_id, request.at)
    said = [
        PartDecision(part.slot_id, part.decision, part.opinion, _conditions(part), part.tests)
        for part in body.decisions
    ]
    decided = operations.decide_many(
        found, decisions=said, seen_digest=body.seen_digest, actor=request.actor, at=request.at
    )
    href = f"/api/v1/signoffs/{decided.pk}"
    return Receipt(kind="signoff", id=decided.pk, href=href, state=decided.state)


def _conditions(said: SaidIn) -> tuple[Condition, ...]:
    return tuple(Condition(text) for text in said.conditions)
