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
from bihuan.deadlines.queries.sites import department_of_office, person_of
from bihuan.organisation.queries import Places, names_of, places_of, schedules_of_sites


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
    is owed by nobody who works anywhere."""

    place: Place
    due_at: datetime | None = None
    department_id: int | None = None
    owner: str = ""


@dataclass(frozen=True, slots=True)
class DeadlineCard(Standing):
    owner: str
    asked_by: str


def cards_of(rows: Iterable[Deadline], at: datetime) -> list[DeadlineCard]:
    """In a fixed number of queries, however many there are."""
    found = list(rows)
    names = names_of({key for row in found for key in (row.owner, row.asked_by) if key}, at)
    standing = _standing(found, _where_they_work(found, (), at), at)
    return [
        DeadlineCard(each.deadline, each.left, each.level, names[row.owner], names.get(row.asked_by, ""))
        for row, each in zip(found, standing, strict=True)
    ]


def time_left(owed: Iterable[Owed], at: datetime) -> dict[Place, Standing | Left]:
    """How the open deadline of each stands; of what has an instant and no deadline, what is left until then. All in the
    working time of whoever owes it now. Six queries at most, none for nothing."""
    wanted = list(owed)
    found = of_subjects((each.place for each in wanted), only=STANDING)
    typed = {each.place: each for each in wanted if each.due_at is not None and each.place not in found}
    where = _where_they_work(found.values(), typed.values(), at)
    standing = dict(zip(found, _standing(found.values(), where, at), strict=True))
    lefts = {
        place: left_until(each.due_at, where.of_owed(each), at)
        for place, each in typed.items()
        if each.due_at is not None
    }
    return {**standing, **lefts}


@dataclass(frozen=True, slots=True)
class _Where:
    """Whose working time counts: that of the site where the owner works now, also after a hand-over or a loan."""

    places: Places
    schedules: Mapping[int | None, Schedule]

    def of(self, row: Deadline) -> Schedule:
        return self.schedules[_site_of(row.owner, self.places, row.site_id)]

    def of_owed(self, owed: Owed) -> Schedule:
        return self.schedules[_site_of_owed(owed, self.places)]


def _where_they_work(rows: Iterable[Deadline], typed: Iterable[Owed], at: datetime) -> _Where:
    running, others = [row for row in rows if row.state == State.RUNNING], list(typed)
    owners = {*(row.owner for row in running), *(each.owner for each in others if each.owner)}
    departments = {each.department_id for each in others if each.department_id is not None}
    offices = {pk for key in owners if (pk := department_of_office(key)) is not None}
    places = places_of(departments | offices, {pk for key in owners if (pk := person_of(key)) is not None}, at)
    sites = {
        *(_site_of(row.owner, places, row.site_id) for row in running),
        *(_site_of_owed(each, places) for each in others),
    }
    return _Where(places, schedules_of_sites(sites) if sites else {})


def _site_of(owner: str, places: Places, otherwise: int | None) -> int | None:
    """The site of an office or a person; who is nowhere, and what a group owes, is counted `otherwise`."""
    person = person_of(owner)
    if person is not None:
        return places.people.get(person, otherwise)
    return places.departments.get(department_of_office(owner) or 0, otherwise)


def _site_of_owed(owed: Owed, places: Places) -> int | None:
    return _site_of(owed.owner, places, places.departments.get(owed.department_id or 0))


def _standing(rows: Iterable[Deadline], where: _Where, at: datetime) -> list[Standing]:
    return [
        Standing(
            deadline=row,
            left=left_of(row, where.of(row), at) if row.state == State.RUNNING else None,
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
