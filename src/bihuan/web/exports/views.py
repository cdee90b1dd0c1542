"""Everything I may see, put together by the worker and fetched when it is done."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from bihuan.files import queries as files
from bihuan.integrations.neutral_out.run import ask_for_export
from bihuan.integrations.neutral_out.sending import packed
from bihuan.web.http import OCTETS, Request, text_of
from bihuan.web.once import once
from bihuan.web.render import notify, render

PAGE = "exports/show.html"
SHOWN = 10
FORMS = {
    "xlsx": gettext_lazy("Workbook (XLSX)"),
    "csv": gettext_lazy("Tables (CSV, in one archive)"),
    "json": gettext_lazy("JSON, in one archive"),
}
MADE_ELSEWHERE = {"dossier": gettext_lazy("Dossier of a matter")}


@require_safe
def show(request: Request) -> HttpResponse:
    """What was asked for, how far it is, and the file once it is there. It asks again while something is under way."""
    found = list(files.parcels_of(request.actor)[:SHOWN])
    is_working = any(each.ended_at is None for each in found)
    context = {"parcels": found, "forms": FORMS, "labels": {**FORMS, **MADE_ELSEWHERE}, "is_working": is_working}
    is_part = request.htmx and not request.htmx.history_restore_request
    return render(request, PAGE, context, block="made" if is_part else None)


@require_POST
def ask(request: Request) -> HttpResponse:
    def begin() -> str:
        ask_for_export(form=text_of(request, "form"), actor=request.actor, at=request.at)
        return "exports:show"

    return notify(request, redirect(once(request, begin)), _("It is being put together."))


@require_safe
def fetch(request: Request, pk: int) -> HttpResponse:
    """The file; only for its owner, and only once it is whole."""
    name, content = packed(files.parcel_for(request.actor, pk), request.actor)
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(content, content_type=OCTETS, headers={"Content-Disposition": disposition})
