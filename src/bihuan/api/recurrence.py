"""Recurring matters: their periods, what is given to each, waivers, acceptance."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field

from bihuan.access.operations import note_reading
from bihuan.api.files import AttachIn, decoded
from bihuan.api.http import Request, as_download
from bihuan.api.routing import Routes
from bihuan.api.schemas import Flag, In, Line, Named, Out, Page, Reason, Receipt, Seen, Words, page
from bihuan.collaborations import operations
from bihuan.collaborations.operations.recurrence import is_late
from bihuan.collaborations.policy.recurrence import Checked
from bihuan.collaborations.queries import collaboration_for
from bihuan.collaborations.queries import recurrence as queries
from bihuan.files.queries import path_of
from bihuan.records.policy.attached import MOST as MOST_FILES

routes = Routes("recurrence")
MOST = 100


class GivenFileOut(Out):
    """A file that was handed in; it is fetched by its number."""

    number: int
    name: str
    size: int
    sha256: str


class ContributionOut(Out):
    """`line` is the row of the recurring plan, empty for the consolidation; who owes it says the commitment."""

    id: int
    period: str
    line: str
    data: str
    layout: str
    as_file: bool
    commitment_id: int
    owner: Named | None
    department: Named | None
    due_at: datetime
    state: str
    evidence: str
    files: list[GivenFileOut]
    is_late: bool
    waiver: str
    waiver_reason: str
    waiver_answer: str


class RecurringPeriodOut(Out):
    """`missing` is what it was consolidated without; `checks` are what the receiver said."""

    id: int
    key: str
    starts_on: date
    ends_on: date
    opened_at: datetime | None
    gathered_at: datetime | None
    accepted_at: datetime | None
    missing: list[dict[str, str]]
    checks: list[dict[str, str]]
    revision: int
    contributions: list[ContributionOut]


class ContributionIn(In):
    """After it was given back, files take the place of those before."""

    text: Words = ""
    files: Annotated[list[AttachIn], Field(max_length=MOST_FILES)] = []


class WaiverAnswerIn(In):
    granted: Flag
    note: Words = ""


class PeriodCheckIn(In):
    line: Line
    holds: Flag
    note: Words = ""


class AcceptPeriodIn(Seen):
    checks: Annotated[list[PeriodCheckIn], Field(max_length=MOST)]


@routes.read("/collaborations/{int:collaboration_id}/periods", Page[RecurringPeriodOut])
def of_collaboration(request: Request, collaboration_id: int) -> dict[str, Any]:
    """The newest periods of a recurring matter, each with what is owed to it."""
    found = queries.periods_of(collaboration_for(request.actor, collaboration_id, at=request.at))
    given = queries.contributions_of(found)
    return page(_period(period, given[period.pk]) for period in found)


@routes.read("/contributions/{int:contribution_id}", ContributionOut)
def contribution(request: Request, contribution_id: int) -> dict[str, Any]:
    return _contribution(_found(request, contribution_id))


@routes.read("/contributions/{int:contribution_id}/files/{int:number}", bytes)
def file(request: Request, contribution_id: int, number: int) -> Any:
    """The bytes that were handed in, as a download."""
    found = _found(request, contribution_id)
    stored = queries.file_of(found, number)
    note_reading(found.period.collaboration.scope_id, actor=request.actor, at=request.at)
    return as_download(path_of(stored.key).read_bytes(), stored.name)


def _period(period: Any, given: list[Any]) -> dict[str, Any]:
    taken = {name: getattr(period, name) for name in RecurringPeriodOut.model_fields if name != "contributions"}
    return {**taken, "contributions": [_contribution(row) for row in given]}


def _contribution(row: Any) -> dict[str, Any]:
    promise = row.commitment
    own = ("id", "data", "layout", "as_file", "due_at", "waiver", "waiver_reason", "waiver_answer", "commitment_id")
    return {
        **{name: getattr(row, name) for name in own},
        "period": row.period.key, "line": row.line_id, "owner": promise.owner, "department": promise.department,
        "state": promise.state, "evidence": promise.evidence, "files": [_file(each) for each in queries.files_of(row)],
        "is_late": is_late(row),
    }  # fmt: skip


def _file(given: Any) -> dict[str, Any]:
    return {"number": given.number, **{name: getattr(given.file, name) for name in ("name", "size", "sha256")}}


@routes.act("/contributions/{int:contribution_id}/give")
def give(request: Request, contribution_id: int, body: ContributionIn) -> Receipt:
    """Hand in what a period needs: words, files, or both. Late ones are accepted and marked."""
    operations.hand_in(
        _found(request, contribution_id), text=body.text,
        handed=[(each.name, [decoded(each.content)]) for each in body.files], actor=request.actor, at=request.at,
    )  # fmt: skip
    return _receipt(request, contribution_id)


@routes.act("/contributions/{int:contribution_id}/ask-waiver")
def ask_waiver(request: Request, contribution_id: int, body: Reason) -> Receipt:
    """Ask to do without it in this period."""
    found = _found(request, contribution_id)
    operations.ask_waiver(found, reason=body.reason, actor=request.actor, at=request.at)
    return _receipt(request, contribution_id)


@routes.act("/contributions/{int:contribution_id}/answer-waiver")
def answer_waiver(request: Request, contribution_id: int, body: WaiverAnswerIn) -> Receipt:
    """Waive it, or say why not."""
    found = _found(request, contribution_id)
    operations.answer_waiver(found, granted=body.granted, note=body.note, actor=request.actor, at=request.at)
    return _receipt(request, contribution_id)


@routes.act("/contributions/{int:contribution_id}/begin-incomplete")
def begin_incomplete(request: Request, contribution_id: int, body: Seen) -> Receipt:
    """Consolidate its period without what is missing after its day. `seen_revision` is that of the period."""
    period = _found(request, contribution_id).period
    operations.begin_incomplete(period, seen_revision=body.seen_revision, actor=request.actor, at=request.at)
    return _receipt(request, contribution_id)


@routes.act("/contributions/{int:contribution_id}/accept-period")
def accept_period(request: Request, contribution_id: int, body: AcceptPeriodIn) -> Receipt:
    """Accept the period it was given to. `seen_revision` is that of the period."""
    period = _found(request, contribution_id).period
    said = {check.line: Checked(check.holds, check.note) for check in body.checks}
    operations.accept_period(period, checks=said, seen_revision=body.seen_revision, actor=request.actor, at=request.at)
    return _receipt(request, contribution_id)


def _found(request: Request, contribution_id: int) -> Any:
    return queries.contribution_for(request.actor, contribution_id, at=request.at)


def _receipt(request: Request, contribution_id: int) -> Receipt:
    now = _found(request, contribution_id)
    promise = queries.promise_of(now)
    href = f"/api/v1/contributions/{now.pk}"
    return Receipt(kind="contribution", id=now.pk, href=href, state=promise.state, revision=promise.revision)
