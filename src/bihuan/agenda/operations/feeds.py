"""Issuing, rotating and revoking the addresses that calendar programs read."""

import secrets
from datetime import datetime

from django.db import transaction

from bihuan.agenda.enums import FeedKind
from bihuan.agenda.errors import NotOfTheDepartment, ReadTooOften
from bihuan.agenda.facts import FeedIssued, FeedRevoked, FeedRotated
from bihuan.agenda.models import Feed
from bihuan.agenda.queries.feeds import feeds_of, secret_digest
from bihuan.agenda.rules import may_subscribe_to_department
from bihuan.collaborations import queries as collaborations
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotAllowed, NotFound, Refused, Stale
from bihuan.kernel.facts import Fact
from bihuan.kernel.findings import error
from bihuan.ledger import operations as ledger
from bihuan.organisation import operations as organisation
from bihuan.organisation import queries as people
from bihuan.organisation.errors import TooManyAttempts

PREFIX = "bf_"
MOST_FEEDS = 20
MOST_READS, MOST_TRIES = 60, 30


@transaction.atomic
def issue_feed(
    kind: str, *, department_id: int | None = None, collaboration_id: int | None = None, actor: Actor, at: datetime
) -> tuple[Feed, str]:
    """Make an address in one's own name; returns it with its secret, which is kept nowhere. Fact FeedIssued.

    Raises NotAllowed for who is no person or does not speak for the department, NotFound for a department or matter
    that is not there for the actor, Refused for an unknown kind or when twenty are in use.
    """
    if actor.person_id is None:
        raise NotAllowed
    about = _about(kind, department_id, collaboration_id, actor, at)
    if feeds_of(actor).count() >= MOST_FEEDS:
        raise Refused([error("agenda.feeds_too_many", limit=MOST_FEEDS)])
    secret = new_secret()
    feed = Feed.objects.create(
        owner_id=actor.person_id,
        kind=kind,
        prefix=secret[:8],
        digest=secret_digest(secret),
        issued_at=at,
        **about,
    )
    _record(feed, FeedIssued(feed_id=feed.pk, kind=kind, prefix=feed.prefix, **about), actor, at)
    return feed, secret


@transaction.atomic
def rotate_feed(feed: Feed, *, seen_prefix: str, actor: Actor, at: datetime) -> str:
    """Give a feed another address; the one before, which began with `seen_prefix`, opens nothing from now on. Fact
    FeedRotated.

    Returns the secret. Raises NotFound for another's, Stale when it was rotated or revoked meanwhile.
    """
    _require_owner(feed, actor)
    secret, before = new_secret(), feed.prefix
    live = Feed.objects.filter(pk=feed.pk, digest=feed.digest, prefix=seen_prefix, revoked_at__isnull=True)
    if not live.update(digest=secret_digest(secret), prefix=secret[:8], issued_at=at):
        raise Stale
    _record(feed, FeedRotated(feed_id=feed.pk, before=before, prefix=secret[:8]), actor, at)
    return secret


@transaction.atomic
def revoke_feed(feed: Feed, *, actor: Actor, at: datetime) -> None:
    """Let an address open nothing any more. Fact FeedRevoked. Raises NotFound for another's, Stale when it was done."""
    _require_owner(feed, actor)
    if not Feed.objects.filter(pk=feed.pk, revoked_at__isnull=True).update(revoked_at=at):
        raise Stale
    _record(feed, FeedRevoked(feed_id=feed.pk, prefix=feed.prefix), actor, at)


def note_reading(digest: str, *, is_known: bool, address: str, at: datetime) -> None:
    """Count a reading of an address; a row of the attempts to get in, no fact.

    Raises ReadTooOften: sixty readings of one address, or thirty of unknown ones from one place, within five minutes.
    """
    try:
        if is_known:
            organisation.count_attempt(f"feed {digest}"[:64], most=MOST_READS, at=at)
        else:
            organisation.count_attempt(f"feeds tried from {address}"[:64], most=MOST_TRIES, at=at)
    except TooManyAttempts as refused:
        raise ReadTooOften from refused


def new_secret() -> str:
    return PREFIX + secrets.token_urlsafe(32)


def _about(
    kind: str, department_id: int | None, collaboration_id: int | None, actor: Actor, at: datetime
) -> dict[str, int | None]:
    """What the feed is about, as far as the actor may let it be read."""
    if kind == FeedKind.MINE:
        return {"department_id": None, "collaboration_id": None}
    if kind == FeedKind.DEPARTMENT and department_id is not None:
        if department_id not in people.directory((), [department_id], at).departments:
            raise NotFound
        if not may_subscribe_to_department(actor, department_id, at):
            raise NotOfTheDepartment
        return {"department_id": department_id, "collaboration_id": None}
    if kind == FeedKind.MATTER and collaboration_id is not None:
        found = collaborations.collaboration_for(actor, collaboration_id, at=at)
        return {"department_id": None, "collaboration_id": found.pk}
    raise Refused([error("agenda.feed_kind", "kind")])


def _require_owner(feed: Feed, actor: Actor) -> None:
    if feed.owner_id != actor.person_id:
        raise NotFound


def _record(feed: Feed, fact: Fact, actor: Actor, at: datetime) -> None:
    ledger.record(fact, actor=actor, root=feed.subject, scope_id=None, at=at)
