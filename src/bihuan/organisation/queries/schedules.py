"""Working time as the clock takes it: of a site, of a department, of a person."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from django.db.models import CharField, ExpressionWrapper, F, FilteredRelation, OuterRef, Q, Subquery
from django.db.models.functions import Length

from bihuan import clock
from bihuan.clock import Schedule
from bihuan.organisation.models import Department, Post
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
    """The site of each department, or of the nearest one above it that has one. One query."""
    rows = Department.objects.filter(pk__in=set(department_ids)).annotate(nearest=_nearest_site())
    return dict(rows.values_list("pk", "nearest"))


def _nearest_site() -> Subquery:
    """A path begins with the paths of all departments above it, and with its own."""
    with_one = Department.objects.filter(site__isnull=False).alias(
        below=ExpressionWrapper(OuterRef("path"), output_field=CharField())
    )
    above = with_one.filter(below__startswith=F("path")).order_by(Length("path").desc())
    return Subquery(above.values("site")[:1])


@dataclass(frozen=True, slots=True)
class Places:
    """The site of each department, and of each person's main post; who is nowhere is not among them."""

    departments: Mapping[int, int | None]
    people: Mapping[int, int | None]


def places_of(department_ids: Collection[int], person_ids: Collection[int], at: datetime) -> Places:
    """Where departments are and where people work on the day of `at`. One query, none for nothing."""
    if not person_ids:
        return Places(sites_of_departments(department_ids) if department_ids else {}, {})
    held = FilteredRelation("posts", condition=in_force(at, "posts__") & Q(posts__person__in=person_ids))
    rows = Department.objects.alias(held=held).filter(Q(pk__in=department_ids) | Q(held__isnull=False))
    found = rows.annotate(nearest=_nearest_site()).order_by(*(f"held__{name}" for name in Post.MAIN_LAST))
    departments: dict[int, int | None] = {}
    people: dict[int, int | None] = {}
    for pk, site, person in found.values_list("pk", "nearest", "held__person"):
        departments[pk] = site
        if person is not None:
            people[person] = site
    return Places(departments, people)


def zones_of_departments(department_ids: Iterable[int]) -> dict[int, str]:
    """The clock of each department: that of its site, or of the head office. At most two queries."""
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
