"""Bringing data in: hand files in, look at the columns, check every row, let it come in, take the report.

Files travel as Base64 inside the body, so that one request is one act. Who may bring data in sends up to LARGEST at
once, some 18 MiB of files; larger ones come in by the page or the command.
"""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from ninja import Query
from pydantic import Field, StrictStr

from bihuan.api.callers import Large
from bihuan.api.http import Request
from bihuan.api.problems import told
from bihuan.api.routing import Act, Routes
from bihuan.api.schemas import Code, FindingOut, Id, In, Keyed, Line, Named, Out, Page, Receipt, Seen, page
from bihuan.integrations import operations, queries
from bihuan.integrations.reporting import finding_of, report_of
from bihuan.integrations.rules import may_import, require_import_right
from bihuan.integrations.tables.naming import MOST_OFFERED
from bihuan.integrations.tables.vocabulary import TABLES
from bihuan.kernel.errors import NotFound, Refused
from bihuan.kernel.findings import error

routes = Routes("imports")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LARGEST = 24 * 1024 * 1024
SHEETS, COLUMNS = 200, 1000
Way = Annotated[StrictStr, Field(max_length=2000)]


class ImportOut(Out):
    """`state` is MAPPING, CHECKING, CHECKED, RUNNING, DONE or FAILED; `done` of `total` rows in the present phase."""

    id: int
    name: str
    state: str
    begun_at: datetime
    begun_by: Named
    ended_at: datetime | None
    done: int
    total: int
    problem_count: int
    revision: int


class ColumnOut(Out):
    """`field` is empty where the column is only kept."""

    title: str
    field: str


class SheetOut(Out):
    """`table` is empty when the sheet is left out; `samples` are its first rows."""

    file: str
    sheet: str
    rows: int
    header: int
    table: str
    columns: list[ColumnOut]
    samples: list[list[str]]


class MatchOut(Out):
    """A department of the files is called like one made by hand; that it is the same is said by its `id` at the
    start."""

    id: int
    source_key: str
    name: str
    offered_id: int
    label: str
    is_same: bool


class UnlistedOut(Out):
    """A department that rows name and no list has, and how many rows of people and of matters name it."""

    name: str
    people: int
    matters: int


class ImportDetail(ImportOut):
    """`unlisted` are departments that rows name and no list has, `founded` those of them that are to be made (null as
    long as nobody said). `foreseen` is what the check says would happen, `counts` what came in: by kind, created,
    updated, unchanged, rejected. `refusal` says why it stands still. Without `has_files` there is no report and no
    going on."""

    has_files: bool
    matches: list[MatchOut]
    unlisted: list[UnlistedOut]
    founded: list[str] | None
    sheets: list[SheetOut]
    foreseen: dict[str, dict[str, int]]
    counts: dict[str, dict[str, int]]
    refusal: list[FindingOut]


class KnownColumnOut(Out):
    """Without a `needed` one a sheet is not this table."""

    key: str
    label: str
    needed: bool


class KnownTableOut(Out):
    key: str
    label: str
    columns: list[KnownColumnOut]


class RemarkOut(Out):
    """One odd value or row; ERROR marks a row that stays outside."""

    file: str
    line: int
    row: str
    value: str
    finding: FindingOut


class RowChangeOut(Out):
    """A row that is known already and says something else now."""

    kind: str
    row: str
    file: str
    line: int
    before: dict[str, Any]
    after: dict[str, Any]


class HandedIn(In):
    name: Line
    content: Annotated[StrictStr, Field(max_length=LARGEST)] = Field(description="The bytes of the file, as Base64.")


class ImportIn(In):
    files: list[HandedIn] = Field(max_length=operations.MOST_FILES)


class SheetIn(In):
    """Which table the sheet is, empty to leave it out, and what each of its columns means, in their order."""

    table: Code
    fields: list[Code] = Field(max_length=COLUMNS)


class CheckImportIn(Seen):
    """`sheets` in the order of the import; left out, they are taken as they are understood now. `founded`: the
    departments to make of those that no list has, by name; left out, as it was said before."""

    sheets: Annotated[list[SheetIn], Field(max_length=SHEETS)] | None = None
    founded: Annotated[list[Way], Field(max_length=MOST_OFFERED)] | None = None


class StartImportIn(Seen):
    """`same`: the matches whose department made by hand is the one of the files."""

    same: list[Id] = Field(default=[], max_length=SHEETS)


class RemarksIn(Keyed):
    severity: Literal["", "ERROR", "WARNING"] = ""
    code: Code = ""


@routes.read("/imports", Page[ImportOut])
def imports(request: Request, wanted: Query[Keyed]) -> dict[str, Any]:
    """The imports the caller may see, newest first."""
    found = queries.runs_of(request.actor, before=wanted.before)
    return page(found.runs, found.next_before)


@routes.read("/imports/tables", Page[KnownTableOut])
def tables(request: Request) -> dict[str, Any]:
    """The tables an import knows, with their columns: what a mapping may say."""
    require_import_right(request.actor)
    return page(
        {
            "key": table.key, "label": str(table.label),
            "columns": [{"key": one.key, "label": str(one.label), "needed": one.needed} for one in table.columns],
        }
        for table in TABLES
    )  # fmt: skip


@routes.act("/imports", status=201, large=Large(LARGEST, may_import))
def begin(request: Request, body: ImportIn) -> Iterator[Act]:
    """Hand in one workbook, or CSV or JSON files together; nothing comes in yet."""
    require_import_right(request.actor)
    handed = [(one.name, [_bytes(one, f"files.{index}.content")]) for index, one in enumerate(body.files)]
    with operations.received(handed) as taken:
        yield lambda: _receipt(operations.begin_import(taken, actor=request.actor, at=request.at))


@routes.read("/imports/{int:import_id}", ImportDetail)
def show(request: Request, import_id: int) -> dict[str, Any]:
    """One import: how its sheets are understood, how far it is, what would happen or has happened."""
    run = queries.run_for(request.actor, import_id)
    return {
        **ImportOut.model_validate(run).model_dump(),
        "has_files": queries.has_files(run),
        "matches": queries.matches_of(run),
        "unlisted": run.unlisted,
        "founded": run.founded,
        "sheets": [{**said, **each} for said, each in zip(run.sheets, run.mapping, strict=True)],
        "foreseen": run.foreseen,
        "counts": run.counts,
        "refusal": told(error(str(each["code"])) for each in run.refusal),
    }


@routes.act("/imports/{int:import_id}/check")
def check(request: Request, import_id: int, body: CheckImportIn) -> Iterator[Act]:
    """Take the columns as they are said and look at every row in the background; writes none of them."""
    run = queries.run_for(request.actor, import_id)
    said = [(each.table, each.fields) for each in body.sheets] if body.sheets is not None else None
    mapping = operations.mapping_of(run) if said is None else operations.mapping_as_said(run, said)

    with operations.prepared(run, mapping, founded=body.founded, actor=request.actor) as ready:

        def act() -> Receipt:
            operations.check_import(run, ready, seen_revision=body.seen_revision, actor=request.actor, at=request.at)
            return _receipt(run)

        yield act


@routes.act("/imports/{int:import_id}/start")
def start(request: Request, import_id: int, body: StartImportIn) -> Receipt:
    """Let what was checked come in, in the background; or go on where a stopped import left off."""
    run = queries.run_for(request.actor, import_id)
    operations.start_import(run, **body.model_dump(), actor=request.actor, at=request.at)
    return _receipt(run)


@routes.act("/imports/{int:import_id}/stop")
def stop(request: Request, import_id: int) -> Receipt:
    """Stop what is being checked or comes in; what came in stays whole."""
    run = queries.run_for(request.actor, import_id)
    operations.stop_import(run, actor=request.actor, at=request.at)
    return _receipt(run)


@routes.read("/imports/{int:import_id}/remarks", Page[RemarkOut])
def remarks(request: Request, import_id: int, wanted: Query[RemarksIn]) -> dict[str, Any]:
    """What was odd, row by row."""
    run = queries.run_for(request.actor, import_id)
    found = queries.problems_of(run, severity=wanted.severity, code=wanted.code, after=wanted.before or 0)
    return page(map(_remark, found.problems), found.next_key)


@routes.read("/imports/{int:import_id}/changes", Page[RowChangeOut])
def changes(request: Request, import_id: int, wanted: Query[Keyed]) -> dict[str, Any]:
    """The rows that would say, or say now, something else, page by page; of very many the first 5,000 are kept."""
    found = queries.changes_of(queries.run_for(request.actor, import_id), after=wanted.before or 0)
    return page(found.changes, found.next_key)


@routes.read("/imports/{int:import_id}/report", bytes)
def report(request: Request, import_id: int) -> Any:
    """The report as a workbook, as a download; not there any more once the files were thrown away."""
    run = queries.run_for(request.actor, import_id)
    try:
        content = report_of(run)
    except Refused:
        raise NotFound from None
    disposition = f'attachment; filename="import-{run.pk}.xlsx"'
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": disposition})


def _bytes(one: HandedIn, place: str) -> bytes:
    try:
        return b64decode(one.content, validate=True)
    except (NotBase64, ValueError):
        raise Refused([error("integrations.content_not_base64", place)]) from None


def _remark(problem: Any) -> dict[str, Any]:
    (finding,) = told([finding_of(problem)])
    return {
        "file": problem.file, "line": problem.line, "row": problem.row, "value": problem.value, "finding": finding
    }  # fmt: skip


def _receipt(run: Any) -> Receipt:
    href = f"/api/v1/imports/{run.pk}"
    return Receipt(kind="import", id=run.pk, href=href, state=str(run.state), revision=run.revision)
