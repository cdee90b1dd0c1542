"""How the API itself says no, besides what the rooms say."""

from bihuan.kernel.errors import DomainError, NotAllowed
from bihuan.kernel.findings import Finding


class NotSignedIn(DomainError):
    """No token, a wrong one, one that has ended, or no session."""

    code = "api.not_signed_in"
    status = 401


class OutOfReach(NotAllowed):
    """The token was not made for this. Params: scope."""

    code = "api.out_of_reach"


class ForeignPage(NotAllowed):
    """A session cookie without its CSRF token."""

    code = "api.foreign_page"


class KeyMissing(DomainError):
    """A call that changes something came without a usable Idempotency-Key."""

    code = "api.key_missing"


class Unreadable(DomainError):
    """The body is not a JSON object that a database can hold."""

    code = "api.unreadable"


class UnknownParameter(DomainError):
    """The address asks for something the route does not offer. Params: name."""

    code = "api.unknown_parameter"


class BadParameter(DomainError):
    """A parameter of the address does not fit; the findings name it."""

    code = "api.bad_parameter"

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__()
        self._findings = findings

    @property
    def findings(self) -> list[Finding]:
        return self._findings


class WrongMethod(DomainError):
    code = "api.wrong_method"
    status = 405


class TooLarge(DomainError):
    code = "api.too_large"
    status = 413


class NotJson(DomainError):
    code = "api.not_json"
    status = 415
