"""What sites, the company and countries say of working time, kept in the process until any of it changes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings

from bihuan import clock
from bihuan.clock import Postings, Schedule, parse_hours, zone
from bihuan.clock.days import DayKind, SpecialDay
from bihuan.clock.official import CHINA, Official
from bihuan.clock.shifts import USUAL, parse_shifts
from bihuan.clock.zones import country_of
from bihuan.organisation.enums import CalendarDayKind
from bihuan.organisation.models import CalendarDay, OfficialDay, OfficialYear, Site, WorkingHours, WorkingTimeMark

ALWAYS = date(1900, 1, 1)

Turn = tuple[date, clock.Calendar]


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """What was read, the company under the key None; what a calendar costs is paid once."""

    sites: Mapping[int | None, tuple[str, str]]
    hours: Mapping[int | None, list[WorkingHours]]
    days: Mapping[int | None, dict[date, SpecialDay]]
    official: Mapping[str, Official]
    _schedules: dict[int | None, Schedule] = field(default_factory=dict, init=False, repr=False)

    def schedule(self, site_id: int | None) -> Schedule:
        """The working time of a site; an unknown one is as none."""
        known = site_id if site_id in self.sites else None
        if known not in self._schedules:
            self._schedules[known] = schedule_of(self.turns(known))
        return self._schedules[known]

    def zone_name(self, site_id: int | None) -> str:
        return self._place(site_id)[1]

    def turns(self, site_id: int | None) -> list[Turn]:
        """One calendar after another, as the hours of the site or of the company change."""
        rows = [row for key in {site_id, None} for row in self.hours.get(key, ())]
        special = {**self.days.get(None, {}), **self.days.get(site_id, {})}
        days = sorted({ALWAYS, *(row.starts_on for row in rows)})
        return [(day, self._calendar(site_id, self._hours_on(site_id, day), special)) for day in days]

    def _hours_on(self, site_id: int | None, day: date) -> WorkingHours | None:
        """The hours in force on a day: the site's own, else the company's."""
        for key in dict.fromkeys((site_id, None)):
            held = [row for row in self.hours.get(key, ()) if row.starts_on <= day]
            if held:
                return held[-1]
        return None

    def _calendar(
        self, site_id: int | None, row: WorkingHours | None, special: Mapping[date, SpecialDay]
    ) -> clock.Calendar:
        place, zone_name = self._place(site_id)
        country = row.country if row else usual_country(zone_name)
        return clock.Calendar(
            zone=zone(zone_name),
            hours=parse_hours(row.hours if row else USUAL),
            official=self.official.get(country) or Official(country),
            special=special,
            place=place,
            make_up_as=row.make_up_as if row else 0,
        )

    def _place(self, site_id: int | None) -> tuple[str, str]:
        return self.sites.get(site_id, ("", settings.TIME_ZONE))


def schedule_of(turns: Sequence[Turn]) -> Schedule:
    return turns[0][1] if len(turns) == 1 else Postings(turns)


def usual_country(zone_name: str) -> str:
    """Whose holidays count at a site that says nothing of it."""
    return country_of(zone_name) or CHINA


kept: dict[str, WorkingTime] = {}


def working_time() -> WorkingTime:
    """What is said now. One query while nothing changed, six after a change."""
    mark = WorkingTimeMark.objects.values_list("mark", flat=True).first()
    found = kept.get(mark or "")
    if found is None:
        found = _read()
        if mark is not None:
            kept.clear()
            kept[mark] = found
    return found


def _read() -> WorkingTime:
    """All of it; what changes meanwhile has another mark."""
    sites: dict[int | None, tuple[str, str]] = {
        pk: (name, zone_name) for pk, name, zone_name in Site.objects.values_list("pk", "name", "time_zone")
    }
    hours: dict[int | None, list[WorkingHours]] = defaultdict(list)
    for row in WorkingHours.objects.order_by("starts_on").select_related("calendar"):
        hours[row.calendar.site_id].append(row)
    days: dict[int | None, dict[date, SpecialDay]] = defaultdict(dict)
    for said in CalendarDay.objects.select_related("calendar"):
        days[said.calendar.site_id][said.day] = _special_day(said)
    return WorkingTime(sites, hours, days, _official_days())


def _special_day(row: CalendarDay) -> SpecialDay:
    name = (row.name, row.name)
    if row.kind == CalendarDayKind.MAKE_UP:
        return SpecialDay(DayKind.MAKE_UP, name, weekday=row.weekday)
    if row.kind == CalendarDayKind.HALF_DAY:
        return SpecialDay(DayKind.HALF_DAY, name, shifts=parse_shifts(row.hours))
    return SpecialDay(DayKind.SITE_HOLIDAY, name)


def _official_days() -> dict[str, Official]:
    """By country what was loaded; a later notice may rule on the December before its year."""
    years: dict[str, set[int]] = defaultdict(set)
    days: dict[str, dict[date, SpecialDay]] = defaultdict(dict)
    for country, year in OfficialYear.objects.values_list("country", "year"):
        years[country].add(year)
    for row in OfficialDay.objects.select_related("year").order_by("year__year", "day"):
        kind = DayKind.HOLIDAY if row.is_off else DayKind.MAKE_UP
        days[row.year.country][row.day] = SpecialDay(kind, (row.name, row.name))
    return {country: Official(country, days[country], frozenset(loaded)) for country, loaded in years.items()}
