"""What pages and rooms show of people and departments: small frozen cards, fetched many at a time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bihuan.organisation.enums import PostKind
from bihuan.organisation.models import Charge, Department, Person, Post
from bihuan.organisation.queries.effective import in_force

LARGEST_ID = 2**63 - 1
KIND_ORDER = {PostKind.HEAD.value: 0, PostKind.CONTACT.value: 1, PostKind.STAFF.value: 2}


@dataclass(frozen=True, slots=True)
class PostCard:
    department_id: int
    department: str
    title: str
    kind: str
    is_main: bool = True


@dataclass(frozen=True, slots=True)
class PersonCard:
    id: int
    name: str
    name_en: str = ""
    is_active: bool = True
    posts: tuple[PostCard, ...] = ()

    @property
    def title(self) -> str:
        """The weightiest post: "市场部 推广经理", empty for somebody without one."""
        return f"{self.posts[0].department} {self.posts[0].title}".strip() if self.posts else ""

    @property
    def label(self) -> str:
        return f"{self.name} · {self.title}" if self.title else self.name


@dataclass(frozen=True, slots=True)
class DepartmentCard:
    id: int
    name: str
    name_en: str
    parent_id: int | None
    is_active: bool
    function: str
    kind: str = ""
    lineage: tuple[int, ...] = ()
    parents: tuple[str, ...] = field(default=(), compare=False)

    @property
    def label(self) -> str:
        return " / ".join((*self.parents, self.name))


@dataclass(frozen=True, slots=True)
class Directory:
    """People and departments by id; ids that do not exist are absent."""

    people: Mapping[int, PersonCard]
    departments: Mapping[int, DepartmentCard]


def all_but_name(*paths: str) -> list[str]:
    """What a page that only names people leaves unread; each path leads to a person."""
    kept = {"id", "name", "name_en", "is_active"}
    columns = [field.name for field in Person._meta.concrete_fields if field.name not in kept]
    return [f"{path}__{column}" for path in paths for column in columns]


def person_cards(people: Iterable[Person], at: datetime) -> list[PersonCard]:
    """Cards with the posts of the day, in the order given. One query."""
    found = list(people)
    posts: dict[int, list[PostCard]] = {person.pk: [] for person in found}
    rows = Post.objects.filter(in_force(at), person__in=list(posts)).order_by("starts_on", "id")
    columns = rows.values_list("person_id", "department_id", "department__name", "title", "kind", "is_main")
    for person_id, department_id, department, title, kind, is_main in columns:
        posts[person_id].append(PostCard(department_id, department, title, kind, is_main))
    return [_person_card(person, posts[person.pk]) for person in found]


def _person_card(person: Person, posts: list[PostCard]) -> PersonCard:
    weighty = sorted(posts, key=lambda post: KIND_ORDER[post.kind])
    return PersonCard(person.pk, person.name, person.name_en, person.is_active, tuple(weighty))


def department_card(department: Department, names: Mapping[int, str] | None = None) -> DepartmentCard:
    above = department.lineage[:-1]
    return DepartmentCard(
        id=department.pk,
        name=department.name,
        name_en=department.name_en,
        parent_id=department.parent_id,
        is_active=department.is_active,
        function=department.function,
        kind=department.kind,
        lineage=tuple(department.lineage),
        parents=tuple((names or {}).get(pk, "") for pk in above) if names else (),
    )


def given(ids: Iterable[int]) -> set[int]:
    """The ids a database can have given: an address may hold any number, and a list of ids takes no larger one."""
    return {pk for pk in ids if 0 < pk <= LARGEST_ID}


def people_by_id(person_ids: Iterable[int], at: datetime) -> dict[int, PersonCard]:
    people = Person.objects.filter(pk__in=given(person_ids))
    return {card.id: card for card in person_cards(people, at)}


def directory(person_ids: Iterable[int], department_ids: Iterable[int], at: datetime) -> Directory:
    """Everybody and every department named on a page, in at most three queries."""
    wanted = given(department_ids)
    departments = {row.pk: department_card(row) for row in Department.objects.filter(pk__in=wanted)} if wanted else {}
    ids = given(person_ids)
    return Directory(people_by_id(ids, at) if ids else {}, departments)


def heads_of(department_ids: Iterable[int], at: datetime) -> dict[int, list[PersonCard]]:
    """The heads of each department on the day, longest in office first. Two queries."""
    return _holders(department_ids, PostKind.HEAD, at)


def contacts_of(department_ids: Iterable[int], at: datetime) -> dict[int, list[PersonCard]]:
    """The contact persons of each department on the day. Two queries."""
    return _holders(department_ids, PostKind.CONTACT, at)


def _holders(department_ids: Iterable[int], kind: PostKind, at: datetime) -> dict[int, list[PersonCard]]:
    holders: dict[int, list[PersonCard]] = {pk: [] for pk in department_ids}
    posts = list(
        Post.objects.filter(in_force(at), department__in=list(holders), kind=kind, person__is_active=True)
        .select_related("person")
        .order_by("starts_on", "id")
    )
    cards = {card.id: card for card in person_cards({post.person_id: post.person for post in posts}.values(), at)}
    for post in posts:
        if cards[post.person_id] not in holders[post.department_id]:
            holders[post.department_id].append(cards[post.person_id])
    return holders


def executives_of(department_ids: Iterable[int], at: datetime) -> dict[int, PersonCard]:
    """The executive in charge of each department: its own, else the nearest above; of one that was merged, that of the
    department it went into. Departments without one are absent. Three queries.
    """
    rows = Department.objects.filter(pk__in=list(department_ids)).select_related("merged_into")
    lineages = {row.pk: (row.merged_into or row).lineage for row in rows}
    everyone = {pk for lineage in lineages.values() for pk in lineage}
    charges = {
        charge.department_id: charge.person
        for charge in Charge.objects.filter(
            in_force(at), department__in=everyone, person__is_active=True
        ).select_related("person")
    }
    cards = {card.id: card for card in person_cards({row.pk: row for row in charges.values()}.values(), at)}
    nearest = {
        pk: next((charges[step] for step in reversed(lineage) if step in charges), None)
        for pk, lineage in lineages.items()
    }
    return {pk: cards[person.pk] for pk, person in nearest.items() if person}
