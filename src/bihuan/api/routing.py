"""How a route is made: its right is named with it, and what changes something is done once per key."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from inspect import isgeneratorfunction
from typing import Any

from django.http import HttpResponse
from ninja import Router
from pydantic import BaseModel

from bihuan.api.callers import Caller, Large
from bihuan.api.errors import KeyMissing
from bihuan.api.http import JSON, Request
from bihuan.api.schemas import Problem, Receipt
from bihuan.kernel import principals
from bihuan.kernel.canonical import digest
from bihuan.organisation.enums import TokenScope
from bihuan.outbox import operations as outbox
from bihuan.outbox.operations import Answer

View = Callable[..., Any]
Act = Callable[[], BaseModel]
KEY = re.compile(r"[A-Za-z0-9_.:\-]{8,128}")
REFUSALS = (400, 401, 403, 404)
REFUSALS_OF_ACTS = (*REFUSALS, 409, 413, 415, 422, 429)
KEY_HEADER = {
    "name": "Idempotency-Key", "in": "header", "required": True,
    "description": "A new random text for every new request; the same one when the request is sent again.",
    "schema": {"type": "string", "pattern": f"^{KEY.pattern}$"},
}  # fmt: skip


class Routes:
    """The routes of one room."""

    def __init__(self, tag: str) -> None:
        self.router = Router(tags=[tag])

    def read(self, path: str, response: Any) -> Callable[[View], View]:
        """A GET route; needs the right to read."""
        return self._add("GET", path, TokenScope.READ, {200: response})

    def check(self, path: str, response: Any) -> Callable[[View], View]:
        """A POST route that says something about its body and keeps nothing, so that it needs no key."""
        return self._add("POST", path, TokenScope.READ, {200: response})

    def secret(self, path: str, response: Any) -> Callable[[View], View]:
        """A POST route that answers with a new secret in place of the one before. It has no key: an answer to a key is
        kept, and a secret is not; sent again it makes yet another one."""
        return self._add("POST", path, TokenScope.WRITE, {200: response})

    def act(
        self, path: str, *, scope: TokenScope = TokenScope.WRITE, method: str = "POST", status: int = 200,
        response: type[BaseModel] = Receipt, large: Large | None = None,
    ) -> Callable[[View], View]:  # fmt: skip
        """A route that changes something, once for each Idempotency-Key; answers with a receipt, or one for each thing.

        A view that first does something slow is a generator: it yields what is then done in the transaction.
        """

        def add(view: View) -> View:
            route = self._add(method, path, scope, {status: response}, large=large, parameters=[KEY_HEADER])
            return route(once_for_each_key(view, status))

        return add

    def _add(
        self,
        method: str,
        path: str,
        scope: TokenScope,
        responses: dict[int, Any],
        large: Large | None = None,
        **extra: Any,
    ) -> Callable[[View], View]:
        def add(view: View) -> View:
            caller = Caller(scope, large)
            refusals = REFUSALS if method == "GET" else REFUSALS_OF_ACTS
            operation_id = f"{view.__module__.rpartition('.')[2]}_{view.__name__}"
            route = self.router.api_operation(
                [method], path, auth=caller, response={**responses, refusals: Problem},
                operation_id=operation_id, openapi_extra={"x-scope": scope.value, **extra},
            )  # fmt: skip
            added: View = route(view)
            caller.parameters = parameters_of(added)
            return added

        return add


def parameters_of(view: View) -> frozenset[str]:
    """The names the address of the route may carry."""
    models = view._ninja_operation.models  # type: ignore[attr-defined]  # set by ninja
    query = [model for model in models if model.__ninja_param_source__ == "query"]
    return frozenset(name for model in query for name in model.__ninja_flatten_map__)


def once_for_each_key(view: View, status: int) -> View:
    """Wrap an act: its effect, its facts and the answer to its key are one transaction."""

    ready = contextmanager(view if isgeneratorfunction(view) else _at_once(view))

    @wraps(view)
    def keyed(request: Request, **values: Any) -> HttpResponse:
        key = request.headers.get("Idempotency-Key", "")
        if not KEY.fullmatch(key):
            raise KeyMissing

        with ready(request, **values) as act:
            answer = outbox.once(
                caller=_caller(request), key=key, asked=_asked(request), at=request.at,
                act=lambda: Answer(status, act().model_dump_json()),
            )  # fmt: skip
        response = HttpResponse(answer.body, status=answer.status, content_type=JSON)
        if answer.is_replay:
            response["Idempotency-Replayed"] = "true"
        return response

    return keyed


def _at_once(view: View) -> Callable[..., Iterator[Act]]:
    def ready(request: Request, **values: Any) -> Iterator[Act]:
        yield lambda: view(request, **values)

    return ready


def _caller(request: Request) -> str:
    return principals.person(request.actor.person_id or 0)


def _asked(request: Request) -> str:
    """One digest over method, address and body: the words themselves are not kept."""
    return digest([request.method, request.get_full_path(), request.body.decode("utf-8", "replace")])
