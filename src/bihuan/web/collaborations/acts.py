"""What people do to a matter. One view per act; a refusal shows the page again with what was typed and why."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.collaborations import operations, queries
from bihuan.collaborations.operations import merging, problems
from bihuan.issues import operations as issues
from bihuan.kernel.errors import DomainError, NotAllowed, NotFound, Refused
from bihuan.kernel.findings import error
from bihuan.organisation import queries as organisation
from bihuan.web.acting import Sent, person_of
from bihuan.web.collaborations import page
from bihuan.web.collaborations.loops import SECTION_OF_FORM, form_title, rows_of
from bihuan.web.deadlines.views import titles_of
from bihuan.web.http import Request, day_of, number_of, redirect_to, text_of
from bihuan.web.once import once
from bihuan.web.render import notify, render

WHOLE, SMALLEST = Decimal(10) ** 18, Decimal("0.000001")
Act = Callable[[Any], str]
"""Does the act to the matter and says what was done."""


def carry_out(request: Request, pk: int, name: str, section: str, act: Act) -> HttpResponse:
    """Do it and show the section as it stands now, or show it with what was typed and why it did not work."""
    matter = queries.collaboration_for(request.actor, pk, at=request.at)
    try:
        told = act(matter)
    except (NotFound, NotAllowed):
        raise
    except DomainError as refused:
        return refuse(request, pk, section, name, refused)
    if request.htmx:
        return notify(request, page.show(request, pk, section), told)
    return notify(request, redirect_to(request, page.address(pk, section)), told)


def refuse(request: Request, pk: int, section: str, name: str, refusal: DomainError) -> HttpResponse:
    typed = {key: str(value) for key, value in request.POST.items()}
    return page.show(request, pk, section, sent=Sent(name, typed, refusal))


@require_POST
def start_form(request: Request, pk: int, code: str) -> HttpResponse:
    """Begin the form if nobody has, and open its draft."""
    matter = queries.collaboration_for(request.actor, pk, at=request.at)
    try:
        record = operations.start_form(matter, form_code=code, actor=request.actor, at=request.at)
    except (NotFound, NotAllowed):
        raise
    except DomainError as refused:
        return refuse(request, pk, SECTION_OF_FORM.get(code, "overview"), f"form-{code}", refused)
    return redirect_to(request, reverse("records:edit", args=[record.pk]))


@require_POST
def revise_form(request: Request, pk: int, code: str) -> HttpResponse:
    def act(matter: Any) -> str:
        operations.revise_form(
            matter, form_code=code, reason=text_of(request, "reason"), actor=request.actor, at=request.at
        )
        return _("%(form)s is open for change again.") % {"form": form_title(code)}

    return carry_out(request, pk, f"revise-{code}", SECTION_OF_FORM.get(code, "overview"), act)


@require_POST
def advance(request: Request, pk: int) -> HttpResponse:
    def act(matter: Any) -> str:
        seen = number_of(request, "seen_step_run_id") or 0
        run = operations.advance(matter, seen_step_run_id=seen, actor=request.actor, at=request.at)
        return _("The matter goes on: %(step)s.") % {"step": run.get_step_display()}

    return carry_out(request, pk, "advance", "overview", act)


@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    def act(matter: Any) -> str:
        operations.withdraw_collaboration(matter, reason=text_of(request, "reason"), actor=request.actor, at=request.at)
        return _("The matter is withdrawn.")

    return carry_out(request, pk, "withdraw", "overview", act)


@require_POST
def resume(request: Request, pk: int) -> HttpResponse:
    def act(matter: Any) -> str:
        operations.resume_collaboration(matter, note=text_of(request, "note"), actor=request.actor, at=request.at)
        return _("The matter goes on.")

    return carry_out(request, pk, "resume", "changes", act)


@require_POST
def withdraw_proposal(request: Request, pk: int, code: str) -> HttpResponse:
    def act(matter: Any) -> str:
        operations.withdraw_proposal(
            matter, form_code=code, reason=text_of(request, "reason"), actor=request.actor, at=request.at
        )
        return _("The request is taken back.")

    return carry_out(request, pk, f"take-back-{code}", "changes", act)


@require_POST
def name_filer(request: Request, pk: int) -> HttpResponse:
    """The executive lets somebody read a secret matter, to file its plan."""

    def act(matter: Any) -> str:
        person_id = person_of(request, "filer") or 0
        operations.name_filer(matter, person_id=person_id, actor=request.actor, at=request.at)
        return _("It is named who files the plan.")

    return carry_out(request, pk, "filer", "plan", act)


@require_POST
def acknowledge(request: Request, pk: int) -> HttpResponse:
    """A department says that it knows of the problem."""

    def act(matter: Any) -> str:
        department_id = number_of(request, "department") or 0
        problems.acknowledge_problem(matter, department_id=department_id, actor=request.actor, at=request.at)
        return _("The problem is acknowledged.")

    return carry_out(request, pk, "acknowledge", "request", act)


@require_POST
def reclassify(request: Request, pk: int) -> HttpResponse:
    """A problem is more or less urgent than it was reported; or a look at what would be due when."""
    if "look" in request.POST:
        return _look_at_class(request, pk)

    def act(matter: Any) -> str:
        problem = problems.reclassify_problem(
            matter, urgency=text_of(request, "urgency"), reason=text_of(request, "reason"),
            actor=request.actor, at=request.at,
        )  # fmt: skip
        return _("The urgency is now: %(urgency)s.") % {"urgency": problem.get_urgency_display()}

    return carry_out(request, pk, "reclassify", "request", act)


def _look_at_class(request: Request, pk: int) -> HttpResponse:
    """The form again, as it was typed, with the deadlines that would move."""
    matter = queries.collaboration_for(request.actor, pk, at=request.at)
    try:
        moved = problems.preview_reclassing(
            matter, urgency=text_of(request, "urgency"), actor=request.actor, at=request.at
        )
    except (NotFound, NotAllowed):
        raise
    except DomainError as refused:
        return refuse(request, pk, "request", "reclassify", refused)
    typed = {key: str(value) for key, value in request.POST.items()}
    more = {"moved": moved, "moved_names": titles_of(each.deadline for each in moved)}
    return page.show(request, pk, "request", sent=Sent("reclassify", typed), more=more)


@require_POST
def merge(request: Request, pk: int) -> HttpResponse:
    """The PMO says that the problem is the same as another one, where it is solved."""

    def act(matter: Any) -> str:
        other = other_of(request, "into")
        merging.merge_problem(matter, into=other, reason=text_of(request, "reason"), actor=request.actor, at=request.at)
        return _("Merged into %(number)s.") % {"number": other.number}

    return carry_out(request, pk, "merge", "request", act)


@require_POST
def keep_apart(request: Request, pk: int) -> HttpResponse:
    def act(matter: Any) -> str:
        other = other_of(request, "other")
        merging.keep_apart(matter, other=other, reason=text_of(request, "reason"), actor=request.actor, at=request.at)
        return _("These are two problems; both go on.")

    return carry_out(request, pk, f"apart-{number_of(request, 'other') or 0}", "request", act)


def other_of(request: Request, name: str) -> Any:
    try:
        return queries.collaboration_for(request.actor, number_of(request, name) or 0, at=request.at)
    except NotFound:
        raise Refused([error("collaborations.other_unknown", name)]) from None


@require_POST
def change_lead(request: Request, pk: int) -> HttpResponse:
    def act(matter: Any) -> str:
        operations.change_lead(
            matter, lead_id=_lead(request), reason=text_of(request, "reason"), actor=request.actor, at=request.at
        )
        return _("The project lead is changed.")

    return carry_out(request, pk, "lead", "overview", act)


@require_POST
def adopt(request: Request, pk: int) -> HttpResponse:
    def act(matter: Any) -> str:
        lead_id = _lead(request)
        operations.adopt_collaboration(
            matter, playbook=text_of(request, "playbook"), lead_id=lead_id, step=text_of(request, "step"),
            ground=text_of(request, "ground"), actor=request.actor, at=request.at,
        )  # fmt: skip
        return _("The matter is adopted. What it needs next stands on its page.")

    return carry_out(request, pk, "adopt", "overview", act)


def _lead(request: Request) -> int:
    picked = person_of(request, "lead")
    card = organisation.directory([picked], (), request.at).people.get(picked) if picked else None
    if card is None or not card.is_active:
        raise Refused([error("web.person_unknown", "lead")])
    return card.id


@require_POST
def start_risk(request: Request, pk: int) -> HttpResponse:
    """Begin a risk report; it stays the finder's own draft until he files it."""
    matter = queries.collaboration_for(request.actor, pk, at=request.at)
    try:
        address = once(request, lambda: _begun(issues.start_risk(matter, actor=request.actor, at=request.at)))
    except DomainError as refused:
        return refuse(request, pk, "risks", "risk", refused)
    return redirect_to(request, address)


def _begun(record: Any) -> str:
    return reverse("records:edit", args=[record.pk])


@require_POST
def measure(request: Request, pk: int) -> HttpResponse:
    metric = queries.metric_for(request.actor, pk, at=request.at)

    def act(matter: Any) -> str:
        value, day = _value(text_of(request, "value")), _day(request)
        operations.measure_metric(
            metric, value=value, measured_on=day, evidence=text_of(request, "evidence"), part=text_of(request, "part"),
            actor=request.actor, at=request.at,
        )  # fmt: skip
        return _("The value is recorded.")

    return carry_out(request, metric.collaboration_id, f"measure-{pk}", "overview", act)


@require_POST
def reach(request: Request, pk: int) -> HttpResponse:
    milestone = queries.milestone_for(request.actor, pk, at=request.at)

    def act(matter: Any) -> str:
        operations.reach_milestone(
            milestone, reached_on=_day(request), evidence=text_of(request, "evidence"),
            actor=request.actor, at=request.at,
        )  # fmt: skip
        return _("The milestone is reached.")

    return carry_out(request, milestone.collaboration_id, f"reach-{pk}", "overview", act)


def _value(text: str) -> Decimal:
    """A typed number; thousands marks and a percent sign may stand in it."""
    try:
        value = Decimal(text.replace(",", "").replace("，", "").rstrip("%％").strip())
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or abs(value) >= WHOLE or value % SMALLEST:
        raise Refused([error("web.number_unreadable", "value")])
    return value


def _day(request: Request) -> date:
    day = day_of(request, "day")
    if day is None:
        raise Refused([error("web.day_missing", "day")])
    return day


@require_POST
def urge(request: Request, pk: int) -> HttpResponse:
    """Ask the owner of an open loop to act. The answer is the row's new state, or the page it was pressed on."""
    loop = queries.loop_for(request.actor, pk, at=request.at)
    operations.urge(loop, actor=request.actor, at=request.at)
    (row,) = rows_of([loop], request.at)
    told = _("Urged: %(who)s.") % {"who": row.owner}
    if request.htmx:
        return notify(request, render(request, "collaborations/_urged.html", {"row": row}), told)
    back = reverse("desk:desk")
    if text_of(request, "back") == "matter":
        back = page.address(loop.collaboration_id, "loops")
    return notify(request, redirect_to(request, back), told)
