"""When a day that somebody typed is over for who owes something on it: close of business at his place (domain §4.1)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from bihuan import clock
from bihuan.clock import Schedule
from bihuan.clock.zones import MICROSECOND
from bihuan.deadlines.models import Deadline
from bihuan.deadlines.queries.sites import departments_of_principals
from bihuan.kernel import principals
from bihuan.organisation.models import Post
from bihuan.organisation.queries import day_of, main_post_on, schedules_of_sites, sites_of_departments

Owing = tuple[str, date]
"""A principal and the day on which he owes something."""


def closes_on(owing: Iterable[Owing], at: datetime, *, otherwise: str) -> dict[Owing, datetime]:
    """The instant at which each of these days is over for who owes something on it.

    A person is where his main post is on that day, so that who is lent by then is judged by the borrower's calendar;
    an office is where its department is; who is nowhere, where `otherwise` is. The day never moves: on a day of rest it
    is the hour at which the place usually closes. Raises ClockError out of the reach of the clock. A fixed number of
    queries, however many are asked for; none for nothing.
    """
    wanted = set(owing)
    sites = _sites_on(wanted, at, otherwise)
    schedules = schedules_of_sites(set(sites.values())) if wanted else {}
    return {each: clock.close_on(schedules[sites[each]], each[1]) for each in wanted}


def explained_as_named(deadline: Deadline) -> Mapping[str, str]:
    """How the instant of a typed day came about, by language; of any other that was typed, or that was found by other
    hours or for somebody else, that people named it. Some queries."""
    here = schedules_of_sites([deadline.site_id])[deadline.site_id]
    if not deadline.its_rule.is_by_instant:
        owed = (deadline.owner, _day_of(deadline.due_at, here))
        site_id = _sites_on({owed}, deadline.started_at, "")[owed]
        there = here if site_id == deadline.site_id else schedules_of_sites([site_id])[site_id]
        day = _day_of(deadline.due_at, there)
        if clock.close_on(there, day) == deadline.due_at:
            return clock.explain_close(there, day)
    return clock.explain_named(here, deadline.due_at)


def _day_of(due_at: datetime, schedule: Schedule) -> date:
    """The day it is due there; midnight ends a day."""
    just_before = due_at - MICROSECOND
    return just_before.astimezone(schedule.calendar_on(just_before.toordinal()).zone.info).date()


def _sites_on(owing: set[Owing], at: datetime, otherwise: str) -> dict[Owing, int | None]:
    departments = _departments_on(owing, at, otherwise)
    sites = sites_of_departments(departments.values()) if departments else {}
    return {each: sites.get(departments.get(each, 0)) for each in owing}


def _departments_on(owing: set[Owing], at: datetime, otherwise: str) -> dict[Owing, int]:
    """The department of each that has one, or of `otherwise`."""
    people = {key for key, _ in owing if key.startswith("p:")}
    posts = _posts_of(people)
    offices = departments_of_principals({key for key, _ in owing} - people, at)
    found: dict[Owing, int] = {}
    for key, day in owing:
        pk = offices.get(key) or _held(posts[key], day) or _held(posts[key], day_of(at))
        if pk is not None:
            found[key, day] = pk
    lost = owing - found.keys()
    instead = departments_of_principals([otherwise], at).get(otherwise) if lost and otherwise else None
    return found | (dict.fromkeys(lost, instead) if instead is not None else {})


def _posts_of(people: set[str]) -> Mapping[str, list[Post]]:
    found: dict[str, list[Post]] = defaultdict(list)
    for post in (
        Post.objects.filter(person__in=[principals.split(key)[1] for key in people]).order_by(*Post.MAIN_LAST)
        if people
        else ()
    ):
        found[principals.person(post.person_id)].append(post)
    return found


def _held(posts: Iterable[Post], day: date) -> int | None:
    """The department of the main post held on a day."""
    post = main_post_on(posts, day)
    return post.department_id if post else None
