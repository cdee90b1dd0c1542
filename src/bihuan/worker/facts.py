from dataclasses import dataclass

from bihuan.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class DeliveryReplayed(Fact):
    """A delivery that had been given up is owed again."""

    name = "outbox.delivery_replayed"

    delivery_id: str
    topic: str
    attempts: int
