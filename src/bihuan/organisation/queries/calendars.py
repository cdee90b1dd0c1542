"""What the pages of the calendars show. Everybody who is signed in may look: deadlines are counted by them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import Q

from bihuan.clock import Schedule
from bihuan.clock.calendars import first_of
from bihuan.clock.days import DayKind
from bihuan.clock.official import FIRST_YEAR, LAST_YEAR
from bihuan.clock.shifts import USUAL
from bihuan.kernel.errors import NotFound
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger.queries import TimelineEntry, open_timeline
from bihuan.organisation.enums import CalendarDayKind, Weekday
from bihuan.organisation.models import Calendar, CalendarDay, OfficialYear, Site, WorkingHours
from bihuan.organisation.queries.effective import day_of
from bihuan.organisation.queries.schedules import schedules_of_sites
from bihuan.organisation.queries.working_time import usual_country

FIRST_SHOWN, LAST_SHOWN = FIRST_YEAR, 2100


@dataclass(frozen=True, slots=True)
class HoursRow:
    """`starts_on` is empty for what holds while nothing was said; `is_own` when the site says it, not the company."""

    starts_on: date | None
    hours: str
    country: str
    make_up_as: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class CalendarCard:
    """A site, or the company with `site_id` None."""

    site_id: int | None
    name: str
    time_zone: str
    now: HoursRow


@dataclass(frozen=True, slots=True)
class DayRow:
    """What was said of a day; `is_own` when it was said here, not for the whole company."""

    day: date
    kind: str
    kind_label: str
    name: str
    weekday: str
    hours: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class DayCell:
    day: date
    kind: str
    name: str
    hours: str
    is_worked: bool


@dataclass(frozen=True, slots=True)
class MonthGrid:
    """A month as a wall calendar: blanks before the first day, and how many days are worked."""

    first: date
    blanks: int
    cells: tuple[DayCell, ...]
    worked: int


@dataclass(frozen=True, slots=True)
class CalendarPage:
    card: CalendarCard
    revision: int
    hours: tuple[HoursRow, ...]
    days: tuple[DayRow, ...]
    year: int
    months: tuple[MonthGrid, ...]
    worked: int
    is_published: bool
    history: tuple[TimelineEntry, ...]


@dataclass(frozen=True, slots=True)
class OfficialYearCard:
    country: str
    year: int
    source: str
    loaded_at: datetime
    days_off: int
    days_worked: int


def calendar_cards(at: datetime) -> list[CalendarCard]:
    """The company and every site with the hours of the day. Three queries."""
    rows = list(WorkingHours.objects.select_related("calendar").order_by("starts_on"))
    sites = Site.objects.order_by("name").values_list("pk", "name", "time_zone")
    return [_card(pk, name, zone, rows, day_of(at)) for pk, name, zone in [(None, "", settings.TIME_ZONE), *sites]]


def calendar_page(site_id: int | None, *, year: int, at: datetime) -> CalendarPage:
    """A year of a site, or of the company: hours, days of its own, a grid, what was changed. Raises NotFound."""
    name, zone_name = place_of_site(site_id)
    rows = list(WorkingHours.objects.select_related("calendar").filter(_here(site_id)).order_by("starts_on"))
    calendar = Calendar.objects.filter(Q(site_id=site_id) if site_id else Q(site__isnull=True)).first()
    schedule = schedules_of_sites([site_id])[site_id]
    months = tuple(_month(schedule, year, month) for month in range(1, 13))
    official = schedule.calendar_on(months[-1].first.toordinal()).official
    said = CalendarDay.objects.select_related("calendar").filter(_here(site_id), day__year=year)
    return CalendarPage(
        card=_card(site_id, name, zone_name, rows, day_of(at)),
        revision=calendar.revision if calendar else 0,
        hours=tuple(_hours_row(row, site_id) for row in rows if row.calendar.site_id == site_id),
        days=tuple(_day_row(row, site_id) for row in said.order_by("day", "calendar__site_id")),
        year=year,
        months=months,
        worked=sum(month.worked for month in months),
        is_published=official.is_published(year),
        history=tuple(open_timeline(SubjectRef("calendar", calendar.pk), limit=30)) if calendar else (),
    )


def official_year_cards() -> list[OfficialYearCard]:
    """The years that were loaded, newest first. Two queries."""
    rows = OfficialYear.objects.prefetch_related("days").order_by("-year", "country")
    return [
        OfficialYearCard(
            row.country,
            row.year,
            row.source,
            row.loaded_at,
            days_off=sum(day.is_off for day in row.days.all()),
            days_worked=sum(not day.is_off for day in row.days.all()),
        )
        for row in rows
    ]


def built_in_years() -> tuple[int, int]:
    """The years of mainland China that come with the product."""
    return FIRST_YEAR, LAST_YEAR


def place_of_site(site_id: int | None) -> tuple[str, str]:
    if site_id is None:
        return "", settings.TIME_ZONE
    found = Site.objects.filter(pk=site_id).values_list("name", "time_zone").first()
    if found is None:
        raise NotFound
    return found


def _here(site_id: int | None) -> Q:
    company = Q(calendar__site__isnull=True)
    return company if site_id is None else company | Q(calendar__site_id=site_id)


def _card(site_id: int | None, name: str, zone_name: str, rows: Iterable[WorkingHours], today: date) -> CalendarCard:
    held = [row for row in rows if row.starts_on <= today]
    own = [row for row in held if row.calendar.site_id == site_id]
    company = [row for row in held if row.calendar.site_id is None]
    chosen = next(reversed(own or company), None)
    return CalendarCard(site_id, name, zone_name, _hours_row(chosen, site_id, zone_name))


def _hours_row(row: WorkingHours | None, site_id: int | None, zone_name: str = "") -> HoursRow:
    if row is None:
        return HoursRow(None, USUAL, usual_country(zone_name), str(Weekday.MONDAY.label), is_own=False)
    label = str(Weekday(row.make_up_as).label)
    return HoursRow(row.starts_on, row.hours, row.country, label, is_own=row.calendar.site_id == site_id)


def _day_row(row: CalendarDay, site_id: int | None) -> DayRow:
    return DayRow(
        day=row.day,
        kind=str(row.kind),
        kind_label=str(CalendarDayKind(row.kind).label),
        name=row.name,
        weekday="" if row.weekday is None else str(Weekday(row.weekday).label),
        hours=row.hours,
        is_own=row.calendar.site_id == site_id,
    )


def _month(schedule: Schedule, year: int, month: int) -> MonthGrid:
    number = year * 12 + month - 1
    first = date(year, month, 1)
    ordinals = range(first_of(number), first_of(number + 1))
    cells = tuple(_cell(schedule, date.fromordinal(ordinal)) for ordinal in ordinals)
    return MonthGrid(first, first.weekday(), cells, sum(cell.is_worked for cell in cells))


def _cell(schedule: Schedule, day: date) -> DayCell:
    plan = schedule.calendar_on(day.toordinal()).plan(day)
    unusual = plan.kind in {DayKind.MAKE_UP, DayKind.HALF_DAY}
    hours = ",".join(map(str, plan.shifts)) if unusual else ""
    return DayCell(day, plan.kind.value, plan.name[0], hours, bool(plan.shifts))
