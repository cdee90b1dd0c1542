"""Addresses of the API. What is no route is answered like what may not be seen."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from bihuan.api.entry import api
from bihuan.api.errors import WrongMethod
from bihuan.api.http import speak
from bihuan.api.problems import problem
from bihuan.kernel.errors import NotFound

View = Callable[..., HttpResponse]
DESCRIPTION = "openapi-json"


def answered(view: View) -> View:
    """In the language asked for; a wrong method is a problem document too."""

    @wraps(view, updated=())
    def call(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        speak(request)
        response = view(request, *args, **kwargs)
        if response.status_code != 405:
            return response
        refusal = problem(WrongMethod())
        refusal["Allow"] = response["Allow"]
        return refusal

    return csrf_exempt(call)  # `Caller` asks sessions for their CSRF token; a token needs none


def nothing_here(request: HttpRequest) -> HttpResponse:
    return problem(NotFound())


def patterns() -> list[URLPattern]:
    found, _, _ = api.urls
    routes = [each for each in found if isinstance(each, URLPattern) and each.name != "api-root"]
    for each in routes:
        each.callback = answered(require_safe(each.callback) if each.name == DESCRIPTION else each.callback)
    return routes


urlpatterns = [
    *patterns(),
    path("", answered(nothing_here), name="api-root"),
    re_path(r"^.*$", answered(nothing_here), name="nothing-here"),
]
app_name = "ninja"  # the edge knows the API by it and leaves signing in to `Caller`
