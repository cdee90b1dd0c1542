"""Secret addresses for calendar programs: one's own list of them, and what such a program reads."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bihuan.agenda import operations, queries
from bihuan.agenda.enums import FeedKind
from bihuan.agenda.errors import ReadTooOften
from bihuan.agenda.rules import may_subscribe_to_department
from bihuan.collaborations import queries as collaborations
from bihuan.collaborations.queries import Span
from bihuan.kernel.errors import NotFound, Refused
from bihuan.ledger import queries as ledger
from bihuan.organisation import queries as organisation
from bihuan.web.agenda.ics import Place, calendar_of
from bihuan.web.agenda.pages import items_of
from bihuan.web.http import Request, client_address, number_of, redirect_to, text_of
from bihuan.web.once import once
from bihuan.web.openness import open_to_everyone
from bihuan.web.render import notify, render

PAGE = "agenda/feeds.html"
BACK, AHEAD = timedelta(days=400), timedelta(days=800)
ICALENDAR = "text/calendar; charset=utf-8"
RETRY_AFTER = "900"


@require_safe
def feeds(request: Request) -> HttpResponse:
    return _page(request)


@require_POST
def issue(request: Request) -> HttpResponse:
    """The address stands on this answer and nowhere else."""
    made: dict[str, str] = {}

    def act() -> str:
        _feed, made["secret"] = operations.issue_feed(
            text_of(request, "kind"),
            department_id=number_of(request, "department"),
            collaboration_id=number_of(request, "matter"),
            actor=request.actor,
            at=request.at,
        )
        return reverse("agenda:feeds")

    try:
        address = once(request, act)
    except Refused as refusal:
        return _page(request, status=refusal.status, findings=refusal.findings)
    return _page(request, status=201, address=_address(request, made["secret"])) if made else _back(request, address)


@require_POST
def rotate(request: Request, pk: int) -> HttpResponse:
    feed = queries.feed_for(request.actor, pk)
    seen = text_of(request, "seen_prefix")
    secret = operations.rotate_feed(feed, seen_prefix=seen, actor=request.actor, at=request.at)
    return _page(request, status=201, address=_address(request, secret))


@require_POST
def revoke(request: Request, pk: int) -> HttpResponse:
    operations.revoke_feed(queries.feed_for(request.actor, pk), actor=request.actor, at=request.at)
    told = _("The address opens nothing any more.")
    return notify(request, redirect_to(request, reverse("agenda:feeds")), told)


@open_to_everyone
@require_safe
def read(request: Request, secret: str) -> HttpResponse:
    """What the owner of the address may read now, whoever asks. Unknown, revoked, left: the same 404."""
    digest = queries.secret_digest(secret)
    try:
        operations.note_reading(
            digest, is_known=queries.is_known(digest), address=client_address(request), at=request.at
        )
    except ReadTooOften as refusal:
        return HttpResponse(status=refusal.status, headers={"Retry-After": RETRY_AFTER})
    opened = queries.open_feed(digest, at=request.at)
    owner = opened.feed.owner
    zone = ZoneInfo(owner.time_zone) if owner.time_zone else timezone.get_default_timezone()
    with timezone.override(zone), translation.override(owner.language or settings.LANGUAGE_CODE):
        text = _text(request, opened, zone)
    etag = f'"{salted_hmac("agenda.feed", text).hexdigest()}"'
    response = HttpResponse(text, content_type=ICALENDAR, headers={"Cache-Control": "private, max-age=900"})
    response["ETag"], response["Content-Disposition"] = etag, 'inline; filename="bihuan.ics"'
    return get_conditional_response(request, etag=etag, response=response) or response


def _text(request: Request, opened: queries.Opened, zone: Any) -> bytes:
    today = timezone.localdate(request.at)
    found = queries.agenda_of(opened, Span(today - BACK, today + AHEAD, zone), at=request.at)
    items = items_of(found, request.at)
    grown = ledger.newest_of("collaboration", {item.matter.pk for item in items})
    site = request.build_absolute_uri("/").rstrip("/")
    return calendar_of(_title(opened), items, grown, Place(settings.ALLOWED_HOSTS[0], site, zone))


def _title(opened: queries.Opened) -> str:
    if opened.collaboration is not None and opened.collaboration.secrecy not in {"SECRET", "CONFIDENTIAL"}:
        return _("Bihuan: %(what)s") % {"what": opened.collaboration.title}
    if opened.feed.department is not None:
        return _("Bihuan: %(what)s") % {"what": opened.feed.department.name}
    return _("Bihuan: what is due")


def _address(request: Request, secret: str) -> str:
    return request.build_absolute_uri(reverse("agenda:read_feed", args=[secret]))


def _back(request: Request, address: str) -> HttpResponse:
    return redirect_to(request, address)


def _page(request: Request, *, status: int = 200, **more: Any) -> HttpResponse:
    actor, at = request.actor, request.at
    found = list(queries.feeds_of(actor))
    ids = [feed.collaboration_id for feed in found if feed.collaboration_id]
    matter = _matter(request)
    context = {
        "feeds": found, "titles": collaborations.readable_titles(actor, ids, at=at) if ids else {},
        "departments": _departments(request), "matter": matter, "kinds": dict(FeedKind.choices),
        "findings": [], "address": "", "most": operations.MOST_FEEDS, **more,
    }  # fmt: skip
    return render(request, PAGE, context, status=status)


def _departments(request: Request) -> list[Any]:
    """The departments the reader speaks for."""
    actor, at = request.actor, request.at
    headed = {int(key[2:]) for key in actor.principals if key[:2] in {"h:", "x:"}}
    ids = sorted(headed | actor.department_ids)
    cards = organisation.directory((), ids, at).departments if ids else {}
    return [card for pk, card in sorted(cards.items()) if pk in headed or may_subscribe_to_department(actor, pk, at)]


def _matter(request: Request) -> Any:
    """The matter the reader came from, if it is one to read."""
    text = request.GET.get("matter", "") or request.POST.get("matter", "")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        return None
    try:
        return collaborations.collaboration_for(request.actor, int(text), at=request.at)
    except NotFound:
        return None
