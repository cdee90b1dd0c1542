"""Deadlines as pages and the API show them: what is left in working time, and how the instant came about."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bihuan import clock
from bihuan.clock import Schedule
from bihuan.deadlines.enums import Level, State
from bihuan.deadlines.models import Deadline
from bihuan.deadlines.policy.counting import is_elapsed
from bihuan.deadlines.policy.ladder import reached
from bihuan.deadlines.queries.listing import STANDING, Place, of_subjects
from bihuan.deadlines.queries.sites import department_of_office
from bihuan.organisation.queries import names_of, schedules_of_sites, sites_of_departments


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
class Owed:
    """Something open with the instant it is due, who owes it, and the department by whose working time is counted what
    no time rule counts where that is no office."""

    place: Place
    due_at: datetime | None = None
    department_id: int | None = None
    owner: str = ""

    @property
    def works_at(self) -> int | None:
        return department_of_office(self.owner) or self.department_id


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
        for row, each in zip(found, _standing(found, _schedules(found), at), strict=True)
    ]


def time_left(owed: Iterable[Owed], at: datetime) -> dict[Place, Standing | Left]:
    """How the open deadline of each stands; of what has an instant and no deadline, what is left until then in the
    working time of the office that owes it, else of its department. Eight queries at most, none for nothing."""
    wanted = list(owed)
    found = of_subjects((each.place for each in wanted), only=STANDING)
    typed = {each.place: each for each in wanted if each.due_at is not None and each.place not in found}
    departments = {each.works_at for each in typed.values() if each.works_at}
    sites = sites_of_departments(departments) if departments else {}
    site_of = {place: sites.get(each.works_at or 0) for place, each in typed.items()}
    schedules = _schedules(found.values(), site_of.values())
    standing = dict(zip(found, _standing(found.values(), schedules, at), strict=True))
    lefts = {
        place: left_until(each.due_at, schedules[site_of[place]], at)
        for place, each in typed.items()
        if each.due_at is not None
    }
    return {**standing, **lefts}


def _schedules(rows: Iterable[Deadline], more: Iterable[int | None] = ()) -> dict[int | None, Schedule]:
    sites = {*more, *(row.site_id for row in rows if row.is_open)}
    return schedules_of_sites(sites) if sites else {}


def _standing(rows: Iterable[Deadline], schedules: Mapping[int | None, Schedule], at: datetime) -> list[Standing]:
    return [
        Standing(
            deadline=row,
            left=left_of(row, schedules[row.site_id], at) if row.state == State.RUNNING else None,
            level=reached(row.rungs, at) if row.state == State.RUNNING else Level(row.level),
        )
        for row in rows
    ]


def left_of(row: Deadline, schedule: Schedule, at: datetime) -> Left:
    is_day_and_night = is_elapsed(row.counting, urgent=row.is_urgent)
    return Left(row.due_at - at) if is_day_and_night else left_until(row.due_at, schedule, at)


def left_until(due_at: datetime, schedule: Schedule, at: datetime) -> Left:
    """In working time; overdue in elapsed time."""
    if at > due_at:
        return Left(due_at - at)
    days = clock.count_working_days(schedule, at, due_at)
    return Left(clock.count_work(schedule, at, due_at), days, works=True)
