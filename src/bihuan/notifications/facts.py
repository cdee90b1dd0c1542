"""What people change about how they are told."""

from dataclasses import dataclass
from typing import ClassVar

from bihuan.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class WishesChanged(Fact):
    """Somebody chose what reaches him by which channel and in which hours. `unwanted`: kind and channel."""

    name: ClassVar[str] = "notifications.wishes.changed"
    opens: str
    closes: str
    unwanted: tuple[tuple[str, str], ...]
