"""Reading a matter, section by section."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from bihuan.web.collaborations import page
from bihuan.web.http import Request


@require_safe
def overview(request: Request, pk: int) -> HttpResponse:
    return page.show(request, pk, "overview")


@require_safe
def section(request: Request, pk: int, section: str) -> HttpResponse:
    return page.show(request, pk, section)
