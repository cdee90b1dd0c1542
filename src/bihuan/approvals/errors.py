"""How this room says no."""

from bihuan.kernel.errors import DomainError, NotAllowed, Stale


class StaleSlot(Stale):
    """Decided by somebody else meanwhile, or the text changed since it was seen."""

    code = "approvals.stale_slot"


class SignoffClosed(Stale):
    """Approved, refused, withdrawn or replaced by a newer version already."""

    code = "approvals.signoff_closed"


class NotYourTurn(DomainError):
    """An earlier step of the route has not approved."""

    code = "approvals.not_your_turn"
    status = 409


class CountedOnce(DomainError):
    """Of a group so many must sign, and this person has been counted in it (AT18)."""

    code = "approvals.counted_once"
    status = 409


class Followed(Stale):
    """Somebody after the signature has acted on it, so it cannot be taken back."""

    code = "approvals.followed"


class NotTheSignatory(NotAllowed):
    code = "approvals.not_the_signatory"


class AuthorSigns(NotAllowed):
    """Nobody signs what he wrote himself (Q16, AT19)."""

    code = "approvals.author_signs"
