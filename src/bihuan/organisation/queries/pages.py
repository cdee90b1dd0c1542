"""What the pages of the organisation show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotFound
from bihuan.organisation.enums import Function, PostKind
from bihuan.organisation.models import Charge, Department, Person, Post, Site
from bihuan.organisation.policy import clean
from bihuan.organisation.queries.cards import (
    KIND_ORDER,
    DepartmentCard,
    PersonCard,
    all_but_name,
    department_card,
    executives_of,
    person_cards,
)
from bihuan.organisation.queries.effective import in_force
from bihuan.organisation.rules import may_see_contact_details

PAGE = 50


@dataclass(frozen=True, slots=True)
class TreeRow:
    card: DepartmentCard
    depth: int
    site: str
    heads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SiteCard:
    id: int
    name: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody in a post, as a department's page lists it."""

    post_id: int
    person_id: int
    name: str
    title: str
    kind: str
    starts_on: date
    ends_on: date | None
    is_main: bool


@dataclass(frozen=True, slots=True)
class DepartmentPage:
    """`held` counts the posts of the day; `more_staff` is the key of the next page of staff, empty at the end."""

    card: DepartmentCard
    revision: int
    site: SiteCard | None
    description: str
    function_label: str
    above: tuple[tuple[int, str], ...]
    below: tuple[DepartmentCard, ...]
    holders: tuple[Holder, ...]
    executive: PersonCard | None
    held: int
    more_staff: str = ""

    @property
    def staff_held(self) -> int:
        return self.held - sum(1 for holder in self.holders if holder.kind != PostKind.STAFF)

    def of_kind(self, kind: str) -> list[Holder]:
        return [holder for holder in self.holders if holder.kind == kind]


@dataclass(frozen=True, slots=True)
class PersonPage:
    """`email` and `phone` are None for who may not see them, which is not the same as empty."""

    card: PersonCard
    revision: int
    username: str | None
    email: str | None
    phone: str | None
    is_administrator: bool
    holdings: tuple[tuple[Holder, int, str], ...]
    charges: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """One page by key; `after` is the key of the next one, empty at the end."""

    people: tuple[PersonCard, ...]
    after: str


@dataclass(frozen=True, slots=True)
class PeopleOfDepartment:
    department: str
    people: tuple[PersonCard, ...]


def sites() -> list[SiteCard]:
    """Every site, by name. One query."""
    return [SiteCard(row.pk, row.name, row.time_zone) for row in Site.objects.order_by("name")]


def department_tree(at: datetime, *, closed: bool = False) -> list[TreeRow]:
    """Departments in the order of the tree with their heads. Three queries, whatever the size."""
    rows = list(Department.objects.filter(is_active=True) if not closed else Department.objects.all())
    names = dict(Site.objects.values_list("pk", "name"))
    heads = _head_names(at)
    by_parent: dict[int | None, list[Department]] = {}
    shown = {row.pk for row in rows}
    for row in sorted(rows, key=lambda row: (row.name, row.pk)):
        by_parent.setdefault(row.parent_id if row.parent_id in shown else None, []).append(row)
    return [
        TreeRow(department_card(row), depth, names.get(row.site_id or 0, ""), tuple(heads.get(row.pk, ())))
        for row, depth in _walk(by_parent, None, 0)
    ]


def _walk(
    by_parent: dict[int | None, list[Department]], parent: int | None, depth: int
) -> Iterable[tuple[Department, int]]:
    for row in by_parent.get(parent, ()):
        yield row, depth
        yield from _walk(by_parent, row.pk, depth + 1)


def _head_names(at: datetime) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    posts = Post.objects.filter(in_force(at), kind=PostKind.HEAD, person__is_active=True).order_by("starts_on", "pk")
    for department_id, name in posts.values_list("department_id", "person__name"):
        found.setdefault(department_id, []).append(name)
    return found


def department_page(department_id: int, at: datetime, *, staff: int | None = None, after: str = "") -> DepartmentPage:
    """A department with its people of the day. At most nine queries. Raises NotFound.

    `staff` is how many of the staff are shown, from behind the key `after`; everybody when it is None.
    """
    department = Department.objects.select_related("site").filter(pk=department_id).first()
    if department is None:
        raise NotFound
    names = dict(Department.objects.filter(pk__in=department.lineage[:-1]).values_list("pk", "name"))
    below = Department.objects.filter(parent=department, is_active=True).order_by("name", "pk")
    site = department.site
    posts = _posts_of(department_id, at)
    holders, more = (holders_in(department_id, at), "") if staff is None else _first_holders(posts, staff, after)
    return DepartmentPage(
        card=department_card(department, names),
        revision=department.revision,
        site=SiteCard(site.pk, site.name, site.time_zone) if site else None,
        description=department.description,
        function_label=str(Function(department.function).label),
        above=tuple((pk, names[pk]) for pk in department.lineage[:-1]),
        below=tuple(department_card(row) for row in below),
        holders=tuple(holders),
        executive=executives_of([department_id], at).get(department_id),
        held=posts.count(),
        more_staff=more,
    )


def holders_in(department_id: int, at: datetime) -> list[Holder]:
    """Who holds a post in the department on the day: heads, contact persons, staff. One query."""
    return _in_order(_posts_of(department_id, at))


def _posts_of(department_id: int, at: datetime) -> QuerySet[Post]:
    posts = Post.objects.filter(in_force(at), department=department_id)
    return posts.select_related("person").defer(*all_but_name("person")).order_by("pk")


def _in_order(posts: Iterable[Post]) -> list[Holder]:
    return sorted((_holder(post) for post in posts), key=lambda holder: (KIND_ORDER[holder.kind], holder.name))


def _first_holders(posts: QuerySet[Post], size: int, after: str) -> tuple[list[Holder], str]:
    """All heads and contact persons, and a page of the staff by name."""
    staff = posts.filter(kind=PostKind.STAFF).order_by("person__name", "pk")
    if key := _key(after):
        staff = staff.filter(Q(person__name__gt=key[0]) | Q(person__name=key[0], pk__gt=key[1]))
    shown = [_holder(post) for post in staff[: size + 1]]
    last = shown[size - 1] if 0 < size < len(shown) else None
    more = f"{last.name}~{last.post_id}" if last else ""
    return [*_in_order(posts.exclude(kind=PostKind.STAFF)), *shown[:size]], more


def _key(text: str) -> tuple[str, int] | None:
    """The name and the id of the last row of the page before; one that is none is taken as no key."""
    name, _, pk = text.replace("\x00", "").rpartition("~")
    return (name, int(pk)) if pk.isascii() and pk.isdigit() and len(pk) < 19 else None


def _holder(post: Post) -> Holder:
    return Holder(
        post.pk, post.person_id, post.person.name, post.title, str(post.kind), post.starts_on, post.ends_on,
        post.is_main,
    )  # fmt: skip


def person_page(actor: Actor, person_id: int, at: datetime) -> PersonPage:
    """A person with posts and charges of the day; the addresses only for colleagues. Four queries. Raises NotFound."""
    person = Person.objects.filter(pk=person_id).first()
    if person is None:
        raise NotFound
    posts = Post.objects.filter(in_force(at), person=person).select_related("person", "department").order_by("pk")
    holdings = [(_holder(post), post.department_id, post.department.name) for post in posts]
    is_open = may_see_contact_details(actor, person.pk, frozenset(pk for _, pk, _ in holdings))
    charges = Charge.objects.filter(in_force(at), person=person).order_by("department__name")
    return PersonPage(
        card=person_cards([person], at)[0],
        revision=person.revision,
        username=person.username if is_open else None,
        email=person.email if is_open else None,
        phone=person.phone if is_open else None,
        is_administrator=person.is_administrator,
        holdings=tuple(sorted(holdings, key=lambda item: KIND_ORDER[item[0].kind])),
        charges=tuple(charges.values_list("department_id", "department__name")),
    )


def people_page(at: datetime, *, after: str = "", size: int = PAGE) -> PeoplePage:
    """Active people by name, a page by key. Two queries."""
    people = Person.objects.filter(is_active=True).order_by("name", "pk")
    if key := _key(after):
        people = people.filter(Q(name__gt=key[0]) | Q(name=key[0], pk__gt=key[1]))
    found = list(people[: size + 1])
    last = found[size - 1] if len(found) > size else None
    return PeoplePage(tuple(person_cards(found[:size], at)), f"{last.name}~{last.pk}" if last else "")


def people_by_department(at: datetime) -> list[PeopleOfDepartment]:
    """Active people who were not imported, under their first department. For the demo's switcher. Two queries."""
    own = Person.objects.filter(is_active=True, source_key__isnull=True).order_by("name", "pk")
    groups: dict[str, list[PersonCard]] = {}
    for card in person_cards(own, at):
        groups.setdefault(card.posts[0].department if card.posts else "", []).append(card)
    return [PeopleOfDepartment(name, tuple(groups[name])) for name in sorted(groups)]


def demo_person(person_id: int | None) -> Person:
    """Somebody the demo's switcher offers. Raises NotFound."""
    person = Person.objects.filter(pk=person_id or 0, is_active=True, source_key__isnull=True).first()
    if person is None:
        raise NotFound
    return person


def person_called(username: str) -> Person:
    """The active person with this account name, for commands on the server. Raises NotFound."""
    person = Person.objects.filter(username=clean(username), is_active=True).first()
    if person is None:
        raise NotFound
    return person


def department_called(named: str) -> int:
    """The open department of this number or, where only one has it, of this name; for commands. Raises NotFound."""
    rows = Department.objects.filter(is_active=True)
    is_number = named.isascii() and named.isdigit() and len(named) < 19
    found = list((rows.filter(pk=int(named)) if is_number else rows.filter(name=clean(named))).values_list("pk")[:2])
    if len(found) != 1:
        raise NotFound
    return int(found[0][0])


def person_for(person_id: int | None) -> Person:
    """The row of an active person, for one's own settings. Raises NotFound."""
    person = Person.objects.filter(pk=person_id or 0, is_active=True).first()
    if person is None:
        raise NotFound
    return person
