"""The offices that may sign for a department or a person: its own, and those above it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bihuan.kernel import principals
from bihuan.organisation.enums import PostKind
from bihuan.organisation.models import Charge, Department, Deputy, Person, Post
from bihuan.organisation.queries.effective import in_force
from bihuan.organisation.queries.offices import holding


@dataclass(frozen=True, slots=True)
class Office:
    """A principal, the active people who answer to it on the day, and the department it heads, if it does."""

    principal: str
    holders: frozenset[int]
    department: str = ""


def offices_above(department_ids: Iterable[int], at: datetime) -> dict[int, tuple[Office, ...]]:
    """Its head, the heads above and the executive in charge of each department, nearest first, held or not.

    Of a department that was merged, those of the one it went into. Unknown ones are absent. At most four queries.
    """
    rows = Department.objects.filter(pk__in=set(department_ids)).select_related("merged_into")
    lineages = {row.pk: list(reversed((row.merged_into or row).lineage)) for row in rows}
    steps = {step for lineage in lineages.values() for step in lineage}
    names = {row.pk: row.name for row in rows}
    if steps - names.keys():
        names |= dict(Department.objects.filter(pk__in=steps - names.keys()).values_list("pk", "name"))
    heads, charged = _heads(steps, at), _charged(steps, at)
    return {
        pk: (
            *(Office(principals.head(step), frozenset(heads.get(step, ())), names[step]) for step in lineage),
            Office(principals.executive(pk), frozenset([charged[step] for step in lineage if step in charged][:1])),
        )
        for pk, lineage in lineages.items()
    }


def _heads(department_ids: set[int], at: datetime) -> dict[int, set[int]]:
    posts = Post.objects.filter(in_force(at), department__in=department_ids, kind=PostKind.HEAD, person__is_active=True)
    found: dict[int, set[int]] = {}
    for department_id, person_id in posts.values_list("department", "person"):
        found.setdefault(department_id, set()).add(person_id)
    return found


def _charged(department_ids: set[int], at: datetime) -> dict[int, int]:
    charges = Charge.objects.filter(in_force(at), department__in=department_ids, person__is_active=True)
    return dict(charges.values_list("department", "person"))


def holders_of_group(principal: str, at: datetime) -> frozenset[int]:
    """Everybody active who answers to a key such as that of the PMO on the day. One query."""
    return frozenset(holding(principal, at).filter(is_active=True).values_list("pk", flat=True))


def departments_of_people(person_ids: Iterable[int], at: datetime) -> dict[int, list[int]]:
    """The departments in which each active person holds a post on the day; nobody who has none. One query."""
    posts = Post.objects.filter(in_force(at), person__in=set(person_ids), person__is_active=True)
    found: dict[int, list[int]] = {}
    for person_id, department_id in posts.order_by(*Post.MAIN_LAST).values_list("person", "department"):
        found.setdefault(person_id, []).insert(0, department_id)
    return found


def names_of_people(person_ids: Iterable[int]) -> dict[int, str]:
    """The names of those who exist. One query."""
    return dict(Person.objects.filter(pk__in=set(person_ids)).values_list("pk", "name"))


def holders_of_post(department_id: int, title: str, at: datetime) -> list[tuple[int, str]]:
    """Who holds a post of this title in a department on the day, longest in it first. One query."""
    posts = Post.objects.filter(in_force(at), department=department_id, title=title, person__is_active=True)
    return list(dict.fromkeys(posts.order_by("starts_on", "pk").values_list("person", "person__name")))


def deputy_circles(at: datetime) -> list[list[str]]:
    """Deputies in force that lead back to who began, as names; each circle once. Two queries."""
    named: dict[int, list[int]] = {}
    for person_id, deputy_id in Deputy.objects.filter(in_force(at)).values_list("person", "deputy"):
        named.setdefault(person_id, []).append(deputy_id)
    found: dict[frozenset[int], list[int]] = {}
    for start in sorted(named):
        circle = _circle(start, named)
        if circle:
            found.setdefault(frozenset(circle), circle)
    names = names_of_people({pk for circle in found.values() for pk in circle}) if found else {}
    return [[names[pk] for pk in circle] for circle in found.values()]


def _circle(start: int, named: dict[int, list[int]]) -> list[int]:
    """The way from one back to the same, if there is one; each is walked through once."""
    came_from: dict[int, int] = {}
    todo = [start]
    while todo:
        current = todo.pop()
        for following in named.get(current, ()):
            if following == start:
                return _way(start, current, came_from)
            if following not in came_from:
                came_from[following] = current
                todo.append(following)
    return []


def _way(start: int, last: int, came_from: dict[int, int]) -> list[int]:
    way = [last]
    while way[-1] != start:
        way.append(came_from[way[-1]])
    return list(reversed(way))


def names_of_departments(department_ids: Iterable[int]) -> dict[int, str]:
    """The names of those that exist. One query."""
    return dict(Department.objects.filter(pk__in=set(department_ids)).values_list("pk", "name"))
