"""Working time as the clock takes it: of a site, of a department, of a person."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise

from bihuan import clock
from bihuan.clock import Schedule
from bihuan.organisation.models import Department, Post
from bihuan.organisation.queries.effective import main_post_on
from bihuan.organisation.queries.working_time import ALWAYS, Turn, schedule_of, working_time

NEVER = date(2200, 12, 31)


def schedule_of_site(site_id: int | None) -> Schedule:
    """The working time of a site; of the head office's zone with the company's hours when there is none."""
    return working_time().schedule(site_id)


def schedules_of_sites(site_ids: Iterable[int | None]) -> dict[int | None, Schedule]:
    """The working time of several sites; an unknown one is as none. One query while nothing changed."""
    said = working_time()
    return {site_id: said.schedule(site_id) for site_id in set(site_ids)}


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
    said = working_time()
    return {pk: said.zone_name(site) for pk, site in sites_of_departments(department_ids).items()}


def schedule_of_person(person_id: int, *, away: Iterable[date] = ()) -> Schedule:
    """The working time of a person: on each day that of the main post that began last, so that who is lent works by the
    borrower's calendar. `away` are days of absence, where they are to count."""
    posts = list(Post.objects.filter(person_id=person_id).order_by(*Post.MAIN_LAST))
    sites = sites_of_departments({post.department_id for post in posts})
    spans = _spans(posts, sites)
    said = working_time()
    absent = set(away)
    turns: list[Turn] = []
    for (begin, site_id), (end, _) in pairwise([*spans, (NEVER, None)]):
        turns += [(day, _without(calendar, absent)) for day, calendar in _cut(said.turns(site_id), begin, end)]
    return schedule_of(turns)


def _without(calendar: clock.Calendar, absent: set[date]) -> clock.Calendar:
    return calendar.without(absent) if absent else calendar


def _spans(posts: Sequence[Post], sites: Mapping[int, int | None]) -> list[tuple[date, int | None]]:
    """From which day on the person is at which site."""
    days = {ALWAYS, *(post.starts_on for post in posts), *(post.ends_on for post in posts if post.ends_on)}
    spans: list[tuple[date, int | None]] = []
    for day in sorted(days):
        held = main_post_on(posts, day)
        site_id = sites.get(held.department_id) if held else None
        if not spans or spans[-1][1] != site_id:
            spans.append((day, site_id))
    return spans


def _cut(turns: Sequence[Turn], begin: date, end: date) -> list[Turn]:
    """What holds from one day until another, not including it."""
    held = [calendar for day, calendar in turns if day <= begin][-1]
    return [(begin, held), *((day, calendar) for day, calendar in turns if begin < day < end)]
