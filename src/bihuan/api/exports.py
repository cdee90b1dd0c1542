"""Everything the caller may read, as files."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpResponse

from bihuan.api.http import OCTETS, Request
from bihuan.api.routing import Routes
from bihuan.api.schemas import In, Out, Page, Receipt, page
from bihuan.files import queries as files
from bihuan.integrations.neutral_out.run import ask_for_export
from bihuan.integrations.neutral_out.sending import packed

routes = Routes("exports")
SHOWN = 50


class ExportOut(Out):
    """`done` of `total` matters; whole, and ready to be fetched, once `ended_at` is there."""

    id: int
    form: str
    asked_at: datetime
    total: int
    done: int
    ended_at: datetime | None


class ExportIn(In):
    form: Literal["json", "csv", "xlsx"]


@routes.read("/exports", Page[ExportOut])
def mine(request: Request) -> dict[str, Any]:
    """What was put together for the caller, newest first; kept for seven days."""
    return page(files.parcels_of(request.actor)[:SHOWN])


@routes.read("/exports/{int:export_id}", ExportOut)
def export(request: Request, export_id: int) -> Any:
    return files.parcel_for(request.actor, export_id)


@routes.read("/exports/{int:export_id}/file", bytes)
def file(request: Request, export_id: int) -> Any:
    """The file itself, as a download."""
    name, content = packed(files.parcel_for(request.actor, export_id), request.actor)
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(content, content_type=OCTETS, headers={"Content-Disposition": disposition})


@routes.act("/exports", status=201)
def ask(request: Request, body: ExportIn) -> Receipt:
    """Have everything the caller may read put together by the worker."""
    parcel = ask_for_export(form=body.form, actor=request.actor, at=request.at)
    return Receipt(kind="export", id=parcel.pk, href=f"/api/v1/exports/{parcel.pk}", state="WAITING")
