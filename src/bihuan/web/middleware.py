"""The edge: where a request becomes an actor and an instant, and a refusal becomes an answer."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject

from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import DomainError
from bihuan.kernel.now import now
from bihuan.organisation import queries as organisation
from bihuan.web.errors import answer, not_found, say_what_is_asked
from bihuan.web.http import FORWARDED, Request, is_trusted_proxy
from bihuan.web.openness import is_open

Answer = Callable[[HttpRequest], HttpResponse]
API = "ninja"
NO_STORE = "no-store, private"


class ProxyMiddleware:
    """First of all: what a client says about itself in `X-Forwarded-*` is dropped unless a trusted proxy says it."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_trusted_proxy(request.META.get("REMOTE_ADDR", "")):
            for header in FORWARDED:
                request.META.pop(header, None)
        return self.get_response(request)


class EdgeMiddleware:
    """Default deny; `request.at`, `request.actor`; the person's language and time zone; domain errors as answers."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = cast("Request", request)
        asked.at = now()
        asked.actor = cast("Actor", SimpleLazyObject(lambda: actor_of(asked, asked.at)))
        with timezone.override(self._time_zone(request)):
            response = self.get_response(request)
            if isinstance(response, HttpResponseNotAllowed) and not _belongs_to_api(request):
                say_what_is_asked(request, response)
        if isinstance(response, HttpResponse) and not response.has_header("Cache-Control"):
            response["Cache-Control"] = NO_STORE
        patch_vary_headers(response, ["Cookie", "HX-Request", "Accept-Language"])
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """Let in who is signed in, and everybody to what is open. The API asks for its own tokens on every route."""
        if is_open(view) or _belongs_to_api(request) or request.user.is_authenticated:
            return None
        return to_sign_in(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Http404):
            return not_found(request)
        return answer(request, exception) if isinstance(exception, DomainError) else None

    def _time_zone(self, request: HttpRequest) -> Any:
        person = request.user
        if not person.is_authenticated:
            return timezone.get_default_timezone()
        if person.language:
            translation.activate(person.language)
            request.LANGUAGE_CODE = translation.get_language()
        return ZoneInfo(person.time_zone) if person.time_zone else timezone.get_default_timezone()


def actor_of(request: HttpRequest, at: datetime) -> Actor | None:
    return organisation.actor_for(request.user, at) if request.user.is_authenticated else None


def _belongs_to_api(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.app_names[:1] == [API]


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and back; an expired session inside a fragment moves the whole page instead."""
    if getattr(request, "htmx", False):
        here = urlsplit(request.headers.get("HX-Current-URL", ""))
        back = here.path + (f"?{here.query}" if here.query else "")
        return HttpResponse(status=401, headers={"HX-Redirect": _sign_in_address(back or "/")})
    back = request.get_full_path() if request.method in {"GET", "HEAD"} else "/"
    return HttpResponseRedirect(_sign_in_address(back))


def _sign_in_address(back: str) -> str:
    return f"{reverse('signin:login')}?{urlencode({'next': back})}"
