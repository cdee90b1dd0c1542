"""Working time as the clock takes it: of a site, of a department, of a person."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import TypeVar

from django.conf import settings
from django.db.models import Q, QuerySet

from bihuan import clock
from bihuan.clock import Postings, Schedule, parse_hours, zone
from bihuan.clock.days import DayKind, SpecialDay
from bihuan.clock.official import CHINA, Official
from bihuan.clock.shifts import USUAL, parse_shifts
from bihuan.clock.zones import country_of
from bihuan.organisation.enums import CalendarDayKind
from bihuan.organisation.models import (
    CalendarDay,
    Department,
    OfficialDay,
    OfficialYear,
    Post,
    Site,
    WorkingHours,
)

ALWAYS = date(1900, 1, 1)
NEVER = date(2200, 12, 31)

Turn = tuple[date, clock.Calendar]
Row = TypeVar("Row", WorkingHours, CalendarDay)


def schedule_of_site(site_id: int | None) -> Schedule:
    """The working time of a site; of the head office's zone with the company's hours when there is none."""
    return schedules_of_sites([site_id])[site_id]


def schedules_of_sites(site_ids: Iterable[int | None]) -> dict[int | None, Schedule]:
    """The working time of several sites; an unknown one is as none. Five queries at most, whatever their number."""
    said = _read(set(site_ids))
    return {site_id: _schedule(said.turns(site_id)) for site_id in set(site_ids)}


def schedule_of_department(department_id: int | None) -> Schedule:
    """The working time at the site of a department, or of the nearest one above it that has a site."""
    return schedule_of_site(sites_of_departments([department_id] if department_id else []).get(department_id or 0))


def sites_of_departments(department_ids: Iterable[int]) -> dict[int, int | None]:
    """The site of each department, or of the nearest one above it that has one. At most two queries."""
    wanted = {row.pk: row for row in Department.objects.filter(pk__in=set(department_ids)).only("path", "site")}
    sites = {pk: row.site_id for pk, row in wanted.items()}
    above = {pk for row in wanted.values() for pk in row.lineage} - sites.keys()
    if above:
        sites |= dict(Department.objects.filter(pk__in=above).values_list("pk", "site_id"))
    return {
        pk: next((sites[step] for step in reversed(row.lineage) if sites.get(step)), None) for pk, row in wanted.items()
    }


def zones_of_departments(department_ids: Iterable[int]) -> dict[int, str]:
    """The clock of each department: that of its site, or of the head office. At most three queries."""
    sites = sites_of_departments(department_ids)
    zones = dict(Site.objects.filter(pk__in={pk for pk in sites.values() if pk}).values_list("pk", "time_zone"))
    return {pk: zones.get(site or 0, settings.TIME_ZONE) for pk, site in sites.items()}


def schedule_of_person(person_id: int, *, away: Iterable[date] = ()) -> Schedule:
    """The working time of a person: on each day that of the main post that began last, so that who is lent works by the
    borrower's calendar. `away` are days of absence, where they are to count."""
    posts = list(Post.objects.filter(person_id=person_id).order_by(*Post.MAIN_LAST))
    sites = sites_of_departments({post.department_id for post in posts})
    spans = _spans(posts, sites)
    said = _read({site_id for _, site_id in spans})
    absent = set(away)
    turns: list[Turn] = []
    for (begin, site_id), (end, _) in pairwise([*spans, (NEVER, None)]):
        turns += [(day, calendar.without(absent)) for day, calendar in _cut(said.turns(site_id), begin, end)]
    return _schedule(turns)


def _spans(posts: Sequence[Post], sites: Mapping[int, int | None]) -> list[tuple[date, int | None]]:
    """From which day on the person is at which site."""
    days = {ALWAYS, *(post.starts_on for post in posts), *(post.ends_on for post in posts if post.ends_on)}
    spans: list[tuple[date, int | None]] = []
    for day in sorted(days):
        held = [post for post in posts if post.starts_on <= day and (post.ends_on is None or day < post.ends_on)]
        site_id = sites.get(held[-1].department_id) if held else None
        if not spans or spans[-1][1] != site_id:
            spans.append((day, site_id))
    return spans


def _cut(turns: Sequence[Turn], begin: date, end: date) -> list[Turn]:
    """What holds from one day until another, not including it."""
    held = [calendar for day, calendar in turns if day <= begin][-1]
    return [(begin, held), *((day, calendar) for day, calendar in turns if begin < day < end)]


def _schedule(turns: Sequence[Turn]) -> Schedule:
    return turns[0][1] if len(turns) == 1 else Postings(turns)


@dataclass(frozen=True, slots=True)
class _Said:
    """What was read of the sites and of the company (key None)."""

    sites: Mapping[int | None, tuple[str, str]]
    hours: Mapping[int | None, list[WorkingHours]]
    days: Mapping[int | None, dict[date, SpecialDay]]
    official: Mapping[str, Official]

    def turns(self, site_id: int | None) -> list[Turn]:
        """One calendar after another, as the hours of the site or of the company change."""
        place, zone_name = self.sites.get(site_id, ("", settings.TIME_ZONE))
        rows = [*self.hours.get(None, ()), *(self.hours.get(site_id, ()) if site_id else ())]
        special = {**self.days.get(None, {}), **(self.days.get(site_id, {}) if site_id else {})}
        return [
            (day, self._calendar(self._row(site_id, day), zone_name, place, special))
            for day in sorted({ALWAYS, *(row.starts_on for row in rows)})
        ]

    def _row(self, site_id: int | None, day: date) -> WorkingHours | None:
        """The hours in force on a day: the site's own, else the company's."""
        for key in dict.fromkeys((site_id, None)):
            held = [row for row in self.hours.get(key, ()) if row.starts_on <= day]
            if held:
                return held[-1]
        return None

    def _calendar(
        self, row: WorkingHours | None, zone_name: str, place: str, special: Mapping[date, SpecialDay]
    ) -> clock.Calendar:
        country = row.country if row else usual_country(zone_name)
        return clock.Calendar(
            zone=zone(zone_name),
            hours=parse_hours(row.hours if row else USUAL),
            official=self.official.get(country) or Official(country),
            special=special,
            place=place,
            make_up_as=row.make_up_as if row else 0,
        )


def usual_country(zone_name: str) -> str:
    """Whose holidays count at a site that says nothing of it."""
    return country_of(zone_name) or CHINA


def _read(site_ids: set[int | None]) -> _Said:
    known = Site.objects.filter(pk__in=_real(site_ids)).values_list("pk", "name", "time_zone")
    sites: dict[int | None, tuple[str, str]] = {pk: (name, zone_name) for pk, name, zone_name in known}
    hours: dict[int | None, list[WorkingHours]] = defaultdict(list)
    for row in _of_sites(WorkingHours.objects.order_by("starts_on"), site_ids):
        hours[row.calendar.site_id].append(row)
    days: dict[int | None, dict[date, SpecialDay]] = defaultdict(dict)
    for said in _of_sites(CalendarDay.objects.all(), site_ids):
        days[said.calendar.site_id][said.day] = special_day(said)
    return _Said(sites, hours, days, official_days())


def _of_sites(rows: QuerySet[Row], site_ids: set[int | None]) -> QuerySet[Row]:
    """What the sites say, and the company."""
    here = Q(calendar__site__isnull=True) | Q(calendar__site_id__in=_real(site_ids))
    return rows.filter(here).select_related("calendar")


def _real(site_ids: Iterable[int | None]) -> list[int]:
    return [site_id for site_id in site_ids if site_id is not None]


def special_day(row: CalendarDay) -> SpecialDay:
    name = (row.name, row.name)
    if row.kind == CalendarDayKind.MAKE_UP:
        return SpecialDay(DayKind.MAKE_UP, name, weekday=row.weekday)
    if row.kind == CalendarDayKind.HALF_DAY:
        return SpecialDay(DayKind.HALF_DAY, name, shifts=parse_shifts(row.hours))
    return SpecialDay(DayKind.SITE_HOLIDAY, name)


def official_days() -> dict[str, Official]:
    """By country what was loaded; a later notice may rule on the December before its year. Two queries."""
    years: dict[str, set[int]] = defaultdict(set)
    days: dict[str, dict[date, SpecialDay]] = defaultdict(dict)
    for country, year in OfficialYear.objects.values_list("country", "year"):
        years[country].add(year)
    for row in OfficialDay.objects.select_related("year").order_by("year__year", "day"):
        kind = DayKind.HOLIDAY if row.is_off else DayKind.MAKE_UP
        days[row.year.country][row.day] = SpecialDay(kind, (row.name, row.name))
    return {country: Official(country, days[country], frozenset(loaded)) for country, loaded in years.items()}
