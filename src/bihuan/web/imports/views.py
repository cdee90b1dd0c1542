"""Bringing data in: hand files in, look at the columns, check every row, let it come in, take the report."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bihuan.integrations import operations, queries
from bihuan.integrations.enums import WORKING, RunState
from bihuan.integrations.reporting import finding_of, kind_name, kind_of, report_of
from bihuan.integrations.rules import may_import_organisation, require_import_right
from bihuan.integrations.tables.mapping import SheetMapping, findings_of, matched
from bihuan.integrations.tables.vocabulary import BY_KEY, TABLES
from bihuan.integrations.tables.wording import changed_values, field_name
from bihuan.kernel.errors import Refused, Stale
from bihuan.kernel.findings import Finding, error
from bihuan.web.http import Request, number_of, redirect_to, text_of
from bihuan.web.once import once
from bihuan.web.render import notify, render

LIST, PAGE = "imports/list.html", "imports/run.html"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def imports(request: Request) -> HttpResponse:
    return listed(request)


def listed(request: Request, findings: Sequence[Finding] = (), status: int = 200) -> HttpResponse:
    context = {
        "page": queries.runs_of(request.actor, before=key_of(request)),
        "findings": findings,
        "takes_organisation": may_import_organisation(request.actor),
    }
    return render(request, LIST, context, status=status)


def key_of(request: Request) -> int | None:
    """Where the list goes on; what is no key is taken as none."""
    text = request.GET.get("before", "")
    return key_in(text)


def key_in(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


@require_POST
def add(request: Request) -> HttpResponse:
    require_import_right(request.actor)
    handed = [(file.name or "", file.chunks()) for file in request.FILES.getlist("files")]

    def act(taken: Any) -> str:
        found = operations.begin_import(taken, actor=request.actor, at=request.at)
        return reverse("imports:run", args=[found.pk])

    try:
        with operations.received(handed) as taken:
            address = once(request, lambda: act(taken))
    except Refused as refusal:
        return listed(request, refusal.findings, refusal.status)
    return redirect_to(request, address)


@require_safe
def run(request: Request, pk: int) -> HttpResponse:
    found = queries.run_for(request.actor, pk)
    mapping = operations.mapping_of(found)
    missing = [each for each in findings_of(mapping) if each.code == "integrations.column_missing"]
    return shown(request, found, mapping, missing if found.state == RunState.MAPPING else ())


def shown(
    request: Request,
    found: Any,
    mapping: Sequence[SheetMapping],
    findings: Sequence[Finding] = (),
    status: int = 200,
) -> HttpResponse:
    """The page of an import where it stands; `mapping` is what was sent, or what is kept."""
    errors_only = request.GET.get("only") == "errors"
    code = request.GET.get("code", "").replace("\x00", "")[:100]
    has_files = queries.has_files(found)
    is_told = found.state not in (RunState.MAPPING, *WORKING)
    problems = queries.problems_of(
        found,
        severity="ERROR" if errors_only else "",
        code=code,
        after=key_in(request.GET.get("after", "")) or 0,
    )
    counted = queries.problems_counted(found) if is_told else []
    changes = queries.changes_of(found, after=key_in(request.GET.get("changed", "")) or 0)
    context = {
        "run": found,
        "sheets": list(zip(found.sheets, mapping, strict=True)),
        "tables": TABLES,
        "by_key": BY_KEY,
        "findings": findings,
        "refusal": [error(str(each["code"])) for each in found.refusal],
        "counts": counts_of(found.counts or found.foreseen),
        "problems": [(each, finding_of(each), field_name(each.field)) for each in problems.problems] if is_told else [],
        "next_key": problems.next_key if is_told else None,
        "errors_only": errors_only,
        "code": code,
        "kinds": [(each, kind_of(each, many), many) for each, many in counted],
        "changes": [(one, kind_name(one.kind), changed_values(one)) for one in changes.changes] if is_told else [],
        "next_change": changes.next_key if is_told else None,
        "changed": sum(each["updated"] for each in (found.counts or found.foreseen).values()),
        "matches": queries.matches_of(found) if is_told else [],
        "chosen": request.POST.getlist("same"),
        "unlisted": unlisted_of(request, found),
        "is_working": found.state in WORKING,
        "has_files": has_files,
        "may_change": has_files and found.state not in (*WORKING, RunState.DONE) and bool(found.sheets),
    }
    return render(request, PAGE, context, status=status)


def unlisted_of(request: Request, found: Any) -> list[tuple[Mapping[str, Any], bool]]:
    """The departments that rows name and no list has, and whether each is ticked: as said, else those people are in."""
    if found.state != RunState.CHECKED or not may_import_organisation(request.actor):
        return []
    said = request.POST.getlist("founded") if "keep" in request.POST else found.founded
    return [(each, each["people"] > 0 if said is None else each["name"] in said) for each in found.unlisted]


def counts_of(counts: Mapping[str, Mapping[str, int]]) -> list[tuple[str, Mapping[str, int]]]:
    return [(str(kind_name(kind)), each) for kind, each in counts.items() if any(each.values())]


@require_POST
def check(request: Request, pk: int) -> HttpResponse:
    """Take the columns as they were chosen; `look` only shows the columns of another table, `keep` leaves the columns
    as they are and says which departments are made that no list has."""
    found = queries.run_for(request.actor, pk)
    is_kept = "keep" in request.POST
    kept = operations.mapping_of(found)
    mapping = kept if is_kept else posted(request, kept)
    founded = request.POST.getlist("founded") if is_kept else None
    if "look" in request.POST:
        return shown(request, found, mapping)
    seen = number_of(request, "revision") or 0
    try:
        with operations.prepared(found, mapping, founded=founded, actor=request.actor) as ready:
            operations.check_import(found, ready, seen_revision=seen, actor=request.actor, at=request.at)
    except (Refused, Stale) as refusal:
        return shown(request, found, mapping, refusal.findings, refusal.status)
    return notify(request, redirect_to(request, reverse("imports:run", args=[pk])), _("Every row is being looked at."))


def posted(request: Request, kept: Sequence[SheetMapping]) -> list[SheetMapping]:
    """Titles are those of the file; table and columns as they were sent. Another table brings its own columns."""
    return [posted_sheet(request, f"s{position}", each) for position, each in enumerate(kept)]


def posted_sheet(request: Request, name: str, kept: SheetMapping) -> SheetMapping:
    table = text_of(request, name) if name in request.POST else kept.table
    known = BY_KEY.get(table)
    if known is not None and table != text_of(request, f"{name}.was"):
        fields = matched(known, kept.titles)
    else:
        fields = tuple(text_of(request, f"{name}.{column}") for column in range(len(kept.titles)))
    return SheetMapping(kept.file, kept.sheet, table, kept.header, kept.titles, fields)


@require_POST
def start(request: Request, pk: int) -> HttpResponse:
    found = queries.run_for(request.actor, pk)
    seen = number_of(request, "revision") or 0
    same = [key for text in request.POST.getlist("same") if (key := key_in(text)) is not None]
    try:
        operations.start_import(found, seen_revision=seen, same=same, actor=request.actor, at=request.at)
    except (Refused, Stale) as refusal:
        return shown(request, found, operations.mapping_of(found), refusal.findings, refusal.status)
    told = _("The data comes in now. You may leave this page.")
    return notify(request, redirect_to(request, reverse("imports:run", args=[pk])), told)


@require_POST
def stop(request: Request, pk: int) -> HttpResponse:
    found = queries.run_for(request.actor, pk)
    try:
        operations.stop_import(found, actor=request.actor, at=request.at)
    except Stale as stale:
        return shown(request, found, operations.mapping_of(found), stale.findings, stale.status)
    return notify(request, redirect_to(request, reverse("imports:run", args=[pk])), _("The import is stopped."))


@require_safe
def report(request: Request, pk: int) -> HttpResponse:
    found = queries.run_for(request.actor, pk)
    name = f"import-{found.pk}.xlsx"
    headers: dict[str, Any] = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(report_of(found), content_type=XLSX, headers=headers)
