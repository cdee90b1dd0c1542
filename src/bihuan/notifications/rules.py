"""Links in messages that lead to a decision: signed, bound to one person and one notice, good for one entry.

Such a link signs nobody in. Whoever follows it signs in as always; it opens its page to the one it was sent to only.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core import signing

from bihuan.kernel.errors import NotFound

SALT = "bihuan.notifications.entering"
LASTS = timedelta(days=14)
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Entry:
    """What a token says, once its signature holds."""

    notice_id: int
    person_id: int
    made_at: datetime

    def is_over(self, at: datetime) -> bool:
        return at > self.made_at + LASTS


def token_of(notice_id: int, person_id: int, *, at: datetime) -> str:
    """The last part of the address; says nothing about the matter."""
    return signing.Signer(salt=SALT).sign_object([notice_id, person_id, int(at.timestamp())])


def read_token(token: str) -> Entry:
    """Raises NotFound for whatever this installation did not sign."""
    try:
        notice_id, person_id, made_at = _unsigned(token)
    except (signing.BadSignature, ValueError):
        raise NotFound from None
    return Entry(notice_id, person_id, datetime.fromtimestamp(made_at, tz=UTC))


def _unsigned(token: str) -> list[int]:
    if len(token) > LONGEST:
        raise ValueError(token[:LONGEST])
    said: list[int] = signing.Signer(salt=SALT).unsign_object(token)
    return said
