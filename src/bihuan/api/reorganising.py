"""Departments that become one, or two; people who leave."""

from datetime import date, datetime
from typing import Any

from pydantic import Field

from bihuan.api.http import Request
from bihuan.api.routing import Routes
from bihuan.api.schemas import Day, Id, In, Line, Out, Page, Receipt, Seen, page
from bihuan.collaborations import queries as collaborations
from bihuan.kernel.errors import Refused
from bihuan.kernel.findings import error
from bihuan.organisation import operations, queries
from bihuan.organisation.rules import require_administrator
from bihuan.plans import queries as plans
from bihuan.resources import queries as resources

routes = Routes("reorganising")
MOST = 500


class ReorganisationOut(Out):
    """`kind` is MERGED or SPLIT; `done` of `total` matters have followed."""

    id: int
    kind: str
    department_id: int
    department: str
    into_id: int
    into: str
    decided_at: datetime
    ended_on: date | None
    total: int
    done: int
    is_finished: bool


class TouchedOut(Out):
    """How much of what is under way names the department or its offices."""

    matters: int
    loops: int
    decisions: int
    promises: int
    tasks: int
    needs: int


class MergeIn(Seen):
    into_id: Id


class SplitIn(Seen):
    name: Line
    post_ids: list[Id] = Field(max_length=MOST)
    matter_ids: list[Id] = Field(default=[], max_length=MOST)


class ReorganisationPreviewIn(In):
    """One of them: the act to look at."""

    merge: MergeIn | None = None
    split: SplitIn | None = None


class ShiftOut(Out):
    """`office` is HEAD, EXECUTIVE or STAFF of the department: who is it no longer, who from then on. Of many the first
    ten are named and all are counted."""

    office: str
    department_id: int
    department: str
    lost: list[str]
    lost_count: int
    gained: list[str]
    gained_count: int


class PlannedOut(Out):
    """`kind` is CHANGED, MERGED or SPLIT; `refusal` are the codes of what stood in its way on the day."""

    id: int
    department_id: int
    department: str
    kind: str
    begins_on: date
    name: str
    moves: bool
    parent_id: int | None
    into_id: int | None
    posts: int
    is_ahead: bool
    refusal: list[str]


class PlanChangeIn(In):
    """What is left out stays; a `parent_id` of null puts the department at the top."""

    begins_on: Day
    name: Line | None = None
    parent_id: Id | None = None


class PlanMergerIn(In):
    begins_on: Day
    into_id: Id


class PlanSplitIn(In):
    begins_on: Day
    name: Line
    post_ids: list[Id] = Field(max_length=MOST)
    matter_ids: list[Id] = Field(default=[], max_length=MOST)


@routes.read("/planned-changes", Page[PlannedOut])
def planned(request: Request) -> dict[str, Any]:
    """Every change of departments that is ahead, soonest first."""
    return page(queries.planned_ahead())


@routes.read("/departments/{int:department_id}/planned-changes", Page[PlannedOut])
def planned_of(request: Request, department_id: int) -> dict[str, Any]:
    """What is ahead for a department, or was not possible on its day."""
    queries.department_page(department_id, request.at, staff=0)
    return page(queries.planned_of(department_id))


@routes.act("/departments/{int:department_id}/plan-change", status=201)
def plan_change(request: Request, department_id: int, body: PlanChangeIn) -> Receipt:
    """Rename or move a department from a day to come."""
    require_administrator(request.actor)
    card = queries.department_page(department_id, request.at, staff=0).card
    row = operations.plan_change(
        department_id, begins_on=body.begins_on, name=card.name if body.name is None else body.name,
        parent_id=body.parent_id if "parent_id" in body.model_fields_set else card.parent_id, actor=request.actor,
        at=request.at,
    )  # fmt: skip
    return _planned(row)


@routes.act("/departments/{int:department_id}/plan-merger", status=201)
def plan_merger(request: Request, department_id: int, body: PlanMergerIn) -> Receipt:
    """Put a department into another one from a day to come."""
    return _planned(operations.plan_merger(department_id, **body.model_dump(), actor=request.actor, at=request.at))


@routes.act("/departments/{int:department_id}/plan-split", status=201)
def plan_split(request: Request, department_id: int, body: PlanSplitIn) -> Receipt:
    """Make part of a department a new one from a day to come; who has left it by then does not go along."""
    return _planned(operations.plan_split(department_id, **body.model_dump(), actor=request.actor, at=request.at))


@routes.act("/planned-changes/{int:planned_id}/cancel")
def cancel_planned(request: Request, planned_id: int) -> Receipt:
    """Take back what was planned."""
    return _planned(operations.cancel_planned(planned_id, actor=request.actor, at=request.at), "CANCELLED")


@routes.read("/departments/{int:department_id}/reorganisations", Page[ReorganisationOut])
def reorganisations(request: Request, department_id: int) -> dict[str, Any]:
    """What became of a department and what came into it, newest first, with how far the matters have followed."""
    queries.department_page(department_id, request.at, staff=0)
    return page(queries.reorganisations_of(department_id))


@routes.read("/departments/{int:department_id}/touched", TouchedOut)
def touched(request: Request, department_id: int) -> dict[str, Any]:
    """What a merger or a split of a department would touch, for whoever may decide on one."""
    require_administrator(request.actor)
    queries.department_page(department_id, request.at, staff=0)
    found = collaborations.touched_by(department_id)
    return {
        "matters": found.matters, "loops": found.loops, "decisions": found.decisions, "promises": found.promises,
        "tasks": plans.unfinished_of(department_id), "needs": resources.open_of(department_id),
    }  # fmt: skip


@routes.check("/departments/{int:department_id}/preview", Page[ShiftOut])
def preview(request: Request, department_id: int, body: ReorganisationPreviewIn) -> dict[str, Any]:
    """Who would answer to what after a merger or a split from today; keeps nothing, refuses what the act would."""
    around = [department_id, body.merge.into_id] if body.merge else [department_id]

    def act() -> list[int]:
        done = _merged if body.merge else _parted
        return [done(request, department_id, body.merge or body.split).into_id]

    if (body.merge is None) == (body.split is None):
        raise Refused([error("organisation.reorganisation_unclear")])
    return page(operations.preview_change(act, department_ids=around, at=request.at))


@routes.act("/departments/{int:department_id}/merge")
def merge(request: Request, department_id: int, body: MergeIn) -> Receipt:
    """Put a department into another one; its people answer there at once, the matters follow as work."""
    row = _merged(request, department_id, body)
    return _receipt(row.pk, row.into_id)


@routes.act("/departments/{int:department_id}/split", status=201)
def split(request: Request, department_id: int, body: SplitIn) -> Receipt:
    """Make part of a department a new one beside it, with these posts and matters."""
    row = _parted(request, department_id, body)
    return _receipt(row.pk, row.into_id)


@routes.act("/people/{int:person_id}/deactivate")
def deactivate(request: Request, person_id: int) -> Receipt:
    """The person has left; refused, line by line, while anything would be left with nobody."""
    operations.deactivate_person(person_id, actor=request.actor, at=request.at)
    return Receipt(kind="person", id=person_id, href=f"/api/v1/people/{person_id}", state="LEFT")


def _merged(request: Request, department_id: int, body: Any) -> Any:
    return operations.merge_department(department_id, **body.model_dump(), actor=request.actor, at=request.at)


def _parted(request: Request, department_id: int, body: Any) -> Any:
    return operations.split_department(department_id, **body.model_dump(), actor=request.actor, at=request.at)


def _planned(row: Any, state: str = "PLANNED") -> Receipt:
    href = f"/api/v1/departments/{row.department_id}/planned-changes"
    return Receipt(kind="planned_change", id=row.pk, href=href, state=state)


def _receipt(pk: int, into_id: int) -> Receipt:
    href = f"/api/v1/departments/{into_id}/reorganisations"
    return Receipt(kind="reorganisation", id=pk, href=href, state="DECIDED")
