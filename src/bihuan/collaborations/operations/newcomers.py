"""A department that takes part from now on is asked for the lines that were agreed without it."""

from datetime import datetime

from bihuan.collaborations.models import Collaboration
from bihuan.collaborations.operations.loops import root_of
from bihuan.collaborations.operations.routes import open_route
from bihuan.collaborations.operations.signing import ask_anew, void_open
from bihuan.collaborations.policy.agreement import JOINED
from bihuan.collaborations.policy.consensus import binds_somewhere
from bihuan.collaborations.policy.playbook import WORK
from bihuan.collaborations.queries.consensus import FORM
from bihuan.collaborations.queries.steps import current_run, has_worked, plan_of, step_asking
from bihuan.kernel.actor import Actor
from bihuan.records import queries as records
from bihuan.records.enums import STANDING


def ask_for_lines(collaboration: Collaboration, department_id: int, *, actor: Actor, at: datetime) -> None:
    """See that who joined is asked for its lines of the consensus; the others keep what they said (G03).

    As long as the agreement is being made it goes back to who wrote it: it has to say how the newcomer understands the
    goal, whether it can, and what it is in charge of. Later the newcomer is asked for the lines that bind all. Once the
    work is over nothing is agreed any more. Records `SignoffVoided` and `RecordReturned`, or `SignoffOpened`.
    """
    run, record = current_run(collaboration), records.record_of(root_of(collaboration), FORM)
    asking = plan_of(collaboration).step_asking(FORM)
    if run is None or asking is None or record is None or record.current_version is None:
        return
    if record.status not in STANDING or (run.step != WORK and has_worked(collaboration, run)):
        return
    if step_asking(collaboration, run, FORM) is not None:
        void_open(root_of(collaboration), about=record.subject, reason=JOINED, actor=actor, at=at)
        ask_anew(collaboration, record, JOINED, actor, at)
    elif binds_somewhere(record.current_version.data, department_id):
        for route in asking.routes_on(FORM):
            open_route(collaboration, route.code, record.current_version, actor=actor, at=at)
