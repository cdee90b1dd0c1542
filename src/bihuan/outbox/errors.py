from datetime import datetime

from bihuan.kernel.errors import DomainError, Stale


class NotDead(DomainError):
    """Only a dead delivery can be replayed."""

    code = "outbox.not_dead"
    status = 409


class KeyReused(DomainError):
    """The key was used for something else before."""

    code = "outbox.key_reused"
    status = 422


class BeingAnswered(Stale):
    """The same key is being worked on at this moment."""

    code = "outbox.being_answered"


class Fenced(Exception):
    """The lease ran out and somebody else took the delivery; this worker's effects are rolled back."""


class UnknownTopic(Exception):
    """No job is registered for the topic of a delivery."""


class Hopeless(Exception):
    """A job raises it when trying again cannot help: the delivery is given up at once."""


class NotNow(Exception):
    """A job raises it when what it would do has to wait: the delivery is tried at that instant, and no attempt is used
    up."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


class EveryAttemptDied(Exception):
    """The process ended during each attempt, so no attempt could say why."""
