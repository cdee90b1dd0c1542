from dataclasses import dataclass

from bihuan.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class BodyErased(Fact):
    """The text of one entry was erased, for the reason given. The chain keeps its digest."""

    name = "ledger.body_erased"

    seq: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class KeyChanged(Fact):
    """Seals are signed with another key from now on. `lost_because` is empty when the one before vouched for it."""

    name = "ledger.key_changed"

    before: str
    after: str
    lost_because: str
