"""What this room records itself."""

from dataclasses import dataclass
from typing import ClassVar

from bihuan.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class SecretRead(Fact):
    """Somebody read something secret or top secret."""

    name: ClassVar[str] = "access.secret.read"
    scope_id: int
    secrecy: str
