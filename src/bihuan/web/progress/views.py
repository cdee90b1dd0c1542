"""The weekly report of a department, and the week of a matter for its meeting."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bihuan.collaborations import queries as collaborations
from bihuan.collaborations.enums import Filler
from bihuan.collaborations.operations.loops import root_of
from bihuan.collaborations.policy.playbook import WEEKLY
from bihuan.collaborations.rules import may_fill
from bihuan.kernel.errors import DomainError, NotAllowed, NotFound
from bihuan.organisation import queries as organisation
from bihuan.plans.operations import is_under_way
from bihuan.progress import operations, queries, rules
from bihuan.records.enums import EDITABLE
from bihuan.records.queries import record_of
from bihuan.web.acting import Sent, seen_revision
from bihuan.web.deadlines.marks import TimeLeft
from bihuan.web.http import Request, text_of
from bihuan.web.jinja import url_if
from bihuan.web.progress.sheets import cards_of, chosen_week, people_in, told_by
from bihuan.web.render import notify, render

PAGE, PART = "progress/report.html", "progress/_report.html"


@require_safe
def report(request: Request, report_id: int) -> HttpResponse:
    return _show(request, report_id, Sent())


@require_POST
def submit(request: Request, report_id: int) -> HttpResponse:
    """File the week and go back to the desk, where the next thing waits."""
    found = queries.report_for(request.actor, report_id, at=request.at)
    try:
        operations.submit_report(
            found,
            told=told_by(request, found),
            next_plan=text_of(request, "next_plan"),
            to_coordinate=text_of(request, "to_coordinate"),
            seen_revision=seen_revision(request),
            actor=request.actor,
            at=request.at,
        )
    except (NotFound, NotAllowed):
        raise
    except DomainError as refusal:
        typed = {name: str(value) for name, value in request.POST.items()}
        return _show(request, report_id, Sent("submit", typed, refusal))
    address = url_if("desk:desk") or reverse("progress:report", args=[report_id])
    return notify(request, HttpResponseRedirect(address), _("Your week is reported."))


@require_safe
def week(request: Request, matter_id: int) -> HttpResponse:
    """Every department's week, what is behind first. `?week=` is the Monday of an earlier one."""
    return _week(request, matter_id, "progress/week.html")


@require_safe
def paper(request: Request, matter_id: int) -> HttpResponse:
    return _week(request, matter_id, "progress/print.html")


def _show(request: Request, report_id: int, sent: Sent) -> HttpResponse:
    found = queries.report_for(request.actor, report_id, at=request.at)
    cards = cards_of(found, sent)
    is_locked = found.period.locked_at is not None
    if found.period.is_table:
        return _show_table(request, found)
    context = {
        "report": found, "period": found.period, "sent": sent, "cards": cards, "is_locked": is_locked,
        "may_report": not is_locked and _may_report(request, found),
        "current": queries.current_report(found) if is_locked else None,
        "time_left": TimeLeft(found.department_id, request.at, person_id=found.reporter_id),
        "directory": organisation.directory(people_in(cards), [], request.at),
    }  # fmt: skip
    return render(request, PART if request.htmx else PAGE, context, status=sent.status)


def _show_table(request: Request, found: Any) -> HttpResponse:
    """The turn of a problem's table: what was filed in it, and the way to its form."""
    matter, form = found.period.collaboration, found.period.form
    record, is_locked = record_of(root_of(matter), form), found.period.locked_at is not None
    context = {
        "report": found, "period": found.period, "current": queries.current_report(found) if is_locked else None,
        "time_left": TimeLeft(found.department_id, request.at, person_id=found.reporter_id),
        "is_draft": record is None or record.status in EDITABLE,
        "may_fill": not is_locked and is_under_way(matter) and may_fill(request.actor, matter, Filler.LEAD),
    }  # fmt: skip
    return render(request, "progress/_table.html" if request.htmx else "progress/table.html", context)


def _may_report(request: Request, found: Any) -> bool:
    return rules.may_report(request.actor, found) and is_under_way(found.period.collaboration)


def _week(request: Request, matter_id: int, template: str) -> HttpResponse:
    matter = collaborations.collaboration_for(request.actor, matter_id, at=request.at)
    periods = queries.periods_of(matter, form=WEEKLY)
    chosen = chosen_week(periods, request.GET.get("week", ""))
    context = {"matter": matter, "periods": periods, "week": chosen}
    return render(request, template, context | {"time_left": TimeLeft(matter.lead_department_id, request.at)})
