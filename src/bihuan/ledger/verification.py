"""Reads the whole ledger once, in bounded memory, and names what is not as it was written."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.db import OperationalError, connection
from django.db.models import BigIntegerField, Exists, OuterRef, Subquery
from django.db.models.functions import Cast

from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger import keys
from bihuan.ledger.enums import Fault
from bihuan.ledger.facts import BodyErased
from bihuan.ledger.models import Chain, Entry, EntryBody, Seal, SealedHead
from bihuan.ledger.policy import genesis, hash_of, salted_digest
from bihuan.ledger.rotation import is_vouched_for, known_keys, trusted_keys
from bihuan.ledger.sealing import FIRST, root_over
from bihuan.ledger.witnessing import Given, first_broken

CHUNK = 1000
MOST_PROBLEMS = 100
SEALS, KEYS, WITNESS = "seals", "keys", "witness"
UNREADABLE = (TypeError, ValueError, AttributeError)  # SQLite keeps a value of any kind in any column


@dataclass(frozen=True, slots=True)
class Problem:
    """The first thing wrong with a chain: at which entry, and what."""

    chain: str
    seq: int
    what: Fault


@dataclass(slots=True)
class Report:
    """What was read and what was wrong with it; `problems` stops at a hundred."""

    entries: int = 0
    chains: int = 0
    seals: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def first(self) -> Problem | None:
        return self.problems[0] if self.problems else None

    @property
    def is_full(self) -> bool:
        return len(self.problems) >= MOST_PROBLEMS

    def note(self, chain: str, seq: int, what: Fault) -> None:
        """One problem per chain: what follows the first one follows from it."""
        if not self.is_full and all(problem.chain != chain for problem in self.problems):
            self.problems.append(Problem(chain, seq, what))


def verify(*, anchor: str | None = None, public_keys: Collection[str] = (), witnessed: Sequence[Given] = ()) -> Report:
    """Check every chain, every body and every seal.

    `anchor` is the hash of a seal kept outside the database; without one, the last that this data
    directory wrote down. `public_keys` are trusted beside the key of this data directory.
    `witnessed` is what a witness kept: the one thing nobody can make anew here.
    """
    try:
        return read_all(anchor, public_keys, witnessed)
    except OperationalError:
        if connection.vendor != "sqlite":
            raise
        with bytes_that_are_no_text():
            return read_all(anchor, public_keys, witnessed)


@contextmanager
def bytes_that_are_no_text() -> Iterator[None]:
    """Read them as some other text, which no hash fits, instead of breaking off."""
    raw: Any = connection.connection
    usual, raw.text_factory = raw.text_factory, lambda found: found.decode(errors="replace")
    try:
        yield
    finally:
        raw.text_factory = usual


def read_all(anchor: str | None, public_keys: Collection[str], witnessed: Sequence[Given]) -> Report:
    report = Report()
    verify_chains(report)
    verify_rests(report)
    trusted = trusted_keys({*public_keys, *filter(None, [keys.own_public_key()])})
    verify_keys(report, given=public_keys)
    verify_seals(report, trusted=trusted)
    verify_anchor(report, anchor or keys.last_anchor())
    verify_witnessed(report, witnessed, trusted=trusted)
    return report


def verify_chains(report: Report) -> None:
    """Walk all entries in order of chain and place, each with its body and the head of its chain."""
    rows = Entry.objects.select_related("chain", "body").order_by("chain_id", "seq").iterator(chunk_size=CHUNK)
    for _, entries in groupby(rows, key=lambda entry: entry.chain_id):
        report.chains += 1
        verify_chain(entries, report)
        if report.is_full:
            return


def verify_chain(entries: Iterator[Entry], report: Report) -> None:
    """Walk one chain to its end even after a problem, so that all its entries are counted."""
    seq, last, root, chain = 0, "", "", None
    for entry in entries:
        if chain is None:
            chain = entry.chain
            root = str(chain.root)
            last = genesis(root)
        seq += 1
        report.entries += 1
        if what := fault_of(entry, root=root, seq=seq, last=last):
            report.note(root, seq, what)
        last = entry.hash
    if chain is not None and (what := fault_of_head(chain, seq=seq, last=last)):
        report.note(root, seq if what is Fault.HEAD_CHANGED else min(seq, chain.length) + 1, what)


def fault_of(entry: Entry, *, root: str, seq: int, last: str) -> Fault | None:
    """What is wrong with an entry at the place where `seq` and the link to `last` are expected."""
    try:
        return fault_as_read(entry, root=root, seq=seq, last=last)
    except UNREADABLE:
        return Fault.ENTRY_CHANGED


def fault_as_read(entry: Entry, *, root: str, seq: int, last: str) -> Fault | None:
    if entry.seq != seq:
        return Fault.ENTRY_MISSING if entry.seq > seq else Fault.ENTRY_INSERTED
    if entry.hash != hash_of(entry.content(root)):
        return Fault.ENTRY_CHANGED
    if entry.previous_hash != last:
        return Fault.LINK_BROKEN
    return fault_of_body(entry)


def fault_of_body(entry: Entry) -> Fault | None:
    body = getattr(entry, "body", None)
    if body is None:
        return Fault.BODY_MISSING
    if body.erased_at is not None:
        return None if is_rightly_erased(entry, body) else Fault.BODY_MISSING
    if salted_digest(body.body, body.salt) != entry.body_digest or body.scope_id != entry.scope_id:
        return Fault.BODY_CHANGED
    return None


def is_rightly_erased(entry: Entry, body: EntryBody) -> bool:
    """Nothing is left of the body, and a fact in the same chain says who erased it and why."""
    told = Entry.objects.filter(
        chain_id=entry.chain_id, name=BodyErased.name, subject_kind="ledger_entry", subject_id=entry.pk
    )
    return not body.body and not body.salt and told.exists()


def fault_of_head(chain: Chain, *, seq: int, last: str) -> Fault | None:
    if not isinstance(chain.length, int):
        return Fault.HEAD_CHANGED
    if chain.length > seq:
        return Fault.TAIL_CUT
    if chain.length < seq:
        return Fault.TAIL_ADDED
    return None if chain.head_hash == last else Fault.HEAD_CHANGED


def verify_rests(report: Report) -> None:
    """Chains that lost all their entries, entries that lost their chain, bodies that belong to no entry."""
    bare = Chain.objects.filter(~Exists(Entry.objects.filter(chain=OuterRef("pk"))), length__gt=0)
    for chain in bare.order_by("pk")[:MOST_PROBLEMS]:
        report.note(str(chain.root), 1, Fault.TAIL_CUT)
    orphans = Entry.objects.filter(~Exists(Chain.objects.filter(pk=OuterRef("chain_id"))))
    for chain_id, seq in orphans.order_by("chain_id", "seq").values_list("chain_id", "seq")[:MOST_PROBLEMS]:
        report.note(f"chain #{chain_id}", seq, Fault.CHAIN_DROPPED)
    loose = EntryBody.objects.filter(~Exists(Entry.objects.filter(pk=OuterRef("pk"))))
    for entry_id in loose.order_by("pk").values_list("pk", flat=True)[:MOST_PROBLEMS]:
        report.note(f"entry #{entry_id}", 0, Fault.ENTRY_MISSING)


def verify_keys(report: Report, *, given: Collection[str]) -> None:
    """Every key follows the one before by the signatures of both, unless the reader trusts both of them himself."""
    last = ""
    for place, key in enumerate(known_keys(), start=1):
        follows = key.previous == last and is_vouched_for(key)
        if not follows and not {key.public_key, last} <= {*given, ""}:
            report.note(KEYS, place, Fault.KEY_UNVOUCHED)
        last = key.public_key


def verify_seals(report: Report, *, trusted: Collection[str]) -> None:
    """Check each seal by itself and its link, then what it says about the chains."""
    last = FIRST
    seals = Seal.objects.order_by("seq").prefetch_related("heads").iterator(chunk_size=20)
    for seq, seal in enumerate(seals, start=1):
        report.seals += 1
        if what := fault_of_seal(seal, seq=seq, last=last, trusted=trusted):
            report.note(SEALS, seq, what)
        last = seal.hash
    verify_sealed_heads(report)


def fault_of_seal(seal: Seal, *, seq: int, last: str, trusted: Collection[str]) -> Fault | None:
    if seal.seq != seq or seal.previous_hash != last:
        return Fault.SEAL_MISSING
    try:
        return fault_of_seal_as_read(seal, trusted=trusted)
    except UNREADABLE:
        return Fault.SEAL_CHANGED


def fault_of_seal_as_read(seal: Seal, *, trusted: Collection[str]) -> Fault | None:
    heads = list(seal.heads.all())
    if seal.hash != hash_of(seal.content()) or seal.leaves != len(heads) or seal.merkle_root != root_over(heads):
        return Fault.SEAL_CHANGED
    known = not trusted or seal.public_key in trusted
    if not known or not keys.is_signed(seal.hash, public_key=seal.public_key, signature=seal.signature):
        return Fault.SEAL_FORGED
    return None


def verify_sealed_heads(report: Report) -> None:
    """Each sealed head must still be the entry at that place of that chain."""
    chain = Chain.objects.filter(root_kind=OuterRef("root_kind"), root_id=OuterRef("root_id"))
    entry = Entry.objects.filter(
        chain__root_kind=OuterRef("root_kind"), chain__root_id=OuterRef("root_id"), seq=OuterRef("length")
    )
    heads = SealedHead.objects.annotate(
        chain_length=Subquery(chain.values(number=Cast("length", BigIntegerField()))[:1]),
        found=Subquery(entry.values("hash")[:1]),
    ).order_by("seal_id", "id")
    for head in heads.iterator(chunk_size=CHUNK):
        if head.found == head.head_hash:
            continue
        if head.chain_length is None:
            report.note(str(head.root), 1, Fault.CHAIN_DROPPED)
        elif head.found is None:
            report.note(str(head.root), head.chain_length + 1, Fault.TAIL_CUT)
        else:
            report.note(str(head.root), first_rewritten(head), Fault.REWRITTEN)
        if report.is_full:
            return


def first_rewritten(head: SealedHead) -> int:
    """The rewriting began after the newest older seal of the chain that still fits."""
    older = SealedHead.objects.filter(root_kind=head.root_kind, root_id=head.root_id, length__lt=head.length)
    for one in older.order_by("-length").iterator(chunk_size=CHUNK):
        place = Entry.objects.filter(
            chain__root_kind=one.root_kind, chain__root_id=one.root_id, seq=one.length, hash=one.head_hash
        )
        if place.exists():
            return one.length + 1
    return 1


def verify_anchor(report: Report, anchor: str | None) -> None:
    """A seal noted outside must still be there; otherwise seals were cut off or all was rewritten."""
    if anchor is not None and not Seal.objects.filter(hash=anchor).exists():
        report.note(SEALS, report.seals + 1, Fault.ANCHOR_UNKNOWN)


def verify_witnessed(report: Report, witnessed: Sequence[Given], *, trusted: Collection[str]) -> None:
    """The first seal that is not the one a witness was told of: something before it was told differently since."""
    seal = first_broken(witnessed, trusted)
    if seal is not None:
        report.note(WITNESS, seal, Fault.WITNESS_DIFFERS)


def root_named(text: str) -> SubjectRef:
    """`collaboration:12` as a subject. Raises ValueError."""
    kind, _, number = text.partition(":")
    return SubjectRef(kind, int(number))
