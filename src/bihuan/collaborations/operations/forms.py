"""Starting and re-opening the forms of a step."""

from datetime import datetime

from django.db import transaction

from bihuan.collaborations.enums import Outcome
from bihuan.collaborations.errors import HasEnded, NotThisStep
from bihuan.collaborations.models import Collaboration, StepRun
from bihuan.collaborations.operations.loops import root_of
from bihuan.collaborations.operations.proposing import start_proposal
from bihuan.collaborations.operations.signing import void_open
from bihuan.collaborations.operations.steps import ask_for_form, send_back
from bihuan.collaborations.policy.playbook import StepPlan
from bihuan.collaborations.policy.proposals import ROUTES
from bihuan.collaborations.queries.steps import (
    current_run,
    forms_due_before,
    plan_of,
    step_asking,
    step_to_reopen,
    steps_asked,
)
from bihuan.collaborations.rules import may_fill
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotAllowed, Refused
from bihuan.kernel.findings import error
from bihuan.records import operations as records
from bihuan.records import queries as record_queries
from bihuan.records.models import Record


def _asked_now(collaboration: Collaboration, form_code: str) -> tuple[StepRun, StepPlan]:
    """Where the matter stands, and the step that asks for the form."""
    run = current_run(collaboration)
    if run is None:
        raise HasEnded
    step = step_asking(collaboration, run, form_code)
    if step is None:
        raise NotThisStep
    return run, step


def _asked_to_revise(collaboration: Collaboration, form_code: str) -> tuple[StepRun, StepPlan]:
    run = current_run(collaboration)
    step = step_to_reopen(collaboration, run, form_code) if run is not None else None
    return (run, step) if run is not None and step is not None else _asked_now(collaboration, form_code)


@transaction.atomic
def start_form(collaboration: Collaboration, *, form_code: str, actor: Actor, at: datetime) -> Record:
    """The draft of a form of the current step, or of a request about the matter itself; begun if nobody has yet.

    Raises ``NotThisStep`` when the step does not ask for it, ``NotAllowed`` when it is somebody else's to fill,
    ``Refused`` while a form of an earlier step is still to be made up for.
    """
    if form_code in ROUTES:
        return start_proposal(collaboration, form_code=form_code, actor=actor, at=at)
    run, step = _asked_now(collaboration, form_code)
    if not may_fill(actor, collaboration, step.filler_of(form_code)):
        raise NotAllowed
    record = record_queries.record_of(root_of(collaboration), form_code)
    if record is not None:
        return record
    missing = forms_due_before(collaboration, run, form_code)
    if missing:
        raise Refused(missing)
    return records.start_draft(
        form_code, root=root_of(collaboration), scope_id=collaboration.scope_id, actor=actor, at=at,
        extra_fields=plan_of(collaboration).fields_for(form_code),
    )  # fmt: skip


@transaction.atomic
def revise_form(collaboration: Collaboration, *, form_code: str, reason: str, actor: Actor, at: datetime) -> Record:
    """Open a submitted form of the current step again; what was signed on it must be signed anew where it changed.

    So is, while the work is carried out, a form of the step that it leads back to: a loan is extended in the step that
    agreed to it, which the matter stands in again. A form whose answer another one hangs on is corrected where it is.

    Records ``RecordReturned`` (and ``SignoffVoided`` when a question was open). Raises ``NotThisStep``, ``NotAllowed``,
    ``Refused`` without a reason or while nothing has been submitted.
    """
    run, step = _asked_to_revise(collaboration, form_code)
    if not may_fill(actor, collaboration, step.filler_of(form_code)):
        raise NotAllowed
    if not reason.strip():
        raise Refused([error("collaborations.reason_missing", "reason")])
    record = record_queries.record_of(root_of(collaboration), form_code)
    if record is None or record.current_version is None:
        raise Refused([error("collaborations.nothing_to_revise")])
    void_open(root_of(collaboration), about=record.subject, reason=reason, actor=actor, at=at)
    returned = records.return_to_draft(record, reason=reason, actor=actor, at=at)
    if step.key in {asked.key for asked in steps_asked(collaboration, run)} or step.gate:
        ask_for_form(collaboration, step, form_code, at=at)
    else:
        send_back(collaboration, to=step.key, outcome=Outcome.RETURNED, reason=reason, actor=actor, at=at)
    return returned
