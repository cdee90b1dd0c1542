"""How entries and bodies are digested. Plain functions on plain values."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bihuan.kernel.canonical import canonical_json, digest


@dataclass(frozen=True, slots=True)
class EntryContent:
    """Every column of an entry but its own hash; the chain is named by its root."""

    root: str
    seq: int
    name: str
    actor_kind: str
    actor_id: int | None
    actor_name: str
    at: datetime
    subject_kind: str
    subject_id: int
    scope_id: int | None
    body_digest: str
    previous_hash: str

    def spelt(self) -> dict[str, Any]:
        """As JSON values; the instant in UTC to the microsecond."""
        return {**{name: getattr(self, name) for name in self.__slots__}, "at": instant(self.at)}


@dataclass(frozen=True, slots=True)
class SealContent:
    """Every column of a seal but its hash and signature."""

    seq: int
    at: datetime
    leaves: int
    merkle_root: str
    previous_hash: str
    public_key: str

    def spelt(self) -> dict[str, Any]:
        return {**{name: getattr(self, name) for name in self.__slots__}, "at": instant(self.at)}


@dataclass(frozen=True, slots=True)
class KeyContent:
    """What both a new key and the one before it sign when one follows the other."""

    public_key: str
    previous: str
    at: datetime

    def spelt(self) -> dict[str, Any]:
        return {**{name: getattr(self, name) for name in self.__slots__}, "at": instant(self.at)}


@dataclass(frozen=True, slots=True)
class WitnessContent:
    """What a witness is given: the newest seal, and a root over the sealed heads of all chains."""

    seal: int
    seal_hash: str
    at: datetime
    chains: int
    merkle_root: str
    public_key: str

    def spelt(self) -> dict[str, Any]:
        return {**{name: getattr(self, name) for name in self.__slots__}, "at": instant(self.at)}


def fingerprint(public_key: str) -> str:
    """What people compare by eye: SHA-256 of the public key."""
    return hashlib.sha256(bytes.fromhex(public_key)).hexdigest()


def instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def genesis(root: str) -> str:
    """What the first entry of a chain is linked to."""
    return digest({"genesis": root})


def hash_of(content: EntryContent | SealContent | KeyContent | WitnessContent) -> str:
    """SHA-256 over every column in canonical JSON."""
    return digest(content.spelt())


def leaf(root: str, length: int, head_hash: str) -> str:
    return canonical_json([root, length, head_hash])


def salted_digest(body: str, salt: str) -> str:
    """Digest of a body that cannot be guessed from the chain once the salt is gone."""
    return hashlib.sha256(f"{salt}\n{body}".encode("utf-8", "surrogatepass")).hexdigest()


def merkle_root(leaves: Iterable[str]) -> str:
    """Root of a binary tree over the leaves in the order given (RFC 6962: leaf and node have their own prefix)."""
    level = leaf_hashes(leaves)
    if not level:
        return hashlib.sha256(b"").hexdigest()
    while len(level) > 1:
        level = level_above(level)
    return level[0].hex()


def merkle_proof(leaves: Iterable[str], place: int) -> list[tuple[str, str]]:
    """The neighbours on the way from one leaf up to the root: on which side each stands, and its hash."""
    level, proof = leaf_hashes(leaves), []
    while len(level) > 1:
        neighbour = place ^ 1
        if neighbour < len(level):
            proof.append(("left" if neighbour < place else "right", level[neighbour].hex()))
        level, place = level_above(level), place // 2
    return proof


def leaf_hashes(leaves: Iterable[str]) -> list[bytes]:
    return [hashlib.sha256(b"\x00" + text.encode()).digest() for text in leaves]


def level_above(level: list[bytes]) -> list[bytes]:
    """Each two become one; one without a neighbour goes up as it is."""
    odd = [level[-1]] if len(level) % 2 else []
    pairs = zip(level[0::2], level[1::2], strict=False)
    return [hashlib.sha256(b"\x01" + left + right).digest() for left, right in pairs] + odd
