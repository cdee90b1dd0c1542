"""Keeping the index. It says nothing the rooms do not say, so no fact is recorded of it, and it can be thrown away."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from bihuan.access import operations as access
from bihuan.access.enums import Level, Role
from bihuan.kernel import principals
from bihuan.kernel.canonical import digest
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger.models import Chain
from bihuan.ledger.models import Entry as LedgerEntry
from bihuan.outbox import operations as outbox
from bihuan.search import registry
from bihuan.search.matching import write_grams
from bihuan.search.models import Entry, Followed
from bihuan.search.policy import SPELLINGS, chunks
from bihuan.search.queries import grown

TOPIC = "search"
ROOTS, FACTS, UNITS = 50, 200, 200
DIRECTORY = SubjectRef("directory", 1)


@transaction.atomic
def open_directory(*, at: datetime) -> int:
    """The scope of people and departments: whoever is signed in finds them. The same one when asked again."""
    scope = access.open_scope(DIRECTORY, at=at)
    access.admit(scope.pk, principals.EVERYONE, role=Role.READER, level=Level.READ, via="directory", at=scope.opened_at)
    return scope.pk


@transaction.atomic
def index_units(kind: str, ids: Sequence[int], *, at: datetime) -> int:
    """Bring the entries of some units up to date; what did not change is not written. Returns how many were written."""
    open_directory(at=at)
    wanted = {(row.kind, row.subject_id, row.part): row for row in _entries_of(kind, ids)}
    there = {
        (row.kind, row.subject_id, row.part): row
        for row in Entry.objects.filter(unit_kind=kind, unit_id__in=list(ids)).defer("text", "title", "number")
    }
    Entry.objects.filter(pk__in=[row.pk for key, row in there.items() if key not in wanted]).delete()
    changed = [_as_known(row, there.get(key)) for key, row in wanted.items() if _differs(row, there.get(key))]
    _write(changed)
    return len(changed)


def _differs(row: Entry, known: Entry | None) -> bool:
    return known is None or known.digest != row.digest


def _as_known(row: Entry, known: Entry | None) -> Entry:
    row.pk = known.pk if known else None
    return row


def _write(rows: Sequence[Entry]) -> None:
    known = [row for row in rows if row.pk is not None]
    Entry.objects.bulk_create([row for row in rows if row.pk is None])
    Entry.objects.bulk_update(known, ["scope", "number", "title", "text", "digest"])
    write_grams(rows)


def _entries_of(kind: str, ids: Sequence[int]) -> Iterable[Entry]:
    for document in registry.documents_of(kind, ids):
        text = f"{document.text}{SPELLINGS}{document.spellings}".replace("\x00", "").rstrip(SPELLINGS)
        for part, chunk in enumerate(chunks(text)):
            said = [document.scope_id, document.number, document.title, chunk]
            yield Entry(
                kind=document.kind, subject_id=document.id, part=part, unit_kind=kind, unit_id=document.unit_id,
                scope_id=document.scope_id, number=document.number[:80], title=document.title, text=chunk,
                digest=digest(said),
            )  # fmt: skip


@transaction.atomic
def follow(roots: Sequence[SubjectRef], *, at: datetime) -> int:
    """Read what was recorded about these roots since the index last looked, and index what it was about.

    The ledger numbers the facts of a chain without gaps, under its lock: a fact seen late is not possible, one seen
    twice changes nothing. Returns how many facts were read, at most FACTS of each chain.
    """
    held = _hold(roots)
    chains = {chain.root: chain for chain in Chain.objects.filter(_named(roots))}
    units: set[SubjectRef] = set()
    read = 0
    for root, followed in held.items():
        facts = _facts(chains.get(root), followed)
        if not facts:
            continue
        subjects = {SubjectRef(subject_kind, subject_id) for _seq, subject_kind, subject_id in facts}
        units |= {root} if registry.is_unit(root.kind) else subjects
        Followed.objects.filter(pk=followed.pk).update(length=facts[-1][0])
        read += len(facts)
    for kind in sorted({unit.kind for unit in units if registry.is_unit(unit.kind)}):
        index_units(kind, sorted(unit.id for unit in units if unit.kind == kind), at=at)
    return read


def _named(roots: Iterable[SubjectRef]) -> Q:
    by_kind: dict[str, list[int]] = {}
    for root in roots:
        by_kind.setdefault(root.kind, []).append(root.id)
    named = Q(pk__in=[])
    for kind, ids in by_kind.items():
        named |= Q(root_kind=kind, root_id__in=ids)
    return named


def _hold(roots: Sequence[SubjectRef]) -> dict[SubjectRef, Followed]:
    """The marks of these roots, held until the end of the transaction, in sorted order."""
    Followed.objects.bulk_create(
        [Followed(root_kind=root.kind, root_id=root.id) for root in sorted(set(roots))], ignore_conflicts=True
    )
    rows = Followed.objects.select_for_update().filter(_named(roots)).order_by("root_kind", "root_id")
    return {SubjectRef(row.root_kind, row.root_id): row for row in rows}


def _facts(chain: Chain | None, followed: Followed) -> list[tuple[int, str, int]]:
    if chain is None or chain.length <= followed.length:
        return []
    unseen = LedgerEntry.objects.filter(chain=chain, seq__gt=followed.length).order_by("seq")
    return list(unseen.values_list("seq", "subject_kind", "subject_id")[:FACTS])


def follow_grown(*, at: datetime) -> int:
    """A bounded piece of what the index has not seen; more is owed at once. Run every minute by the worker.

    It finds what nobody told the index of: imports, the organisation, and whatever a lost delivery left behind.
    """
    roots = [chain.root for chain in grown().order_by("root_kind", "root_id")[:ROOTS]]
    if not roots:
        return 0
    read = follow(roots, at=at)
    if grown().exists():
        outbox.post(TOPIC, {}, at=at)
    return read


def follow_all(*, at: datetime) -> int:
    """Everything the index has not seen, piece by piece. Returns how many facts were read."""
    read = 0
    while roots := [chain.root for chain in grown().order_by("root_kind", "root_id")[:ROOTS]]:
        read += follow(roots, at=at)
    return read


def rebuild(*, at: datetime) -> int:
    """Make every entry anew from the rooms, piece by piece, whatever stood in the index. Returns how many there are."""
    with transaction.atomic():
        Entry.objects.all().delete()
        Followed.objects.all().delete()
        _mark_as_seen()
    for unit in registry.units():
        after = 0
        while ids := unit.ids(after, UNITS):
            index_units(unit.kind, ids, at=at)
            after = ids[-1]
    return Entry.objects.count()


def _mark_as_seen() -> None:
    """What is recorded from here on is followed as ever."""
    rows = Chain.objects.order_by("pk").values_list("root_kind", "root_id", "length").iterator(chunk_size=2000)
    batch: list[Followed] = []
    for kind, pk, length in rows:
        batch.append(Followed(root_kind=kind, root_id=pk, length=length))
        if len(batch) == 2000:
            Followed.objects.bulk_create(batch)
            batch = []
    Followed.objects.bulk_create(batch)
