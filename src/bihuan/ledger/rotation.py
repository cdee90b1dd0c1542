"""Which key signs seals from when on. Each new key is signed by the one before, and signs that it follows it."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction

from bihuan.kernel.actor import Actor
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger import keys
from bihuan.ledger.enums import KeyState
from bihuan.ledger.errors import KeyIsNotOurs, KeyIsThere
from bihuan.ledger.facts import KeyChanged
from bihuan.ledger.models import SealKey
from bihuan.ledger.operations import lock_chain, record
from bihuan.ledger.policy import KeyContent, fingerprint, hash_of
from bihuan.ledger.queries import KeyCard

LEDGER = SubjectRef("ledger", 0)


def known_keys() -> list[SealKey]:
    """Every key seals were signed with, oldest first."""
    return list(SealKey.objects.order_by("pk"))


def newest_key() -> SealKey | None:
    return SealKey.objects.order_by("-pk").first()


def key_state() -> KeyState:
    """Whether the data directory holds the key that is to sign now."""
    newest, here = newest_key(), keys.own_public_key()
    if newest is None:
        return KeyState.NONE
    if newest.public_key in (here, keys.next_public_key()):
        return KeyState.GOOD
    return KeyState.LOST if here is None else KeyState.REPLACED


def present_key(*, at: datetime) -> Ed25519PrivateKey:
    """The key to seal with. The first one ever is made here. Raises KeyIsNotOurs.

    A change of keys that died between the ledger and the file is finished here.
    """
    newest = newest_key()
    if newest is None:
        key = keys.signing_key()
        note_key(key, None, None, at=at)
        return key
    if newest.public_key == keys.next_public_key():
        keys.put_next_in_place()
    if newest.public_key != keys.own_public_key():
        raise KeyIsNotOurs
    return keys.signing_key()


@transaction.atomic
def rotate_key(*, actor: Actor, at: datetime, lost_because: str = "") -> SealKey:
    """Begin a new key. The one before signs it and is then destroyed; its seals stay verifiable. Fact KeyChanged.

    `lost_because` begins one without that signature, when the key before is gone. Who may is asked by the caller.
    Raises KeyIsNotOurs when the key before is not there to sign, KeyIsThere when it is given up although it is.
    """
    lock_chain(LEDGER)
    before = newest_key()
    if lost_because and (before is None or key_state() is KeyState.GOOD):
        raise KeyIsThere
    old = None if lost_because else present_key(at=at)
    before = before or newest_key()
    made = note_key(keys.make_next_key(), before, old, at=at)
    fact = KeyChanged(before=made.previous, after=made.public_key, lost_because=lost_because)
    record(fact, actor=actor, root=LEDGER, scope_id=None, at=at)
    transaction.on_commit(keys.put_next_in_place)
    return made


def note_key(key: Ed25519PrivateKey, before: SealKey | None, old: Ed25519PrivateKey | None, *, at: datetime) -> SealKey:
    """The row of a key, signed by itself and, when it is there, by the one before."""
    content = KeyContent(keys.public_half(key), before.public_key if before else "", at)
    hashed = hash_of(content)
    columns = {name: getattr(content, name) for name in KeyContent.__slots__}
    vouched = keys.sign(hashed, old) if old else ""
    return SealKey.objects.create(**columns, signature=keys.sign(hashed, key), signature_of_previous=vouched)


def is_vouched_for(key: SealKey) -> bool:
    """Both keys signed that one follows the other. The first one follows none and vouches for itself."""
    try:
        hashed = hash_of(key.content())
    except (TypeError, ValueError, AttributeError):  # SQLite keeps a value of any kind in any column
        return False
    own = keys.is_signed(hashed, public_key=key.public_key, signature=key.signature)
    if not key.previous:
        return own
    return own and keys.is_signed(hashed, public_key=key.previous, signature=key.signature_of_previous)


def key_cards() -> list[KeyCard]:
    """Every key as people compare it, newest first."""
    rows = known_keys()
    ends: list[datetime | None] = [*(row.at for row in rows[1:]), None]
    cards = [
        KeyCard(row.public_key, fingerprint(row.public_key), row.at, until, is_vouched_for(row))
        for row, until in zip(rows, ends, strict=False)
    ]
    return cards[::-1]


def spelt_keys() -> list[dict[str, Any]]:
    """Every key with both signatures, as JSON values, oldest first."""
    return [
        {**key.content().spelt(), "signature": key.signature, "signature_of_previous": key.signature_of_previous}
        for key in known_keys()
    ]


def signed_now(text: str, *, at: datetime) -> tuple[str, str]:
    """The public key that signs now, and its signature over the text. Raises KeyIsNotOurs."""
    key = present_key(at=at)
    return keys.public_half(key), keys.sign(text, key)


def trusted_keys(given: Collection[str]) -> set[str]:
    """The keys given, and those linked to one of them by signatures of both sides, forwards and backwards."""
    trusted, rows = set(given), [key for key in known_keys() if key.previous and is_vouched_for(key)]
    for key in reversed(rows):
        if key.public_key in trusted:
            trusted.add(key.previous)
    for key in rows:
        if key.previous in trusted:
            trusted.add(key.public_key)
    return trusted
