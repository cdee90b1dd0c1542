"""How the room says no."""

from bihuan.kernel.errors import DomainError, NotAllowed, Stale


class NotTheProvider(NotAllowed):
    """Only the providing department answers for what it gives."""

    code = "resources.not_the_provider"


class NotTheRequester(NotAllowed):
    """Only who carries the matter takes up an offer or drops a need."""

    code = "resources.not_the_requester"


class NotYetNeeded(DomainError):
    """The plan is not approved and filed, so nothing is put in place."""

    code = "resources.not_yet_needed"
    status = 409


class StaleNeed(Stale):
    """The need was answered or changed meanwhile."""

    code = "resources.need_stale"
