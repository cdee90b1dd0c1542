"""How the room says no."""

from bihuan.kernel.errors import DomainError, NotAllowed, Stale


class UrgedTooOften(DomainError):
    """The owner was urged a moment ago."""

    code = "collaborations.urged_too_often"
    status = 429


class NotTheLead(NotAllowed):
    """Only the lead, the initiator or the head of the lead department may do this."""

    code = "collaborations.not_the_lead"


class HasMovedOn(Stale):
    """The matter stands in another step by now."""

    code = "collaborations.has_moved_on"


class TooLateToWithdraw(DomainError):
    """The work has begun; it can be ended, not taken back."""

    code = "collaborations.too_late_to_withdraw"
    status = 409


class HasEnded(DomainError):
    """The matter has ended and keeps its contents."""

    code = "collaborations.has_ended"
    status = 409


class NotBeingAssessed(DomainError):
    """Who leads a problem is spoken of while it is being assessed."""

    code = "collaborations.lead_is_settled"
    status = 409


class NotEnded(DomainError):
    """The matter still runs; only an ended one is followed up."""

    code = "collaborations.not_ended"
    status = 409


class IsSuspended(DomainError):
    """The matter rests; nothing of it is acted upon until it is resumed."""

    code = "collaborations.suspended"
    status = 409


class NotSuspended(DomainError):
    """The matter goes on already."""

    code = "collaborations.not_suspended"
    status = 409


class NotImported(DomainError):
    """Only an imported matter can be adopted, and only once."""

    code = "collaborations.not_imported"
    status = 409


class NotTheReceiver(NotAllowed):
    """Whoever the recurring plan names receives a period, and says whether it is accepted."""

    code = "collaborations.not_the_receiver"


class NotTheConsolidator(NotAllowed):
    """Who consolidates the period, or carries the matter."""

    code = "collaborations.not_the_consolidator"


class StalePeriod(Stale):
    """The period has gone on meanwhile."""

    code = "collaborations.period_stale"


class NotThisStep(DomainError):
    """The form or act belongs to another step."""

    code = "collaborations.not_this_step"
    status = 409
