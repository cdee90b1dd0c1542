"""Forms: drafts, findings, submitting, frozen versions."""

from datetime import datetime
from typing import Any

from bihuan.access.operations import note_reading
from bihuan.api.http import Request
from bihuan.api.problems import told
from bihuan.api.routing import Routes
from bihuan.api.schemas import Code, FindingOut, In, Named, Out, Page, Receipt, Revision, Seen, Words, page
from bihuan.approvals import queries as approvals
from bihuan.collaborations import operations as collaborations
from bihuan.collaborations.queries import collaboration_for
from bihuan.kernel.subjects import SubjectRef
from bihuan.records import operations, queries, registry
from bihuan.records.extra import read_field
from bihuan.records.schema import Field

routes = Routes("records")


class RecordRow(Out):
    id: int
    form_code: str
    number: str
    status: str
    revision: int
    filler: Named
    version: int | None


class OptionOut(Out):
    value: str
    label: str


class ExtraFieldOut(Out):
    """A field that the playbook adds to the form; its value stands in the body under `key`, as of any other field."""

    key: str
    kind: str
    label: str
    help: str
    required: bool
    choices: list[OptionOut]


class RecordOut(RecordRow):
    """`draft` is what is being typed, for who may change it; else null. Frozen text stands in the versions."""

    title: str
    root: str
    saved_at: datetime
    may_edit: bool
    draft: dict[str, Any] | None
    extra_fields: list[ExtraFieldOut]


class SignatureOut(Out):
    slot_id: int
    route: str
    label: str
    part: str
    state: str
    name: str
    decided_at: datetime | None
    opinion: str


class VersionOut(Out):
    version: int
    digest: str
    submitted_at: datetime
    submitted_by: Named


class SentCopyOut(Out):
    """Who was sent the version to read it, and when he first did."""

    name: str
    sent_at: datetime
    read_at: datetime | None


class VersionDetail(VersionOut):
    parts: dict[str, str]
    body: dict[str, Any]
    signatures: list[SignatureOut]
    copies: list[SentCopyOut]


class LineOut(Out):
    key: str
    label: str
    value: Any


class SectionOut(Out):
    title: str
    lines: list[LineOut]


class PaperOut(Out):
    """A frozen version in the order and words of the printed form."""

    title: str
    number: str
    version: int
    digest: str
    sections: list[SectionOut]
    signatures: list[SignatureOut]
    copies: list[SentCopyOut]


class DraftIn(In):
    """The whole draft as it shall stand; fields of the form it does not name are emptied."""

    body: dict[str, Any]
    seen_revision: Revision


class CheckIn(In):
    """Without a body the saved draft is checked."""

    body: dict[str, Any] | None = None


class FormIn(In):
    form_code: Code


class ReviseIn(FormIn):
    reason: Words


@routes.read("/collaborations/{int:collaboration_id}/records", Page[RecordRow])
def of_collaboration(request: Request, collaboration_id: int) -> dict[str, Any]:
    """The records of a matter; drafts never submitted only for their filler."""
    matter = collaboration_for(request.actor, collaboration_id, at=request.at)
    root = SubjectRef("collaboration", matter.pk)
    return page(map(_row, queries.records_of(root, actor=request.actor, at=request.at)))


def _row(record: Any) -> dict[str, Any]:
    version = record.current_version.version if record.current_version else None
    taken = {name: getattr(record, name) for name in RecordRow.model_fields if name != "version"}
    return {**taken, "version": version}


@routes.read("/records/{int:record_id}", RecordOut)
def record(request: Request, record_id: int) -> dict[str, Any]:
    found = _record(request, record_id)
    may_edit = queries.may_edit(request.actor, found, at=request.at)
    return {
        **_row(found), "title": str(registry.form(found.form_code).title), "root": str(found.root),
        "saved_at": found.saved_at, "may_edit": may_edit, "draft": found.draft if may_edit else None,
        "extra_fields": list(map(_extra, found.extra_fields)),
    }  # fmt: skip


def _extra(said: dict[str, Any]) -> dict[str, Any]:
    field = read_field(said)
    choices = [{"value": each.value, "label": str(each.label)} for each in field.choices]
    words = {"label": str(field.label), "help": str(field.help), "choices": choices}
    return {"key": field.key, "kind": field.kind.value, "required": field.required, **words}


@routes.act("/records/{int:record_id}/draft", method="PUT")
def save(request: Request, record_id: int, body: DraftIn) -> Receipt:
    """Keep a draft as it was typed."""
    saved = operations.save_draft(
        _record(request, record_id), body=body.body, seen_revision=body.seen_revision, actor=request.actor,
        at=request.at,
    )  # fmt: skip
    return _receipt(saved)


@routes.check("/records/{int:record_id}/findings", Page[FindingOut])
def findings(request: Request, record_id: int, body: CheckIn) -> dict[str, Any]:
    """What submitting would be refused with or warned of, and what else to look at. Keeps nothing."""
    found = _record(request, record_id)
    operations.ensure_filler(found, request.actor, request.at)
    typed = found.draft if body.body is None else operations.shaped(found, body.body)
    hints = queries.hints_of(found, typed, at=request.at)
    return page(told([*hints, *queries.findings_of(found, typed, at=request.at)]))


@routes.act("/records/{int:record_id}/submit")
def submit(request: Request, record_id: int, body: Seen) -> Receipt:
    """Freeze the saved draft as the next version; refused with the findings of the page."""
    found = _record(request, record_id)
    operations.submit(found, seen_revision=body.seen_revision, actor=request.actor, at=request.at)
    return _receipt(_record(request, record_id))


@routes.act("/records/{int:record_id}/discard")
def discard(request: Request, record_id: int, body: Seen) -> Receipt:
    """Throw away a draft that was never submitted."""
    found = _record(request, record_id)
    operations.discard_draft(found, seen_revision=body.seen_revision, actor=request.actor, at=request.at)
    return Receipt(kind="record", id=record_id, href=f"/api/v1/records/{record_id}", state="DISCARDED")


@routes.read("/records/{int:record_id}/versions", Page[VersionOut])
def versions(request: Request, record_id: int) -> dict[str, Any]:
    """The frozen versions, newest first."""
    return page(queries.versions(_record(request, record_id)))


@routes.read("/records/{int:record_id}/versions/{int:number}", VersionDetail)
def version(request: Request, record_id: int, number: int) -> dict[str, Any]:
    """One frozen version with the signatures on exactly its digest; reading it is the receipt of a copy."""
    found = _record(request, record_id)
    frozen = _read(request, found, number)
    taken = {name: getattr(frozen, name) for name in ("version", "digest", "submitted_at", "submitted_by", "parts")}
    return {
        **taken, "body": frozen.data, "signatures": approvals.signatures_of(found.subject, frozen.digest),
        "copies": queries.receipts_of(frozen),
    }  # fmt: skip


def _read(request: Request, found: Any, number: int) -> Any:
    frozen = queries.version_of(found, number)
    operations.note_read(frozen, actor=request.actor, at=request.at)
    return frozen


@routes.read("/records/{int:record_id}/versions/{int:number}/paper", PaperOut)
def paper(request: Request, record_id: int, number: int) -> dict[str, Any]:
    """What the print shows: sections and labels in the language asked for, values as they were frozen."""
    found = _record(request, record_id)
    frozen = _read(request, found, number)
    form, values = registry.form_of(found), frozen.data
    return {
        "title": str(form.title), "number": found.number, "version": frozen.version, "digest": frozen.digest,
        "sections": [
            {"title": str(section.title), "lines": [_line(field, values) for field in section.fields]}
            for section in form.sections
        ],
        "signatures": approvals.signatures_of(found.subject, frozen.digest),
        "copies": queries.receipts_of(frozen),
    }  # fmt: skip


def _line(field: Field, values: dict[str, Any]) -> dict[str, Any]:
    return {"key": field.key, "label": str(field.label), "value": values.get(field.key)}


@routes.act("/collaborations/{int:collaboration_id}/records", status=201)
def start(request: Request, collaboration_id: int, body: FormIn) -> Receipt:
    """The draft of a form of the present step, begun and prefilled if nobody has yet."""
    matter = collaboration_for(request.actor, collaboration_id, at=request.at)
    return _receipt(collaborations.start_form(matter, form_code=body.form_code, actor=request.actor, at=request.at))


@routes.act("/collaborations/{int:collaboration_id}/revise")
def revise(request: Request, collaboration_id: int, body: ReviseIn) -> Receipt:
    """Open a submitted form of the present step again."""
    matter = collaboration_for(request.actor, collaboration_id, at=request.at)
    returned = collaborations.revise_form(matter, **body.model_dump(), actor=request.actor, at=request.at)
    return _receipt(returned)


def _record(request: Request, record_id: int) -> Any:
    record = queries.record_for(request.actor, record_id, at=request.at)
    note_reading(record.scope_id, actor=request.actor, at=request.at)
    return record


def _receipt(found: Any) -> Receipt:
    href = f"/api/v1/records/{found.pk}"
    return Receipt(kind="record", id=found.pk, href=href, state=found.status, revision=found.revision)
