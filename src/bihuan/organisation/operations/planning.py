"""Changes of departments from a day to come: planned, cancelled, carried out by the worker on the day."""

from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Any

from django.db import transaction

from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotFound, Refused
from bihuan.kernel.findings import Finding, error
from bihuan.organisation.enums import PlannedKind, PlannedState
from bihuan.organisation.facts import ChangePlanned, PlannedChangeCancelled, PlannedChangeRefused
from bihuan.organisation.models import Department, PlannedChange
from bihuan.organisation.operations.departments import change_department, parent_findings
from bihuan.organisation.operations.recording import record, refuse
from bihuan.organisation.operations.reorganising import (
    head_findings,
    merge_department,
    merge_findings,
    post_findings,
    posts_held,
    split_department,
)
from bihuan.organisation.policy import clean, name_findings
from bihuan.organisation.queries import day_of
from bihuan.organisation.rules import require_administrator

FOR_NOW = "organisation.still_following"


@transaction.atomic
def plan_change(
    department_id: int, *, begins_on: date | None, name: str, parent_id: int | None, actor: Actor, at: datetime
) -> PlannedChange:
    """Rename or move a department from a day to come. Fact ChangePlanned.

    Raises NotAllowed; NotFound; Refused for a day that has come, without a change, and for what `change_department`
    refuses today.
    """
    department = _open(department_id, actor)
    name = clean(name)
    wanted = {"name": name, "parent_id": parent_id}
    values = {key: value for key, value in wanted.items() if getattr(department, key) != value}
    found = _day_findings(begins_on, at)
    found += [] if values else [error("organisation.nothing_planned", "name")]
    found += name_findings(name) if "name" in values else []
    refuse([*found, *parent_findings(department.pk, parent_id)])
    return _plan(department, PlannedKind.CHANGED, values, begins_on, actor=actor, at=at)


@transaction.atomic
def plan_merger(
    department_id: int, *, begins_on: date | None, into_id: int | None, actor: Actor, at: datetime
) -> PlannedChange:
    """Put a department into another one from a day to come. Fact ChangePlanned.

    Raises NotAllowed; NotFound; Refused for a day that has come and for what `merge_department` refuses on any day.
    """
    department = _open(department_id, actor)
    into = Department.objects.filter(pk=into_id or 0).first()
    refuse([*_day_findings(begins_on, at), *merge_findings(department, into)])
    return _plan(department, PlannedKind.MERGED, {"into_id": into_id}, begins_on, actor=actor, at=at)


@transaction.atomic
def plan_split(
    department_id: int,
    *,
    begins_on: date | None,
    name: str,
    post_ids: Collection[int],
    matter_ids: Collection[int] = (),
    actor: Actor,
    at: datetime,
) -> PlannedChange:
    """Make part of a department a new one from a day to come. Fact ChangePlanned.

    Whoever of these has left the department by then does not go along. Raises NotAllowed; NotFound; Refused for a day
    that has come and for what `split_department` refuses today.
    """
    department, name = _open(department_id, actor), clean(name)
    posts = posts_held(department, post_ids, at)
    refuse([*_day_findings(begins_on, at), *name_findings(name), *post_findings(posts, post_ids)])
    refuse(head_findings(department, posts, has_matters=bool(matter_ids), at=at))
    values = {"name": name, "post_ids": sorted(set(post_ids)), "matter_ids": sorted(set(matter_ids))}
    return _plan(department, PlannedKind.SPLIT, values, begins_on, actor=actor, at=at)


@transaction.atomic
def cancel_planned(planned_id: int, *, actor: Actor, at: datetime) -> PlannedChange:
    """Take back what was planned. Fact PlannedChangeCancelled. Raises NotAllowed; NotFound when it is not ahead."""
    require_administrator(actor)
    row = PlannedChange.objects.filter(pk=planned_id).first()
    if row is None or not _end(row, PlannedState.CANCELLED, at):
        raise NotFound
    fact = PlannedChangeCancelled(
        planned_id=row.pk, department_id=row.department_id, starts_on=row.begins_on.isoformat()
    )
    record(fact, "department", row.department_id, actor=actor, at=at)
    return row


def carry_out_planned(*, actor: Actor, at: datetime) -> int:
    """Carry out, in their order, the changes whose day has come, each once; returns how many were possible.

    Each records the fact of its operation, or PlannedChangeRefused where it is not possible any more.
    """
    due = PlannedChange.objects.filter(state=PlannedState.PLANNED, begins_on__lte=day_of(at))
    ids = list(due.order_by("begins_on", "pk").values_list("pk", flat=True))
    return sum(_carry_out(pk, actor=actor, at=at) for pk in ids)


@transaction.atomic
def _carry_out(planned_id: int, *, actor: Actor, at: datetime) -> bool:
    row = PlannedChange.objects.select_related("department").get(pk=planned_id)
    if not _end(row, PlannedState.DONE, at):
        return False
    try:
        with transaction.atomic():
            ACTS[row.kind](row, actor, at)
    except (NotFound, Refused) as refusal:
        _note_refusal(row, [finding.code for finding in refusal.findings], actor=actor, at=at)
        return False
    return True


def _put_off(row: PlannedChange) -> None:
    """An earlier reorganisation is still followed; the next hour tries again."""
    PlannedChange.objects.filter(pk=row.pk).update(state=PlannedState.PLANNED, ended_at=None)


def _note_refusal(row: PlannedChange, codes: list[str], *, actor: Actor, at: datetime) -> None:
    if codes == [FOR_NOW]:
        _put_off(row)
        return
    PlannedChange.objects.filter(pk=row.pk).update(state=PlannedState.REFUSED, refusal=codes)
    fact = PlannedChangeRefused(
        planned_id=row.pk, department_id=row.department_id, starts_on=row.begins_on.isoformat(), codes=codes
    )
    record(fact, "department", row.department_id, actor=actor, at=at)


def _change(row: PlannedChange, actor: Actor, at: datetime) -> None:
    if not row.department.is_active:
        raise NotFound
    seen = row.department.revision
    change_department(row.department_id, seen_revision=seen, actor=actor, at=at, **row.values)


def _merge(row: PlannedChange, actor: Actor, at: datetime) -> None:
    seen = row.department.revision
    merge_department(row.department_id, seen_revision=seen, actor=actor, at=at, **row.values)


def _split(row: PlannedChange, actor: Actor, at: datetime) -> None:
    held = [post.pk for post in posts_held(row.department, row.values["post_ids"], at)]
    values, seen = {**row.values, "post_ids": held}, row.department.revision
    split_department(row.department_id, seen_revision=seen, actor=actor, at=at, **values)


ACTS: dict[str, Callable[[PlannedChange, Actor, datetime], None]] = {
    PlannedKind.CHANGED: _change,
    PlannedKind.MERGED: _merge,
    PlannedKind.SPLIT: _split,
}


def _open(department_id: int, actor: Actor) -> Department:
    require_administrator(actor)
    department = Department.objects.select_for_update().filter(pk=department_id, is_active=True).first()
    if department is None:
        raise NotFound
    return department


def _end(row: PlannedChange, state: PlannedState, at: datetime) -> bool:
    """From planned to something else, once."""
    ahead = PlannedChange.objects.filter(pk=row.pk, state=PlannedState.PLANNED)
    return bool(ahead.update(state=state, ended_at=at))


def _plan(
    department: Department,
    kind: PlannedKind,
    values: dict[str, Any],
    begins_on: date | None,
    *,
    actor: Actor,
    at: datetime,
) -> PlannedChange:
    row = PlannedChange.objects.create(
        department=department, kind=kind, values=values, begins_on=begins_on or day_of(at), planned_at=at
    )
    fact = ChangePlanned(
        planned_id=row.pk, department_id=department.pk, kind=kind.value, starts_on=row.begins_on.isoformat(),
        values=values,
    )  # fmt: skip
    record(fact, "department", department.pk, actor=actor, at=at)
    return row


def _day_findings(begins_on: date | None, at: datetime) -> list[Finding]:
    return (
        [] if begins_on is not None and begins_on > day_of(at) else [error("organisation.day_not_ahead", "begins_on")]
    )
