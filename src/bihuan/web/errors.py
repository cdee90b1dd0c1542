"""How a page says no: a whole page, or for htmx what belongs into the page that is open."""

import json
from functools import lru_cache

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, gettext

from bihuan.kernel import sentences
from bihuan.kernel.errors import DomainError, NotAllowed, NotFound
from bihuan.kernel.findings import Finding
from bihuan.kernel.now import now
from bihuan.web.formats import clock_text
from bihuan.web.jinja import theme_of
from bihuan.web.render import NOTICE, jinja_environment, render


def answer(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    """The response to a domain error."""
    if isinstance(refusal, NotFound):
        return not_found(request)
    if getattr(request, "htmx", False):
        return _partial(request, refusal)
    context = {"findings": refusal.findings, "status": refusal.status}
    return render(request, "errors/refusal.html", context, status=refusal.status)


def _partial(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    if refusal.status == 422:
        response = render(request, "errors/findings.html", {"findings": refusal.findings}, status=422)
        response["HX-Retarget"], response["HX-Reswap"] = "#findings", "outerHTML"
        return response
    return _told(" ".join(_in_words(finding) for finding in refusal.findings), refusal.status)


def _told(text: str, status: int) -> HttpResponse:
    response = HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
    response["HX-Reswap"] = "none"
    response["HX-Trigger"] = json.dumps({NOTICE: {"text": text, "level": "error"}})
    return response


def _in_words(finding: Finding) -> str:
    said = sentences.explain(finding)
    return f"{said.what} {said.mend}".strip()


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The one 404, byte for byte the same whatever the reason: no path, no token, no name stands in it."""
    if getattr(request, "htmx", False):
        return _told(_in_words(Finding(NotFound.code)), 404)
    return HttpResponse(_not_found_page(get_language() or "", theme_of(request)), status=404)


@lru_cache(maxsize=8)
def _not_found_page(language: str, theme: str) -> str:
    return _alone(gettext("Not found"), Finding(NotFound.code), theme)


def _alone(title: str, finding: Finding, theme: str) -> str:
    """A page without places and without anything of the reader's."""
    return jinja_environment().get_template("errors/alone.html").render(title=title, finding=finding, theme=theme)


def broken(request: HttpRequest) -> HttpResponse:
    """A fault of ours, with the time by which it is found in the log; nothing here asks the database."""
    finding = Finding("web.broken", params={"at": clock_text(now())})
    return HttpResponse(_alone(gettext("Something went wrong"), finding, theme_of(request)), status=500)


def say_what_is_asked(request: HttpRequest, response: HttpResponse) -> None:
    """A bare 405 in words: the address of a button was opened by itself, from the history or after signing in."""
    finding = Finding("web.only_by_its_page")
    response["Content-Type"] = "text/html; charset=utf-8"
    response.content = _alone(gettext("Nothing was done"), finding, theme_of(request))


def forbidden(request: HttpRequest, reason: str = "", exception: Exception | None = None) -> HttpResponse:
    """Django's own 403: a missing or foreign CSRF token."""
    return answer(request, PageTooOld())


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Too much is said in words; what no browser of ours sends (a foreign host name) is not."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
        return answer(request, TooLarge())
    return HttpResponse(status=400)


class TooLarge(DomainError):
    """More than one form can hold was sent at once. Nothing of it is kept."""

    code = "web.too_large"
    status = 413


class PageTooOld(NotAllowed):
    """The form was opened before the present session, or comes from elsewhere."""

    code = "web.page_too_old"
