"""At whose close of business something is due: the site of the one who must act (domain §4.1)."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import datetime

from bihuan.kernel import principals
from bihuan.organisation.enums import Function
from bihuan.organisation.models import Department, Post
from bihuan.organisation.queries import in_force, sites_of_departments

FUNCTIONS = {principals.PMO: Function.PMO, principals.FILING: Function.PMO}


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """The department of a principal and its site; without a site the company's own hours hold."""

    department_id: int | None = None
    site_id: int | None = None


def whereabouts_of(keys: Iterable[str], at: datetime) -> dict[str, Whereabouts]:
    """Where each principal works. At most four queries."""
    wanted = set(keys)
    departments = departments_of_principals(wanted, at)
    sites = sites_of_departments(departments.values()) if departments else {}
    known = {key: Whereabouts(pk, sites.get(pk)) for key, pk in departments.items()}
    return {key: known.get(key, Whereabouts()) for key in wanted}


def departments_of_principals(keys: Iterable[str], at: datetime) -> dict[str, int]:
    """The department of each principal that has one. At most two queries.

    A person is where the post is that began last, so that who is lent works by the borrower's calendar; an office is
    where its department is, a group where the department with its function is.
    """
    wanted = set(keys)
    departments = {key: pk for key in wanted if (pk := department_of_office(key)) is not None}
    departments |= _of_people({key for key in wanted if key.startswith("p:")}, at)
    return departments | _of_groups(wanted & FUNCTIONS.keys())


def department_of_office(key: str) -> int | None:
    """The department of a head, an executive or of everybody in it; None for a person, a group or nobody. No query."""
    return _numbered(key, {"d", "h", "x"})


def person_of(key: str) -> int | None:
    return _numbered(key, {"p"})


def _numbered(key: str, kinds: Container[str]) -> int | None:
    kind, pk = principals.split(key)
    return pk if kind in kinds else None


def _of_people(keys: set[str], at: datetime) -> dict[str, int]:
    if not keys:
        return {}
    posts = Post.objects.filter(in_force(at), person__in=[principals.split(key)[1] for key in keys])
    held = posts.order_by(*Post.MAIN_LAST).values_list("person_id", "department_id")
    return {principals.person(person_id): department_id for person_id, department_id in held}


def _of_groups(keys: set[str]) -> dict[str, int]:
    if not keys:
        return {}
    rows = Department.objects.filter(function__in={FUNCTIONS[key] for key in keys}).order_by("-pk")
    found = {row["function"]: row["pk"] for row in rows.values("function", "pk")}
    return {key: found[FUNCTIONS[key]] for key in keys if FUNCTIONS[key] in found}
