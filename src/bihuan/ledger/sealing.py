"""Seals: a signed Merkle root over the heads of all chains that grew. Cut tails and dropped chains do not fit it."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F

from bihuan.ledger import keys
from bihuan.ledger.models import Chain, Seal, SealedHead
from bihuan.ledger.policy import SealContent, genesis, hash_of, instant, leaf, merkle_root
from bihuan.ledger.rotation import present_key

LEAVES_PER_SEAL = 500
FIRST = genesis("seals")


def seal_all(*, at: datetime) -> list[Seal]:
    """Seal every chain that grew since it was last sealed; no seal when none did. Raises KeyIsNotOurs."""
    seals: list[Seal] = []
    while (made := seal(at=at)) is not None:
        seals.append(made)
    return seals


@transaction.atomic
def seal(*, at: datetime) -> Seal | None:
    """One seal over at most `LEAVES_PER_SEAL` grown chains, held in sorted order while their heads are read."""
    grown = Chain.objects.filter(length__gt=F("sealed_length")).order_by("root_kind", "root_id")
    chains = list(grown.select_for_update()[:LEAVES_PER_SEAL])
    if not chains:
        return None
    made = write_seal(chains, at=at)
    heads = [
        SealedHead(seal=made, root_kind=c.root_kind, root_id=c.root_id, length=c.length, head_hash=c.head_hash)
        for c in chains
    ]
    SealedHead.objects.bulk_create(heads)
    Chain.objects.filter(pk__in=[chain.pk for chain in chains]).update(sealed_length=F("length"))
    transaction.on_commit(lambda: keys.note_anchor(f"{made.seq} {instant(made.at)} {made.hash}"))
    return made


def root_over(heads: Iterable[Chain | SealedHead]) -> str:
    """The Merkle root, leaves sorted by root so that the order does not hang on the database's collation."""
    ordered = sorted(heads, key=lambda head: head.root)
    return merkle_root(leaf(str(head.root), head.length, head.head_hash) for head in ordered)


def write_seal(chains: list[Chain], *, at: datetime) -> Seal:
    """The signed row, linked to the seal before it."""
    last, key = Seal.objects.order_by("-seq").first(), present_key(at=at)
    content = SealContent(
        seq=last.seq + 1 if last else 1,
        at=at,
        leaves=len(chains),
        merkle_root=root_over(chains),
        previous_hash=last.hash if last else FIRST,
        public_key=keys.public_half(key),
    )
    columns = {name: getattr(content, name) for name in SealContent.__slots__}
    hashed = hash_of(content)
    return Seal.objects.create(**columns, hash=hashed, signature=keys.sign(hashed, key))
