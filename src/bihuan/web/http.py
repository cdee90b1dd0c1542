"""What every view may ask of a request."""

from datetime import date, datetime
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import Refused
from bihuan.kernel.findings import error

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PORT")

OCTETS = "application/octet-stream"


class Request(HttpRequest):
    """A request behind `EdgeMiddleware`: who asks, and when."""

    actor: Actor
    at: datetime
    htmx: HtmxDetails


def is_trusted_proxy(address: str) -> bool:
    trusted = {name.strip() for name in settings.OPTIONS.trusted_proxies.split(",")}
    return bool(address) and address in trusted


def client_address(request: HttpRequest) -> str:
    """Who really asks: the peer, or the nearest hop named by a trusted proxy that is not one itself."""
    peer: str = request.META.get("REMOTE_ADDR", "")
    if not is_trusted_proxy(peer):
        return peer
    hops: list[str] = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    return next((hop for hop in reversed(hops) if not is_trusted_proxy(hop)), peer)


def safe_next(wanted: str | None, default: str = "/") -> str:
    """A path of our own, or the default: no scheme, no host, no backslash, no control character."""
    if not wanted or not wanted.startswith("/") or "\\" in wanted or not wanted.isprintable():
        return default
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else default


def redirect_to(request: HttpRequest, address: str) -> HttpResponse:
    """Go there: a redirect for a page, the HX-Redirect header for htmx, which would swap the page into a fragment."""
    if getattr(request, "htmx", False):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def text_of(request: HttpRequest, name: str) -> str:
    """What was posted under a name, without blanks around it and without NUL, which PostgreSQL cannot store."""
    return request.POST.get(name, "").replace("\x00", "").strip()


def lines_of(request: HttpRequest, name: str, longest: int) -> str:
    """What was posted under a name as it was typed, blanks at the beginning of lines kept; one more than is allowed."""
    return request.POST.get(name, "").replace("\r\n", "\n")[: longest + 1]


def number_of(request: HttpRequest, name: str) -> int | None:
    """The id posted under a name; None when it is empty or no number."""
    text = text_of(request, name)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def day_of(request: HttpRequest, name: str, place: str = "") -> date | None:
    """The day posted under a name, None when it is empty; raises ``Refused`` at the field when it is no day: an end
    that cannot be read is not without end."""
    text = text_of(request, name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused([error("web.day_unreadable", place or name, day=text[:40])]) from None


def as_download(content: bytes, name: str) -> HttpResponse:
    """Bytes that were handed in, always to be kept, never to be shown as a page of ours."""
    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    return HttpResponse(content, content_type=OCTETS, headers={"Content-Disposition": disposition})
