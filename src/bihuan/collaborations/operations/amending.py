"""What departments want otherwise in the consensus, answered by who fills it in."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from bihuan.approvals import operations as approvals
from bihuan.approvals.operations import AmendmentAnswer
from bihuan.approvals.queries import latest_by_line
from bihuan.collaborations.enums import Outcome
from bihuan.collaborations.models import Collaboration
from bihuan.collaborations.operations.loops import root_of
from bihuan.collaborations.operations.signing import void_open
from bihuan.collaborations.operations.steps import send_back
from bihuan.collaborations.policy.agreement import TAKEN_OVER
from bihuan.collaborations.queries.consensus import FORM
from bihuan.collaborations.queries.steps import current_run, plan_of, step_asking
from bihuan.collaborations.rules import may_fill
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotAllowed, NotFound
from bihuan.ledger import operations as ledger
from bihuan.records import operations as records
from bihuan.records import queries as record_queries
from bihuan.records.models import Record, Version
from bihuan.records.policy.amending import with_lines
from bihuan.records.registry import form_of


@transaction.atomic
def answer_amendments(
    collaboration: Collaboration, answers: Sequence[AmendmentAnswer], *, actor: Actor, at: datetime
) -> Version:
    """Take over or decline what departments want for lines of the consensus (F03); returns the version in force.

    What is taken over is handed in as the next version: who wanted it agrees to it thereby, the others the line binds
    are asked again, and unchanged lines keep their answers. Who is declined is asked again. Where the step is over, and
    who wants the line otherwise joined since, taking over leads back to it: the form lies there with that line, to be
    handed in with what it has to say of the newcomer.

    Records `AmendmentDeclined` and `AmendmentTaken`, `RecordReturned` and `RecordSubmitted` for a new version. Raises
    `NotFound` without a consensus, `NotAllowed` for who may not fill it in, `Refused` without a reason and with what
    the form is refused for, `SignoffClosed` and `StaleSlot` when something was answered or handed in meanwhile.
    """
    record = record_queries.record_of(root_of(collaboration), FORM)
    asking = plan_of(collaboration).step_asking(FORM)
    if record is None or record.current_version is None or asking is None:
        raise NotFound
    run = current_run(collaboration)
    if run is None or not may_fill(actor, collaboration, asking.filler_of(FORM)):
        raise NotAllowed
    ledger.lock_chain(root_of(collaboration))
    signoff = latest_by_line(record.subject)
    if signoff is None:
        raise NotFound
    taken = approvals.answer_amendments(signoff, answers, actor=actor, at=at)
    if not taken:
        return record.current_version
    changes = {slot.part: slot.amendment["row"] for slot in taken}
    if step_asking(collaboration, run, FORM) is None:
        void_open(root_of(collaboration), about=record.subject, reason=TAKEN_OVER, actor=actor, at=at)
        _open_again(record, record.current_version, changes, actor=actor, at=at)
        send_back(collaboration, to=asking.key, outcome=Outcome.RETURNED, reason=TAKEN_OVER, actor=actor, at=at)
        return record.current_version
    saved = _open_again(record, record.current_version, changes, actor=actor, at=at)
    return records.submit(saved, seen_revision=saved.revision, actor=actor, at=at)


def _open_again(
    record: Record, version: Version, changes: dict[str, dict[str, object]], *, actor: Actor, at: datetime
) -> Record:
    """A draft of the next version: what the last one says, but for these lines."""
    draft = with_lines(form_of(record), version.body, version.data, changes)
    returned = records.return_to_draft(record, reason=TAKEN_OVER, actor=actor, at=at)
    return records.save_draft(returned, body=draft, seen_revision=returned.revision, actor=actor, at=at)
