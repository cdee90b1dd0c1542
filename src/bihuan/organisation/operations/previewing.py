"""What a change of departments would mean for who answers to what: done, looked at, and taken back."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db import transaction

from bihuan.kernel import principals
from bihuan.organisation.models import Department, Person
from bihuan.organisation.models.departments import lineage_of
from bihuan.organisation.queries.offices import holding

NAMED = 10
OFFICES: dict[str, Callable[[int], str]] = {
    "HEAD": principals.head,
    "EXECUTIVE": principals.executive,
    "STAFF": principals.department,
}
Office = tuple[str, int]
Seen = TypeVar("Seen")


@dataclass(frozen=True, slots=True)
class Shift:
    """Of the head, the executive in charge or the staff of a department: who is it no longer, and who is from then on.

    Whoever is it reads what is open to it. Of many the first ten are named and all are counted.
    """

    office: str
    department_id: int
    department: str
    lost: tuple[str, ...]
    lost_count: int
    gained: tuple[str, ...]
    gained_count: int


def before_and_after(act: Callable[[], object], look: Callable[[], Seen]) -> tuple[Seen, Seen]:
    """What `look` sees now, and once `act` is done, which is taken back; no fact stays. Raises what the act raises."""
    with transaction.atomic():
        before = look()
        act()
        after = look()
        transaction.set_rollback(True)
    return before, after


def preview_change(act: Callable[[], Iterable[int]], *, department_ids: Collection[int], at: datetime) -> list[Shift]:
    """Do `act`, which answers with the departments it makes, see who answers to what, and take it back; no fact stays.

    Looked at are the departments named and all above them. Raises what the act raises.
    """
    with transaction.atomic():
        before = _holders(_offices(department_ids), at)
        made = list(act())
        after = _holders([*before, *_offices([*department_ids, *made])], at)
        names = dict(Department.objects.filter(pk__in={pk for _office, pk in after}).values_list("pk", "name"))
        transaction.set_rollback(True)
    moved = {key: (before.get(key, set()) - held, held - before.get(key, set())) for key, held in after.items()}
    people = _names({pk for each in moved.values() for gone in each for pk in _few(gone)})
    return [_shift(key, names[key[1]], lost, gained, people) for key, (lost, gained) in moved.items() if lost or gained]


def _offices(department_ids: Iterable[int]) -> list[Office]:
    """The offices of the departments and of all above them, nearest last."""
    paths = Department.objects.filter(pk__in=set(department_ids)).order_by("pk").values_list("path", flat=True)
    lineage = dict.fromkeys(pk for path in paths for pk in lineage_of(path))
    return [(office, pk) for pk in lineage for office in OFFICES]


def _holders(offices: Iterable[Office], at: datetime) -> dict[Office, set[int]]:
    """One to four queries an office."""
    return {
        (office, pk): set(holding(OFFICES[office](pk), at).filter(is_active=True).values_list("pk", flat=True))
        for office, pk in dict.fromkeys(offices)
    }


def _few(people: set[int]) -> list[int]:
    return sorted(people)[:NAMED]


def _names(person_ids: Collection[int]) -> dict[int, str]:
    return dict(Person.objects.filter(pk__in=person_ids).values_list("pk", "name"))


def _shift(key: Office, department: str, lost: set[int], gained: set[int], people: dict[int, str]) -> Shift:
    office, pk = key
    return Shift(
        office=office, department_id=pk, department=department, lost=tuple(people[each] for each in _few(lost)),
        lost_count=len(lost), gained=tuple(people[each] for each in _few(gained)), gained_count=len(gained),
    )  # fmt: skip
