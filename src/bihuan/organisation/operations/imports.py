"""Bringing an organisation in from outside, again and again: without a change nothing is written and no fact recorded.

Call with chunks of at most 200 rows; each chunk is one transaction, one fact per object that changed. Odd values are
never fatal: what cannot be kept is left out and named in the outcome.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, TypedDict

from django.db import transaction

from bihuan.kernel.actor import Actor
from bihuan.kernel.findings import Finding, Severity, error, warning
from bihuan.organisation.enums import PostKind
from bihuan.organisation.facts import DepartmentAdded, DepartmentChanged, PersonAdded, PersonChanged
from bihuan.organisation.models import Department, Person, Post, Site
from bihuan.organisation.operations import departments as tree
from bihuan.organisation.operations import people
from bihuan.organisation.operations.posts import TITLE_LIMIT, appointment, change_post, set_end
from bihuan.organisation.operations.recording import Told, record_many
from bihuan.organisation.policy import (
    NAME_LIMIT,
    USERNAME_LIMIT,
    clean,
    clean_lines,
    is_key,
    move_findings,
    spell_ended,
    spell_meant,
)
from bihuan.organisation.queries import day_of
from bihuan.organisation.queries.imported import heads_besides, posts_besides
from bihuan.organisation.queries.sources import departments_by_name, people_by_source_key
from bihuan.organisation.rules import require_administrator

PostIdentity = tuple[int, int, str, str]
Why = str | Finding


class Days(TypedDict):
    """What a source says of the days of a post, and the day on which it says so."""

    starts_on: date | None
    ends_on: date | None
    today: date


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
    time_zone: str = ""
    within: str = ""  # how the keys begin of what stands at the top, and is left only for something that is named
    heads: tuple[str, ...] = ()  # whom the source names as heads; their posts are rows of their own
    unsaid: frozenset[str] = frozenset()  # values the source says nothing of: of what is known they stay


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    source_key: str
    name: str
    name_en: str = ""
    email: str = ""
    unsaid: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class PostRow:
    person_key: str
    department_key: str
    title: str = ""
    kind: str = PostKind.STAFF
    starts_on: date | None = None
    ends_on: date | None = None
    is_main: bool | None = None
    any_title: bool = False  # the source names the office only: whoever holds or held it under a title is meant
    places: frozenset[str] = frozenset()  # all departments that the source lists for the person, where it lists him


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row; `problems` are codes of `sentences`, or findings with what they name."""

    key: str
    result: str
    pk: int | None = None
    problems: tuple[Why, ...] = field(default=())


@transaction.atomic
def import_departments(rows: Sequence[DepartmentRow], *, actor: Actor, at: datetime) -> list[Outcome]:
    """Bring departments in. A parent stands in an earlier row or in the database; an unknown one is left out.

    A department without a site gets the one of its time zone, which is made where there is none (``SiteAdded``). A site
    somebody chose stays, and whoever names nothing above it stays in the organisation where it is. So does a department
    that was closed here or went into another one, and that the source still has it open is told; what stands below it
    in the source stands below the other. Whoever holds the office of a head, and is none of those that the source
    names, keeps it, and that is told.
    """
    require_administrator(actor)
    sites = _Sites(actor, at)
    keys = {row.source_key for row in rows} | {row.parent_key for row in rows if row.parent_key}
    there = Department.objects.filter(source_key__in=_sound(keys)).select_related("merged_into")
    known = {str(row.source_key): row for row in there}
    tops = _tops({row.within for row in rows if row.within and not row.parent_key})
    told: list[Told] = []
    besides = heads_besides({row.source_key: row.heads for row in rows if row.heads}, at)
    outcomes = [
        _with_heads(_import_department(row, known, tops, sites, told), besides.get(row.source_key, [])) for row in rows
    ]
    record_many(told, actor=actor, at=at)
    return outcomes


def _with_heads(outcome: Outcome, besides: Sequence[str]) -> Outcome:
    if not besides or outcome.result == REJECTED:
        return outcome
    return replace(outcome, problems=(*outcome.problems, head_besides(besides)))


def head_besides(names: Sequence[str]) -> Finding:
    """What is told of those who head a department beside those whom a source names."""
    return warning("organisation.head_besides", "heads", names="、".join(names))


def upsert_department(row: DepartmentRow, *, actor: Actor, at: datetime) -> str:
    """One row of `import_departments`: "created", "updated", "unchanged" or "rejected"."""
    return import_departments([row], actor=actor, at=at)[0].result


class _Sites:
    """The sites by time zone. One query, and two for each that is made."""

    def __init__(self, actor: Actor, at: datetime) -> None:
        self.actor, self.at = actor, at
        self.zones = dict(Site.objects.values_list("pk", "time_zone"))

    def meant(self, row: DepartmentRow, own: Department | None) -> tuple[int | None, tuple[str, ...]]:
        """The site a department is to have, and what is odd about it."""
        if not row.time_zone:
            return (own.site_id if own else None), ()
        if own is not None and own.site_id:
            differs = self.zones[own.site_id] != row.time_zone
            return own.site_id, ("organisation.site_differs",) if differs else ()
        there = [pk for pk, zone in self.zones.items() if zone == row.time_zone]
        if len(there) > 1:
            return None, ("organisation.site_open",)
        return (there[0] if there else self.make(row.time_zone)), ()

    def make(self, zone: str) -> int:
        site = tree.add_site(name=zone, time_zone=zone, actor=self.actor, at=self.at)
        self.zones[site.pk] = zone
        return site.pk


def _tops(beginnings: set[str]) -> dict[int, Department]:
    """What stands at the top with a key that begins so. One query for each."""
    found: dict[int, Department] = {}
    for each in beginnings:
        found |= {row.pk: row for row in Department.objects.filter(source_key__startswith=each, parent=None)}
    return found


def _import_department(
    row: DepartmentRow, known: dict[str, Department], tops: dict[int, Department], sites: _Sites, told: list[Told]
) -> Outcome:
    if not is_key(row.source_key, limit=NAME_LIMIT) or not clean(row.name):
        return Outcome(row.source_key, REJECTED, problems=("organisation.name_missing",))
    wanted = department_values(row)
    department = known.get(row.source_key)
    if department is not None and department.ended_on and row.is_active:
        return Outcome(row.source_key, UNCHANGED, department.pk, (closed_here(department.ended_on),))
    parent = known.get(row.parent_key) if row.parent_key else None
    parent = parent and (parent.merged_into or parent)
    if parent is None and not row.parent_key and row.within and department is not None:
        parent = tops.get(department.lineage[0])
    wanted["site_id"], odd = sites.meant(row, department)
    problems = _parent_problems(row, department, parent)
    if not problems and (department is None or "parent" not in row.unsaid):
        wanted["parent_id"] = parent.pk if parent else None
    if department is not None:
        wanted = said_of(row, wanted)
    if department is None:
        department = known[row.source_key] = Department(source_key=row.source_key, **wanted)
        tree.insert_department(department)
        fact = DepartmentAdded(department_id=department.pk, values={"source_key": row.source_key, **wanted})
        told.append((fact, "department", department.pk))
        return Outcome(row.source_key, CREATED, department.pk, problems + odd)
    before = _differences(department, wanted)
    if before:
        after = {name: wanted[name] for name in before}
        tree.apply(department, after)
        tree.write_change(department, department.revision)
        _read_again(known, moved="parent_id" in after)
        changed = DepartmentChanged(department_id=department.pk, before=before, after=after)
        told.append((changed, "department", department.pk))
    return Outcome(row.source_key, UPDATED if before else UNCHANGED, department.pk, problems + odd)


def closed_here(ended_on: date) -> Finding:
    """What is told of a department that a source still lists as open."""
    return warning("organisation.department_closed_here", "status", day=ended_on.isoformat())


def said_of(row: DepartmentRow | PersonRow, wanted: dict[str, Any]) -> dict[str, Any]:
    """Of what is known only that changes of which the source says something; an English name it may only give."""
    kept = row.unsaid if row.name_en else row.unsaid | {"name_en"}
    return {name: value for name, value in wanted.items() if name not in kept}


def department_values(row: DepartmentRow) -> dict[str, Any]:
    """What a row says of its department, as it is kept; the parent is found by its key."""
    return {
        "name": clean(row.name)[:NAME_LIMIT],
        "name_en": clean(row.name_en)[:NAME_LIMIT],
        "kind": clean(row.kind)[:100],
        "description": clean_lines(row.description),
        "is_active": row.is_active,
    }


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
    held = [row for each in known.values() for row in (each, each.merged_into) if row is not None]
    paths = dict(Department.objects.filter(pk__in=[row.pk for row in held]).values_list("pk", "path"))
    for row in held:
        row.path = paths[row.pk]


@transaction.atomic
def import_people(rows: Sequence[PersonRow], *, actor: Actor, at: datetime) -> list[Outcome]:
    """Bring people in. They cannot sign in until an administrator sets a password."""
    require_administrator(actor)
    outcomes: list[Outcome] = []
    for run in _without_twins(rows):
        outcomes += _import_people(run, actor, at)
    return outcomes


def _without_twins(rows: Iterable[PersonRow]) -> Iterator[list[PersonRow]]:
    """The rows in their order, cut wherever a key comes again: the second must meet what the first wrote."""
    run: dict[str, PersonRow] = {}
    for row in rows:
        if row.source_key in run:
            yield list(run.values())
            run = {}
        run[row.source_key] = row
    yield list(run.values())


def upsert_person(row: PersonRow, *, actor: Actor, at: datetime) -> str:
    """One row of `import_people`."""
    return import_people([row], actor=actor, at=at)[0].result


def _import_people(rows: Sequence[PersonRow], actor: Actor, at: datetime) -> list[Outcome]:
    keys = _sound(row.source_key for row in rows)
    known = {str(person.source_key): person for person in Person.objects.filter(source_key__in=keys)}
    taken = set(Person.objects.filter(username__in=keys - known.keys()).values_list("username", flat=True))
    fresh = {
        row.source_key: people.prepare_person(
            Person(username=row.source_key, source_key=row.source_key, **person_values(row))
        )
        for row in rows
        if not _person_problem(row, taken) and row.source_key not in known
    }
    Person.objects.bulk_create(fresh.values())
    people.write_name_keys(fresh.values())
    told: list[Told] = []
    outcomes = [_person_outcome(row, known, fresh, taken, told) for row in rows]
    record_many(told, actor=actor, at=at)
    return outcomes


def _person_problem(row: PersonRow, taken: set[str]) -> str:
    """Why the row cannot come in; empty when it can."""
    if not is_key(row.source_key, limit=USERNAME_LIMIT) or not clean(row.name):
        return "organisation.name_missing"
    return "organisation.username_taken" if row.source_key in taken else ""


def person_values(row: PersonRow) -> dict[str, Any]:
    """What a row says of its person, as it is kept."""
    email = clean(row.email)
    return {
        "name": clean(row.name)[:NAME_LIMIT],
        "name_en": clean(row.name_en)[:NAME_LIMIT],
        "email": email if not email or people.is_email(email) else "",
    }


def _person_outcome(
    row: PersonRow, known: dict[str, Person], fresh: dict[str, Person], taken: set[str], told: list[Told]
) -> Outcome:
    """What became of a row; a known person is changed here, and what is to be recorded is added to `told`."""
    if problem := _person_problem(row, taken):
        return Outcome(row.source_key, REJECTED, problems=(problem,))
    wanted = person_values(row)
    problems = ("organisation.email_malformed",) if clean(row.email) and not wanted["email"] else ()
    if (person := fresh.get(row.source_key)) is not None:
        said = PersonAdded(person_id=person.pk, values={"username": row.source_key, **wanted})
        told.append((said, "person", person.pk))
        return Outcome(row.source_key, CREATED, person.pk, problems)
    person = known[row.source_key]
    wanted = said_of(row, wanted)
    before = _differences(person, wanted)
    if before:
        after = {name: wanted[name] for name in before}
        for name, value in after.items():
            setattr(person, name, value)
        people.write_person(person, after, person.revision)
        told.append((PersonChanged(person_id=person.pk, before=before, after=after), "person", person.pk))
    return Outcome(row.source_key, UPDATED if before else UNCHANGED, person.pk, problems)


@transaction.atomic
def import_posts(rows: Sequence[PostRow], *, actor: Actor, at: datetime) -> list[Outcome]:
    """Bring posts in. Of one that is known changes what the row says: whether it is the main one and its first day
    (``PostChanged``), the day from which it is no longer held (``PostEnded``).

    Posts missing from the source are not ended, and one that was ended here is not opened again by a source that still
    lists it: that is told. So is where else somebody who gets a new post works. Raises Refused when somebody would be
    taken from an office that something waits for.
    """
    require_administrator(actor)
    people_ids = people_by_source_key(_sound(row.person_key for row in rows))
    places = _places(row.department_key for row in rows)
    known: dict[PostIdentity, list[Post]] = {}
    for post in Post.objects.filter(person__in=people_ids.values()).order_by("starts_on", "pk"):
        known.setdefault(_identity(post), []).append(post)
    met: list[Post | Why] = []
    fresh: dict[int, Post] = {}
    for index, row in enumerate(rows):
        wanted = _wanted_post(row, people_ids, places, at)
        found = _met(row, wanted, known, places, at) if isinstance(wanted, Post) else wanted
        if found is wanted and isinstance(wanted, Post):
            known.setdefault(_identity(wanted), []).append(fresh.setdefault(index, wanted))
        met.append(found)
    besides = posts_besides({row.person_key: row.places for row in rows if row.places}, people_ids, at)
    Post.objects.bulk_create(fresh.values())
    record_many([(appointment(post), "post", post.pk) for post in fresh.values()], actor=actor, at=at)
    outcomes = [
        _post_outcome(row, post, is_new=index in fresh, actor=actor, at=at)
        for index, (row, post) in enumerate(zip(rows, met, strict=True))
    ]
    return [
        replace(outcome, problems=told_besides(row, besides)) if outcome.result == CREATED else outcome
        for row, outcome in zip(rows, outcomes, strict=True)
    ]


def told_besides(row: PostRow, besides: dict[str, list[str]]) -> tuple[Finding, ...]:
    """What is told, once, of somebody who gets a post and holds others of which the source says nothing."""
    names = besides.pop(row.person_key, None)
    return (warning("organisation.posts_besides", "department", names="、".join(names)),) if names else ()


def _met(
    row: PostRow, wanted: Post, known: dict[PostIdentity, list[Post]], places: "dict[str, _Place]", at: datetime
) -> Post | Finding:
    """The post of the row among those that are known, itself when it is new, or why it is neither."""
    spells, today = _spells(row, wanted, known), day_of(at)
    days: Days = {"starts_on": row.starts_on, "ends_on": row.ends_on, "today": today}
    if (spell := spell_meant(spells, **days)) is not None:
        return spell
    if (spell := spell_ended(spells, **days)) is not None:
        return ended_here(spell.ends_on)
    into, is_over = places[row.department_key].into, row.ends_on is not None and row.ends_on <= today
    return gone_into(into) if into and not is_over else wanted


def _spells(row: PostRow, wanted: Post, known: dict[PostIdentity, list[Post]]) -> list[Post]:
    if not row.any_title:
        return known.get(_identity(wanted), [])
    person, place, _title, kind = _identity(wanted)
    return [
        post for each, same in known.items() if (each[0], each[1], each[3]) == (person, place, kind) for post in same
    ]


def ended_here(ends_on: date | None) -> Finding:
    """What is told of a post that a source still lists."""
    return warning("organisation.post_ended_here", "ends_on", day=ends_on.isoformat() if ends_on else "")


def gone_into(into: str) -> Finding:
    """Why nobody comes into a department that went into another one."""
    return error("organisation.department_gone_into", "department", into=into)


def _changed_as_said(row: PostRow, post: Post, actor: Actor, at: datetime) -> bool:
    """Whether anything that the row says of a post differed."""
    said: dict[str, bool | date | None] = {"is_main": row.is_main, "starts_on": row.starts_on}
    values = {name: value for name, value in said.items() if value is not None and getattr(post, name) != value}
    if values:
        change_post(post, values, actor=actor, at=at)
    ends = row.ends_on is not None and row.ends_on != post.ends_on
    if row.ends_on is not None and ends:
        set_end(post, row.ends_on, actor=actor, at=at)
    return bool(values) or ends


def upsert_post(row: PostRow, *, actor: Actor, at: datetime) -> str:
    """One row of `import_posts`."""
    return import_posts([row], actor=actor, at=at)[0].result


def _wanted_post(row: PostRow, people_ids: dict[str, int], places: "dict[str, _Place]", at: datetime) -> Post | str:
    """The post a row speaks of, or why the row cannot come in."""
    person_id, place = people_ids.get(row.person_key), places.get(row.department_key)
    if person_id is None:
        return "organisation.person_unknown"
    if place is None:
        return "organisation.department_unknown"
    if row.kind not in PostKind.values:
        return "organisation.value_unknown"
    first = row.starts_on or min(day_of(at), row.ends_on or date.max)
    if row.ends_on is not None and row.ends_on < first:
        return "organisation.ends_before_start"
    return Post(
        person_id=person_id,
        department_id=place.id,
        title=clean(row.title)[:TITLE_LIMIT],
        kind=row.kind,
        starts_on=first,
        ends_on=row.ends_on,
        is_main=row.is_main is not False,
    )


def _identity(post: Post) -> PostIdentity:
    return post.person_id, post.department_id, post.title, str(post.kind)


def _post_outcome(row: PostRow, post: Post | Why, *, is_new: bool, actor: Actor, at: datetime) -> Outcome:
    """What became of a row; a known post is changed here."""
    key = f"{row.person_key} @ {row.department_key}"
    if not isinstance(post, Post):
        is_told = isinstance(post, Finding) and post.severity is Severity.WARNING
        return Outcome(key, UNCHANGED if is_told else REJECTED, problems=(post,))
    is_changed = not is_new and _changed_as_said(row, post, actor, at)
    return Outcome(key, CREATED if is_new else UPDATED if is_changed else UNCHANGED, post.pk)


def _sound(keys: Iterable[str]) -> set[str]:
    """The keys a database can be asked for."""
    return {key for key in keys if is_key(key, limit=NAME_LIMIT)}


@dataclass(frozen=True, slots=True)
class _Place:
    """A department, and the name of the one that it went into."""

    id: int
    into: str


def _places(keys: Iterable[str]) -> dict[str, _Place]:
    """By the key of their source, or the name of one made by hand."""
    wanted = _sound(keys)
    rows = Department.objects.filter(source_key__in=wanted).values_list("source_key", "pk", "merged_into__name")
    by_hand = {name: _Place(pk, "") for name, pk in departments_by_name(wanted).items()}
    return by_hand | {str(key): _Place(pk, into or "") for key, pk, into in rows}


def _differences(row: Department | Person, wanted: dict[str, Any]) -> dict[str, Any]:
    """The present values of what would change."""
    return {name: getattr(row, name) for name, value in wanted.items() if getattr(row, name) != value}
