"""The portfolio in other shapes: how many, by step, by day. The same filters, the same rule of sight."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils import timezone

from bihuan.access.enums import Level
from bihuan.collaborations.models import Collaboration, Loop, Milestone, StepRun
from bihuan.collaborations.queries.matters import MatterRow, for_list, listed_for, rows_of, visible_to
from bihuan.collaborations.queries.portfolio import Filters, narrowed
from bihuan.kernel.actor import Actor

ON_A_BOARD = 12
ON_A_CALENDAR = 600
PROGRAMMES = 200
BATCH = 200


@dataclass(frozen=True, slots=True)
class Lane:
    """The matters that stand in one step: how many, and the newest of them."""

    step: str
    count: int
    rows: tuple[MatterRow, ...]


@dataclass(frozen=True, slots=True)
class Dated:
    """A milestone, or the limits of one matter that end on a day (`count` of them)."""

    day: date
    matter_id: int
    title: str
    milestone: str = ""
    is_reached: bool = False
    count: int = 0


def _matters(actor: Actor, filters: Filters, at: datetime, level: Level = Level.OUTLINE) -> QuerySet[Collaboration]:
    return narrowed(listed_for(actor, at=at, level=level), filters, actor, at=at)


def count_of(actor: Actor, filters: Filters, *, at: datetime) -> int:
    """How many matters pass the filters. Asked for apart from the list, which never waits for it."""
    return _matters(actor, filters, at).count()


def board(actor: Actor, filters: Filters, steps: Iterable[str], *, at: datetime) -> list[Lane]:
    """One lane for each step. One query for each step, and five for all rows, whatever their number."""
    matters = _matters(actor, filters, at)
    standing = StepRun.objects.filter(left_at__isnull=True, collaboration__in=matters.values("pk"))
    counts = dict(standing.order_by().values_list("step").annotate(Count("pk")))
    lanes = {step: _newest_in(matters, step) if counts.get(step) else [] for step in steps}
    rows = {
        row.collaboration.pk: row for row in rows_of([m for lane in lanes.values() for m in lane], actor=actor, at=at)
    }
    return [Lane(step, counts.get(step, 0), tuple(rows[m.pk] for m in lane)) for step, lane in lanes.items()]


def _newest_in(matters: QuerySet[Collaboration], step: str) -> list[Collaboration]:
    here = StepRun.objects.filter(left_at__isnull=True, step=step)
    found = matters.filter(pk__in=here.values("collaboration"))
    return list(for_list(found.order_by("-pk"))[:ON_A_BOARD])


def calendar(actor: Actor, filters: Filters, first: date, after: date, *, at: datetime) -> list[Dated]:
    """Milestones and limits of readable matters from a day until, not including, another. Two queries.

    A request's milestones step back as soon as there is a plan.
    """
    matters = _matters(actor, filters, at, Level.READ).values("pk")
    planned = Milestone.objects.filter(collaboration=OuterRef("collaboration"), form_code="F04")
    milestones = Milestone.objects.filter(collaboration__in=matters, due_on__gte=first, due_on__lt=after).exclude(
        Exists(planned), form_code__in=["F01", ""]
    )
    found = [
        Dated(row.due_on, row.collaboration_id, row.collaboration.title, row.name, row.reached_on is not None)
        for row in milestones.select_related("collaboration").order_by("due_on", "pk")[:ON_A_CALENDAR]
        if row.due_on is not None
    ]
    return sorted([*found, *_limits(matters, first, after)], key=lambda each: (each.day, each.matter_id))


def _limits(matters: QuerySet[Collaboration, Any], first: date, after: date) -> Iterator[Dated]:
    here = timezone.get_current_timezone()
    from_at, until_at = (datetime.combine(day, time.min, here) for day in (first, after))
    open_now = Loop.objects.filter(closed_at__isnull=True, due_at__gte=from_at, due_at__lt=until_at)
    rows = open_now.filter(collaboration__in=matters).order_by("due_at", "pk")
    days: dict[tuple[date, int, str], int] = {}
    for due_at, pk, title in rows.values_list("due_at", "collaboration_id", "collaboration__title")[:ON_A_CALENDAR]:
        key = (timezone.localtime(due_at, here).date(), pk, title)
        days[key] = days.get(key, 0) + 1
    for (day, pk, title), count in days.items():
        yield Dated(day, pk, title, count=count)


def programmes(actor: Actor, *, at: datetime) -> list[tuple[int, str]]:
    """The matters that others belong to, as far as the actor reads them. One query."""
    parents = Collaboration.objects.filter(parent__isnull=False).values("parent")
    found = visible_to(actor, at=at).filter(pk__in=parents).order_by("-pk")
    return list(found.values_list("pk", "title")[:PROGRAMMES])


def readable_titles(actor: Actor, ids: Iterable[int], *, at: datetime) -> dict[int, str]:
    """The titles of those matters that the actor reads. One query."""
    return dict(visible_to(actor, at=at).filter(pk__in=set(ids)).values_list("pk", "title"))


def every_row(actor: Actor, filters: Filters, *, at: datetime, limit: int) -> Iterator[list[MatterRow]]:
    """What the list shows, all its pages, in batches; at most `limit` rows."""
    matters, before, left = _matters(actor, filters, at).order_by("-pk"), None, limit
    while left > 0:
        found = list(for_list(matters if before is None else matters.filter(pk__lt=before))[: min(BATCH, left)])
        if not found:
            return
        yield rows_of(found, actor=actor, at=at)
        before, left = found[-1].pk, left - len(found)
