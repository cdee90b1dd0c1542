"""The consensus line by line: who agreed to which text, and the answer to what departments want otherwise."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from bihuan.api.http import Request
from bihuan.api.routing import Routes
from bihuan.api.schemas import Digest, Flag, Id, In, Out, Receipt, Words
from bihuan.approvals.operations import AmendmentAnswer
from bihuan.collaborations import operations, queries
from bihuan.collaborations.policy.agreement import Line, Said, Wording
from bihuan.collaborations.queries.consensus import agreement_of

routes = Routes("consensus")


class LineStandingOut(Out):
    """How one department stands to a text. `state` is that of the slot; of an `amendment`, `state` says what became of
    it (OPEN, TAKEN, DECLINED, LAPSED), `was` and `row` are the line before and as it is wanted."""

    slot_id: int
    key: str
    label: str
    state: str
    digest: str
    name: str
    at: datetime | None
    opinion: str
    conditions: list[str]
    amendment: dict[str, Any]


class LineTextOut(Out):
    """One text of the line, and the version it came with."""

    since: int
    row: dict[str, Any]
    said: list[LineStandingOut]


class ConsensusLineOut(Out):
    """`part` is the list and the row; `binds` are departments, of `binds_all` every involved one; earlier texts newest
    first."""

    part: str
    binds: list[int]
    binds_all: bool
    is_gone: bool
    now: LineTextOut
    before: list[LineTextOut]


class ConsensusOut(Out):
    """`unbound` are departments that take part and that no line binds."""

    record_id: int | None
    version: int | None
    signoff_id: int | None
    lines: list[ConsensusLineOut]
    unbound: list[str]


class AmendmentAnswerIn(In):
    """`seen_digest` is that of the amendment; without `take` it is declined, and `reason` says why."""

    slot_id: Id
    seen_digest: Digest
    take: Flag
    reason: Words = ""


class AmendmentAnswersIn(In):
    answers: Annotated[list[AmendmentAnswerIn], Field(max_length=500)]


@routes.read("/collaborations/{int:collaboration_id}/consensus", ConsensusOut)
def consensus(request: Request, collaboration_id: int) -> dict[str, Any]:
    """Every line of the consensus, who agreed to which text of it, and what departments want otherwise."""
    agreement = agreement_of(queries.collaboration_for(request.actor, collaboration_id, at=request.at))
    record = agreement.record
    version = record.current_version.version if record is not None and record.current_version is not None else None
    return {
        "record_id": record.pk if record is not None and version is not None else None, "version": version,
        "signoff_id": agreement.signoff.pk if agreement.signoff is not None else None,
        "lines": list(map(_line, agreement.lines)), "unbound": agreement.unbound,
    }  # fmt: skip


@routes.act("/collaborations/{int:collaboration_id}/consensus/answers")
def answer_amendments(request: Request, collaboration_id: int, body: AmendmentAnswersIn) -> Receipt:
    """Take over or decline what departments want otherwise, all or none; what is taken over is the next version."""
    matter = queries.collaboration_for(request.actor, collaboration_id, at=request.at)
    answers = [AmendmentAnswer(each.slot_id, each.seen_digest, each.take, each.reason) for each in body.answers]
    version = operations.answer_amendments(matter, answers, actor=request.actor, at=request.at)
    href = f"/api/v1/collaborations/{matter.pk}/consensus"
    return Receipt(kind="version", id=version.pk, href=href, state=str(version.version))


def _line(line: Line) -> dict[str, Any]:
    return {
        "part": line.part, "binds": list(line.binds), "binds_all": line.binds_all, "is_gone": line.is_gone,
        "now": _text(line.now), "before": list(map(_text, line.before)),
    }  # fmt: skip


def _text(text: Wording) -> dict[str, Any]:
    return {"since": text.since, "row": dict(text.row), "said": list(map(_said, text.said))}


def _said(said: Said) -> dict[str, Any]:
    taken = {name: getattr(said, name) for name in LineStandingOut.model_fields if name != "conditions"}
    return {**taken, "conditions": list(said.conditions)}
