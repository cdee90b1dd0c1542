"""Who takes part, and whether the people and dates of a form fit the matter (V2, V3, V4)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from bihuan.collaborations.policy.body import Body, Ref, day, ref
from bihuan.kernel.findings import Finding, error

People = Mapping[int, frozenset[int]]
"""Active people, each with the departments he belongs to today, the ones above them included."""


@dataclass(frozen=True, slots=True)
class Matter:
    """What every form after the request is held against.

    `involved` are the departments besides the initiating one. `today` is the day from which on dates lie ahead.
    """

    today: date
    initiating: int | None = None
    involved: Mapping[int, str] = field(default_factory=dict)
    finish: date | None = None
    people: People = field(default_factory=dict)

    def takes_part(self, department: Ref) -> bool:
        return department.id == self.initiating or department.id in self.involved


def person_fits(place: str, person: Ref | None, people: People, department: Ref | None = None) -> list[Finding]:
    """V3: an active person, and of the department when one is named."""
    if person is None:
        return []
    if person.id not in people:
        return [error("collaborations.person_not_active", place, person=person.name)]
    if department and department.id not in people[person.id]:
        return [
            error("collaborations.person_elsewhere", place, person=person.name, department=department.name),
        ]
    return []


def people_fit(lines: Iterable[Body], place: str, key: str, people: People, department: str = "") -> list[Finding]:
    """`person_fits` for one column of a list; `department` names the column his department stands in."""
    return [
        finding
        for index, row in enumerate(lines)
        for finding in person_fits(
            f"{place}.{index}.{key}", ref(row, key), people, ref(row, department) if department else None
        )
    ]


def departments_fit(lines: Iterable[Body], place: str, matter: Matter, key: str = "dept") -> list[Finding]:
    """Every department named takes part."""
    return [
        error("collaborations.department_not_involved", f"{place}.{index}.{key}", department=department.name)
        for index, row in enumerate(lines)
        if (department := ref(row, key)) and not matter.takes_part(department)
    ]


def absent(lines: Iterable[Body], matter: Matter, code: str, place: str) -> list[Finding]:
    """One finding for each involved department that no row names."""
    named = {department.id for row in lines if (department := ref(row, "dept"))}
    return [error(code, place, department=name) for identity, name in matter.involved.items() if identity not in named]


def named_twice(lines: Iterable[Body], place: str, key: str = "dept") -> list[Finding]:
    """A department that stands in more than one row."""
    seen: set[int] = set()
    found = []
    for index, row in enumerate(lines):
        department = ref(row, key)
        if department and department.id in seen:
            found.append(error("collaborations.department_twice", f"{place}.{index}.{key}", department=department.name))
        elif department:
            seen.add(department.id)
    return found


def not_past(place: str, on: date | None, today: date) -> list[Finding]:
    """V2: what is still to be done has a date ahead."""
    if on is None or on >= today:
        return []
    return [error("collaborations.date_in_past", place, date=on.isoformat())]


def not_after(place: str, on: date | None, finish: date | None) -> list[Finding]:
    if on is None or finish is None or on <= finish:
        return []
    return [error("collaborations.after_finish", place, date=on.isoformat(), finish=finish.isoformat())]


def date_fits(place: str, on: date | None, today: date, finish: date | None) -> list[Finding]:
    """Inside the dates of the collaboration."""
    return not_past(place, on, today) + not_after(place, on, finish)


def dates_fit(lines: Iterable[Body], place: str, key: str, today: date, finish: date | None = None) -> list[Finding]:
    return [
        finding
        for index, row in enumerate(lines)
        for finding in date_fits(f"{place}.{index}.{key}", day(row, key), today, finish)
    ]


def weekdays(start: date, end: date) -> int:
    """Mondays to Fridays after `start` up to and including `end`."""
    span = (end - start).days
    if span <= 0:
        return 0
    weeks, rest = divmod(span, 7)
    return weeks * 5 + sum(1 for ahead in range(1, rest + 1) if (start + timedelta(days=ahead)).weekday() < 5)
