"""How the organisation says no."""

from bihuan.kernel.errors import DomainError


class TooManyAttempts(DomainError):
    """Too many wrong passwords for one account, or from one address, within five minutes."""

    code = "organisation.too_many_attempts"
    status = 429


class WrongCredentials(DomainError):
    """Unknown account, wrong password, inactive person: said the same."""

    code = "organisation.wrong_credentials"
    status = 422
