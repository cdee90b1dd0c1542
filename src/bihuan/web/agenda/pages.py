"""Which days a calendar page shows, and what stands on them."""

from calendar import Calendar
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy

from bihuan.clock.days import DayKind
from bihuan.collaborations.queries import Agenda, Span
from bihuan.organisation.queries import DrawnDay
from bihuan.web.collaborations.loops import rows_of
from bihuan.web.formats import as_day, is_day
from bihuan.web.http import Request
from bihuan.web.jinja import url

FIRST, LAST = date(1970, 1, 1), date(2199, 12, 31)
SHAPES = {
    "month": pgettext_lazy("shape of a calendar", "Month"),
    "week": pgettext_lazy("shape of a calendar", "Week"),
    "day": pgettext_lazy("shape of a calendar", "Day"),
}
MARKS = {
    DayKind.HOLIDAY: pgettext_lazy("mark in a calendar", "H"),
    DayKind.SITE_HOLIDAY: pgettext_lazy("mark in a calendar", "H"),
    DayKind.MAKE_UP: pgettext_lazy("mark in a calendar", "W"),
    DayKind.HALF_DAY: pgettext_lazy("mark in a calendar", "½"),
}
SAID = {
    DayKind.HOLIDAY: gettext_lazy("holiday"),
    DayKind.SITE_HOLIDAY: gettext_lazy("nobody works here"),
    DayKind.MAKE_UP: gettext_lazy("worked to make up for a day off"),
    DayKind.HALF_DAY: gettext_lazy("hours of its own"),
    DayKind.REST: gettext_lazy("day of rest"),
    DayKind.ABSENCE: gettext_lazy("absence"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The days a page is asked for: `days` by week, `span` from the first to the last of them."""

    shape: str
    day: date
    weeks: list[list[date]]
    span: Span

    def moved(self, by: int) -> date:
        """A day within the month, week or day before or after."""
        if self.shape == "month":
            middle = self.day.replace(day=15) + timedelta(days=30 * by)
            return within(middle.replace(day=1))
        return within(self.day + timedelta(days=by * (7 if self.shape == "week" else 1)))


@dataclass(frozen=True, slots=True)
class Item:
    """Something due: the end of a loop at an instant, or a milestone on a day. `key` is its own for ever."""

    key: str
    since: datetime

    day: date
    what: str
    href: str
    matter: Any
    owner: str = ""
    at: datetime | None = None
    left: str = ""
    is_late: bool = False
    is_milestone: bool = False
    is_reached: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One day: how it is worked, and what stands on it."""

    day: date
    is_rest: bool
    mark: Any
    word: str
    is_provisional: bool
    items: list[Item] = field(default_factory=list)


def asked_of(request: Request) -> Asked:
    """What stands in the address; what is no day or no shape there is passed over."""
    shape = request.GET.get("shape", "")
    typed = request.GET.get("day", "")
    day = within(date.fromisoformat(typed)) if is_day(typed) else timezone.localdate(request.at)
    shape = shape if shape in SHAPES else "month"
    weeks = _weeks(shape, day)
    span = Span(weeks[0][0], weeks[-1][-1] + timedelta(days=1), timezone.get_current_timezone())
    return Asked(shape, day, weeks, span)


def within(day: date) -> date:
    return min(max(day, FIRST), LAST)


def weeks_of_month(day: date) -> list[list[date]]:
    return Calendar().monthdatescalendar(day.year, day.month)


def _weeks(shape: str, day: date) -> list[list[date]]:
    if shape == "month":
        return weeks_of_month(day)
    if shape == "day":
        return [[day]]
    monday = day - timedelta(days=day.weekday())
    return [[monday + timedelta(days=number) for number in range(7)]]


def cells_of(drawn: Iterable[DrawnDay], items: Iterable[Item]) -> dict[date, Cell]:
    chinese = (get_language() or "zh").startswith("zh")
    cells = {day.day: _cell(day, day.names[0 if chinese else 1]) for day in drawn}
    for item in items:
        if item.day in cells:
            cells[item.day].items.append(item)
    return cells


def _cell(day: DrawnDay, name: str) -> Cell:
    """A make-up day bears the name of the holiday it makes up for, so that its own word comes first."""
    said = SAID.get(day.kind, "")
    words = [name] if day.kind in {DayKind.HOLIDAY, DayKind.SITE_HOLIDAY} and name else [str(said), name]
    return Cell(
        day.day, not day.is_worked, MARKS.get(day.kind, ""), " · ".join(filter(None, words)), day.is_provisional
    )


def items_of(agenda: Agenda, at: datetime) -> list[Item]:
    """Milestones first, then what is due by its instant."""
    return [*map(_milestone, agenda.milestones), *owed_items(agenda.loops, at)]


def owed_items(loops: Iterable[Any], at: datetime) -> list[Item]:
    return [
        Item(
            key=f"loop-{row.loop.pk}",
            since=row.loop.opened_at,
            day=as_day(row.loop.due_at) or at.date(),
            what=row.what,
            href=row.href,
            matter=row.matter,
            owner=row.owner,
            at=row.loop.due_at,
            left=row.due,
            is_late=row.loop.due_at < at,
        )
        for row in rows_of(loops, at)
    ]


def _milestone(row: Any) -> Item:
    return Item(
        key=f"milestone-{row.collaboration_id}-{row.line_id}",
        since=row.collaboration.created_at,
        day=row.due_on,
        what=row.name,
        href=url("collaborations:overview", row.collaboration_id),
        matter=row.collaboration,
        is_milestone=True,
        is_reached=row.reached_on is not None,
    )
