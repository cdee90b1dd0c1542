"""The places of the product, as the rail and the bottom bar show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from markupsafe import Markup

from bihuan.kernel import principals
from bihuan.web.marks import icon


@dataclass(frozen=True, slots=True)
class Place:
    """`route` names the page; a place whose page does not exist is not shown. `primary`: stands in the bottom bar.

    `below` are addresses of pages that belong to the place though their own address does not begin with its.
    `offices` are principals: only who answers to one of them is shown the place. `counts`: the bell hangs there.
    """

    route: str
    label: "str | Promise"
    icon: str
    key: str = ""
    primary: bool = False
    below: tuple[str, ...] = ()
    offices: tuple[str, ...] = ()
    counts: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    href: str
    label: str
    icon: Markup
    key: str
    primary: bool
    here: bool
    counts: bool = False


OF_A_MATTER = ("/records/", "/tasks/", "/needs/", "/reports/", "/risks/", "/commitments/")
OF_DEPARTMENTS = ("/duty/", "/calendars/", "/organisation/")
PLACES = (
    Place("desk:desk", _("Desk"), "layout-dashboard", "d", primary=True, below=("/sign/",)),
    Place("inbox:inbox", _("Inbox"), "bell", "i", primary=True, counts=True),
    Place("collaborations:portfolio", _("Collaborations"), "list-checks", "c", primary=True, below=OF_A_MATTER),
    Place("agenda:mine", _("Calendar"), "calendar", "a"),
    Place("deadlines:list", _("Deadlines"), "clock", "t"),
    Place("organisation:departments", _("Departments"), "building-2", "o", primary=True, below=OF_DEPARTMENTS),
    Place("organisation:people", _("People"), "users", "p"),
    Place("issues:register", _("Risks"), "triangle-alert", "r"),
    Place("resources:register", _("Resources"), "briefcase", "s"),
    Place("routes:list", _("Routes"), "waypoints", "w"),
    Place("playbooks:list", _("Playbooks"), "book-open", "y"),
    Place("knowledge:library", _("Case library"), "library", "l"),
    Place("imports:imports", _("Bring data in"), "upload", "b", offices=(principals.ADMINISTRATOR, principals.PMO)),
    Place("evidence:show", _("Evidence"), "link", "", offices=(principals.ADMINISTRATOR,)),
)

OFFICES = frozenset(office for place in PLACES for office in place.offices)


def places(request: HttpRequest) -> tuple[Shown, ...]:
    """What this person finds in the rail, in the reader's language."""
    actor = getattr(request, "actor", None)
    held = actor.principals & OFFICES if actor is not None else frozenset()
    here = present(request.path, reachable(settings.ROOT_URLCONF, held))
    return shown(settings.ROOT_URLCONF, held, here, get_language())


@lru_cache(maxsize=64)
def reachable(urlconf: str, held: frozenset[str]) -> tuple[tuple[Place, str], ...]:
    """The places of somebody who answers to these offices, as far as this installation has their pages."""
    found = ((place, address_in(urlconf, place.route, ())) for place in PLACES)
    return tuple((place, href) for place, href in found if href and (not place.offices or held & set(place.offices)))


@lru_cache(maxsize=512)
def shown(urlconf: str, held: frozenset[str], here: Place | None, _language: str | None) -> tuple[Shown, ...]:
    return tuple(
        Shown(href, str(place.label), icon(place.icon), place.key, place.primary, place is here, place.counts)
        for place, href in reachable(urlconf, held)
    )


def present(path: str, found: Sequence[tuple[Place, str]]) -> Place | None:
    """The place a page belongs to: the longest beginning of its address wins."""
    fits = [(reach(path, place, href), place) for place, href in found]
    longest, place = max(fits, key=lambda fit: fit[0], default=(0, None))
    return place if longest else None


def reach(path: str, place: Place, href: str) -> int:
    """How much of the path this place answers for; nothing begins with the desk's bare `/`."""
    if path == href:
        return len(path)
    return max((len(start) for start in (href, *place.below) if start != "/" and path.startswith(start)), default=0)


@lru_cache(maxsize=1024)
def address_in(_urlconf: str, route: str, arguments: tuple[Any, ...]) -> str:
    """The address of a page, or nothing when this installation has no such page."""
    try:
        return reverse(route, args=arguments)
    except NoReverseMatch:
        return ""
