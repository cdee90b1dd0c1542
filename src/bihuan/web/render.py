"""Templates to responses: a whole page, or one block of it for htmx."""

import json
from collections.abc import Mapping
from functools import partial
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template import engines
from django.template.backends.utils import csrf_input
from django.utils.functional import SimpleLazyObject
from jinja2 import Environment
from jinja2_fragments import render_block

from bihuan.kernel.now import now
from bihuan.web.once import once_input

NOTICE = "notice"


def render(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    block: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page, or only the named block of it. Every page knows `request`, `actor`, `at` and the csrf token."""
    values = {**surroundings(request), **(context or {})}
    if block is None:
        html = jinja_environment().get_template(template).render(values)
    else:
        html = render_block(jinja_environment(), template, block, values)
    return HttpResponse(html, status=status)


def surroundings(request: HttpRequest) -> dict[str, Any]:
    return {
        "request": request,
        "actor": getattr(request, "actor", None),
        "at": getattr(request, "at", None) or now(),
        "csrf_input": SimpleLazyObject(partial(csrf_input, request)),
        "csrf_token": SimpleLazyObject(partial(get_token, request)),
        "once_input": once_input,
    }


def jinja_environment() -> Environment:
    return cast("Environment", cast("Any", engines["jinja2"]).env)


def notify(request: HttpRequest, response: HttpResponse, text: str, *, level: str = "success") -> HttpResponse:
    """Tell the person what was done: now for htmx, on the next page otherwise. Level: success, info, warning, error."""
    if getattr(request, "htmx", False):
        response["HX-Trigger"] = json.dumps({NOTICE: {"text": text, "level": level}})
    else:
        request.session[NOTICE] = {"text": text, "level": level}
    return response


def take_notice(request: HttpRequest) -> dict[str, str] | None:
    """The notice left by the page before, once."""
    session = getattr(request, "session", None)
    return session.pop(NOTICE, None) if session is not None and NOTICE in session else None
