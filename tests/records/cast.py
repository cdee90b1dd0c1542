"""Who fills in forms in these tests, and where."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from bihuan.access import operations as access
from bihuan.access.enums import Level, Role
from bihuan.kernel.actor import Actor
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger.models import Entry
from bihuan.organisation.models import Department, Person, Post
from bihuan.organisation.queries import actor_for
from bihuan.records import operations
from bihuan.records.models import Counter, Record, Version

AT = datetime(2026, 11, 17, 2, 0, tzinfo=UTC)
ROOT = SubjectRef("matter", 3)


@dataclass
class Cast:
    filler: Person
    colleague: Person
    stranger: Person
    market: Department
    scope_id: int

    def actor(self, part: str) -> Actor:
        return actor_for(getattr(self, part), AT)

    def start(self, **body):
        return operations.start_draft(
            "T01", root=ROOT, scope_id=self.scope_id, actor=self.actor("filler"), at=AT, body=body or None
        )

    def save(self, record, *, part="filler", seen=None, **body):
        return operations.save_draft(
            record, body=body, seen_revision=seen or record.revision, actor=self.actor(part), at=AT
        )

    def submit(self, record, *, part="filler", seen=None):
        return operations.submit(record, seen_revision=seen or record.revision, actor=self.actor(part), at=AT)


def make_department(name: str) -> Department:
    department = Department.objects.create(name=name, path="")
    department.path = f"/{department.pk}/"
    department.save(update_fields=["path"])
    return department


def make_person(name: str, department: Department) -> Person:
    person = Person.objects.create(username=name, name=name)
    Post.objects.create(person=person, department=department, starts_on=date(2026, 1, 1))
    return person


def make_cast() -> Cast:
    market, finance = make_department("市场部"), make_department("财务部")
    scope = access.open_scope(ROOT, at=AT)
    access.admit(scope.pk, f"d:{market.pk}", role=Role.STAFF, level=Level.READ, via="party", at=AT)
    return Cast(
        filler=make_person("周明", market),
        colleague=make_person("王敏", market),
        stranger=make_person("赵丽", finance),
        market=market,
        scope_id=scope.pk,
    )


def facts() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("name", flat=True))


def everything() -> list[object]:
    """All that records could have written, to show that a refusal wrote nothing."""
    return [
        list(Record.objects.order_by("pk").values()),
        list(Version.objects.order_by("pk").values()),
        list(Counter.objects.values()),
        facts(),
    ]
