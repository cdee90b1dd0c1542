"""What happened, as a frozen dataclass with a dotted name."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Base of every fact. Fields hold JSON values only."""

    name: ClassVar[str]

    def body(self) -> Mapping[str, Any]:
        return asdict(self)
