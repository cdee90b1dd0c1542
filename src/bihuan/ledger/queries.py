"""Reading what happened."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet

from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger.models import Chain, Entry, Seal, SealedHead
from bihuan.ledger.policy import leaf, merkle_proof


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One fact as it is shown. `body` is None when it was erased."""

    entry_id: int
    seq: int
    name: str
    actor_kind: str
    actor_id: int | None
    actor_name: str
    at: datetime
    subject: SubjectRef
    scope_id: int | None
    body: dict[str, Any] | None


def timeline(
    root: SubjectRef, *, scope_ids: Collection[int] | QuerySet[Any, Any], limit: int = 50, before: int | None = None,
    names: Collection[str] = (),
) -> list[TimelineEntry]:  # fmt: skip
    """The facts of one root within the given scopes, newest first, only those of `names` where any are given; `before`
    is the `seq` to go on from.

    One query. `scope_ids` may be a query set of ids. Facts without a scope are not shown.
    """
    place = Q(chain__root_kind=root.kind, chain__root_id=root.id, scope_id__in=scope_ids)
    if before is not None:
        place &= Q(seq__lt=before)
    if names:
        place &= Q(name__in=names)
    rows = Entry.objects.filter(place).select_related("body").order_by("-seq")[:limit]
    return [shown(row) for row in rows]


def scopes_named(root: SubjectRef, names: Collection[str]) -> QuerySet[Any, Any]:
    """The scopes in which facts of these names were recorded in the chain of a root, as a query set of ids."""
    rows = Entry.objects.filter(chain__root_kind=root.kind, chain__root_id=root.id, name__in=names)
    return rows.filter(scope_id__isnull=False).values("scope_id")


def newest_of(kind: str, ids: Collection[int]) -> dict[int, tuple[int, datetime]]:
    """Of each root of a kind how far its chain has grown, and when: its newest entry's place and instant. One query."""
    rows = Entry.objects.filter(chain__root_kind=kind, chain__root_id__in=ids, seq=F("chain__length"))
    return {pk: (seq, at) for pk, seq, at in rows.values_list("chain__root_id", "seq", "at")}


@dataclass(frozen=True, slots=True)
class About:
    """Facts about these subjects; only those of some names, when names are given."""

    kind: str
    ids: Collection[int] | QuerySet[Any, Any]
    names: Collection[str] = ()

    @property
    def condition(self) -> Q:
        found = Q(subject_kind=self.kind, subject_id__in=self.ids)
        return found & Q(name__in=self.names) if self.names else found


def open_timeline(
    root: SubjectRef,
    *,
    limit: int = 50,
    before: int | None = None,
    names: Collection[str] = (),
    about: Collection[About] = (),
) -> list[TimelineEntry]:
    """The facts of one root that have no scope, newest first: for what is open to everybody, as a calendar is.

    One query. Only those of `names`, and only those `about` some subjects, where these are given; `before` is the `seq`
    to go on from.
    """
    wanted = Q(chain__root_kind=root.kind, chain__root_id=root.id, scope_id__isnull=True)
    if before is not None:
        wanted &= Q(seq__lt=before)
    if names:
        wanted &= Q(name__in=names)
    if about:
        wanted &= reduce(or_, (each.condition for each in about))
    rows = Entry.objects.filter(wanted).select_related("body").order_by("-seq")[:limit]
    return [shown(row) for row in rows]


def shown(row: Entry) -> TimelineEntry:
    return TimelineEntry(
        entry_id=row.pk,
        seq=row.seq,
        name=row.name,
        actor_kind=row.actor_kind,
        actor_id=row.actor_id,
        actor_name=row.actor_name,
        at=row.at,
        subject=SubjectRef(row.subject_kind, row.subject_id),
        scope_id=row.scope_id,
        body=None if row.body.erased_at else json.loads(row.body.body),
    )


@dataclass(frozen=True, slots=True)
class SealCard:
    seq: int
    at: datetime
    leaves: int
    merkle_root: str
    hash: str
    public_key: str
    signature: str


def last_seal() -> SealCard | None:
    row = Seal.objects.order_by("-seq").first()
    return None if row is None else seal_card(row)


def unsealed_since() -> datetime | None:
    """When the oldest entry that no seal covers yet was recorded; None when all are covered."""
    grown = Chain.objects.filter(length__gt=F("sealed_length"))
    first = Entry.objects.filter(chain__in=grown, seq=F("chain__sealed_length") + 1)
    found: datetime | None = first.aggregate(oldest=Min("at"))["oldest"]
    return found


def seal_card(row: Seal) -> SealCard:
    return SealCard(row.seq, row.at, row.leaves, row.merkle_root, row.hash, row.public_key, row.signature)


@dataclass(frozen=True, slots=True)
class KeyCard:
    """A key of the seals, valid from `at` until `until`. `is_vouched_for`: the one before signed that it follows."""

    public_key: str
    fingerprint: str
    at: datetime
    until: datetime | None
    is_vouched_for: bool


def exported(root: SubjectRef | None = None) -> Iterator[dict[str, Any]]:
    """Every entry with its body, then (for the whole ledger) every seal with its leaves, as JSON values in order."""
    entries = Entry.objects.select_related("chain", "body").order_by("chain_id", "seq")
    if root is not None:
        entries = entries.filter(chain__root_kind=root.kind, chain__root_id=root.id)
    for entry in entries.iterator(chunk_size=2000):
        yield exported_entry(entry)
    if root is None:
        for seal in Seal.objects.order_by("seq").prefetch_related("heads").iterator(chunk_size=50):
            yield exported_seal(seal)


def exported_entry(row: Entry) -> dict[str, Any]:
    content = row.content(str(row.chain.root))
    return {
        "type": "entry",
        **content.spelt(),
        "hash": row.hash,
        "body": row.body.body,
        "salt": row.body.salt,
        "erased_at": row.body.erased_at.isoformat() if row.body.erased_at else None,
    }


def exported_seal(row: Seal) -> dict[str, Any]:
    heads = sorted(row.heads.all(), key=lambda head: head.root)
    return {
        "type": "seal",
        **spelt_seal(row),
        "heads": [[str(head.root), head.length, head.head_hash] for head in heads],
    }


@dataclass(frozen=True, slots=True)
class Proof:
    """A head of one chain under a seal: the neighbours of its leaf on the way up to the root that was signed."""

    seal: dict[str, Any]
    length: int
    head_hash: str
    neighbours: list[tuple[str, str]]


def sealed_length(root: SubjectRef) -> int:
    """How many entries of a chain stand under a seal."""
    found = Chain.objects.filter(root_kind=root.kind, root_id=root.id).values_list("sealed_length", flat=True).first()
    return found or 0


def proofs_of(root: SubjectRef) -> Iterator[Proof]:
    """Every seal over the chain, oldest first, with the proof that the head of the chain is a leaf of it."""
    mine = SealedHead.objects.filter(seal=OuterRef("pk"), root_kind=root.kind, root_id=root.id)
    seals = Seal.objects.filter(Exists(mine)).order_by("seq").prefetch_related("heads")
    return (_proof(seal, root) for seal in seals.iterator(chunk_size=20))


def first_proof(root: SubjectRef, seq: int) -> Proof | None:
    """The first seal under which an entry of the chain stands; None while it is not sealed. At most two queries."""
    covering = SealedHead.objects.filter(root_kind=root.kind, root_id=root.id, length__gte=seq)
    seal = Seal.objects.filter(pk__in=covering.order_by("length").values("seal")[:1]).prefetch_related("heads").first()
    return None if seal is None else _proof(seal, root)


def _proof(seal: Seal, root: SubjectRef) -> Proof:
    heads = sorted(seal.heads.all(), key=lambda head: head.root)
    place = next(number for number, head in enumerate(heads) if head.root == root)
    leaves = [leaf(str(head.root), head.length, head.head_hash) for head in heads]
    return Proof(spelt_seal(seal), heads[place].length, heads[place].head_hash, merkle_proof(leaves, place))


def seals_between(after: int, through: int) -> list[dict[str, Any]]:
    """The seals behind one up to another, as JSON values without their leaves."""
    return [spelt_seal(row) for row in Seal.objects.filter(seq__gt=after, seq__lte=through).order_by("seq")]


def spelt_seal(row: Seal) -> dict[str, Any]:
    """A seal as JSON values, without its leaves."""
    return {**row.content().spelt(), "hash": row.hash, "signature": row.signature}
