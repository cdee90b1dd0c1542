"""Named groups of another system: kept as they are, met again by their key."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from bihuan.integrations.facts import GroupKept
from bihuan.integrations.models import KeptGroup
from bihuan.integrations.neutral.organisation import ReadGroup
from bihuan.kernel.actor import Actor
from bihuan.kernel.canonical import digest
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger import operations as ledger
from bihuan.ledger.operations import Item


def groups_as_kept(keys: Iterable[str]) -> dict[str, str]:
    """The words of each group that is known, by its key. One query."""
    return dict(KeptGroup.objects.filter(source_key__in=list(keys)).values_list("source_key", "raw"))


def group_keys() -> frozenset[str]:
    """The keys of all groups. One query."""
    return frozenset(KeptGroup.objects.values_list("source_key", flat=True))


def words_of_all() -> list[str]:
    """The words of all groups, in the order in which they came. One query."""
    return list(KeptGroup.objects.order_by("pk").values_list("raw", flat=True))


@transaction.atomic
def keep_groups(rows: Sequence[ReadGroup], *, actor: Actor, at: datetime) -> list[str]:
    """Bring at most a chunk of groups in; says of each `created`, `updated` or `unchanged`.

    Records one ``GroupKept`` for each that is created or changed.
    """
    known = groups_as_kept(row.key for row in rows)
    written = [KeptGroup(source_key=row.key, raw=row.raw, kept_at=at) for row in rows if known.get(row.key) != row.raw]
    KeptGroup.objects.bulk_create(
        written, update_conflicts=True, unique_fields=["source_key"], update_fields=["raw", "kept_at"]
    )
    keys = [row.source_key for row in written]
    ids = dict(KeptGroup.objects.filter(source_key__in=keys).values_list("source_key", "pk"))
    ledger.record_many([_told(ids[row.source_key], row.raw) for row in written], actor=actor, at=at)
    return [_became(known.get(row.key), row.raw) for row in rows]


def _told(pk: int, raw: str) -> Item:
    return Item(GroupKept(group_id=pk, digest=digest(raw)), SubjectRef("group", pk), None, None)


def _became(kept: str | None, raw: str) -> str:
    if kept is None:
        return "created"
    return "unchanged" if kept == raw else "updated"
