"""What another calendar would make of the deadlines that run."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from bihuan.agenda.models import Recount
from bihuan.clock import Schedule
from bihuan.deadlines.enums import State
from bihuan.deadlines.models import Deadline
from bihuan.deadlines.queries import recomputed

RECENT = 5


@dataclass(frozen=True, slots=True)
class Moved:
    """One running deadline and its instants under the calendar as it is and as it would be."""

    deadline: Deadline
    before: datetime
    after: datetime
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class OfRule:
    """How many deadlines of a rule move, and how many of them to an earlier instant."""

    rule: str
    count: int
    earlier: int


@dataclass(frozen=True, slots=True)
class Preview:
    """Of the running deadlines `looked` at, how many move and the first of those the actor may read; `hidden` are those
    he may not. `rest` were not looked at, `following` is where the next look begins; the digest is of all that was
    looked at, from the first look on, unless it `is_bound` no more: so many looks bind a change, further ones show
    only. `rules` sums up what moves."""

    count: int
    shown: tuple[Moved, ...]
    hidden: int
    digest: str
    looked: int
    rest: int
    following: int | None
    rules: tuple[OfRule, ...] = ()
    is_bound: bool = True

    @property
    def listed(self) -> int:
        """How many of those that move stand in the list, or would if they might be read."""
        return len(self.shown) + self.hidden

    @property
    def unlisted(self) -> int:
        return max(self.count - self.listed, 0)

    @property
    def is_nothing(self) -> bool:
        return not (self.count or self.rest)


def counted(site_id: int | None) -> QuerySet[Deadline]:
    """Running deadlines that are counted by the calendar of a site; by any, without one. Typed instants never move."""
    running = Deadline.objects.filter(state=State.RUNNING).exclude(counts="")
    return (running if site_id is None else running.filter(site=site_id)).order_by("pk")


def chunks(site_id: int | None, size: int, *, after: int = 0) -> Iterator[list[Deadline]]:
    """The same, so many at once, in their order. One query each."""
    while rows := list(counted(site_id).filter(pk__gt=after)[:size]):
        yield rows
        after = rows[-1].pk


def by_rule(moved: Iterable[Moved]) -> tuple[OfRule, ...]:
    """What moves, summed up; the rule with most first."""
    found: dict[str, tuple[int, int]] = {}
    for each in moved:
        count, earlier = found.get(each.deadline.rule, (0, 0))
        found[each.deadline.rule] = count + 1, earlier + (each.after < each.before)
    rows = (OfRule(rule, *counted) for rule, counted in found.items())
    return tuple(sorted(rows, key=lambda row: (-row.count, row.rule)))


def moved_by(rows: Iterable[Deadline], schedules: Mapping[int | None, Schedule]) -> Iterator[Moved]:
    """Those that are due at another instant by these schedules, or certain by another. Pure; raises ClockError."""
    for row in rows:
        due = recomputed(row, schedules[row.site_id])
        if due is not None and (due.at, due.provisional) != (row.due_at, row.is_provisional):
            yield Moved(row, row.due_at, due.at, due.provisional)


def recounts() -> list[Recount]:
    """The last few, newest first. One query."""
    return list(Recount.objects.select_related("site")[:RECENT])
