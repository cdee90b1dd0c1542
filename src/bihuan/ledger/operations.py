"""Recording facts."""

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial, reduce
from operator import or_
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from bihuan.kernel.actor import Actor
from bihuan.kernel.canonical import canonical_json
from bihuan.kernel.errors import NotFound
from bihuan.kernel.facts import Fact
from bihuan.kernel.rows import update_each
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger.errors import FactUndone, HeadMoved, NotInTransaction
from bihuan.ledger.facts import BodyErased
from bihuan.ledger.models import Chain, Entry, EntryBody
from bihuan.ledger.policy import EntryContent, genesis, hash_of, salted_digest
from bihuan.ledger.subscriptions import Recorded, Waiting, dispatch, note_acting, run_waiting

MOVE_HEAD = (
    f'UPDATE "{Chain._meta.db_table}" SET "length" = %s, "head_hash" = %s '  # noqa: S608  our own name
    'WHERE "id" = %s AND "length" = %s AND "head_hash" = %s'
)


@dataclass(frozen=True, slots=True)
class Item:
    """One fact among many. Without a subject it is about the root itself."""

    fact: Fact
    root: SubjectRef
    subject: SubjectRef | None
    scope_id: int | None


def record(
    fact: Fact, *, actor: Actor, root: SubjectRef, subject: SubjectRef | None = None, scope_id: int | None, at: datetime
) -> Entry:
    """Append the fact to the chain of `root` and run its handlers, inside the caller's transaction.

    What handlers record in answer stands behind it in the chain; all of it is written when the last handler has run.
    Raises NotInTransaction outside a transaction: a fact and the change it tells of are written together or not at all.
    """
    item = Item(fact, root, subject, scope_id)
    return append([item], {root: lock_chain(root)}, actor=actor, at=at)[0]


def record_many(items: Sequence[Item], *, actor: Actor, at: datetime) -> list[Entry]:
    """`record` for a chunk of facts: each in its place in the chain of its root, then the handlers.

    The number of queries grows with the chains, not with the facts. Raises NotInTransaction.
    """
    return append(items, lock_chains(item.root for item in items), actor=actor, at=at)


def lock_chain(root: SubjectRef) -> Chain:
    """The chain of `root`, begun if need be, held until the transaction ends."""
    require_transaction(root)
    writing = _WRITING.get()
    if writing is not None and root in writing.chains:
        return writing.chains[root]
    held = Chain.objects.select_for_update().filter(root_kind=root.kind, root_id=root.id)
    chain = held.order_by().first()
    if chain is None:
        begin_chains([root])
        chain = held.get()
    return chain


def lock_chains(roots: Iterable[SubjectRef]) -> dict[SubjectRef, Chain]:
    """Hold several chains. To be called first by an operation that records in more than one.

    Whoever locks several first begins them all in sorted order, then holds them in sorted order: nobody who waits
    for a chain holds one that somebody ahead of him waits for.
    """
    wanted = sorted(set(roots))
    if not wanted:
        return {}
    require_transaction(wanted[0])
    begin_chains(wanted)
    kinds = {root.kind for root in wanted}
    named = [Q(root_kind=kind, root_id__in=[root.id for root in wanted if root.kind == kind]) for kind in kinds]
    held = Chain.objects.select_for_update().filter(reduce(or_, named)).order_by("root_kind", "root_id")
    writing = _WRITING.get()
    known = writing.chains if writing is not None else {}
    return {chain.root: known.get(chain.root, chain) for chain in held}


def lock_free_chains(roots: Iterable[SubjectRef]) -> dict[SubjectRef, Chain]:
    """Of chains that are begun those that nobody else holds now; never waits. Raises NotInTransaction."""
    wanted = set(roots)
    if not wanted:
        return {}
    require_transaction(min(wanted))
    kinds = {root.kind for root in wanted}
    named = [Q(root_kind=kind, root_id__in=[root.id for root in wanted if root.kind == kind]) for kind in kinds]
    free = Chain.objects.select_for_update(skip_locked=True).filter(reduce(or_, named))
    return {chain.root: chain for chain in free}


def require_transaction(root: SubjectRef) -> None:
    if not connection.in_atomic_block:
        raise NotInTransaction(str(root))


def begin_chains(roots: Iterable[SubjectRef]) -> None:
    """Begin the chains that are not there yet."""
    chains = [Chain(root_kind=root.kind, root_id=root.id, head_hash=genesis(str(root))) for root in roots]
    Chain.objects.bulk_create(chains, ignore_conflicts=True)


@dataclass
class Writing:
    """What one call of `record` writes in the end: its own facts, and those that handlers record in answer."""

    chains: dict[SubjectRef, Chain] = field(default_factory=dict)
    seen: dict[SubjectRef, tuple[int, str]] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    bodies: list[EntryBody] = field(default_factory=list)
    proofs: list[partial[None]] = field(default_factory=list)
    waiting: Waiting = field(default_factory=dict)
    kept: dict[Any, Any] = field(default_factory=dict)

    def hold(self, chains: Mapping[SubjectRef, Chain]) -> None:
        for root, chain in chains.items():
            if root not in self.chains:
                self.chains[root], self.seen[root] = chain, (chain.length, chain.head_hash)

    def add(self, item: Item, *, actor: Actor, at: datetime) -> Entry:
        body = EntryBody(body=canonical_json(item.fact.body()), salt=secrets.token_hex(16), scope_id=item.scope_id)
        entry = link(self.chains[item.root], item, salted_digest(body.body, body.salt), actor=actor, at=at)
        self.entries.append(entry)
        self.bodies.append(body)
        return entry

    def prove(self) -> None:
        """Leave something in the transaction that goes with the savepoint the facts are recorded in."""
        proof = partial(_nothing)
        transaction.on_commit(proof)
        self.proofs.append(proof)

    def write(self) -> None:
        """Put every entry behind the head its chain was seen with. Raises HeadMoved, FactUndone."""
        standing = {id(hook[1]) for hook in connection.run_on_commit}
        if any(id(proof) not in standing for proof in self.proofs):
            raise FactUndone
        move_heads(self.chains, self.seen)
        Entry.objects.bulk_create(self.entries)
        for entry, body in zip(self.entries, self.bodies, strict=True):
            body.entry = entry
        EntryBody.objects.bulk_create(self.bodies)


_WRITING: ContextVar[Writing | None] = ContextVar("writing", default=None)


def _nothing() -> None:
    """Stands in the transaction; see `Writing.prove`."""


@contextmanager
def _writing() -> Iterator[Writing]:
    """What is being written; at the outermost call it is written in the end, after all that waited for all rooms."""
    outer = _WRITING.get()
    if outer is not None:
        outer.prove()
        yield outer
        return
    writing = Writing()
    token = _WRITING.set(writing)
    try:
        yield writing
        run_waiting(writing.waiting)
        writing.write()
    finally:
        _WRITING.reset(token)


def append(items: Sequence[Item], chains: Mapping[SubjectRef, Chain], *, actor: Actor, at: datetime) -> list[Entry]:
    """An entry for each item behind the heads of the chains held, and whatever their handlers make of it."""
    note_acting(actor)
    with _writing() as writing:
        writing.hold(chains)
        entries = [writing.add(item, actor=actor, at=at) for item in items]
        for item in items:
            context = Recorded(actor, item.root, item.subject or item.root, item.scope_id, at, writing.kept)
            dispatch(item.fact, context, writing.waiting)
    return entries


def link(chain: Chain, item: Item, body_digest: str, *, actor: Actor, at: datetime) -> Entry:
    """The entry that comes next in the chain; the chain as held here then ends with it. Writes nothing."""
    about = item.subject or item.root
    content = EntryContent(
        root=str(item.root),
        seq=chain.length + 1,
        name=item.fact.name,
        actor_kind=actor.kind.value,
        actor_id=actor.person_id,
        actor_name=actor.name,
        at=at,
        subject_kind=about.kind,
        subject_id=about.id,
        scope_id=item.scope_id,
        body_digest=body_digest,
        previous_hash=chain.head_hash,
    )
    columns = {name: getattr(content, name) for name in EntryContent.__slots__ if name != "root"}
    entry = Entry(chain=chain, hash=hash_of(content), **columns)
    chain.length, chain.head_hash = content.seq, entry.hash
    return entry


def move_heads(chains: Mapping[SubjectRef, Chain], seen: Mapping[SubjectRef, tuple[int, str]]) -> None:
    """Move each head from exactly where it was seen to where its chain ends now. Raises HeadMoved."""
    values = [(chain.length, chain.head_hash, chain.pk, *seen[root]) for root, chain in chains.items()]
    if not update_each(MOVE_HEAD, values):
        raise HeadMoved(", ".join(map(str, chains)))


@transaction.atomic
def erase_body(entry_id: int, *, reason: str, actor: Actor, at: datetime) -> Entry:
    """Erase what an entry says, where the law asks. The chain stays verifiable; fact BodyErased.

    Raises NotFound when there is no such entry or its body is erased already.
    """
    entry = Entry.objects.select_related("chain").filter(pk=entry_id).first()
    if entry is None:
        raise NotFound
    lock_chain(entry.chain.root)
    erased = EntryBody.objects.filter(pk=entry.pk, erased_at=None).update(body="", salt="", erased_at=at)
    if not erased:
        raise NotFound
    return record(
        BodyErased(seq=entry.seq, reason=reason),
        actor=actor,
        root=entry.chain.root,
        subject=SubjectRef("ledger_entry", entry.pk),
        scope_id=entry.scope_id,
        at=at,
    )
