"""Offices and who holds them: from a principal key to people and to words, and who signs for a department."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from bihuan.kernel import principals
from bihuan.organisation.enums import Function, PostKind
from bihuan.organisation.models import Charge, Department, Person, Post
from bihuan.organisation.models.departments import lineage_of
from bihuan.organisation.queries.cards import PersonCard, executives_of, person_cards
from bihuan.organisation.queries.effective import in_force
from bihuan.organisation.queries.turns import on_duty

FUNCTIONS = {
    principals.PMO: (Function.PMO,),
    principals.FILING: (Function.PMO, Function.ADMINISTRATION),
}


def signatory_for(department_id: int, at: datetime, *, besides: int | None) -> str:
    """The principal who signs for a department, never the author (`besides`).

    The department's head; without one, or if the author is among its heads, the head of the nearest department above
    of which neither is true; then the executive in charge unless he is the author; then the PMO (playbooks.md §3.10).
    At most five queries.
    """
    return signatories_for([department_id], at, besides=besides)[department_id]


def signatories_for(department_ids: Iterable[int], at: datetime, *, besides: int | None) -> dict[int, str]:
    """`signatory_for` of many departments, in as many queries as for one."""
    wanted = set(department_ids)
    rows = Department.objects.filter(pk__in=wanted).select_related("merged_into")
    lineages = {row.pk: (row.merged_into or row).lineage for row in rows}
    heads = _ids_of_heads({step for lineage in lineages.values() for step in lineage}, at)
    signing = {
        pk: principals.head(step)
        for pk in wanted
        if (step := _nearest_head(lineages.get(pk, []), heads, besides)) is not None
    }
    others = wanted - signing.keys()
    executives = executives_of(others, at) if others else {}
    for pk in others:
        is_able = pk in executives and executives[pk].id != besides
        signing[pk] = principals.executive(pk) if is_able else principals.PMO
    return signing


def _ids_of_heads(department_ids: Iterable[int], at: datetime) -> dict[int, set[int]]:
    posts = Post.objects.filter(
        in_force(at), department__in=set(department_ids), kind=PostKind.HEAD, person__is_active=True
    )
    found: dict[int, set[int]] = {}
    for department_id, person_id in posts.values_list("department_id", "person_id"):
        found.setdefault(department_id, set()).add(person_id)
    return found


def _nearest_head(lineage: Sequence[int], heads: Mapping[int, set[int]], besides: int | None) -> int | None:
    """The nearest department upwards that has a head, none of whose heads is the author."""
    return next((step for step in reversed(lineage) if step in heads and besides not in heads[step]), None)


def people_holding(principal: str, at: datetime) -> list[PersonCard]:
    """Everybody active who answers to the key on the day, by name. At most four queries."""
    people = holding(principal, at)
    return person_cards(people.filter(is_active=True).order_by("name", "id"), at)


def holding(principal: str, at: datetime) -> QuerySet[Person]:
    """Everybody who answers to the key on the day, leavers too."""
    kind, pk = principals.split(principal)
    if principal == principals.EVERYONE:
        return Person.objects.all()
    if kind == "g":
        return _of_group(principal, at)
    if pk is None:
        return Person.objects.none()
    if kind == "p":
        return Person.objects.filter(pk=pk)
    if kind == "x":
        return Person.objects.filter(pk__in=[card.id for card in executives_of([pk], at).values()])
    return _in_department(kind, pk, at)


def _in_department(kind: str, pk: int, at: datetime) -> QuerySet[Person]:
    posts = Post.objects.filter(in_force(at))
    if kind == "h":
        here = Q(department=pk) | Q(department__absorbed=pk)
        return Person.objects.filter(pk__in=posts.filter(here, kind=PostKind.HEAD).values("person"))
    standing = Coalesce("merged_into__path", "path")
    path = Department.objects.filter(pk=pk).values_list(standing, flat=True).first()
    if kind != "d" or path is None:
        return Person.objects.none()
    return Person.objects.filter(pk__in=posts.filter(department__path__startswith=path).values("person"))


def _of_group(principal: str, at: datetime) -> QuerySet[Person]:
    if principal == principals.ADMINISTRATOR:
        return Person.objects.filter(is_administrator=True)
    if principal == principals.EXECUTIVES:
        return Person.objects.filter(pk__in=Charge.objects.filter(in_force(at)).values("person"))
    held = Q(department__function__in=FUNCTIONS.get(principal, ()))
    return Person.objects.filter(pk__in=Post.objects.filter(in_force(at) & held).values("person"))


def departments_below(department_id: int) -> list[int]:
    """A department, those under it, and those that went into one of them. Two queries."""
    path = Department.objects.filter(pk=department_id).values_list("path", flat=True).first()
    if path is None:
        return []
    here = Q(path__startswith=path) | Q(merged_into__path__startswith=path)
    return list(Department.objects.filter(here).order_by("pk").values_list("pk", flat=True))


def staff_above(department_ids: Iterable[int]) -> list[str]:
    """The staff of departments and of all above them, as principals. One query."""
    paths = Department.objects.filter(pk__in=set(department_ids)).values_list("path", flat=True)
    return [principals.department(pk) for pk in sorted({pk for path in paths for pk in lineage_of(path)})]


def executives_below(department_ids: Iterable[int]) -> list[str]:
    """Who is in charge of departments, of those under them, and of those that went into one of them, as principals. Two
    queries for each."""
    below = {pk for each in department_ids for pk in departments_below(each)}
    return [principals.executive(pk) for pk in sorted(below)]


def function_of(department_id: int) -> str:
    """What a department does for the whole company; empty for one that is not there. One query."""
    return Department.objects.filter(pk=department_id).values_list("function", flat=True).first() or ""


def principals_within(department_ids: Iterable[int], at: datetime) -> frozenset[str]:
    """Every key that is owed in these departments: each of them, its head, and who holds a post there. One query."""
    wanted = set(department_ids)
    posts = Post.objects.filter(in_force(at), department__in=wanted, person__is_active=True)
    people = posts.values_list("person_id", flat=True)
    offices = {key(pk) for pk in wanted for key in (principals.department, principals.head)}
    return frozenset(offices | {principals.person(pk) for pk in people})


def name_of(principal: str, at: datetime) -> str:
    """One principal in words: "市场部 负责人 王敏"."""
    return names_of([principal], at)[principal]


def names_of(keys: Iterable[str], at: datetime, *, says_who_is_on_duty: bool = True) -> dict[str, str]:
    """Principals in words, in the reader's language. At most seven queries however many keys there are."""
    wanted = set(keys)
    ids: dict[str, set[int]] = {}
    for kind, pk in (principals.split(key) for key in wanted):
        if pk is not None:
            ids.setdefault(kind, set()).add(pk)
    people = dict(Person.objects.filter(pk__in=ids.get("p", ())).values_list("pk", "name")) if "p" in ids else {}
    named = ids.get("d", set()) | ids.get("h", set()) | ids.get("x", set())
    departments = dict(Department.objects.filter(pk__in=named).values_list("pk", "name")) if named else {}
    heads = _names_of_heads(ids["h"], at) if "h" in ids else {}
    executives = executives_of(ids["x"], at) if "x" in ids else {}
    duty = on_duty(at) if says_who_is_on_duty and principals.PMO in wanted else None
    words = _Words(people, departments, heads, executives, duty[1] if duty else "")
    return {key: words.of(key) for key in wanted}


def _names_of_heads(department_ids: set[int], at: datetime) -> dict[int, list[str]]:
    """The heads of each department, longest in office first, each once. One query."""
    posts = Post.objects.filter(
        in_force(at), department__in=department_ids, kind=PostKind.HEAD, person__is_active=True
    ).order_by("starts_on", "id")
    found: dict[int, dict[int, str]] = {}
    for department_id, person_id, name in posts.values_list("department_id", "person_id", "person__name"):
        found.setdefault(department_id, {})[person_id] = name
    return {department_id: list(names.values()) for department_id, names in found.items()}


class _Words:
    """Looks up what `names_of` fetched."""

    def __init__(
        self,
        people: dict[int, str],
        departments: dict[int, str],
        heads: dict[int, list[str]],
        executives: dict[int, PersonCard],
        on_duty: str,
    ) -> None:
        self.people = people
        self.departments = departments
        self.heads = heads
        self.executives = executives
        self.on_duty = on_duty

    def of(self, principal: str) -> str:
        kind, pk = principals.split(principal)
        if principal == principals.PMO and self.on_duty:
            return _("{office} (on duty: {name})").format(office=group_name(principal), name=self.on_duty)
        if pk is None:
            return group_name(principal)
        if kind == "p":
            return self.people.get(pk, _("unknown"))
        department = self.departments.get(pk, _("unknown department"))
        if kind == "h":
            holders = "、".join(self.heads.get(pk, []))
            return _("{department} head {name}").format(department=department, name=holders).strip()
        if kind == "x":
            holder = self.executives[pk].name if pk in self.executives else ""
            return _("executive in charge of {department} {name}").format(department=department, name=holder).strip()
        return department


def group_name(principal: str) -> str:
    names = {
        principals.EVERYONE: _("all staff"),
        principals.PMO: _("project management office"),
        principals.FILING: _("project management office or administration department"),
        principals.EXECUTIVES: _("executives in charge"),
        principals.ADMINISTRATOR: _("administrators"),
    }
    return names.get(principal, principal)
