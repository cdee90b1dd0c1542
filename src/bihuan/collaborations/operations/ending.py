"""Ways a matter ends beside its straight way: refused for good, or given up while work was under way."""

from datetime import datetime

from django.db import transaction

from bihuan.approvals.models import Signoff
from bihuan.collaborations.enums import Ending, LoopKind, Outcome
from bihuan.collaborations.errors import HasEnded
from bihuan.collaborations.facts import WorkStopped
from bihuan.collaborations.models import Collaboration, Loop
from bihuan.collaborations.operations.loops import close_loops_in, root_of
from bihuan.collaborations.operations.signing import said_against, void_open
from bihuan.collaborations.operations.steps import end, enter_step, leave_step
from bihuan.collaborations.operations.suspending import end_suspension
from bihuan.collaborations.policy.proposals import after_early_end
from bihuan.collaborations.queries.steps import current_run, plan_of
from bihuan.commitments import operations as commitments
from bihuan.commitments.enums import OUTLIVING
from bihuan.kernel.actor import Actor
from bihuan.ledger import operations as ledger
from bihuan.records import operations as records
from bihuan.records.enums import Status
from bihuan.records.models import Record, Version

OF_THE_WORK = (LoopKind.FORM, LoopKind.FILER, LoopKind.STEP)
"""What nobody is asked for any more; tasks, needs and promises end by their own facts."""


@transaction.atomic
def reject_collaboration(collaboration: Collaboration, *, reason: str, actor: Actor, at: datetime) -> None:
    """End a matter that was refused where its playbook has no way back. Nothing of it stays open.

    Records ``CollaborationEnded``; raises ``HasEnded``. Who may refuse is said by the route that did.
    """
    ledger.lock_chain(root_of(collaboration))
    void_open(root_of(collaboration), reason=reason, actor=actor, at=at)
    end(collaboration, Ending.REJECTED, actor=actor, at=at, reason=reason)


def refuse_for_good(collaboration: Collaboration, signoff: Signoff, *, actor: Actor, at: datetime) -> None:
    """A route said no where the playbook has no way back: the paper is rejected, and the matter with it."""
    record = Record.objects.get(pk=signoff.subject_id)
    if record.status in (Status.SUBMITTED, Status.IN_REVIEW):
        records.settle(record, status=Status.REJECTED, actor=actor, at=at)
    reject_collaboration(collaboration, reason=said_against(signoff), actor=actor, at=at)


def end_early(collaboration: Collaboration, version: Version, *, actor: Actor, at: datetime) -> None:
    """The executive agreed to end the work: what is open is cancelled, review and archive still follow.

    Improvements that were promised stay owed, risks are still followed up, what was lent has to go back. Records
    ``WorkStopped``, on which higher rooms cancel what is theirs.
    """
    run = current_run(collaboration)
    if run is None:
        raise HasEnded
    reason, root = version.data["reason"], root_of(collaboration)
    end_suspension(collaboration, actor=actor, at=at)
    void_open(root, reason=reason, actor=actor, at=at)
    leave_step(collaboration, run, outcome=Outcome.STOPPED, actor=actor, at=at, reason=reason)
    close_loops_in(Loop.objects.filter(collaboration=collaboration, kind__in=OF_THE_WORK), at=at)
    commitments.cancel_all(root, reason=reason, besides=OUTLIVING, actor=actor, at=at)
    ledger.record(
        WorkStopped(step=run.step, number=version.record.number, reason=reason),
        actor=actor,
        root=root,
        scope_id=collaboration.scope_id,
        at=at,
    )
    enter_step(collaboration, after_early_end(plan_of(collaboration)), actor=actor, at=at)
