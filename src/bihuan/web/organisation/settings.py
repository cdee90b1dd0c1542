"""My settings: language, theme, addresses, password, API tokens."""

from datetime import datetime, time
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from bihuan.kernel.errors import Refused
from bihuan.organisation import operations, queries
from bihuan.organisation.enums import Language, Theme, TokenScope
from bihuan.organisation.operations import OwnSettings
from bihuan.web.http import Request, day_of, redirect_to, text_of
from bihuan.web.once import once
from bihuan.web.organisation.posted import NO_FINDINGS
from bihuan.web.render import notify, render
from bihuan.web.signin.themes import A_YEAR, keep_theme

TEMPLATE = "organisation/settings.html"


def _page(request: Request, *, status: int = 200, **more: Any) -> HttpResponse:
    person = queries.person_for(request.actor.person_id)
    context = {
        "person": person,
        "tokens": queries.tokens_of(person.pk),
        "languages_offered": Language.choices,
        "themes": Theme.choices,
        "zones": sorted(zone for zone in available_timezones() if "/" in zone),
        "token_scopes": TokenScope.choices,
        "findings": NO_FINDINGS,
        "secret": "",
        "typed": {},
        **more,
    }
    return render(request, TEMPLATE, context, status=status)


def _refused(request: Request, refusal: Refused) -> HttpResponse:
    return _page(request, status=refusal.status, findings=refusal.findings, typed=request.POST)


def _done(request: Request, told: str) -> HttpResponse:
    return notify(request, redirect_to(request, reverse("organisation:settings")), told)


@require_safe
def show(request: Request) -> HttpResponse:
    return _page(request)


@require_POST
def change(request: Request) -> HttpResponse:
    names = ("language", "time_zone", "theme", "email", "phone")
    values: OwnSettings = {name: text_of(request, name) for name in names if name in request.POST}  # type: ignore[assignment]  # the keys are the five above
    try:
        person = operations.change_own_settings(actor=request.actor, at=request.at, **values)
    except Refused as refusal:
        return _refused(request, refusal)
    response = keep_theme(_done(request, _("Your settings were saved.")), person.theme)
    if person.language:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            person.language,
            max_age=A_YEAR,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return response


@sensitive_post_parameters("present", "password")
@require_POST
def change_password(request: Request) -> HttpResponse:
    """Every other session of the person ends; this one goes on under a new key."""
    try:
        person = operations.set_password(
            request.actor.person_id or 0,
            password=request.POST.get("password", ""),
            present=request.POST.get("present"),
            actor=request.actor,
            at=request.at,
        )
    except Refused as refusal:
        return _page(request, status=refusal.status, findings=refusal.findings)
    update_session_auth_hash(request, person)
    return _done(request, _("Your password was changed. Other devices are signed out."))


@require_POST
def issue_token(request: Request) -> HttpResponse:
    """The secret stands on this answer and nowhere else."""
    made: dict[str, str] = {}

    def act() -> str:
        day = day_of(request, "expires_on")
        expires_at = datetime.combine(day, time.max, timezone.get_current_timezone()) if day else None
        token, made["secret"] = operations.issue_token(
            name=text_of(request, "name"),
            scopes=request.POST.getlist("scopes"),
            expires_at=expires_at,
            actor=request.actor,
            at=request.at,
        )
        made["issued"] = token.name
        return reverse("organisation:settings")

    try:
        address = once(request, act)
    except Refused as refusal:
        return _refused(request, refusal)
    return _page(request, status=201, **made) if made else redirect_to(request, address)


@require_POST
def revoke_token(request: Request, pk: int) -> HttpResponse:
    operations.revoke_token(pk, actor=request.actor, at=request.at)
    return _done(request, _("The token was revoked."))
