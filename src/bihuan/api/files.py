"""Files handed in with a form."""

from base64 import b64decode
from binascii import Error as NotBase64
from typing import Annotated, Any

from pydantic import Field, StrictStr

from bihuan.access.operations import note_reading
from bihuan.api.http import Request, as_download
from bihuan.api.routing import Routes
from bihuan.api.schemas import Id, In, Line, Out, Page, Receipt, page
from bihuan.kernel.errors import Refused
from bihuan.kernel.findings import error
from bihuan.records import operations, queries

routes = Routes("files")
LARGEST = 5 * 1024 * 1024


class FileOut(Out):
    id: int
    name: str
    size: int
    sha256: str


class AttachIn(In):
    name: Line
    content: Annotated[StrictStr, Field(max_length=LARGEST)] = Field(description="The bytes of the file, as Base64.")


class RemoveFileIn(In):
    file_id: Id


@routes.read("/records/{int:record_id}/files", Page[FileOut])
def of_record(request: Request, record_id: int) -> dict[str, Any]:
    """The files of a form that the caller may fetch: those its versions name, and those of the draft he fills in."""
    found = queries.files_to_read(request.actor, _record(request, record_id), at=request.at)
    return page(
        {"id": one.pk, "name": one.file.name, "size": one.file.size, "sha256": one.file.sha256} for one in found
    )


@routes.read("/files/{int:file_id}", bytes)
def fetch(request: Request, file_id: int) -> Any:
    """The bytes of one file, as a download."""
    found = queries.file_for(request.actor, file_id, at=request.at)
    note_reading(found.record.scope_id, actor=request.actor, at=request.at)
    return as_download(queries.content_of(found), found.file.name)


@routes.act("/records/{int:record_id}/files", status=201)
def attach(request: Request, record_id: int, body: AttachIn) -> Receipt:
    """Attach a file to a draft; submitting freezes its name, size and digest."""
    record = _record(request, record_id)
    attached = operations.attach_file(
        record, name=body.name, pieces=[decoded(body.content)], actor=request.actor, at=request.at
    )
    href = f"/api/v1/files/{attached.pk}"
    return Receipt(kind="file", id=attached.pk, href=href, state="ATTACHED")


@routes.act("/records/{int:record_id}/files/remove")
def remove(request: Request, record_id: int, body: RemoveFileIn) -> Receipt:
    """Take a file off a draft; versions submitted before keep it."""
    operations.remove_file(_record(request, record_id), body.file_id, actor=request.actor, at=request.at)
    return Receipt(kind="record", id=record_id, href=f"/api/v1/records/{record_id}", state="REMOVED")


def _record(request: Request, record_id: int) -> Any:
    record = queries.record_for(request.actor, record_id, at=request.at)
    note_reading(record.scope_id, actor=request.actor, at=request.at)
    return record


def decoded(content: str) -> bytes:
    """The bytes of a Base64 text; raises ``Refused`` where it is none."""
    try:
        return b64decode(content, validate=True)
    except (NotBase64, ValueError):
        raise Refused([error("records.file_not_base64", "content")]) from None
