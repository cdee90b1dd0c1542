"""Who calls: a token, or the session of a page. Default deny: a route says which right it needs."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.utils import translation
from ninja.security import HttpBearer
from ninja.utils import check_csrf

from bihuan.api.errors import ForeignPage, NotJson, NotSignedIn, OutOfReach, UnknownParameter, Unreadable
from bihuan.api.http import JSON, SAFE
from bihuan.kernel.actor import Actor
from bihuan.organisation import operations, queries
from bihuan.organisation.enums import TokenScope


class Caller(HttpBearer):
    """Lets in whoever holds a token with the right of the route, or is signed in on the pages.

    A token that was sent decides alone: when it is wrong the answer is 401, whatever cookie came with it (AT34).
    """

    def __init__(self, scope: TokenScope, large: "Large | None" = None) -> None:
        super().__init__()
        self.scope, self.large = scope, large
        self.parameters: frozenset[str] = frozenset()

    def __call__(self, request: HttpRequest) -> Any:
        _refuse_other_bodies(request)
        header = request.META.get("HTTP_AUTHORIZATION")
        person = self._of_session(request) if header is None else self._of_token(request, header)
        request.actor = queries.actor_for(person, request.at)  # type: ignore[attr-defined]  # set for every route
        self._refuse_strange_parameters(request)
        if self.large is not None and self.large.may(request.actor):  # type: ignore[attr-defined]  # set above
            self.large.take(request)
        return person

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """The person of a live token with the right of this route. Raises NotSignedIn, OutOfReach."""
        found = queries.token_for(token, request.at)  # type: ignore[attr-defined]  # set by the edge
        if found is None:
            raise NotSignedIn
        if self.scope not in found.scopes:
            raise OutOfReach(scope=self.scope.value)
        operations.note_token_use(found, at=request.at)  # type: ignore[attr-defined]  # set by the edge
        if found.person.language and "Accept-Language" not in request.headers:
            translation.activate(found.person.language)
        return found.person

    def _of_token(self, request: HttpRequest, header: str) -> Any:
        kind, _, secret = header.partition(" ")
        if kind.lower() != "bearer" or not secret.strip():
            raise NotSignedIn
        return self.authenticate(request, secret.strip())

    def _of_session(self, request: HttpRequest) -> Any:
        if not request.user.is_authenticated:
            raise NotSignedIn
        if check_csrf(request):
            raise ForeignPage
        return request.user

    def _refuse_strange_parameters(self, request: HttpRequest) -> None:
        for name, values in request.GET.lists():
            if name not in self.parameters:
                raise UnknownParameter(name=name[:80])
            if len(values) > 1 or "\x00" in values[0]:
                raise Unreadable


@dataclass(frozen=True, slots=True)
class Large:
    """A route whose bodies may be larger than those of all others, for who may use it; others keep the usual limit."""

    limit: int
    may: Callable[[Actor], bool]

    def take(self, request: HttpRequest) -> None:
        """Read the body, which Django itself would refuse by one limit for all routes. Raises RequestDataTooBig."""
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isascii() or not length.isdigit() or int(length) > self.limit:
            raise RequestDataTooBig
        request._body = request.read()
        request._stream = BytesIO(request.body)


def _refuse_other_bodies(request: HttpRequest) -> None:
    has_body = request.META.get("CONTENT_LENGTH") not in {None, "", "0"}
    if request.method not in SAFE and has_body and request.content_type != JSON:
        raise NotJson
