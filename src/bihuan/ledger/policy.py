"""How entries and bodies are digested. Plain functions on plain values."""

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from bihuan.kernel.canonical import digest


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


def genesis(root: str) -> str:
    """What the first entry of a chain is linked to."""
    return digest({"genesis": root})


def hash_of(content: EntryContent) -> str:
    """SHA-256 over every column, the instant spelt in UTC to the microsecond."""
    spelt = content.at.astimezone(UTC).isoformat(timespec="microseconds")
    return digest({**asdict(content), "at": spelt})


def salted_digest(body: str, salt: str) -> str:
    """Digest of a body that cannot be guessed from the chain once the salt is gone."""
    return hashlib.sha256(f"{salt}\n{body}".encode("utf-8", "surrogatepass")).hexdigest()


def merkle_root(leaves: Iterable[str]) -> str:
    """Root of a binary tree over the leaves in the order given (RFC 6962: leaf and node have their own prefix)."""
    level = [hashlib.sha256(b"\x00" + leaf.encode()).digest() for leaf in leaves]
    if not level:
        return hashlib.sha256(b"").hexdigest()
    while len(level) > 1:
        odd = [level[-1]] if len(level) % 2 else []
        pairs = zip(level[0::2], level[1::2], strict=False)
        level = [hashlib.sha256(b"\x01" + left + right).digest() for left, right in pairs] + odd
    return level[0].hex()
