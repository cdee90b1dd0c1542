"""Passwords, one's own settings, API tokens, attempts to sign in."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, TypedDict, Unpack
from unicodedata import normalize
from zoneinfo import available_timezones

from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotAllowed, NotFound
from bihuan.kernel.findings import Finding, error
from bihuan.organisation.enums import Language, Theme, TokenScope
from bihuan.organisation.errors import TooManyAttempts, WrongCredentials
from bihuan.organisation.facts import PasswordSet, PersonChanged, TokenIssued, TokenRevoked
from bihuan.organisation.models import Person, SignInAttempt, Token
from bihuan.organisation.operations.people import is_email
from bihuan.organisation.operations.recording import record, refuse
from bihuan.organisation.policy import clean, name_findings
from bihuan.organisation.queries.tokens import token_digest
from bihuan.organisation.rules import is_self, may_administer

WINDOW = timedelta(minutes=5)
MOST_FAILURES = 10
PREFIX = "bh_"


class OwnSettings(TypedDict, total=False):
    language: str
    time_zone: str
    theme: str
    email: str
    phone: str


@transaction.atomic
def set_password(person_id: int, *, password: str, present: str | None = None, actor: Actor, at: datetime) -> Person:
    """Set a password. Every session opened with the one before ends with its next request. Fact PasswordSet.

    For oneself the present password must be given. Raises NotAllowed; NotFound; Refused for a weak one.
    """
    person = _person_to_change(person_id, actor)
    if is_self(actor, person_id) and not person.check_password(present or ""):
        refuse([error("organisation.password_wrong", "present")])
    refuse(_password_findings(password, person))
    person.set_password(password)
    person.save(update_fields=["password"])
    record(PasswordSet(person_id=person.pk), "person", person.pk, actor=actor, at=at)
    return person


@transaction.atomic
def change_own_settings(*, actor: Actor, at: datetime, **values: Unpack[OwnSettings]) -> Person:
    """Change one's language, time zone, theme, e-mail, telephone. Fact PersonChanged, none without a change."""
    if actor.person_id is None:
        raise NotAllowed
    person = _person_to_change(actor.person_id, actor)
    wanted: dict[str, Any] = {key: clean(str(value)) for key, value in values.items()}
    refuse(_settings_findings(wanted))
    before = {key: getattr(person, key) for key in wanted}
    after = {key: value for key, value in wanted.items() if before[key] != value}
    for key, value in after.items():
        setattr(person, key, value)
    if after:
        person.save(update_fields=list(after))
        fact = PersonChanged(person_id=person.pk, before={key: before[key] for key in after}, after=after)
        record(fact, "person", person.pk, actor=actor, at=at)
    return person


@transaction.atomic
def issue_token(
    *, name: str, scopes: Iterable[str], expires_at: datetime | None = None, actor: Actor, at: datetime
) -> tuple[Token, str]:
    """Make an API token in one's own name; returns it with its secret, which is kept nowhere. Fact TokenIssued.

    Raises NotAllowed for who is no person; Refused without a name or a right, or with a day that has passed.
    """
    if actor.person_id is None:
        raise NotAllowed
    wanted, name = sorted(set(scopes)), clean(name)[:100]
    found = name_findings(name)
    if not wanted or not set(wanted) <= set(TokenScope.values):
        found.append(error("organisation.token_scope_unknown", "scopes"))
    if expires_at and expires_at <= at:
        found.append(error("organisation.token_expiry_past", "expires_at"))
    refuse(found)
    secret = PREFIX + secrets.token_urlsafe(32)
    token = Token.objects.create(
        person_id=actor.person_id,
        name=name,
        prefix=secret[:8],
        digest=token_digest(secret),
        scopes=wanted,
        issued_at=at,
        expires_at=expires_at,
    )
    fact = TokenIssued(
        token_id=token.pk,
        person_id=actor.person_id,
        prefix=token.prefix,
        scopes=wanted,
        expires_at=expires_at.isoformat() if expires_at else None,
    )
    record(fact, "token", token.pk, actor=actor, at=at)
    return token, secret


@transaction.atomic
def revoke_token(token_id: int, *, actor: Actor, at: datetime) -> Token:
    """Revoke one's own token, or as an administrator anybody's. Fact TokenRevoked. Raises NotFound."""
    tokens = Token.objects.filter(pk=token_id, revoked_at__isnull=True)
    if not may_administer(actor):
        tokens = tokens.filter(person=actor.person_id)
    token = tokens.first()
    if token is None or not tokens.update(revoked_at=at):
        raise NotFound
    record(TokenRevoked(token_id=token.pk, person_id=token.person_id), "token", token.pk, actor=actor, at=at)
    token.revoked_at = at
    return token


def note_token_use(token: Token, *, at: datetime) -> None:
    """Remember the day a token was last used; at most one write a day, no fact."""
    Token.objects.filter(pk=token.pk).exclude(last_used_on=at.date()).update(last_used_on=at.date())


def check_credentials(username: str, password: str, *, address: str, at: datetime) -> Person:
    """The person who signs in. Ten failures in five minutes, per account and per address, close the door (AT37).

    The attempt is written before the password is looked at, so that parallel tries are counted as well; it is a row
    of its own and no fact. Raises TooManyAttempts, WrongCredentials (equal for unknown, wrong and inactive).
    """
    account = account_key(username)
    attempt = SignInAttempt.objects.create(account=account, address=address[:64], tried_at=at)
    if _failures(at, account=account) > MOST_FAILURES or _failures(at, address=address[:64]) > MOST_FAILURES:
        attempt.delete()
        raise TooManyAttempts
    person = authenticate(username=clean(username), password=password)
    if not isinstance(person, Person):
        raise WrongCredentials
    SignInAttempt.objects.filter(pk=attempt.pk).update(failed=False)
    return person


def account_key(username: str) -> str:
    """A digest: people type passwords into the wrong box, and those must not be stored."""
    return sha256(normalize("NFKC", username).casefold().strip().encode("utf-8", "replace")).hexdigest()


def forget_attempts(*, before: datetime) -> int:
    """Delete attempts nobody counts any more. Returns how many."""
    return SignInAttempt.objects.filter(tried_at__lt=before).delete()[0]


def _failures(at: datetime, **of: str) -> int:
    return SignInAttempt.objects.filter(failed=True, tried_at__gt=at - WINDOW, tried_at__lte=at, **of).count()


def _person_to_change(person_id: int, actor: Actor) -> Person:
    if not (is_self(actor, person_id) or may_administer(actor)):
        raise NotAllowed
    person = Person.objects.select_for_update().filter(pk=person_id, is_active=True).first()
    if person is None:
        raise NotFound
    return person


def _password_findings(password: str, person: Person) -> list[Finding]:
    try:
        validate_password(password, person)
    except ValidationError as weak:
        return [error("organisation.password_weak", "password", reason=reason) for reason in weak.messages]
    return []


def _settings_findings(values: dict[str, Any]) -> list[Finding]:
    allowed = {
        "language": {"", *Language.values},
        "theme": set(Theme.values),
        "time_zone": {"", *available_timezones()},
    }
    found = [
        error("organisation.value_unknown", key)
        for key in allowed
        if values.get(key, "") not in allowed[key] and key in values
    ]
    email, phone = values.get("email", ""), values.get("phone", "")
    if email and not is_email(email):
        found.append(error("organisation.email_malformed", "email"))
    if len(phone) > 40:
        found.append(error("organisation.name_too_long", "phone", limit=40))
    return found
