"""What can happen to a risk, and that a green channel was opened."""

from dataclasses import dataclass
from typing import ClassVar

from bihuan.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class RiskFiled(Fact):
    name: ClassVar[str] = "issues.risk.filed"
    risk_id: int
    number: str
    title: str
    level: str
    late_seconds: int


@dataclass(frozen=True, kw_only=True)
class RiskClosed(Fact):
    name: ClassVar[str] = "issues.risk.closed"
    risk_id: int
    number: str
    outcome: str


@dataclass(frozen=True, kw_only=True)
class ChannelOpened(Fact):
    """The clocks run from when it was received; these departments are at work from now on."""

    name: ClassVar[str] = "issues.channel.opened"
    number: str
    received_at: str
    departments: tuple[int, ...]
