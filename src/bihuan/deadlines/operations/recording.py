"""How this room tells the ledger: one fact for all deadlines of a matter that one act concerns."""

from collections.abc import Sequence
from datetime import UTC, datetime

from bihuan.deadlines.models import Deadline
from bihuan.kernel.actor import Actor
from bihuan.kernel.facts import Fact
from bihuan.ledger import operations as ledger


def tell(rows: Sequence[Deadline], fact: Fact, *, actor: Actor, at: datetime) -> None:
    """Record a fact about deadlines of one root; about a single one it names it as its subject."""
    first = rows[0]
    subject = first.ref if len(rows) == 1 else None
    ledger.record(fact, actor=actor, root=first.root, subject=subject, scope_id=first.scope_id, at=at)


def spell(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat()
