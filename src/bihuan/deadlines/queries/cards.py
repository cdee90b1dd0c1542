"""Deadlines as pages and the API show them: what is left in working time, and how the instant came about."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bihuan import clock
from bihuan.clock import Schedule
from bihuan.deadlines.enums import Level, State
from bihuan.deadlines.models import Deadline
from bihuan.deadlines.policy.counting import is_elapsed
from bihuan.deadlines.policy.ladder import reached
from bihuan.deadlines.queries.listing import STANDING, Place, of_subjects
from bihuan.organisation.queries import names_of, schedules_of_sites


@dataclass(frozen=True, slots=True)
class Left:
    """What is left: whole working days that close before it is due, else working time; or elapsed time where nights
    and holidays count. Less than nothing when it is overdue, always in elapsed time."""

    span: timedelta
    days: int = 0
    works: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """How a deadline stands. `level` is what the ladder says now, even before the scanner has told it."""

    deadline: Deadline
    left: Left | None
    level: Level


@dataclass(frozen=True, slots=True)
class DeadlineCard(Standing):
    owner: str
    asked_by: str


def cards_of(rows: Iterable[Deadline], at: datetime) -> list[DeadlineCard]:
    """In a fixed number of queries, however many there are."""
    found = list(rows)
    names = names_of({key for row in found for key in (row.owner, row.asked_by) if key}, at)
    return [
        DeadlineCard(each.deadline, each.left, each.level, names[row.owner], names.get(row.asked_by, ""))
        for row, each in zip(found, _standing(found, at), strict=True)
    ]


def standing_of(places: Iterable[Place], at: datetime) -> dict[Place, Standing]:
    """How the open deadline of each (kind, id, part) stands, of those that have one. Six queries, none for nothing."""
    found = of_subjects(places, only=STANDING)
    return dict(zip(found, _standing(found.values(), at), strict=True))


def _standing(rows: Iterable[Deadline], at: datetime) -> list[Standing]:
    found = list(rows)
    schedules = schedules_of_sites({row.site_id for row in found if row.is_open}) if found else {}
    return [
        Standing(
            deadline=row,
            left=left_of(row, schedules[row.site_id], at) if row.state == State.RUNNING else None,
            level=reached(row.rungs, at) if row.state == State.RUNNING else Level(row.level),
        )
        for row in found
    ]


def left_of(row: Deadline, schedule: Schedule, at: datetime) -> Left:
    if at > row.due_at or is_elapsed(row.counting):
        return Left(row.due_at - at)
    days = clock.count_working_days(schedule, at, row.due_at)
    return Left(clock.count_work(schedule, at, row.due_at), days, works=True)
