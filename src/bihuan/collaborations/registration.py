"""The forms of this room, made known to the records room."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from bihuan.collaborations import contexts, forms, prefill
from bihuan.collaborations.contexts import AcceptanceView, matter_of
from bihuan.collaborations.forms.papers import FORMS as PAPER_FORMS
from bihuan.collaborations.models import Collaboration
from bihuan.collaborations.policy import (
    acceptance,
    consensus,
    filing,
    letters,
    papers,
    problem,
    proposals,
    recurrence,
    request,
    review,
    secondment,
    solving,
)
from bihuan.collaborations.queries.similar import hints_of_assessment, hints_of_request
from bihuan.collaborations.queries.steps import plan_of
from bihuan.collaborations.rules import may_fill
from bihuan.kernel.actor import Actor
from bihuan.organisation.queries import day_of
from bihuan.records.models import Record
from bihuan.records.operations import allot, year_of
from bihuan.records.policy import Body
from bihuan.records.registry import FormType, register


def filled_by(filler: str) -> Callable[[Actor, Record, datetime], bool]:
    """A form that belongs to whoever holds a role in the matter, not to the one who began it."""

    def may(actor: Actor, record: Record, at: datetime) -> bool:
        return may_fill(actor, matter_of(record), filler)

    return may


def form_number(record: Record, at: datetime) -> str:
    """`XZ-2026-0007-F03-01` (§5.3)."""
    return _numbered(matter_of(record).number, record, at)


def _numbered(matter: str | None, record: Record, at: datetime) -> str:
    series = f"{matter}-{record.form_code}"
    return f"{series}-{allot(series, at=at):02d}"


def request_number(record: Record, at: datetime) -> str:
    """The request's first submit gives the matter its own number too (Q17)."""
    return _numbered(_number_of_matter(record, at), record, at)


def _number_of_matter(record: Record, at: datetime) -> str:
    matter = matter_of(record)
    if matter.number is None:
        year = year_of(at)
        matter.number = f"XZ-{year}-{allot(f'XZ-{year}', at=at):04d}"
        Collaboration.objects.filter(pk=matter.pk, number__isnull=True).update(number=matter.number)
    return matter.number


def problem_number(record: Record, at: datetime) -> str:
    """`XC20261120001` (§5.3), the series begins anew each day; the matter gets its own number with it."""
    _number_of_matter(record, at)
    series = f"XC{day_of(at):%Y%m%d}"
    return f"{series}{allot(series, at=at):03d}"


def filing_number(record: Record, at: datetime) -> str:
    year = year_of(at)
    return f"BA-{year}-{allot(f'BA-{year}', at=at):04d}"


def judged(body: Body, context: AcceptanceView) -> dict[str, Any]:
    """The acceptance with what each item amounts to, and the frozen texts it is held against."""
    basis = context.basis
    return {
        **body,
        **acceptance.computed(body, context.check.items),
        "request_ref": basis.get("F01") or basis.get("F02"),
        "consensus_ref": basis.get("F03"),
        "plan_ref": basis.get("F04"),
    }


def register_forms() -> None:
    register_papers()
    register_letters()
    register(
        FormType(
            form=forms.REQUEST,
            number=request_number,
            context=contexts.request_context,
            check=request.check,
            hints=hints_of_request,
            may_fill=filled_by("INITIATOR"),
            prefill=prefill.request,
        )
    )
    register(
        FormType(
            form=forms.CONSENSUS,
            number=form_number,
            context=contexts.consensus_context,
            compute=lambda body, context: {**body, "request_ref": context.request},
            check=lambda body, context: consensus.check(body, context.matter),
            may_fill=filled_by("INITIATOR"),
            prefill=prefill.consensus,
            departments=contexts.departments_to_bind,
        )
    )
    register(
        FormType(
            form=forms.FILING,
            number=filing_number,
            context=contexts.filing_context,
            compute=lambda body, context: {**body, **filing.computed(context.checks), "plan_ref": context.plan},
            check=lambda body, context: filing.check(body, context.checks),
            may_fill=filled_by("FILING"),
        )
    )
    register(
        FormType(
            form=forms.ACCEPTANCE,
            number=form_number,
            context=contexts.acceptance_context,
            compute=judged,
            check=lambda body, context: acceptance.check(body, context.check),
            may_fill=filled_by("LEAD"),
            prefill=prefill.acceptance,
        )
    )
    register_review()
    register_secondment()
    register_recurrence()
    register_proposals()


def register_review() -> None:
    register(
        FormType(
            form=forms.REVIEW,
            number=form_number,
            context=contexts.review_context,
            compute=lambda body, context: {
                **body,
                **review.computed(context.acceptance, context.stats, context.handed_over),
            },
            check=lambda body, context: review.check(
                body, context.matter, was_stopped=context.was_stopped, improvements=context.improvements
            ),
            may_fill=filled_by("LEAD"),
            prefill=prefill.review,
        )
    )


def register_secondment() -> None:
    register(
        FormType(
            form=forms.SECONDMENT,
            number=form_number,
            context=contexts.loan_context,
            compute=lambda body, context: {
                **body,
                "months": secondment.months_of(body),
                "months_in_all": secondment.months_in_all(body, context.earlier),
            },
            check=secondment.check,
            may_fill=filled_by("LEAD"),
            prefill=prefill.secondment,
        )
    )


def register_recurrence() -> None:
    register(
        FormType(
            form=forms.RECURRENCE,
            number=form_number,
            context=contexts.recurrence_context,
            compute=lambda body, context: {**body, **recurrence.computed(body, context)},
            check=recurrence.check,
            may_fill=filled_by("INITIATOR"),
            prefill=prefill.recurrence,
        )
    )


def register_forms_of_problems() -> None:
    register(
        FormType(
            form=forms.ASSESSMENT,
            number=problem_number,
            context=contexts.assessment_context,
            compute=lambda body, _context: {**body, **problem.computed(body)},
            check=problem.check,
            hints=hints_of_assessment,
            may_fill=filled_by("INITIATOR"),
            prefill=prefill.assessment,
        )
    )
    register(
        FormType(
            form=forms.APPLICATION,
            number=form_number,
            context=contexts.application_context,
            compute=lambda body, context: {**body, **solving.computed(body, context)},
            check=solving.check,
            may_fill=filled_by("INITIATOR"),
            prefill=prefill.application,
        )
    )
    register(
        FormType(
            form=forms.REPORT,
            number=form_number,
            context=contexts.report_context,
            compute=lambda body, context: {**body, **solving.reported(context)},
            check=solving.check_report,
            may_fill=filled_by("LEAD"),
        )
    )


def register_proposals() -> None:
    """Requests about the matter itself (`policy.proposals`)."""
    register(
        FormType(
            form=forms.CHANGE,
            number=form_number,
            context=lambda _record, at: day_of(at),
            check=proposals.check_change,
            may_fill=filled_by("LEAD"),
        )
    )
    register(FormType(form=forms.EARLY_END, number=form_number, may_fill=filled_by("LEAD")))
    register(
        FormType(
            form=forms.SUSPENSION,
            number=form_number,
            context=lambda _record, at: day_of(at),
            check=proposals.check_suspension,
            may_fill=filled_by("LEAD"),
        )
    )


def register_letters() -> None:
    register(
        FormType(
            form=forms.LETTER,
            number=form_number,
            context=contexts.letter_context,
            compute=lambda body, context: {**body, "confirms": context.confirms},
            check=lambda body, context: list(letters.check(body, context)),
            may_fill=filled_by("LEAD"),
        )
    )


def filled_as_asked(actor: Actor, record: Record, at: datetime) -> bool:
    """By whoever the playbook names, else by who carries the matter."""
    matter = matter_of(record)
    step = plan_of(matter).step_asking(record.form_code)
    return may_fill(actor, matter, step.filler_of(record.form_code) if step is not None else "LEAD")


def register_papers() -> None:
    for form in PAPER_FORMS:
        register(
            FormType(
                form=form,
                number=form_number,
                context=contexts.paper_context,
                check=papers.check,
                may_fill=filled_as_asked,
            )
        )
    register(
        FormType(
            form=forms.HAND_OVER,
            number=form_number,
            context=contexts.hand_over_context,
            compute=lambda body, context: {**body, "items": proposals.computed_items(context)},
            check=proposals.check_hand_over,
            may_fill=filled_by("LEAD"),
            prefill=prefill.hand_over,
        )
    )
