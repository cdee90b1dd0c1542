"""Reading feeds: one's own list of them, and what stands behind an address."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db.models import QuerySet

from bihuan.agenda.enums import FeedKind
from bihuan.agenda.models import Feed
from bihuan.agenda.rules import may_subscribe_to_department
from bihuan.collaborations import queries as collaborations
from bihuan.collaborations.models import Collaboration
from bihuan.collaborations.queries import Agenda, Span
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotFound
from bihuan.organisation import queries as organisation


@dataclass(frozen=True, slots=True)
class Opened:
    """A feed that opens at this moment, and as whom it reads."""

    feed: Feed
    actor: Actor
    collaboration: Collaboration | None


def secret_digest(secret: str) -> str:
    """Secrets are 256 random bits, so one round of SHA-256 is enough and a look-up stays one indexed query."""
    return sha256(secret.encode("utf-8", "replace")).hexdigest()


def feeds_of(actor: Actor) -> QuerySet[Feed]:
    """One's own addresses that open something, newest first. One query."""
    live = Feed.objects.filter(owner=actor.person_id, revoked_at__isnull=True)
    return live.select_related("department", "collaboration").order_by("-issued_at", "-pk")


def feed_for(actor: Actor, pk: int) -> Feed:
    """One's own feed; raises ``NotFound`` for another's and for one that was revoked."""
    found = feeds_of(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def is_known(digest: str) -> bool:
    """Whether an address with this digest is in use. One query."""
    return Feed.objects.filter(digest=digest, revoked_at__isnull=True).exists()


def open_feed(digest: str, *, at: datetime) -> Opened:
    """What stands behind an address, as its owner may read it now.

    Raises ``NotFound`` alike for an unknown address, a revoked one, an owner who has left, and a department or matter
    that is no longer his to read.
    """
    feed = Feed.objects.select_related("owner", "department").filter(digest=digest, revoked_at__isnull=True).first()
    if feed is None or not feed.owner.is_active:
        raise NotFound
    actor = organisation.actor_for(feed.owner, at)
    if feed.department_id is not None and not may_subscribe_to_department(actor, feed.department_id, at):
        raise NotFound
    if feed.collaboration_id is None:
        return Opened(feed, actor, None)
    return Opened(feed, actor, collaborations.collaboration_for(actor, feed.collaboration_id, at=at))


def agenda_of(opened: Opened, span: Span, *, at: datetime) -> Agenda:
    """What is due there within the span."""
    if opened.collaboration is not None:
        return collaborations.agenda_of_matter(opened.actor, opened.collaboration, span, at=at)
    if opened.feed.kind == FeedKind.DEPARTMENT and opened.feed.department_id is not None:
        return collaborations.agenda_of_department(opened.actor, opened.feed.department_id, span, at=at)
    return collaborations.agenda_of_actor(opened.actor, span, at=at)
