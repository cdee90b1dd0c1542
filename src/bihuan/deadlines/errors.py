"""How this room says no."""

from typing import ClassVar

from bihuan.kernel.errors import DomainError, NotAllowed, Stale


class DeadlineStale(Stale):
    code: ClassVar[str] = "deadlines.stale"


class RuleStale(Stale):
    """Somebody chose for this rule since it was looked at."""

    code: ClassVar[str] = "deadlines.rule_stale"


class NotYoursToPause(NotAllowed):
    code: ClassVar[str] = "deadlines.not_yours_to_pause"


class MayNotPause(DomainError):
    """The rule allows no pause: it is urgent, or a person typed the instant."""

    code: ClassVar[str] = "deadlines.may_not_pause"
    status: ClassVar[int] = 422


class RestsWithMatter(DomainError):
    """The whole matter rests; its clocks go on together."""

    code: ClassVar[str] = "deadlines.rests_with_matter"
    status: ClassVar[int] = 409


class Fenced(Exception):
    """Another worker was here in the meantime; what this one did is taken back."""
