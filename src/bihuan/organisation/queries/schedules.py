"""Working time as the clock takes it: of a site, of a department, of a person."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from django.db.models import FilteredRelation, Q

from bihuan import clock
from bihuan.clock import Schedule
from bihuan.organisation.models import Department, Post
from bihuan.organisation.models.departments import lineage_of
from bihuan.organisation.queries.effective import in_force, main_post_on
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
    rows = Department.objects.filter(pk__in=set(department_ids)).values_list("pk", "path", "site")
    return _with_those_above({pk: (lineage_of(path), site) for pk, path, site in rows})


def _with_those_above(found: Mapping[int, tuple[Sequence[int], int | None]]) -> dict[int, int | None]:
    """The own site of each, else that of the nearest above. One query where some have none of their own."""
    above = {pk for lineage, own in found.values() if own is None for pk in lineage[:-1]}
    sites = dict(Department.objects.filter(pk__in=above, site__isnull=False).values_list("pk", "site")) if above else {}
    return {
        pk: own or next((sites[step] for step in reversed(lineage) if step in sites), None)
        for pk, (lineage, own) in found.items()
    }


@dataclass(frozen=True, slots=True)
class Places:
    """The site of each department, and of each person's main post; who is nowhere is not among them."""

    departments: Mapping[int, int | None]
    people: Mapping[int, int | None]


def places_of(department_ids: Collection[int], person_ids: Collection[int], at: datetime) -> Places:
    """Where departments are and where people work on the day of `at`. At most two queries, none for nothing."""
    if not person_ids:
        return Places(sites_of_departments(department_ids) if department_ids else {}, {})
    held = FilteredRelation("posts", condition=in_force(at, "posts__") & Q(posts__person__in=person_ids))
    rows = Department.objects.alias(held=held).filter(Q(pk__in=department_ids) | Q(held__isnull=False))
    found = list(
        rows.order_by(*(f"held__{name}" for name in Post.MAIN_LAST)).values_list(
            "pk", "path", "site", "held__person"
        )
    )  # fmt: skip
    sites = _with_those_above({pk: (lineage_of(path), site) for pk, path, site, _ in found})
    return Places(sites, {person: sites[pk] for pk, _, _, person in found if person is not None})


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
