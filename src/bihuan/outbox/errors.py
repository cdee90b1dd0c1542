from bihuan.kernel.errors import DomainError


class NotDead(DomainError):
    """Only a dead delivery can be replayed."""

    code = "outbox.not_dead"
    status = 409


class Fenced(Exception):
    """The lease ran out and somebody else took the delivery; this worker's effects are rolled back."""


class UnknownTopic(Exception):
    """No job is registered for the topic of a delivery."""


class EveryAttemptDied(Exception):
    """The process ended during each attempt, so no attempt could say why."""
