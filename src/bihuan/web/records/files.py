"""Files of a form: attaching, removing, fetching."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bihuan.access.operations import note_reading
from bihuan.kernel.errors import Refused
from bihuan.kernel.findings import error
from bihuan.records import operations, queries
from bihuan.records.errors import DraftChanged
from bihuan.web.http import Request, as_download, number_of
from bihuan.web.records.views import edit_page, keep_typed, record_of, stale_page, typed_on
from bihuan.web.render import notify

SEE_OTHER = 303


@require_POST
def attach(request: Request, pk: int) -> HttpResponse:
    """Keep what stands on the page, then the files; what is refused says why, and nothing typed is lost."""
    record = record_of(request, pk)
    operations.ensure_filler(record, request.actor, request.at)
    typed = typed_on(request, record)
    handed = request.FILES.getlist("file")
    try:
        keep_typed(request, record, typed)
        _ensure_some(handed)
        for file in handed:
            operations.attach_file(
                record, name=file.name or "", pieces=file.chunks(), actor=request.actor, at=request.at
            )
    except DraftChanged as stale:
        return stale_page(request, record, typed, stale)
    except Refused as refusal:
        now = record_of(request, pk)
        return edit_page(request, now, now.draft, about_files=refusal.findings)
    return notify(request, _back(pk), _("Attached."))


def _ensure_some(handed: list[Any]) -> None:
    if not handed:
        raise Refused([error("records.file_missing", "files")])


@require_POST
def remove(request: Request, pk: int) -> HttpResponse:
    record = record_of(request, pk)
    operations.ensure_filler(record, request.actor, request.at)
    typed = typed_on(request, record)
    try:
        keep_typed(request, record, typed)
        operations.remove_file(record, number_of(request, "file") or 0, actor=request.actor, at=request.at)
    except DraftChanged as stale:
        return stale_page(request, record, typed, stale)
    except Refused as refusal:
        now = record_of(request, pk)
        return edit_page(request, now, now.draft, about_files=refusal.findings)
    return notify(request, _back(pk), _("The file is removed."))


@require_safe
def fetch(request: Request, pk: int) -> HttpResponse:
    """The bytes, always as a download: what somebody handed in is never shown as a page of ours."""
    found = queries.file_for(request.actor, pk, at=request.at)
    note_reading(found.record.scope_id, actor=request.actor, at=request.at)
    return as_download(queries.content_of(found), found.file.name)


def _back(pk: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("records:edit", args=[pk]) + "#files", status=SEE_OTHER)
