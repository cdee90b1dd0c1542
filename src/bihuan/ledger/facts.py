from dataclasses import dataclass

from bihuan.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class BodyErased(Fact):
    """The text of one entry was erased, for the reason given. The chain keeps its digest."""

    name = "ledger.body_erased"

    seq: int
    reason: str
