"""Four people and a scope: who writes, who signs, who signs elsewhere, who has nothing to do with it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from bihuan.access import operations as access
from bihuan.access.enums import Level, Role
from bihuan.approvals import operations
from bihuan.approvals.operations import SlotSpec
from bihuan.kernel.actor import Actor
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger.models import Entry, EntryBody
from bihuan.organisation.models import Department, Person, Post
from bihuan.organisation.queries import actor_for

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
SUBJECT = SubjectRef("record", 7)
ROOT = SubjectRef("matter", 3)
DIGEST = "a" * 64


@dataclass
class Cast:
    """People by part, and what they work on."""

    author: Person
    head: Person
    other_head: Person
    stranger: Person
    market: Department
    technology: Department
    scope_id: int

    def actor(self, part: str) -> Actor:
        return actor_for(getattr(self, part), AT)

    @property
    def head_key(self) -> str:
        return f"h:{self.market.pk}"

    @property
    def other_key(self) -> str:
        return f"h:{self.technology.pk}"


def make_department(name: str) -> Department:
    department = Department.objects.create(name=name, path="")
    department.path = f"/{department.pk}/"
    department.save(update_fields=["path"])
    return department


def make_person(name: str, department: Department, kind: str = "STAFF") -> Person:
    person = Person.objects.create(username=name, name=name)
    Post.objects.create(person=person, department=department, kind=kind, starts_on=date(2026, 1, 1))
    return person


def make_cast() -> Cast:
    product, market, technology, finance = (make_department(name) for name in ("产品部", "市场部", "技术部", "财务部"))
    scope = access.open_scope(ROOT, at=AT)
    for department in (product, market, technology):
        access.admit(scope.pk, f"d:{department.pk}", role=Role.STAFF, level=Level.READ, via="party", at=AT)
    return Cast(
        author=make_person("周明", product),
        head=make_person("王敏", market, "HEAD"),
        other_head=make_person("李强", technology, "HEAD"),
        stranger=make_person("赵丽", finance),
        market=market,
        technology=technology,
        scope_id=scope.pk,
    )


def open_for(cast: Cast, *slots: SlotSpec, **changes):
    arguments = {
        "subject": SUBJECT, "root": ROOT, "scope_id": cast.scope_id, "digest": DIGEST, "author_id": cast.author.pk,
        "slots": slots, "actor": cast.actor("author"), "at": AT, **changes,
    }  # fmt: skip
    return operations.open_signoff("OPINIONS", **arguments)


def facts_named(name: str) -> list[dict]:
    import json

    entries = Entry.objects.filter(name=name).order_by("pk").values_list("pk", flat=True)
    return [json.loads(EntryBody.objects.get(pk=pk).body) for pk in entries]
