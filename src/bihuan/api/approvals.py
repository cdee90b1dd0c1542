"""Sign-offs: reading what is asked, and deciding on exactly the digest that was read."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from bihuan.api.http import Request
from bihuan.api.problems import described
from bihuan.api.routing import Routes
from bihuan.api.schemas import Code, Digest, Flag, Id, In, Out, Page, Problem, Receipt, Words, page
from bihuan.approvals import operations, queries
from bihuan.approvals.enums import Decision, RemarkKind
from bihuan.approvals.operations import BATCH_LIMIT, Answer, Choice, PartDecision, SendBack
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
    amendment: dict[str, Any]
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


Departments = Annotated[list[Id], Field(max_length=500)]
"""Whom a line is to bind."""


class AmendIn(SaidIn):
    """`amendment`, with AMEND: what columns of the line shall say instead. It waits for who wrote the paper."""

    amendment: Annotated[dict[Code, Words | int | Flag | Departments | None], Field(max_length=50)] = {}


class DecideIn(AmendIn):
    seen_digest: Digest


class PartIn(AmendIn):
    slot_id: Id


class PartsIn(In):
    decisions: Annotated[list[PartIn], Field(max_length=500)]
    seen_digest: Digest


class ChoiceIn(SaidIn):
    """`seen_digest` is the digest of the slot."""

    slot_id: Id
    seen_digest: Digest


class ReturnIn(In):
    """`to_step` 0 is the author."""

    to_step: Annotated[int, Field(ge=0, le=1000)]
    reason: Words


class BackIn(ReturnIn):
    """`seen_digest` as in a decision."""

    slot_id: Id
    seen_digest: Digest


class ChoicesIn(In):
    """What is decided, and what is sent back instead; together up to a hundred."""

    decisions: Annotated[list[ChoiceIn], Field(max_length=BATCH_LIMIT)] = []
    returns: Annotated[list[BackIn], Field(max_length=BATCH_LIMIT)] = []


class AnswerOut(Out):
    """`state` of the slot when it is decided or `returned`, else `problem`, and nothing was written for it."""

    slot_id: int
    state: str | None
    returned: bool
    problem: Problem | None


class AnswersOut(Out):
    """In the order of the decisions, then of the returns."""

    answers: list[AnswerOut]


@routes.read("/records/{int:record_id}/signoffs", Page[SignoffOut])
def of_record(request: Request, record_id: int) -> dict[str, Any]:
    """Every sign-off of a record, newest first."""
    found = record_for(request.actor, record_id, at=request.at)
    return page(_signoff(request, each) for each in queries.signoffs_of(found.subject))


@routes.read("/signoffs/{int:signoff_id}", SignoffOut)
def signoff(request: Request, signoff_id: int) -> dict[str, Any]:
    """One sign-off; who has a copy of it and opens it here has read it."""
    found = queries.signoff_for(request.actor, signoff_id, request.at)
    operations.note_read(found.pk, actor=request.actor, at=request.at)
    return _signoff(request, found)


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
        amendment=body.amendment, seen_digest=body.seen_digest, actor=request.actor, at=request.at,
    )  # fmt: skip
    href = f"/api/v1/signoffs/{decided.signoff_id}"
    return Receipt(kind="slot", id=decided.pk, href=href, state=decided.state)


@routes.act("/signoffs/{int:signoff_id}/decide", scope=TokenScope.SIGN)
def decide_parts(request: Request, signoff_id: int, body: PartsIn) -> Receipt:
    """Decide several lines in one act, all or none."""
    found = queries.signoff_for(request.actor, signoff_id, request.at)
    said = [
        PartDecision(part.slot_id, part.decision, part.opinion, _conditions(part), part.tests, part.amendment)
        for part in body.decisions
    ]
    decided = operations.decide_many(
        found, decisions=said, seen_digest=body.seen_digest, actor=request.actor, at=request.at
    )
    href = f"/api/v1/signoffs/{decided.pk}"
    return Receipt(kind="signoff", id=decided.pk, href=href, state=decided.state)


@routes.act("/decisions", scope=TokenScope.SIGN, response=AnswersOut)
def decide_each(request: Request, body: ChoicesIn) -> AnswersOut:
    """Decide on, or send back, up to a hundred papers, each for itself: one that is refused leaves the others alone."""
    choices: list[Choice | SendBack] = [
        Choice(each.slot_id, each.seen_digest, each.decision, each.opinion, _conditions(each), each.tests)
        for each in body.decisions
    ]
    choices += [SendBack(each.slot_id, each.seen_digest, each.reason, each.to_step) for each in body.returns]
    answers = operations.decide_each(choices, actor=request.actor, at=request.at)
    return AnswersOut(answers=[_answer(each) for each in answers])


def _answer(answer: Answer) -> AnswerOut:
    problem = Problem(**described(answer.refusal)) if answer.refusal else None
    return AnswerOut(slot_id=answer.slot_id, state=answer.state, returned=answer.is_returned, problem=problem)


class AskIn(In):
    """TRANSFER passes the decision on, CONSULT asks for advice, BEFORE and AFTER ask for one more signature."""

    act: Literal["TRANSFER", "CONSULT", "BEFORE", "AFTER"]
    person_id: Id
    reason: Words


class UndoIn(In):
    """TAKE_BACK one's decision, GET_BACK what was given for advice, REMOVE a signature one added."""

    act: Literal["TAKE_BACK", "GET_BACK", "REMOVE"]
    reason: Words = ""


class AdviceIn(In):
    text: Words


class CopiesIn(In):
    person_ids: Annotated[list[Id], Field(max_length=50)]


class RemarkIn(In):
    """`addressed` are told; a question to nobody goes to the author. `answers` is the id of a question."""

    kind: Literal["COMMENT", "QUESTION", "ANSWER"]
    text: Words
    addressed: Annotated[list[Id], Field(max_length=50)] = []
    answers: Id | None = None


class SaidOut(Out):
    id: int
    kind: str
    name: str
    at: datetime
    text: str
    addressed: list[int]
    answers: int | None


class CopyOut(Out):
    name: str
    sent_at: datetime
    read_at: datetime | None


class BesideOut(Out):
    remarks: list[SaidOut]
    copies: list[CopyOut]


@routes.act("/slots/{int:slot_id}/ask", scope=TokenScope.SIGN)
def ask(request: Request, slot_id: int, body: AskIn) -> Receipt:
    """Ask somebody else: for good, for advice, or besides."""
    slot = queries.slot_for(request.actor, slot_id, request.at)
    said: dict[str, Any] = {"person_id": body.person_id, "reason": body.reason}
    said |= {"actor": request.actor, "at": request.at}
    if body.act == "TRANSFER":
        return _receipt(operations.transfer(slot, **said))
    if body.act == "CONSULT":
        return _receipt(operations.consult(slot, **said))
    return _receipt(operations.add_signer(slot, where=body.act, **said))


@routes.act("/slots/{int:slot_id}/advise", scope=TokenScope.SIGN)
def advise(request: Request, slot_id: int, body: AdviceIn) -> Receipt:
    """Give the advice one was asked for; the decision is with who asked again."""
    slot = queries.slot_for(request.actor, slot_id, request.at)
    return _receipt(operations.advise(slot, text=body.text, actor=request.actor, at=request.at))


@routes.act("/slots/{int:slot_id}/undo", scope=TokenScope.SIGN)
def undo(request: Request, slot_id: int, body: UndoIn) -> Receipt:
    """Take back a decision nobody followed, wait no longer for advice, or take out a signature one added."""
    slot = queries.slot_for(request.actor, slot_id, request.at)
    by: dict[str, Any] = {"actor": request.actor, "at": request.at}
    if body.act == "GET_BACK":
        return _receipt(operations.get_back(slot, **by))
    if body.act == "REMOVE":
        return _receipt(operations.remove_signer(slot, reason=body.reason, **by))
    return _receipt(operations.take_back(slot, reason=body.reason, **by))


@routes.act("/slots/{int:slot_id}/return", scope=TokenScope.SIGN)
def send_back(request: Request, slot_id: int, body: ReturnIn) -> Receipt:
    """Send it back to an earlier step or the author instead of deciding."""
    slot = queries.slot_for(request.actor, slot_id, request.at)
    returned = operations.return_to(slot, to_step=body.to_step, reason=body.reason, actor=request.actor, at=request.at)
    return Receipt(kind="signoff", id=returned.pk, href=f"/api/v1/signoffs/{returned.pk}", state=returned.state)


@routes.read("/signoffs/{int:signoff_id}/remarks", BesideOut)
def remarks(request: Request, signoff_id: int) -> dict[str, Any]:
    """What was said beside a sign-off, and who got copies and read them."""
    found = queries.signoff_for(request.actor, signoff_id, request.at)
    names = SaidOut.model_fields.keys() - {"answers"}
    told = [(row, {name: getattr(row, name) for name in names}) for row in queries.remarks_of(found)]
    return {
        "remarks": [{**taken, "answers": row.answers_id} for row, taken in told],
        "copies": queries.receipts_of(found),
    }


@routes.act("/signoffs/{int:signoff_id}/remarks")
def remark(request: Request, signoff_id: int, body: RemarkIn) -> Receipt:
    """Comment, ask or answer."""
    found = queries.signoff_for(request.actor, signoff_id, request.at)
    said = {**body.model_dump(), "kind": RemarkKind(body.kind)}
    row = operations.remark(found, **said, actor=request.actor, at=request.at)
    return Receipt(kind="remark", id=row.pk, href=f"/api/v1/signoffs/{found.pk}/remarks", state=row.kind)


@routes.act("/signoffs/{int:signoff_id}/copies")
def copies(request: Request, signoff_id: int, body: CopiesIn) -> Receipt:
    """Show it to people who need not decide; they read the matter from then on."""
    found = queries.signoff_for(request.actor, signoff_id, request.at)
    operations.send_copies(found, person_ids=body.person_ids, actor=request.actor, at=request.at)
    return Receipt(kind="signoff", id=found.pk, href=f"/api/v1/signoffs/{found.pk}/remarks", state=found.state)


def _receipt(slot: Any) -> Receipt:
    return Receipt(kind="slot", id=slot.pk, href=f"/api/v1/signoffs/{slot.signoff_id}", state=slot.state)


def _conditions(said: SaidIn) -> tuple[Condition, ...]:
    return tuple(Condition(text) for text in said.conditions)
