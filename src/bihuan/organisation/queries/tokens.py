"""API tokens: reads."""

from datetime import datetime
from hashlib import sha256

from django.db.models import Q, QuerySet

from bihuan.organisation.models import Token


def token_digest(secret: str) -> str:
    """Secrets are 256 random bits, so one round of SHA-256 is enough and a look-up stays one indexed query."""
    return sha256(secret.encode("utf-8", "replace")).hexdigest()


def token_for(secret: str, at: datetime) -> Token | None:
    """The live token with this secret and its person, or nothing: unknown, revoked, expired, owner inactive alike."""
    live = Q(revoked_at__isnull=True) & (Q(expires_at__isnull=True) | Q(expires_at__gt=at))
    tokens = Token.objects.select_related("person").filter(live, digest=token_digest(secret), person__is_active=True)
    return tokens.first()


def tokens_of(person_id: int) -> QuerySet[Token]:
    """A person's own tokens, newest first."""
    return Token.objects.filter(person=person_id).order_by("-issued_at", "-pk")
