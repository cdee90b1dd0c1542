"""What is due on which day, and the addresses by which calendar programs read it."""

from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from ninja import Query

from bihuan.agenda import operations, queries
from bihuan.agenda.enums import FeedKind
from bihuan.api.collaborations import LoopOut, loops_out
from bihuan.api.errors import BadParameter
from bihuan.api.http import Request
from bihuan.api.routing import Routes
from bihuan.api.schemas import Code, Day, Id, In, Out, Page, Receipt, page
from bihuan.collaborations import queries as collaborations
from bihuan.collaborations.queries import Agenda, Span
from bihuan.kernel.errors import NotFound
from bihuan.kernel.findings import error
from bihuan.organisation import queries as organisation

routes = Routes("agenda")
MOST_DAYS, USUAL_DAYS = 400, 31
FIRST, LAST = date(1970, 1, 1), date(2198, 1, 1)


class SpanIn(In):
    """Days from `first` (today when it is left out) until, not including, `after` (31 days later)."""

    first: Day | None = None
    after: Day | None = None


class MilestoneDue(Out):
    collaboration_id: int
    line_id: str
    name: str
    due_on: date
    reached_on: date | None


class DayUnlike(Out):
    """A day that is worked or not unlike its weekday says of it; `names` are Chinese and English."""

    day: date
    kind: str
    names: tuple[str, str]
    is_worked: bool
    is_provisional: bool


class AgendaOut(Out):
    """`is_cut`: there is more than is told; ask for fewer days."""

    loops: list[LoopOut]
    overdue: list[LoopOut]
    milestones: list[MilestoneDue]
    days: list[DayUnlike]
    is_cut: bool


class FeedOut(Out):
    id: int
    kind: str
    department_id: int | None
    collaboration_id: int | None
    prefix: str
    issued_at: datetime


class FeedIn(In):
    """`department_id` for DEPARTMENT, `collaboration_id` for MATTER, neither for MINE."""

    kind: Code
    department_id: Id | None = None
    collaboration_id: Id | None = None


class AddressOut(Out):
    address: str


@routes.read("/agenda", AgendaOut)
def mine(request: Request, wanted: Query[SpanIn]) -> dict[str, Any]:
    """What the caller owes, and the milestones of his matters and departments."""
    span = _span(wanted, request.at)
    found = collaborations.agenda_of_actor(request.actor, span, at=request.at)
    return _said(request, found, organisation.schedule_of_person(request.actor.person_id or 0), span)


@routes.read("/departments/{int:department_id}/agenda", AgendaOut)
def department(request: Request, department_id: int, wanted: Query[SpanIn]) -> dict[str, Any]:
    """What a department, those under it and their people owe, as far as the caller may read it."""
    if department_id not in organisation.directory((), [department_id], request.at).departments:
        raise NotFound
    span = _span(wanted, request.at)
    found = collaborations.agenda_of_department(request.actor, department_id, span, at=request.at)
    return _said(request, found, organisation.schedule_of_department(department_id), span)


@routes.read("/collaborations/{int:collaboration_id}/agenda", AgendaOut)
def matter(request: Request, collaboration_id: int, wanted: Query[SpanIn]) -> dict[str, Any]:
    """Everything due in one matter, whoever owes it."""
    found = collaborations.collaboration_for(request.actor, collaboration_id, at=request.at)
    span = _span(wanted, request.at)
    agenda = collaborations.agenda_of_matter(request.actor, found, span, at=request.at)
    return _said(request, agenda, organisation.schedule_of_department(found.lead_department_id), span)


@routes.read("/feeds", Page[FeedOut])
def feeds(request: Request) -> dict[str, Any]:
    """The caller's own addresses for calendar programs, newest first."""
    return page(queries.feeds_of(request.actor))


@routes.act("/feeds")
def issue(request: Request, asked: FeedIn) -> Receipt:
    """Make a feed. Its address is given out by `/feeds/{id}/address`, because no secret is kept with an answer."""
    kind = asked.kind if asked.kind in FeedKind.values else ""
    feed, _secret = operations.issue_feed(
        kind,
        department_id=asked.department_id,
        collaboration_id=asked.collaboration_id,
        actor=request.actor,
        at=request.at,
    )
    return Receipt(kind="feed", id=feed.pk, href="/api/v1/feeds", state="ISSUED")


@routes.secret("/feeds/{int:feed_id}/address", AddressOut)
def address(request: Request, feed_id: int) -> dict[str, Any]:
    """Give the feed a new address and tell it, this once. The one before opens nothing from now on."""
    feed = queries.feed_for(request.actor, feed_id)
    secret = operations.rotate_feed(feed, seen_prefix=feed.prefix, actor=request.actor, at=request.at)
    return {"address": request.build_absolute_uri(reverse("agenda:read_feed", args=[secret]))}


@routes.act("/feeds/{int:feed_id}/revoke")
def revoke(request: Request, feed_id: int) -> Receipt:
    """Let the address open nothing any more."""
    operations.revoke_feed(queries.feed_for(request.actor, feed_id), actor=request.actor, at=request.at)
    return Receipt(kind="feed", id=feed_id, href="/api/v1/feeds", state="REVOKED")


def _span(wanted: SpanIn, at: datetime) -> Span:
    first = wanted.first or timezone.localdate(at)
    if not FIRST <= first <= LAST:
        raise BadParameter([error("agenda.span_unreadable", "first", limit=MOST_DAYS)])
    after = wanted.after or first + timedelta(days=USUAL_DAYS)
    if not 0 < (after - first).days <= MOST_DAYS:
        raise BadParameter([error("agenda.span_unreadable", "after", limit=MOST_DAYS)])
    return Span(first, after, timezone.get_current_timezone())


def _said(request: Request, found: Agenda, schedule: Any, span: Span) -> dict[str, Any]:
    loops = loops_out([*found.loops, *found.overdue], request)
    usual = {"WORKING", "REST"}
    days = organisation.days_between(schedule, span.first, span.after)
    return {
        "loops": loops[: len(found.loops)], "overdue": loops[len(found.loops) :], "milestones": found.milestones,
        "days": [day for day in days if day.kind.value not in usual], "is_cut": found.is_cut,
    }  # fmt: skip
