"""What is found of a matter: its names and numbers, who carries it, its milestones, and what its source said of it."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import Prefetch

from bihuan.collaborations.models import Collaboration, Criterion, Milestone, Party
from bihuan.commitments.searching import commitments_of
from bihuan.records.searching import records_of
from bihuan.search.registry import Document, register_source, register_unit

UNIT = "collaboration"
NOT_WORDS = {"source_key", "language", "digest"}


def register_searching() -> None:
    register_unit(UNIT, ids=_ids)
    register_source("matter", unit=UNIT, documents=matters)
    register_source("record", unit=UNIT, documents=lambda ids: records_of(UNIT, ids))
    register_source("commitment", unit=UNIT, documents=lambda ids: commitments_of(UNIT, ids))


def _ids(after: int, limit: int) -> list[int]:
    return list(Collaboration.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:limit])


def matters(ids: Sequence[int]) -> Iterable[Document]:
    """The matters themselves. Four queries."""
    rows = (
        Collaboration.objects.filter(pk__in=ids)
        .select_related("source", "lead", "initiator", "lead_department")
        .prefetch_related(
            Prefetch("parties", Party.objects.select_related("department", "contact").order_by("pk")),
            Prefetch("milestones", Milestone.objects.order_by("position", "pk")),
            Prefetch("criterions", Criterion.objects.order_by("position", "pk")),
        )
    )
    for matter in rows:
        yield Document(
            kind="matter", id=matter.pk, unit_id=matter.pk, scope_id=matter.scope_id,
            number=matter.number or matter.source_number,
            title=" ".join(filter(None, (matter.title, matter.short_name))),
            text="\n".join(dict.fromkeys(filter(None, _words(matter)))),
        )  # fmt: skip


def _words(matter: Collaboration) -> Iterator[str]:
    source = getattr(matter, "source", None)
    if source is not None:
        yield from _said({key: value for key, value in source.content.items() if key not in NOT_WORDS})
    for milestone in matter.milestones.all():
        yield milestone.name
    for criterion in matter.criterions.all():
        yield criterion.text
    yield " ".join(each.name for each in (matter.lead_department, matter.lead, matter.initiator) if each is not None)
    for party in matter.parties.all():
        yield " ".join(each.name for each in (party.department, party.contact) if each is not None)


def _said(value: Any) -> Iterator[str]:
    """Every text in a nested value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _said(each)
    elif isinstance(value, list):
        for each in value:
            yield from _said(each)
