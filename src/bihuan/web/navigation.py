"""The places of the product, as the rail and the bottom bar show them."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Place:
    """`route` names the page; a place whose page does not exist is not shown. `primary`: stands in the bottom bar."""

    route: str
    label: "str | Promise"
    icon: str
    key: str = ""
    primary: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    href: str
    label: "str | Promise"
    icon: str
    key: str
    primary: bool
    here: bool


PLACES = (
    Place("desk:desk", _("Desk"), "layout-dashboard", "d", primary=True),
    Place("collaborations:portfolio", _("Collaborations"), "list-checks", "c", primary=True),
    Place("organisation:departments", _("Departments"), "building-2", "o", primary=True),
    Place("organisation:people", _("People"), "users", "p"),
    Place("issues:register", _("Risks"), "triangle-alert", "r"),
    Place("resources:register", _("Resources"), "briefcase", "s"),
    Place("knowledge:library", _("Case library"), "library", "l"),
    Place("ledger:chain", _("Ledger"), "link", ""),
)


def places(request: HttpRequest) -> list[Shown]:
    found = [(place, address(place.route)) for place in PLACES]
    longest = max((href for _place, href in found if href and request.path.startswith(href)), key=len, default="")
    return [
        Shown(href, place.label, place.icon, place.key, place.primary, here=href == longest)
        for place, href in found
        if href
    ]


def address(route: str) -> str:
    return address_in(settings.ROOT_URLCONF, route, ())


@lru_cache(maxsize=1024)
def address_in(_urlconf: str, route: str, arguments: tuple[Any, ...]) -> str:
    """The address of a page, or nothing when this installation has no such page."""
    try:
        return reverse(route, args=arguments)
    except NoReverseMatch:
        return ""
