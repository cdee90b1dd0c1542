"""Bringing an organisation in from outside, again and again: without a change nothing is written and no fact recorded.

Call with chunks of at most 200 rows; each chunk is one transaction, one fact per object that changed. Odd values are
never fatal: what cannot be kept is left out and named in the outcome.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from bihuan.kernel.actor import Actor
from bihuan.organisation.enums import PostKind
from bihuan.organisation.facts import DepartmentAdded, DepartmentChanged, PersonAdded, PersonChanged
from bihuan.organisation.models import Department, Person, Post
from bihuan.organisation.operations import departments as tree
from bihuan.organisation.operations import people
from bihuan.organisation.operations.posts import TITLE_LIMIT, record_appointment
from bihuan.organisation.operations.recording import record
from bihuan.organisation.policy import NAME_LIMIT, USERNAME_LIMIT, clean, clean_lines, is_key, move_findings
from bihuan.organisation.queries import day_of
from bihuan.organisation.rules import require_administrator

CREATED, UPDATED, UNCHANGED, REJECTED = "created", "updated", "unchanged", "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentRow:
    source_key: str
    name: str
    name_en: str = ""
    parent_key: str | None = None
    kind: str = ""
    description: str = ""
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    source_key: str
    name: str
    name_en: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostRow:
    person_key: str
    department_key: str
    title: str = ""
    kind: str = PostKind.STAFF
    starts_on: date | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row; `problems` are codes of `sentences`."""

    key: str
    result: str
    pk: int | None = None
    problems: tuple[str, ...] = field(default=())


@transaction.atomic
def import_departments(rows: Sequence[DepartmentRow], *, actor: Actor, at: datetime) -> list[Outcome]:
    """Bring departments in. A parent stands in an earlier row or in the database; an unknown one is left out."""
    require_administrator(actor)
    keys = {row.source_key for row in rows} | {row.parent_key for row in rows if row.parent_key}
    known = {str(row.source_key): row for row in Department.objects.filter(source_key__in=_sound(keys))}
    return [_import_department(row, known, actor, at) for row in rows]


def upsert_department(row: DepartmentRow, *, actor: Actor, at: datetime) -> str:
    """One row of `import_departments`: "created", "updated", "unchanged" or "rejected"."""
    return import_departments([row], actor=actor, at=at)[0].result


def _import_department(row: DepartmentRow, known: dict[str, Department], actor: Actor, at: datetime) -> Outcome:
    if not is_key(row.source_key, limit=NAME_LIMIT) or not clean(row.name):
        return Outcome(row.source_key, REJECTED, problems=("organisation.name_missing",))
    wanted: dict[str, Any] = {
        "name": clean(row.name)[:NAME_LIMIT],
        "name_en": clean(row.name_en)[:NAME_LIMIT],
        "kind": clean(row.kind)[:100],
        "description": clean_lines(row.description),
        "is_active": row.is_active,
    }
    department = known.get(row.source_key)
    parent = known.get(row.parent_key) if row.parent_key else None
    problems = _parent_problems(row, department, parent)
    if not problems:
        wanted["parent_id"] = parent.pk if parent else None
    if department is None:
        department = known[row.source_key] = Department(source_key=row.source_key, **wanted)
        tree.insert_department(department)
        fact = DepartmentAdded(department_id=department.pk, values={"source_key": row.source_key, **wanted})
        record(fact, "department", department.pk, actor=actor, at=at)
        return Outcome(row.source_key, CREATED, department.pk, problems)
    before = _differences(department, wanted)
    if before:
        after = {name: wanted[name] for name in before}
        tree.apply(department, after)
        tree.write_change(department, department.revision)
        _read_again(known, moved="parent_id" in after)
        changed = DepartmentChanged(department_id=department.pk, before=before, after=after)
        record(changed, "department", department.pk, actor=actor, at=at)
    return Outcome(row.source_key, UPDATED if before else UNCHANGED, department.pk, problems)


def _parent_problems(row: DepartmentRow, own: Department | None, parent: Department | None) -> tuple[str, ...]:
    if row.parent_key and parent is None:
        return ("organisation.parent_unknown",)
    if own and parent and move_findings(own.pk, parent.lineage):
        return ("organisation.below_itself",)
    return ()


def _read_again(known: dict[str, Department], *, moved: bool) -> None:
    """A move rewrites the paths of a whole subtree; the rows held here must follow."""
    if not moved:
        return
    paths = dict(Department.objects.filter(pk__in=[row.pk for row in known.values()]).values_list("pk", "path"))
    for row in known.values():
        row.path = paths[row.pk]


@transaction.atomic
def import_people(rows: Sequence[PersonRow], *, actor: Actor, at: datetime) -> list[Outcome]:
    """Bring people in. They cannot sign in until an administrator sets a password."""
    require_administrator(actor)
    keys = _sound(row.source_key for row in rows)
    known = {str(person.source_key): person for person in Person.objects.filter(source_key__in=keys)}
    return [_import_person(row, known, actor, at) for row in rows]


def upsert_person(row: PersonRow, *, actor: Actor, at: datetime) -> str:
    """One row of `import_people`."""
    return import_people([row], actor=actor, at=at)[0].result


def _import_person(row: PersonRow, known: dict[str, Person], actor: Actor, at: datetime) -> Outcome:
    if not is_key(row.source_key, limit=USERNAME_LIMIT) or not clean(row.name):
        return Outcome(row.source_key, REJECTED, problems=("organisation.name_missing",))
    email = clean(row.email)
    problems = ("organisation.email_malformed",) if email and not people.is_email(email) else ()
    wanted: dict[str, Any] = {"name": clean(row.name)[:NAME_LIMIT], "name_en": clean(row.name_en)[:NAME_LIMIT]}
    wanted["email"] = "" if problems else email
    person = known.get(row.source_key)
    if person is None:
        if Person.objects.filter(username=row.source_key).exists():
            return Outcome(row.source_key, REJECTED, problems=("organisation.username_taken",))
        person = known[row.source_key] = Person(username=row.source_key, source_key=row.source_key, **wanted)
        people.insert_person(person)
        fact = PersonAdded(person_id=person.pk, values={"username": row.source_key, **wanted})
        record(fact, "person", person.pk, actor=actor, at=at)
        return Outcome(row.source_key, CREATED, person.pk, problems)
    before = _differences(person, wanted)
    if before:
        after = {name: wanted[name] for name in before}
        for name, value in after.items():
            setattr(person, name, value)
        people.write_person(person, after, person.revision)
        changed = PersonChanged(person_id=person.pk, before=before, after=after)
        record(changed, "person", person.pk, actor=actor, at=at)
    return Outcome(row.source_key, UPDATED if before else UNCHANGED, person.pk, problems)


@transaction.atomic
def import_posts(rows: Sequence[PostRow], *, actor: Actor, at: datetime) -> list[Outcome]:
    """Bring posts in; a post that is held already stays as it is. Posts missing from the source are not ended."""
    require_administrator(actor)
    people_ids = _ids(Person, (row.person_key for row in rows))
    department_ids = _ids(Department, (row.department_key for row in rows))
    held = {
        (post.person_id, post.department_id, post.title, str(post.kind)): post.pk
        for post in Post.objects.filter(person__in=people_ids.values(), ends_on__isnull=True)
    }
    return [
        _import_post(row, people_ids=people_ids, department_ids=department_ids, held=held, actor=actor, at=at)
        for row in rows
    ]


def upsert_post(row: PostRow, *, actor: Actor, at: datetime) -> str:
    """One row of `import_posts`."""
    return import_posts([row], actor=actor, at=at)[0].result


def _import_post(
    row: PostRow,
    *,
    people_ids: dict[str, int],
    department_ids: dict[str, int],
    held: dict[tuple[int, int, str, str], int],
    actor: Actor,
    at: datetime,
) -> Outcome:
    key = f"{row.person_key} @ {row.department_key}"
    person_id, department_id = people_ids.get(row.person_key), department_ids.get(row.department_key)
    if person_id is None:
        return Outcome(key, REJECTED, problems=("organisation.person_unknown",))
    if department_id is None:
        return Outcome(key, REJECTED, problems=("organisation.department_unknown",))
    if row.kind not in PostKind.values:
        return Outcome(key, REJECTED, problems=("organisation.value_unknown",))
    title = clean(row.title)[:TITLE_LIMIT]
    identity = (person_id, department_id, title, str(row.kind))
    if identity in held:
        return Outcome(key, UNCHANGED, held[identity])
    post = Post.objects.create(
        person_id=person_id,
        department_id=department_id,
        title=title,
        kind=row.kind,
        starts_on=row.starts_on or day_of(at),
    )
    held[identity] = post.pk
    record_appointment(post, actor=actor, at=at)
    return Outcome(key, CREATED, post.pk)


def _sound(keys: Iterable[str]) -> set[str]:
    """The keys a database can be asked for."""
    return {key for key in keys if is_key(key, limit=NAME_LIMIT)}


def _ids(model: type[Person] | type[Department], keys: Iterable[str]) -> dict[str, int]:
    rows = model._default_manager.filter(source_key__in=_sound(keys)).values_list("source_key", "pk")
    return {str(key): pk for key, pk in rows}


def _differences(row: Department | Person, wanted: dict[str, Any]) -> dict[str, Any]:
    """The present values of what would change."""
    return {name: getattr(row, name) for name, value in wanted.items() if getattr(row, name) != value}
