"""Starting and re-opening the forms of a step."""

from datetime import datetime

from django.db import transaction

from bihuan.collaborations.errors import HasEnded, NotThisStep
from bihuan.collaborations.models import Collaboration
from bihuan.collaborations.operations.loops import root_of
from bihuan.collaborations.operations.signing import void_open
from bihuan.collaborations.operations.steps import ask_for_form
from bihuan.collaborations.queries.steps import current_run, plan_of
from bihuan.collaborations.rules import may_fill
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotAllowed, Refused
from bihuan.kernel.findings import error
from bihuan.records import operations as records
from bihuan.records import queries as record_queries
from bihuan.records.models import Record


def _filler_now(collaboration: Collaboration, form_code: str) -> str:
    run = current_run(collaboration)
    if run is None:
        raise HasEnded
    plan = plan_of(collaboration).step(run.step)
    for form in plan.forms:
        if form.code == form_code:
            return form.filler
    raise NotThisStep


@transaction.atomic
def start_form(collaboration: Collaboration, *, form_code: str, actor: Actor, at: datetime) -> Record:
    """The draft of a form of the current step, begun and prefilled if nobody has yet.

    Raises ``NotThisStep`` when the step does not ask for it, ``NotAllowed`` when it is somebody else's to fill.
    """
    filler = _filler_now(collaboration, form_code)
    if not may_fill(actor, collaboration, filler):
        raise NotAllowed
    record = record_queries.record_of(root_of(collaboration), form_code)
    if record is not None:
        return record
    return records.start_draft(
        form_code, root=root_of(collaboration), scope_id=collaboration.scope_id, actor=actor, at=at
    )


@transaction.atomic
def revise_form(collaboration: Collaboration, *, form_code: str, reason: str, actor: Actor, at: datetime) -> Record:
    """Open a submitted form of the current step again; what was signed on it must be signed anew where it changed.

    Records ``RecordReturned`` (and ``SignoffVoided`` when a question was open). Raises ``NotThisStep``, ``NotAllowed``,
    ``Refused`` without a reason or while nothing has been submitted.
    """
    filler = _filler_now(collaboration, form_code)
    if not may_fill(actor, collaboration, filler):
        raise NotAllowed
    if not reason.strip():
        raise Refused([error("collaborations.reason_missing", "reason")])
    record = record_queries.record_of(root_of(collaboration), form_code)
    if record is None or record.current_version is None:
        raise Refused([error("collaborations.nothing_to_revise")])
    void_open(root_of(collaboration), about=record.subject, reason=reason, actor=actor, at=at)
    returned = records.return_to_draft(record, reason=reason, actor=actor, at=at)
    run = current_run(collaboration)
    if run is not None:
        ask_for_form(collaboration, plan_of(collaboration).step(run.step), form_code, at=at)
    return returned
