"""Filling in, submitting, reading and printing forms."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bihuan.access.operations import note_reading
from bihuan.kernel.errors import DomainError, NotAllowed, NotFound, Refused, Stale
from bihuan.kernel.findings import Finding
from bihuan.records import operations, policy, queries, registry
from bihuan.records.enums import EDITABLE, Status
from bihuan.records.errors import DraftChanged
from bihuan.records.policy import Body
from bihuan.web.approvals.sheets import DECIDED, DECISION_OF
from bihuan.web.filling import Filling
from bihuan.web.formats import clock_text
from bihuan.web.http import Request, number_of, redirect_to
from bihuan.web.records.sheets import checked, filled, may_edit, sheet
from bihuan.web.render import notify, render

EDIT = "records/edit.html"
PANEL = "records/_panel.html"
SIGNING = {"decided": DECIDED, "decision_of": DECISION_OF, "filling": Filling()}


@require_safe
def read(request: Request, pk: int) -> HttpResponse:
    """The newest frozen version; a draft that has none is shown to its filler as the form to fill in."""
    record = record_of(request, pk)
    if record.current_version is None:
        return redirect("records:edit", pk=pk)
    return _read(request, record, record.current_version, "records/read.html")


@require_safe
def version(request: Request, pk: int, number: int) -> HttpResponse:
    record = record_of(request, pk)
    return _read(request, record, queries.version_of(record, number), "records/read.html")


@require_safe
def paper(request: Request, pk: int) -> HttpResponse:
    """The plain view for printing; `?version=` names an older one."""
    record = record_of(request, pk)
    frozen = frozen_of(request, record)
    context = {"sheet": sheet(record, frozen), "receipts": queries.receipts_of(frozen), **SIGNING}
    return render(request, "records/print.html", context)


@require_safe
def edit(request: Request, pk: int) -> HttpResponse:
    record = record_of(request, pk)
    if not may_edit(request.actor, record, at=request.at):
        if record.status in EDITABLE:
            raise NotAllowed
        return redirect("records:read", pk=pk)
    return edit_page(request, record, record.draft)


@require_POST
def save(request: Request, pk: int) -> HttpResponse:
    """Saved by itself while typing (htmx: the findings and the new revision), or by the button."""
    record = record_of(request, pk)
    typed = _typed(request, record)
    try:
        saved = operations.save_draft(
            record, body=typed, seen_revision=_seen(request), actor=request.actor, at=request.at
        )
    except DraftChanged as stale:
        return stale_page(request, record, typed, stale)
    if not request.htmx:
        return notify(request, _see_other("records:edit", pk), _("The draft is saved."))
    response = edit_page(request, saved, saved.draft, template=PANEL)
    response["X-Revision"] = str(saved.revision)
    response["X-Saved-At"] = clock_text(request.at)
    return response


@require_POST
def submit(request: Request, pk: int) -> HttpResponse:
    """Keep what stands on the page, then submit it. What is refused stays saved as a draft."""
    record = record_of(request, pk)
    if _sent_twice(request, record):
        return _see_other("records:read", pk)
    typed = typed_on(request, record)
    try:
        saved = keep_typed(request, record, typed)
        operations.submit(saved, seen_revision=saved.revision, actor=request.actor, at=request.at)
    except DraftChanged as stale:
        return stale_page(request, record, typed, stale)
    except Refused as refused:
        now = record_of(request, pk)
        return edit_page(request, now, now.draft if now.revision != record.revision else typed, refusal=refused)
    text = _("%(form)s is submitted.") % {"form": registry.form(record.form_code).title}
    return notify(request, redirect_to(request, reverse("records:read", args=[pk])), text)


@require_POST
def discard(request: Request, pk: int) -> HttpResponse:
    record = record_of(request, pk)
    operations.discard_draft(record, seen_revision=_seen(request), actor=request.actor, at=request.at)
    return notify(request, redirect_to(request, _root_address(record) or "/"), _("The draft is thrown away."))


def record_of(request: Request, pk: int) -> Any:
    return queries.record_for(request.actor, pk, at=request.at)


def frozen_of(request: Request, record: Any) -> Any:
    """The version that `?version=` names, else the newest; raises NotFound for a draft never submitted."""
    wanted = request.GET.get("version", "")
    chosen = queries.version_of(record, int(wanted)) if wanted.isascii() and wanted.isdecimal() else None
    frozen = chosen or record.current_version
    if frozen is None:
        raise NotFound
    return frozen


def typed_on(request: Request, record: Any) -> Body:
    """What stands on the page, or the draft as it is where the page sends only an act."""
    return _typed(request, record) if "typed" in request.POST else dict(record.draft)


def _typed(request: Request, record: Any) -> Body:
    names = [(name, str(value)) for name, value in request.POST.items()]
    return policy.from_form(registry.form_of(record), names)


def _seen(request: Request) -> int:
    """The revision the person saw; `over` is set by who has read that somebody else saved and saves all the same."""
    return number_of(request, "over") or number_of(request, "revision") or 0


def keep_typed(request: Request, record: Any, typed: Body) -> Any:
    if "typed" not in request.POST:
        if _seen(request) != record.revision:
            raise Stale
        return record
    return operations.save_draft(record, body=typed, seen_revision=_seen(request), actor=request.actor, at=request.at)


def _sent_twice(request: Request, record: Any) -> bool:
    """The same person's submit arrived already: the first one saved and submitted, which is two revisions on."""
    frozen = record.current_version
    is_his = frozen is not None and frozen.submitted_by_id == request.actor.person_id
    return record.status == Status.SUBMITTED and is_his and record.revision - _seen(request) in {1, 2}


def _see_other(name: str, pk: int) -> HttpResponse:
    return HttpResponseRedirect(reverse(name, args=[pk]), status=303)


def _read(request: Request, record: Any, frozen: Any, template: str) -> HttpResponse:
    note_reading(record.scope_id, actor=request.actor, at=request.at)
    operations.note_read(frozen, actor=request.actor, at=request.at)
    context = {
        "sheet": sheet(record, frozen), "changes": queries.changes_of(record, frozen),
        "versions": queries.versions(record), "may_edit": may_edit(request.actor, record, at=request.at),
        "root_address": _root_address(record), "files": queries.files_named_in(record, frozen),
        "receipts": queries.receipts_of(frozen), **SIGNING,
    }  # fmt: skip
    return render(request, template, context)


def edit_page(
    request: Request,
    record: Any,
    typed: Body,
    *,
    template: str = EDIT,
    refusal: DomainError | None = None,
    about_files: Sequence[Finding] = (),
) -> HttpResponse:
    """The form with what was typed. Refused findings come out of the same check, so they are not said twice;
    `about_files` are those of files that were not taken."""
    page = checked if template == PANEL else filled
    context = {
        "page": page(record, typed, at=request.at, was_refused=refusal is not None),
        "refusal": refusal, "root_address": _root_address(record),
        "stale": refusal if isinstance(refusal, Stale) else None,
        "attached": attached_to(record) if page is filled else [], "about_files": about_files,
    }  # fmt: skip
    status = refusal.status if refusal else Refused.status if about_files else 200
    return render(request, template, context, status=status)


def stale_page(request: Request, record: Any, typed: Body, stale: DraftChanged) -> HttpResponse:
    now = record_of(request, record.pk)
    typed = queries.resolved(registry.form_of(record), typed)
    return edit_page(request, now, typed, template=PANEL if request.htmx else EDIT, refusal=stale)


def attached_to(record: Any) -> list[Any]:
    """The files of the draft, where the form takes any."""
    return queries.files_of_draft(record) if registry.form(record.form_code).takes_files else []


def _root_address(record: Any) -> str:
    from bihuan.web.jinja import url_if  # noqa: PLC0415 - the environment imports the render module this one uses

    return url_if(f"{record.root_kind}s:overview", record.root_id) or url_if(
        f"{record.root_kind}s:{record.root_kind}", record.root_id
    )
