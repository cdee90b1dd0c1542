"""What I was told: the inbox, and the bell that every page shows."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST, require_safe

from bihuan.kernel.subjects import SubjectRef
from bihuan.notifications import operations, queries, registry
from bihuan.notifications.queries import NoticeCard
from bihuan.web.http import Request, number_of, redirect_to
from bihuan.web.render import notify, render

ALL = "all"
MATTER = "collaboration"


@dataclass(slots=True)
class Group:
    """The notices of one matter on a page, newest first."""

    root: SubjectRef
    number: str
    title: str
    href: str
    cards: list[NoticeCard] = field(default_factory=list)


@require_safe
def inbox(request: Request) -> HttpResponse:
    """Unread ones, or all of them; by matter, the one where something happened last on top."""
    asked = request.GET
    show = ALL if asked.get("show") == ALL else ""
    kind = asked.get("kind", "")
    matter = _number(asked.get("matter", ""))
    page = queries.inbox(
        request.actor, at=request.at, unread=not show, kind=kind, before=_number(asked.get("before", "")),
        root=SubjectRef(MATTER, matter) if matter else None,
    )  # fmt: skip
    kept = {name: value for name, value in (("show", show), ("kind", kind), ("matter", matter)) if value}
    context = {
        "groups": grouped(page.cards),
        "newest": page.newest,
        "after": f"?{urlencode({**kept, 'before': page.before})}" if page.before else "",
        "first": f"?{urlencode(kept)}" if asked.get("before") else "",
        "show": show,
        "kind": kind,
        "matter": matter,
        "kinds": [(one.key, one.label) for one in registry.kinds()],
        "unread_now": queries.unread_count(request.actor, request.at),
    }
    return render(request, "notifications/inbox.html", context)


def grouped(cards: Iterable[NoticeCard]) -> list[Group]:
    """Cards under their matters, in the order in which these come first."""
    groups: dict[SubjectRef, Group] = {}
    for card in cards:
        if card.root not in groups:
            groups[card.root] = Group(card.root, card.number, card.title, _href(card.root))
        groups[card.root].cards.append(card)
    return list(groups.values())


def _href(root: SubjectRef) -> str:
    route = registry.route_of(root.kind)
    return reverse(route, args=[root.id]) if route else ""


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


@require_safe
def bell(request: Request) -> HttpResponse:
    """The two counts of the frame, for who hears that something came."""
    return render(request, "notifications/bell.html")


@require_GET
def enter(request: Request, token: str) -> HttpResponse:
    """The link of a message: for the person it was sent to, once, to the page of what it is about. Decides nothing."""
    notice = operations.enter(token, actor=request.actor, at=request.at)
    return HttpResponseRedirect(queries.address_of(notice))


@require_POST
def read(request: Request, pk: int) -> HttpResponse:
    operations.mark_read(queries.notice_for(request.actor, pk, at=request.at), at=request.at)
    return redirect_to(request, reverse("inbox:inbox"))


@require_POST
def read_all(request: Request) -> HttpResponse:
    """Everything up to the newest one the page showed."""
    count = operations.mark_all_read(request.actor, newest=number_of(request, "newest") or 0, at=request.at)
    told = ngettext("%(num)s notice is marked as read.", "%(num)s notices are marked as read.", count) % {"num": count}
    return notify(request, HttpResponseRedirect(reverse("inbox:inbox")), told if count else _("Nothing was unread."))
