"""The parts of the growth campaign played by people of the real data, in the departments of a real matter."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import chain

from bihuan.collaborations.models import Collaboration
from bihuan.kernel.actor import SYSTEM
from bihuan.organisation import operations
from bihuan.organisation.enums import Function, PostKind
from bihuan.organisation.models import Department, Person, Post
from tests.cast import Company

INVOLVED = (
    ("市场部", "市场部负责人", "推广经理"),
    ("技术部", "技术部负责人", "开发组长"),
    ("运营部", "运营部负责人", "运营经理"),
)
OFFICES = (
    ("项目管理办公室", Function.PMO, "PMO专员"),
    ("行政部", Function.ADMINISTRATION, "行政专员"),
)
SINCE = date(2024, 3, 1)


def company_of(matter: Collaboration, at: datetime) -> Company:
    """Gives what the source does not say: an executive, the two offices, and whoever is missing in a department."""
    lead = matter.lead_department
    assert lead is not None
    free = (person for person in Person.objects.filter(posts__isnull=True).order_by("pk"))
    taken: set[int] = {matter.lead_id or 0}
    departments, people = {"产品部": lead}, {}
    people["产品部负责人"] = _holder(lead, PostKind.HEAD, taken, free, at)
    people["产品经理"] = _working_in(lead, matter.lead or next(free), PostKind.STAFF, at)
    for (name, head, contact), department in zip(INVOLVED, _three_others(matter), strict=True):
        departments[name] = department
        people[head] = _holder(department, PostKind.HEAD, taken, free, at)
        people[contact] = _holder(department, PostKind.CONTACT, taken, free, at)
    for name, function, office in OFFICES:
        departments[name] = operations.add_department(name=name, function=function, actor=SYSTEM, at=at)
        people[office] = _holder(departments[name], PostKind.STAFF, taken, free, at)
    people["分管副总"] = next(free)
    for department in departments.values():
        operations.put_in_charge(
            person_id=people["分管副总"].pk, department_id=department.pk, starts_on=SINCE, actor=SYSTEM, at=at
        )
    return Company(people, departments, at)


def _three_others(matter: Collaboration) -> list[Department]:
    """The departments the source names, then others of the same organisation; the lead signs for none of them."""
    named = [party.department for party in matter.parties.select_related("department").order_by("pk")]
    beside = Department.objects.filter(parent=matter.lead_department.parent, is_active=True).order_by("pk")
    own = Post.objects.filter(person=matter.lead_id, kind=PostKind.HEAD).values_list("department_id", flat=True)
    not_asked = {matter.lead_department_id, *own}
    found = {each.pk: each for each in chain(named, beside) if each.pk not in not_asked}
    return list(found.values())[:3]


def _holder(department: Department, kind: PostKind, taken: set[int], free: Iterator[Person], at: datetime) -> Person:
    """Somebody who holds such a post in the department and plays no other part yet; else somebody who holds none."""
    held = Post.objects.filter(department=department, kind=kind).select_related("person").order_by("pk")
    person = next((post.person for post in held if post.person_id not in taken), None) or next(free)
    taken.add(person.pk)
    return _working_in(department, person, kind, at)


def _working_in(department: Department, person: Person, kind: PostKind, at: datetime) -> Person:
    """The person, appointed to such a post of the department if need be."""
    if not Post.objects.filter(department=department, person=person, kind=kind).exists():
        operations.appoint(
            person_id=person.pk, department_id=department.pk, kind=kind, starts_on=SINCE, actor=SYSTEM, at=at
        )
    return person
