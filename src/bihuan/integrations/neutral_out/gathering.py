"""Everything a person may see, in the shape that `integrations.neutral` reads.

What came in from elsewhere and nobody adopted goes out as the very line it came in with. Of what was begun or adopted
here the shape takes the part it knows; the rest (forms, signatures, history) stays with the archive and the ledger.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, Prefetch, QuerySet
from django.utils import timezone

from bihuan.collaborations.models import Collaboration, ImportedAnnex, StepRun
from bihuan.collaborations.queries import visible_to
from bihuan.integrations.neutral.fields import raw_text
from bihuan.integrations.neutral.groups import words_of_all
from bihuan.kernel.actor import Actor
from bihuan.organisation.enums import PostKind
from bihuan.organisation.models import Department, Person, Post
from bihuan.organisation.queries import day_of
from bihuan.organisation.rules import may_see_contact_details
from bihuan.records.models import Record, Version

Body = dict[str, Any]
BATCH = 200
ORGANISATION = "organisation:"
MATTERS, PROGRAMMES, ACTIONS = "collaborations.jsonl", "programmes.jsonl", "action_items.jsonl"
ANNEXES = {"CHANGE": "changes.jsonl", "EXCEPTION": "exceptions.jsonl", "REPORT": "acceptance_reports.jsonl"}
FILES = (MATTERS, PROGRAMMES, ACTIONS, *ANNEXES.values())
HERE = "bihuan"
ORDER = (PostKind.HEAD, PostKind.CONTACT, PostKind.STAFF)
OFFICES: dict[str, str] = {PostKind.HEAD: "head", PostKind.CONTACT: "contact"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of one file."""

    file: str
    text: str

    @property
    def body(self) -> Body:
        body: Body = json.loads(self.text)
        return body


def key_of(kind: str, row: Any) -> str:
    """The key of the source; for what was made here one that the next export gives again."""
    return str(row.source_key or f"{HERE}/{kind}/{row.pk}")


def organisation_text(actor: Actor, *, at: datetime) -> str:
    """org.json."""
    return raw_text(organisation(actor, at=at))


def organisation(actor: Actor, *, at: datetime) -> Body:
    """Departments, those closed as archived; who is in the company, with all posts, over or to come; named groups.

    Who has left the company stays here, with his posts. Everybody who is signed in sees this much of the
    organisation. E-mail goes along where the actor may see it,
    telephones stay here.
    """
    rows = Department.objects.select_related("parent", "site").order_by("pk")
    departments = sorted(rows, key=lambda each: len(each.lineage))
    posts, today = _posts(), day_of(at)
    offices: dict[str, dict[int, list[str]]] = {PostKind.HEAD: {}, PostKind.CONTACT: {}, PostKind.STAFF: {}}
    for post in posts:
        if _lasts(post, today):
            offices[post.kind].setdefault(post.department_id, []).append(key_of("person", post.person))
    return {
        "organisations": [
            {"id": _organisation_key(each), "name": each.name} for each in departments if _is_organisation(each)
        ],
        "departments": [_department(each, offices) for each in departments if not _is_organisation(each)],
        "people": _people(posts, actor, today),
        "groups": [json.loads(raw) for raw in words_of_all()],
    }


def _posts() -> list[Post]:
    """Of everybody who is here, heads first, then contact persons, in an order that another house has too; not those
    that were ended on their first day, which nobody ever held."""
    rows = Post.objects.filter(person__is_active=True).exclude(ends_on=F("starts_on"))
    return sorted(rows.select_related("person", "department"), key=_place)


def _place(post: Post) -> tuple[object, ...]:
    at = (len(post.department.lineage), post.department_id)
    days = (post.starts_on, post.ends_on or date.max)
    return ORDER.index(PostKind(post.kind)), *days, post.person_id, *at, post.title, not post.is_main


def _is_organisation(department: Department) -> bool:
    return str(department.source_key or "").startswith(ORGANISATION)


def _organisation_key(department: Department) -> str:
    return str(department.source_key).removeprefix(ORGANISATION)


def _department(department: Department, offices: dict[str, dict[int, list[str]]]) -> Body:
    above = department.parent
    is_topmost = above is not None and _is_organisation(above)
    return {
        "id": key_of("department", department),
        "org": _organisation_key(above) if above is not None and is_topmost else None,
        "name": department.name,
        "kind": department.kind or None,
        "parent": key_of("department", above) if above is not None and not is_topmost else None,
        "status": "active" if department.is_active else "archived",
        "mission": department.description or None,
        "time_zones": [department.site.time_zone] if department.site else [],
        "heads": list(dict.fromkeys(offices[PostKind.HEAD].get(department.pk, ()))),
        "contacts": list(dict.fromkeys(offices[PostKind.CONTACT].get(department.pk, ()))),
    }


def _lasts(post: Post, today: date) -> bool:
    return post.ends_on is None or post.ends_on > today


def _people(posts: Iterable[Post], actor: Actor, today: date) -> list[Body]:
    roles: dict[int, list[Body]] = {}
    places: dict[int, set[int]] = {}
    for post in posts:
        role = {"department": key_of("department", post.department), "role": post.title or None}
        beside = {} if post.is_main else {"beside": True}
        days = {"starts_on": post.starts_on.isoformat()}
        if post.ends_on:
            days["ends_on"] = post.ends_on.isoformat()
        office = {"office": OFFICES[post.kind]} if post.kind in OFFICES else {}
        roles.setdefault(post.person_id, []).append(role | beside | days | office)
        if _lasts(post, today):
            places.setdefault(post.person_id, set()).add(post.department_id)
    people = Person.objects.filter(is_active=True).order_by("pk").only("name", "source_key", "email")
    return [_person(each, roles.get(each.pk, []), frozenset(places.get(each.pk, ())), actor) for each in people]


def _person(person: Person, roles: list[Body], places: frozenset[int], actor: Actor) -> Body:
    is_open = may_see_contact_details(actor, person.pk, places)
    email = person.email if is_open and person.email else None
    return {"id": key_of("person", person), "handle": person.name, "email": email, "roles": roles}


def count_of(actor: Actor, *, at: datetime) -> int:
    return visible_to(actor, at=at).count()


@dataclass(frozen=True, slots=True)
class Batch:
    """The lines of some matters. `last`: the key of the last one, 0 when there was none."""

    lines: list[Line]
    count: int
    last: int


def matters(actor: Actor, *, after: int = 0, at: datetime) -> Batch:
    """The next matters the actor reads, oldest first, with what stands beside them. A fixed number of queries.

    What is known in outline only has no line.
    """
    rows = visible_to(actor, at=at).filter(pk__gt=after).order_by("pk")
    found: list[Collaboration] = list(_with_all(rows)[:BATCH])
    goals, added = _goals([each.pk for each in found]), _added(found)
    readable = _readable_parents(actor, found, at)
    lines = [line for each in found for line in _lines(each, goals.get(each.pk, {}), added.get(each.pk, []), readable)]
    return Batch(lines, len(found), found[-1].pk if found else 0)


def _with_all(rows: QuerySet[Collaboration]) -> QuerySet[Collaboration]:
    above = ("lead", "initiator", "lead_department", "parent", "source", "playbook_version__playbook")
    return rows.select_related(*above).prefetch_related(
        "parties__department", "milestones", "criterions", "risks", "needs",
        Prefetch("step_runs", StepRun.objects.filter(left_at=None)),
        Prefetch("annexes", ImportedAnnex.objects.order_by("position")),
    )  # fmt: skip


def _goals(ids: list[int]) -> dict[int, Body]:
    """The newest request of each matter, for its goal and background."""
    rows = Version.objects.filter(
        record__root_kind="collaboration", record__root_id__in=ids, record__form_code="F01",
    ).order_by("pk")  # fmt: skip
    return {root: json.loads(body) for root, body in rows.values_list("record__root_id", "body")}


def _added(found: Iterable[Collaboration]) -> dict[int, list[Body]]:
    """What was answered, in the newest version of each form, to the fields its playbook added to it."""
    scopes = {each.pk: each.scope_id for each in found}
    rows = Record.objects.filter(
        root_kind="collaboration", root_id__in=scopes, current_version__isnull=False,
    ).exclude(extra_fields=[]).select_related("current_version").order_by("form_code", "pk")  # fmt: skip
    answers: dict[int, list[Body]] = {}
    for record in rows:
        if record.scope_id == scopes[record.root_id] and record.current_version is not None:
            said = json.loads(record.current_version.body)
            answers.setdefault(record.root_id, []).extend(
                {
                    "form": record.form_code, "record": record.number, "key": field["key"], "label": field["label"],
                    "value": _in_words(said.get(field["key"])),
                }
                for field in record.extra_fields
            )  # fmt: skip
    return answers


def _in_words(value: Any) -> str | None:
    """One answer as a text: whoever or whatever is named by its name, a yes and a no as JSON says them."""
    if isinstance(value, dict):
        return str(value["name"])
    if isinstance(value, bool):
        return str(value).lower()
    return None if value in {None, ""} else str(value)


def _readable_parents(actor: Actor, found: Iterable[Collaboration], at: datetime) -> frozenset[int]:
    ids = {each.parent_id for each in found if each.parent_id}
    return frozenset(visible_to(actor, at=at).filter(pk__in=ids).values_list("pk", flat=True))


def _lines(
    matter: Collaboration, request: Body, added: list[Body], readable: frozenset[int]
) -> Iterator[Line]:  # fmt: skip
    source = getattr(matter, "source", None)
    if source is not None and matter.playbook_version.playbook.key == "IMPORTED":
        yield Line(home_of(json.loads(source.raw)), source.raw)
    else:
        before = json.loads(source.raw) if source is not None else {}
        more = {"extra_fields": added} if added else {}
        yield Line(MATTERS, raw_text(before | _body(matter, request, readable) | more))
    for annex in matter.annexes.all():
        yield Line(ANNEXES[annex.kind], annex.raw)


def home_of(body: Body) -> str:
    """The file a line came from: an action item has a day on which it was raised, a programme a name, but no title."""
    if "raised" in body:
        return ACTIONS
    return PROGRAMMES if "name" in body and "title" not in body else MATTERS


def _body(matter: Any, request: Body, readable: frozenset[int]) -> Body:
    run = next(iter(matter.step_runs.all()), None)
    lead, parent = matter.lead_department, matter.parent if matter.parent_id in readable else None
    others = [each.department for each in matter.parties.all() if each.department_id != matter.lead_department_id]
    return {
        "id": key_of("matter", matter),
        "number": matter.number or matter.source_number or None,
        "title": matter.title,
        "kind": matter.playbook_version.playbook.key,
        "background": request.get("background") or None,
        "goals": [request["goal_text"]] if request.get("goal_text") else [],
        "lead_department": key_of("department", lead) if lead else None,
        "participating_departments": [key_of("department", each) for each in others],
        "requester": key_of("person", matter.initiator) if matter.initiator else None,
        "owners": [key_of("person", matter.lead)] if matter.lead else [],
        "created": timezone.localtime(matter.created_at).date().isoformat(),
        "status": run.step if run else matter.ending,
        "programme": key_of("matter", parent) if parent else None,
        "milestones": [_milestone(each) for each in matter.milestones.all()],
        "acceptance_criteria": [{"phase": each.phase or None, "text": each.text} for each in matter.criterions.all()],
        "risks": [each.title for each in matter.risks.all()],
        "resource_asks": [{"text": each.spec, "department": None} for each in matter.needs.all()],
    }


def _milestone(row: Any) -> Body:
    return {"name": row.name, "date": row.due_on.isoformat() if row.due_on else None, "raw": row.due_raw or None}
