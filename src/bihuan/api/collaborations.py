"""Matters: the portfolio, one matter, where it stands, and what moves it."""

from datetime import date, datetime
from typing import Any, Literal

from ninja import Query

from bihuan.access.operations import note_reading
from bihuan.api.http import Request
from bihuan.api.routing import Routes
from bihuan.api.schemas import Code, Id, IdAsked, In, Keyed, Line, Named, Out, Page, Reason, Receipt, Words, page
from bihuan.collaborations import operations, queries
from bihuan.collaborations.queries import Filters, MatterRow, relations
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger import queries as ledger
from bihuan.organisation import queries as organisation

routes = Routes("collaborations")
STORY = 50


class PortfolioRow(Out):
    """A matter in a list. Of one the caller knows only in outline, all but number, step and dates is null."""

    id: int
    number: str | None
    step: str
    is_outline: bool
    created_at: datetime
    ended_at: datetime | None
    expected_finish: date | None
    title: str | None
    playbook: str | None
    lead_department: Named | None
    lead: Named | None
    departments: list[str]
    open_loops: int | None
    next_due: datetime | None


class ArcOut(Out):
    step: str
    state: str
    gaps: int


class RingOut(Out):
    """An arc is done, current, ahead, or stopped: where a matter was given up that `ending` says was not closed."""

    arcs: list[ArcOut]
    gaps: int
    is_closed: bool
    ending: str


class PartyOut(Out):
    department: Named
    role: str
    contact: Named | None


class MatterOut(Out):
    """`step_run_id` names the stay in the present step; an advance must say which one was seen."""

    id: int
    number: str | None
    title: str
    short_name: str
    playbook: str
    playbook_version: int
    step: str | None
    step_run_id: int | None
    priority: str
    visibility: str
    secrecy: str
    lead_department: Named | None
    initiator: Named | None
    lead: Named | None
    parties: list[PartyOut]
    expected_finish: date | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    ending: str
    rests_until: date | None
    source_number: str
    source_status: str


class LoopOut(Out):
    id: int
    collaboration_id: int
    kind: str
    subject: str
    part: str
    owner: str
    owner_name: str
    gate: str
    due_at: datetime | None
    params: dict[str, Any]
    opened_at: datetime
    urged: int


class FactOut(Out):
    seq: int
    name: str
    at: datetime
    actor: str
    actor_id: int | None
    subject: str
    body: dict[str, Any] | None


class FiltersIn(Keyed):
    text: Line = ""
    step: Code = ""
    department_id: IdAsked | None = None
    led_by_id: IdAsked | None = None
    playbook: Code = ""
    mine: bool = False
    state: Literal["running", "resting", "ended", "all"] = "running"
    role: Literal["", "any", "lead", "initiator", "contact", "head"] = ""
    due: Literal["", "overdue", "week", "month", "none"] = ""
    programme_id: IdAsked | None = None
    health: Literal["", "red", "yellow", "green"] = ""
    parties: Literal["", "none", "one", "several"] = ""


class StartIn(In):
    title: Line
    department_id: Id
    playbook: Code


class AdvanceIn(In):
    seen_step_run_id: Id


class LeadIn(In):
    lead_id: Id
    reason: Words


class NoteIn(In):
    note: Words


class TakeBackIn(In):
    form_code: Code
    reason: Words


class FilerIn(In):
    person_id: Id


class AdoptIn(In):
    """`step` is where the matter stands, the playbook's first one if empty; a later one needs a `ground`."""

    playbook: Code
    lead_id: Id
    step: Code = ""
    ground: Words = ""


@routes.read("/collaborations", Page[PortfolioRow])
def portfolio(request: Request, wanted: Query[FiltersIn]) -> dict[str, Any]:
    """Every matter the caller may see, newest first."""
    filters = Filters(**wanted.model_dump(exclude={"before"}))
    found = queries.portfolio(request.actor, filters, before=wanted.before, at=request.at)
    return page(map(_row, found.rows), found.next_before)


def _row(row: MatterRow) -> dict[str, Any]:
    matter = row.collaboration
    outline = {
        "id": matter.pk, "number": matter.number, "step": row.step, "is_outline": row.is_masked,
        "created_at": matter.created_at, "ended_at": matter.ended_at, "expected_finish": matter.expected_finish,
    }  # fmt: skip
    if row.is_masked:
        hidden = ("title", "playbook", "lead_department", "lead", "open_loops", "next_due")
        return {**outline, **dict.fromkeys(hidden), "departments": []}
    return {
        **outline, "title": matter.title, "playbook": matter.playbook_version.playbook.key,
        "lead_department": matter.lead_department, "lead": matter.lead, "departments": row.departments,
        "open_loops": row.ring.gaps, "next_due": row.next_due,
    }  # fmt: skip


@routes.read("/collaborations/{int:collaboration_id}", MatterOut)
def collaboration(request: Request, collaboration_id: int) -> dict[str, Any]:
    matter = _matter(request, collaboration_id)
    run, resting = queries.current_run(matter), queries.suspension_of(matter.pk)
    taken = {name: getattr(matter, name) for name in MatterOut.model_fields if hasattr(matter, name)}
    return {
        **taken, "parties": queries.parties_of(matter), "playbook": matter.playbook_version.playbook.key,
        "playbook_version": matter.playbook_version.version, "step": run.step if run else None,
        "step_run_id": run.pk if run else None, "rests_until": resting.params["until"] if resting else None,
    }  # fmt: skip


@routes.read("/collaborations/{int:collaboration_id}/ring", RingOut)
def ring(request: Request, collaboration_id: int) -> Any:
    """The steps as arcs; every open loop is a gap."""
    return queries.ring_of(_matter(request, collaboration_id))


@routes.read("/collaborations/{int:collaboration_id}/loops", Page[LoopOut])
def loops(request: Request, collaboration_id: int) -> dict[str, Any]:
    """Everything open in the matter, soonest due first."""
    return page(loops_out(queries.loops_of(_matter(request, collaboration_id).pk), request))


def loops_out(found: list[Any], request: Request) -> list[dict[str, Any]]:
    """Loops as they are told, with the names of their owners. One query more, whatever their number."""
    names = organisation.names_of({loop.owner for loop in found}, request.at)
    return [
        {
            "id": loop.pk, "collaboration_id": loop.collaboration_id, "kind": loop.kind,
            "subject": f"{loop.subject_kind}:{loop.subject_id}", "part": loop.part, "owner": loop.owner,
            "owner_name": names[loop.owner], "gate": loop.gate, "due_at": loop.due_at, "params": loop.params,
            "opened_at": loop.opened_at, "urged": loop.urged,
        }
        for loop in found
    ]  # fmt: skip


@routes.read("/collaborations/{int:collaboration_id}/timeline", Page[FactOut])
def timeline(request: Request, collaboration_id: int, wanted: Query[Keyed]) -> dict[str, Any]:
    """What happened, newest first. The body of an erased fact is null."""
    matter = _matter(request, collaboration_id)
    told = relations.scopes_told(matter, request.actor, at=request.at)
    found = ledger.timeline(
        SubjectRef("collaboration", matter.pk), scope_ids=told, limit=STORY + 1, before=wanted.before
    )
    shown = found[:STORY]
    return page(map(_fact, shown), shown[-1].seq if len(found) > STORY else None)


def _fact(entry: ledger.TimelineEntry) -> dict[str, Any]:
    return {
        "seq": entry.seq, "name": entry.name, "at": entry.at, "actor": entry.actor_name, "actor_id": entry.actor_id,
        "subject": str(entry.subject), "body": entry.body,
    }  # fmt: skip


@routes.act("/collaborations", status=201)
def start(request: Request, body: StartIn) -> Receipt:
    """Begin a matter as a draft that only its initiator sees."""
    matter = operations.start_collaboration(**body.model_dump(), actor=request.actor, at=request.at)
    return receipt_of(matter)


@routes.act("/collaborations/{int:collaboration_id}/advance")
def advance(request: Request, collaboration_id: int, body: AdvanceIn) -> Receipt:
    """Go on to the next step; refused with everything that still stands in the way."""
    matter = _matter(request, collaboration_id)
    operations.advance(matter, seen_step_run_id=body.seen_step_run_id, actor=request.actor, at=request.at)
    return receipt_of(matter)


@routes.act("/collaborations/{int:collaboration_id}/withdraw")
def withdraw(request: Request, collaboration_id: int, body: Reason) -> Receipt:
    """Take the matter back before its work has begun."""
    matter = _matter(request, collaboration_id)
    operations.withdraw_collaboration(matter, reason=body.reason, actor=request.actor, at=request.at)
    return receipt_of(matter)


@routes.act("/collaborations/{int:collaboration_id}/lead")
def change_lead(request: Request, collaboration_id: int, body: LeadIn) -> Receipt:
    """Hand the matter to another project lead."""
    matter = _matter(request, collaboration_id)
    operations.change_lead(matter, **body.model_dump(), actor=request.actor, at=request.at)
    return receipt_of(matter)


@routes.act("/collaborations/{int:collaboration_id}/resume")
def resume(request: Request, collaboration_id: int, body: NoteIn) -> Receipt:
    """Let a resting matter go on."""
    matter = _matter(request, collaboration_id)
    operations.resume_collaboration(matter, note=body.note, actor=request.actor, at=request.at)
    return receipt_of(matter)


@routes.act("/collaborations/{int:collaboration_id}/requests/withdraw")
def withdraw_request(request: Request, collaboration_id: int, body: TakeBackIn) -> Receipt:
    """Take a request about the matter itself back before it is decided; it is begun like any form of the matter."""
    matter = _matter(request, collaboration_id)
    operations.withdraw_proposal(matter, **body.model_dump(), actor=request.actor, at=request.at)
    return receipt_of(matter)


@routes.act("/collaborations/{int:collaboration_id}/filer")
def name_filer(request: Request, collaboration_id: int, body: FilerIn) -> Receipt:
    """Let one person of the PMO or the administration read a secret matter, to file its plan."""
    matter = _matter(request, collaboration_id)
    operations.name_filer(matter, person_id=body.person_id, actor=request.actor, at=request.at)
    return receipt_of(matter)


@routes.act("/collaborations/{int:collaboration_id}/adopt")
def adopt(request: Request, collaboration_id: int, body: AdoptIn) -> Receipt:
    """Put an imported matter onto a playbook, at the step where it stands; what is missing is made up for there."""
    matter = _matter(request, collaboration_id)
    operations.adopt_collaboration(matter, **body.model_dump(), actor=request.actor, at=request.at)
    return receipt_of(matter)


@routes.act("/loops/{int:loop_id}/urge")
def urge(request: Request, loop_id: int) -> Receipt:
    """Ask the owner of a loop to act."""
    loop = queries.loop_for(request.actor, loop_id, at=request.at)
    operations.urge(loop, actor=request.actor, at=request.at)
    return receipt_of(loop.collaboration)


def _matter(request: Request, collaboration_id: int) -> Any:
    matter = queries.collaboration_for(request.actor, collaboration_id, at=request.at)
    note_reading(matter.scope_id, actor=request.actor, at=request.at)
    return matter


def receipt_of(matter: Any) -> Receipt:
    """Where the matter stands after the act: its step, or how it ended."""
    run = queries.current_run(matter)
    state = run.step if run else matter.ending
    return Receipt(kind="collaboration", id=matter.pk, href=f"/api/v1/collaborations/{matter.pk}", state=state)
