"""What a witness outside is given: a signed root over the heads of all chains, and the seal it was made after.

Whoever has the database and every key can recompute everything here. He cannot change what the witness has.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery

from bihuan.ledger import keys
from bihuan.ledger.models import Chain, Entry, Seal, SealedHead
from bihuan.ledger.policy import WitnessContent, hash_of, leaf, merkle_root
from bihuan.ledger.rotation import present_key

ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Given:
    """One statement as the witness kept it."""

    content: WitnessContent
    signature: str

    def spelt(self) -> dict[str, Any]:
        return {**self.content.spelt(), "signature": self.signature}

    def is_signed(self) -> bool:
        return keys.is_signed(hash_of(self.content), public_key=self.content.public_key, signature=self.signature)


def statement(*, at: datetime) -> Given | None:
    """The root over all sealed heads as of the newest seal, signed; None when nothing was sealed yet.

    Raises KeyIsNotOurs. None as well when seals come faster than the heads are read: the next round finds its moment.
    """
    for _ in range(ATTEMPTS):
        last = Seal.objects.order_by("-seq").first()
        if last is None:
            return None
        leaves = sorted(sealed_leaves())
        if Seal.objects.filter(seq=last.seq + 1).exists():
            continue
        key = present_key(at=at)
        root = merkle_root(text for _, text in leaves)
        content = WitnessContent(last.seq, last.hash, at, len(leaves), root, keys.public_half(key))
        return Given(content, keys.sign(hash_of(content), key))
    return None


def sealed_leaves() -> Iterator[tuple[tuple[str, int], str]]:
    """A leaf for each chain, at the length up to which it is sealed. One query."""
    head = Entry.objects.filter(chain=OuterRef("pk"), seq=OuterRef("sealed_length")).values("hash")
    chains = Chain.objects.filter(sealed_length__gt=0).annotate(sealed_hash=Subquery(head[:1]))
    rows = chains.values_list("root_kind", "root_id", "sealed_length", "sealed_hash")
    for kind, number, length, hashed in rows.iterator(chunk_size=2000):
        yield (kind, number), leaf(f"{kind}:{number}", length, hashed)


def root_as_of(seal: int) -> str:
    """The same root as it was after an older seal, from the heads that were sealed until then."""
    heads: dict[tuple[str, int], str] = {}
    rows = SealedHead.objects.filter(seal__seq__lte=seal).order_by("seal__seq")
    for kind, number, length, hashed in rows.values_list("root_kind", "root_id", "length", "head_hash").iterator(
        chunk_size=2000
    ):
        heads[kind, number] = leaf(f"{kind}:{number}", length, hashed)
    return merkle_root(heads[place] for place in sorted(heads))


def first_broken(given: Sequence[Given], trusted: Iterable[str]) -> int | None:
    """The seal of the first statement that does not fit what stands here; None when all of them do.

    The hash of a seal binds every seal before it, so the root over all heads is recomputed for the newest one only.
    """
    ordered, known = sorted(given, key=lambda each: each.content.seal), set(trusted)
    hashes = dict(Seal.objects.filter(seq__in=[each.content.seal for each in given]).values_list("seq", "hash"))
    for each in ordered:
        is_ours = not known or each.content.public_key in known
        if not is_ours or not each.is_signed() or hashes.get(each.content.seal) != each.content.seal_hash:
            return each.content.seal
    if ordered and root_as_of(ordered[-1].content.seal) != ordered[-1].content.merkle_root:
        return ordered[-1].content.seal
    return None


def read_given(text: str) -> list[Given]:
    """Every statement in what a witness kept: lines of JSON, also within a mail. Raises ValueError if there is none."""
    lines = [line.strip() for line in text.splitlines()]
    found = [given_in(json.loads(line)) for line in lines if line.startswith("{")]
    if not found:
        raise ValueError("no statement of a witness in it")
    return found


def given_in(said: Any) -> Given:
    """One statement of JSON values. Raises ValueError."""
    try:
        values = {name: said[name] for name in WitnessContent.__slots__}
        return Given(WitnessContent(**{**values, "at": datetime.fromisoformat(values["at"])}), str(said["signature"]))
    except (KeyError, TypeError) as error:
        raise ValueError(f"no statement: {error!r}") from error
