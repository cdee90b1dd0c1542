"""Recording facts."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction

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


def record(
    fact: Fact, *, actor: Actor, root: SubjectRef, subject: SubjectRef | None = None, scope_id: int | None, at: datetime
) -> Entry:
    """Append the fact to the chain of `root` and run its handlers, inside the caller's transaction.

    Raises NotInTransaction outside one: a fact and the change it tells of are written together or not at all.
    """
    chain = lock_chain(root)
    body, salt = canonical_json(fact.body()), secrets.token_hex(16)
    about = subject or root
    content = EntryContent(
        root=str(root),
        seq=chain.length + 1,
        name=fact.name,
        actor_kind=actor.kind.value,
        actor_id=actor.person_id,
        actor_name=actor.name,
        at=at,
        subject_kind=about.kind,
        subject_id=about.id,
        scope_id=scope_id,
        body_digest=salted_digest(body, salt),
        previous_hash=chain.head_hash,
    )
    entry = append(chain, content)
    EntryBody.objects.bulk_create([EntryBody(entry=entry, body=body, salt=salt, scope_id=scope_id)])
    dispatch(fact, Recorded(entry.pk, actor, root, about, scope_id, at))
    return entry


def lock_chain(root: SubjectRef) -> Chain:
    """The chain of `root`, begun if need be, held until the transaction ends."""
    if not connection.in_atomic_block:
        raise NotInTransaction(str(root))
    held = Chain.objects.select_for_update().filter(root_kind=root.kind, root_id=root.id)
    chain = held.first()
    if chain is None:
        new = Chain(root_kind=root.kind, root_id=root.id, head_hash=genesis(str(root)))
        Chain.objects.bulk_create([new], ignore_conflicts=True)
        chain = held.get()
    return chain


def lock_chains(roots: Iterable[SubjectRef]) -> None:
    """Hold several chains in sorted order. To be called first by an operation that records in more than one."""
    for root in sorted(set(roots)):
        lock_chain(root)


def append(chain: Chain, content: EntryContent) -> Entry:
    """Write the entry and move the head from exactly where it was seen. Raises HeadMoved."""
    columns = {name: getattr(content, name) for name in EntryContent.__slots__ if name != "root"}
    entry = Entry(chain=chain, hash=hash_of(content), **columns)
    moved = Chain.objects.filter(pk=chain.pk, length=chain.length, head_hash=chain.head_hash).update(
        length=content.seq, head_hash=entry.hash
    )
    if not moved:
        raise HeadMoved(str(chain))
    entry.save(force_insert=True)
    return entry


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
