"""What open sign-offs make of people who go, come back or change who stands in for them, and of limits that pass."""

from bihuan.approvals.operations.placing import ESCALATE, PLACE_ALL
from bihuan.deadlines.enums import Level
from bihuan.deadlines.facts import DeadlineWarned
from bihuan.deadlines.models import Deadline
from bihuan.kernel.facts import Fact
from bihuan.ledger.subscriptions import Recorded, subscribe
from bihuan.organisation.facts import AbsenceEnded, AbsenceNoted, DeputyEnded, DeputyNamed
from bihuan.outbox import operations as outbox

ROOM, DECISION = "approvals", "T29"


def listen() -> None:
    for fact in (AbsenceNoted, AbsenceEnded, DeputyEnded, DeputyNamed):
        subscribe(fact, look_who_is_asked, room=ROOM)
    subscribe(DeadlineWarned, ask_higher, room=ROOM)


def look_who_is_asked(fact: Fact, context: Recorded) -> None:
    """Right afterwards, as work of its own: the matters are other chains than the person's. Who may sign is asked anew
    at each signature anyway."""
    outbox.post(PLACE_ALL, {}, at=context.at, key=f"{PLACE_ALL}:{context.subject}:{context.at.isoformat()}")


def ask_higher(fact: DeadlineWarned, context: Recorded) -> None:
    """Overdue, the next superior is asked too; long overdue the PMO (T29). As work of its own, behind the scan."""
    if fact.rule != DECISION or fact.level < Level.RED:
        return
    late = Deadline.objects.get(pk=fact.deadline_id)
    if late.subject_kind == "signoff":
        work = {"signoff_id": late.subject_id, "key": late.part, "to_pmo": fact.level >= Level.RED_PLUS}
        outbox.post(ESCALATE, work, at=context.at, key=f"{ESCALATE}:{late.pk}:{fact.due_at}:{fact.level}")
