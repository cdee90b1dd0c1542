"""An approved change leads the work back to its plan, in a new round (F21, G28)."""

from datetime import datetime

from bihuan.collaborations.enums import Outcome
from bihuan.collaborations.errors import HasMovedOn
from bihuan.collaborations.facts import ChangeApproved
from bihuan.collaborations.models import Collaboration
from bihuan.collaborations.operations.loops import root_of
from bihuan.collaborations.operations.steps import send_back
from bihuan.collaborations.policy.playbook import WORK
from bihuan.collaborations.policy.proposals import back_for_change, reopened_by_change
from bihuan.collaborations.queries.steps import current_run, plan_of
from bihuan.kernel.actor import Actor
from bihuan.ledger import operations as ledger
from bihuan.records import operations as records
from bihuan.records import queries as record_queries
from bihuan.records.enums import STANDING
from bihuan.records.models import Version


def change_plan(collaboration: Collaboration, version: Version, *, actor: Actor, at: datetime) -> None:
    """What was planned opens for change and is agreed, approved and filed anew; signatures on what stays the same hold.

    Tasks and promises stand meanwhile. Records ``ChangeApproved``; raises ``HasMovedOn`` unless work is under way.
    """
    run = current_run(collaboration)
    if run is None or run.step != WORK:
        raise HasMovedOn
    plan, reason, root = plan_of(collaboration), version.data["reason"], root_of(collaboration)
    to = back_for_change(plan, touches_agreement=version.data["touches_agreement"])
    ledger.record(
        ChangeApproved(number=version.record.number, step=to, reason=reason),
        actor=actor,
        root=root,
        scope_id=collaboration.scope_id,
        at=at,
    )
    for code in reopened_by_change(plan, to):
        record = record_queries.record_of(root, code)
        if record is not None and record.status in STANDING:
            records.return_to_draft(record, reason=reason, actor=actor, at=at)
    send_back(collaboration, to=to, outcome=Outcome.CHANGED, reason=reason, actor=actor, at=at)
