"""Recording facts."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db import connection, transaction
from django.db.models import Q

from bihuan.kernel.actor import Actor
from bihuan.kernel.canonical import canonical_json
from bihuan.kernel.errors import NotFound
from bihuan.kernel.facts import Fact
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger.errors import HeadMoved, NotInTransaction
from bihuan.ledger.facts import BodyErased
from bihuan.ledger.models import Chain, Entry, EntryBody
from bihuan.ledger.policy import EntryContent, genesis, hash_of, salted_digest
from bihuan.ledger.subscriptions import Recorded, dispatch


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

    Raises NotInTransaction outside one: a fact and the change it tells of are written together or not at all.
    """
    item = Item(fact, root, subject, scope_id)
    return append([item], {root: lock_chain(root)}, actor=actor, at=at)[0]


def record_many(items: Sequence[Item], *, actor: Actor, at: datetime) -> list[Entry]:
    """`record` for a chunk of facts: each in its place in the chain of its root, the handlers after all are written.

    The number of queries grows with the chains, not with the facts. Raises NotInTransaction.
    """
    return append(items, lock_chains(item.root for item in items), actor=actor, at=at)


def lock_chain(root: SubjectRef) -> Chain:
    """The chain of `root`, begun if need be, held until the transaction ends."""
    require_transaction(root)
    held = Chain.objects.select_for_update().filter(root_kind=root.kind, root_id=root.id)
    chain = held.first()
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
    return {chain.root: chain for chain in held}


def require_transaction(root: SubjectRef) -> None:
    if not connection.in_atomic_block:
        raise NotInTransaction(str(root))


def begin_chains(roots: Iterable[SubjectRef]) -> None:
    """Begin the chains that are not there yet."""
    chains = [Chain(root_kind=root.kind, root_id=root.id, head_hash=genesis(str(root))) for root in roots]
    Chain.objects.bulk_create(chains, ignore_conflicts=True)


def append(items: Sequence[Item], chains: Mapping[SubjectRef, Chain], *, actor: Actor, at: datetime) -> list[Entry]:
    """Write an entry for each item behind the heads of the chains held, then run the handlers. Raises HeadMoved."""
    seen = {root: (chain.length, chain.head_hash) for root, chain in chains.items()}
    bodies = [
        EntryBody(body=canonical_json(item.fact.body()), salt=secrets.token_hex(16), scope_id=item.scope_id)
        for item in items
    ]
    entries = [
        link(chains[item.root], item, salted_digest(body.body, body.salt), actor=actor, at=at)
        for item, body in zip(items, bodies, strict=True)
    ]
    for root, chain in chains.items():
        move_head(chain, *seen[root])
    Entry.objects.bulk_create(entries)
    for entry, body in zip(entries, bodies, strict=True):
        body.entry = entry
    EntryBody.objects.bulk_create(bodies)
    for entry, item in zip(entries, items, strict=True):
        about = item.subject or item.root
        dispatch(item.fact, Recorded(entry.pk, actor, item.root, about, item.scope_id, at))
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


def move_head(chain: Chain, length: int, head_hash: str) -> None:
    """Move the head from exactly where it was seen to where the chain ends now. Raises HeadMoved."""
    seen = Chain.objects.filter(pk=chain.pk, length=length, head_hash=head_hash)
    if not seen.update(length=chain.length, head_hash=chain.head_hash):
        raise HeadMoved(str(chain))


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
