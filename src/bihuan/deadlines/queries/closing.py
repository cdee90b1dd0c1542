"""When a day that somebody typed is over for who owes something on it: close of business at his place (domain §4.1)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime

from bihuan import clock
from bihuan.clock import Schedule
from bihuan.clock.zones import MICROSECOND
from bihuan.deadlines.facts import DeadlinesHandedOver
from bihuan.deadlines.models import Deadline
from bihuan.deadlines.queries.sites import departments_of_principals
from bihuan.kernel import principals
from bihuan.ledger import queries as ledger
from bihuan.organisation.models import Post
from bihuan.organisation.queries import day_of, main_post_on, schedules_of_sites, sites_of_departments

MOST_HANDED = 200
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
    """How the instant of a typed day came about, by language: the day, and the close of business of who owes it, or of
    who owed it when it was named and has handed it over since; of any other that was typed, or that was found by other
    hours, that people named it. Some queries."""
    here = schedules_of_sites([deadline.site_id])[deadline.site_id]
    for there in () if deadline.its_rule.is_by_instant else _where_it_was_owed(deadline, here):
        day = _day_of(deadline.due_at, there)
        if clock.close_on(there, day) == deadline.due_at:
            return clock.explain_close(there, day)
    return clock.explain_named(here, deadline.due_at)


def _where_it_was_owed(deadline: Deadline, here: Schedule) -> Iterator[Schedule]:
    """The working time of who owes it on its day, then of each who owed it before, the last one first."""
    day = _day_of(deadline.due_at, here)
    seen: set[int | None] = set()
    for owner in _owners(deadline):
        site_id = _sites_on({(owner, day)}, deadline.started_at, "")[owner, day]
        if site_id not in seen:
            seen.add(site_id)
            yield schedules_of_sites([site_id])[site_id]


def _owners(deadline: Deadline) -> Iterator[str]:
    """Who owes it, then who handed it over, the last one first. Asks the ledger only when somebody wants to know."""
    yield deadline.owner
    scopes = [] if deadline.scope_id is None else [deadline.scope_id]
    for entry in ledger.timeline(deadline.root, scope_ids=scopes, limit=MOST_HANDED, names=[DeadlinesHandedOver.name]):
        for each in (entry.body or {}).get("deadlines", ()):
            if each["deadline_id"] == deadline.pk:
                yield each["before"]


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
