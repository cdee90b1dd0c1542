"""The practical limit: one indexed query and fifty rows in a plain template. And where it is mounted.

Django's own middlewares and a signed-in person, as in any Django project, and nothing else: rights, language, time
zone, headers, macros, everything a page of the product does besides counts as the product's own cost.
"""

from pathlib import Path

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from jinja2 import Environment, FileSystemLoader

from bihuan.collaborations.models import Collaboration
from bihuan.config import urls

ROWS = 50
TEMPLATES = Environment(autoescape=True, loader=FileSystemLoader(Path(__file__).resolve().parent))
MIDDLEWARE = [  # what `startproject` writes, without the messages
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]


@login_required
def fifty(request: HttpRequest, department: int) -> HttpResponse:
    newest = Collaboration.objects.filter(lead_department=department).order_by("-pk")
    rows = newest.select_related("lead_department", "lead")[:ROWS]
    return HttpResponse(TEMPLATES.get_template("bare.html").render(rows=rows))


urlpatterns = [path("bare/<int:department>/", fifty), *urls.urlpatterns]
handler400, handler403, handler404 = urls.handler400, urls.handler403, urls.handler404
