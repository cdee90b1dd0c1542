"""What the database holds after an import, told without ids and instants, so that two imports can be compared."""

from collections import Counter
from typing import Any

from bihuan.collaborations.models import Collaboration
from bihuan.ledger.models import Entry
from bihuan.ledger.verification import verify
from bihuan.organisation.models import Department, Person, Post
from bihuan.outbox.models import Delivery


def picture() -> dict[str, Any]:
    return {
        "departments": sorted(Department.objects.values_list("source_key", "name", "parent__source_key", "is_active")),
        "people": sorted(Person.objects.values_list("source_key", "name")),
        "posts": sorted(Post.objects.values_list("person__source_key", "department__source_key", "title", "kind")),
        "matters": sorted(matter_of(each) for each in Collaboration.objects.select_related("source")),
        "facts": Counter(Entry.objects.values_list("name", flat=True)),
        "deliveries": Delivery.objects.count(),
        "problems of the ledger": verify().problems,
    }


def matter_of(row: Collaboration) -> tuple[Any, ...]:
    return (
        row.source_key,
        row.title,
        row.lead_department.source_key if row.lead_department else "",
        sorted(party.department.source_key for party in row.parties.select_related("department")),
        [(line.name, str(line.due_on), line.due_raw) for line in row.milestones.all()],
        [(line.text, line.phase) for line in row.criterions.all()],
        row.source.digest,
        row.step_runs.count(),
    )
