"""What every route may ask of a request."""

from datetime import datetime
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation.trans_real import get_supported_language_variant, parse_accept_lang_header

from bihuan.kernel.actor import Actor

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
JSON, OCTETS = "application/json", "application/octet-stream"


class Request(HttpRequest):
    """A request behind `EdgeMiddleware` and `Caller`: who asks, and when."""

    actor: Actor
    at: datetime


def speak(request: HttpRequest) -> None:
    """Answer in the language the program asks for; without a wish, in that of the session or the house."""
    for wanted, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        try:
            translation.activate(get_supported_language_variant(wanted))
        except LookupError:
            continue
        return


def as_download(content: bytes, name: str) -> HttpResponse:
    """Bytes that were handed in, always to be kept, never to be shown as a page of ours."""
    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    return HttpResponse(content, content_type=OCTETS, headers={"Content-Disposition": disposition})
