"""Signing in and out, and what may be chosen without an account: language and theme."""

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from bihuan.kernel.errors import DomainError
from bihuan.kernel.findings import Finding
from bihuan.organisation import operations as organisation
from bihuan.organisation.enums import Language, Theme
from bihuan.organisation.errors import TooManyAttempts, WrongCredentials
from bihuan.web.http import Request, client_address, safe_next, text_of
from bihuan.web.openness import open_to_everyone
from bihuan.web.render import render
from bihuan.web.signin.demo import demo_people
from bihuan.web.signin.themes import A_YEAR, keep_theme


@open_to_everyone
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: Request) -> HttpResponse:
    if request.method == "GET":
        return _form(request)
    try:
        person = organisation.check_credentials(
            request.POST.get("username", ""),
            request.POST.get("password", ""),
            address=client_address(request),
            at=request.at,
        )
    except (WrongCredentials, TooManyAttempts) as refusal:
        return _form(request, refusal)
    login(request, person)
    return keep_theme(HttpResponseRedirect(_back(request)), person.theme)


def _form(request: Request, refusal: DomainError | None = None) -> HttpResponse:
    findings: list[Finding] = refusal.findings if refusal else []
    context = {
        "findings": findings,
        "username": text_of(request, "username"),
        "next": _back(request),
        "demo_groups": demo_people(request.at) if settings.DEMO else [],
    }
    return render(request, "signin/sign_in.html", context, status=refusal.status if refusal else 200)


def _back(request: HttpRequest) -> str:
    return safe_next(request.POST.get("next") or request.GET.get("next"))


@open_to_everyone
@require_POST
def sign_out(request: Request) -> HttpResponse:
    logout(request)
    return HttpResponseRedirect(reverse("signin:login"))


@open_to_everyone
@require_POST
def choose_language(request: Request) -> HttpResponse:
    """The language of this browser, and of the person when somebody is signed in."""
    response = HttpResponseRedirect(_back(request))
    language = text_of(request, "language")
    if language not in Language.values:
        return response
    if request.user.is_authenticated:
        organisation.change_own_settings(language=language, actor=request.actor, at=request.at)
    translation.activate(language)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, max_age=A_YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return response


@open_to_everyone
@require_POST
def choose_theme(request: Request) -> HttpResponse:
    """Light, dark or like the device; without JavaScript too."""
    theme = text_of(request, "theme")
    if theme not in Theme.values:
        return HttpResponseRedirect(_back(request))
    if request.user.is_authenticated:
        organisation.change_own_settings(theme=theme, actor=request.actor, at=request.at)
    return keep_theme(HttpResponseRedirect(_back(request)), theme)
