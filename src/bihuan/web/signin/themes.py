"""The theme's cookie, which the switch in the browser sets as well."""

from django.conf import settings
from django.http import HttpResponse

from bihuan.organisation.enums import Theme

A_YEAR = 365 * 24 * 3600
COOKIE = "theme"


def keep_theme(response: HttpResponse, theme: str) -> HttpResponse:
    if theme in {Theme.LIGHT, Theme.DARK}:
        response.set_cookie(COOKIE, theme, max_age=A_YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response
