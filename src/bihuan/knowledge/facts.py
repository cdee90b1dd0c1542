"""What happens when a matter is put away."""

from dataclasses import dataclass
from typing import ClassVar

from bihuan.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class MatterArchived(Fact):
    name: ClassVar[str] = "knowledge.matter.archived"
    archive_id: int
    number: str
    read_right: str
    secrecy: str
    frozen_hash: str
