"""Counting what comes in by a secret, so that nobody asks without end."""

from datetime import datetime, timedelta

from bihuan.organisation.errors import TooManyAttempts
from bihuan.organisation.models import SignInAttempt

WINDOW = timedelta(minutes=5)


def count_attempt(door: str, *, most: int, at: datetime) -> None:
    """Count one more at a door, at most so many in five minutes; several processes count together. No fact.

    What is refused is not counted, so that the door opens again. Raises TooManyAttempts. A door is no account and no
    address of the sign-in, and its rows are no failures there.
    """
    row = SignInAttempt.objects.create(account=door, address="", tried_at=at, failed=False)
    since = SignInAttempt.objects.filter(account=door, tried_at__gt=at - WINDOW, tried_at__lte=at)
    if since.count() > most:
        row.delete()
        raise TooManyAttempts
