"""What open sign-offs make of people who go, come back or change who stands in for them, and of limits that pass."""

from bihuan.approvals.operations.placing import ESCALATE, PLACE_ALL
from bihuan.deadlines.enums import Level, State
from bihuan.deadlines.facts import DeadlineWarned
from bihuan.deadlines.models import Deadline
from bihuan.kernel.facts import Fact
from bihuan.ledger.subscriptions import AFTER_ALL_ROOMS, Recorded, subscribe
from bihuan.organisation.enums import PostKind
from bihuan.organisation.facts import (
    AbsenceEnded,
    AbsenceNoted,
    DepartmentsMerged,
    DeputyEnded,
    DeputyNamed,
    ExecutivePutInCharge,
    PersonAppointed,
    PersonDeactivated,
    PostEnded,
    PostHandedOver,
)
from bihuan.outbox import operations as outbox

ROOM, DECISIONS = "approvals", ("T29", "T30")
PEOPLE_MOVE = (
    AbsenceNoted, AbsenceEnded, DepartmentsMerged, DeputyEnded, DeputyNamed, ExecutivePutInCharge, PersonDeactivated,
    PostEnded, PostHandedOver,
)  # fmt: skip


def listen() -> None:
    for fact in PEOPLE_MOVE:
        subscribe(fact, look_who_is_asked, room=ROOM)
    subscribe(PersonAppointed, look_whose_office_is_held, room=ROOM)
    subscribe(DeadlineWarned, note_decision_late, room=ROOM)
    subscribe(DeadlineWarned, ask_higher, room=AFTER_ALL_ROOMS)


def look_who_is_asked(fact: Fact, context: Recorded) -> None:
    """Right afterwards, as work of its own: the matters are other chains than the person's. Who may sign is asked anew
    at each signature anyway."""
    key = f"{PLACE_ALL}:{fact.name}:{context.subject}:{context.at.isoformat()}"
    outbox.post_unless_posted(PLACE_ALL, {}, at=context.at, key=key)


def look_whose_office_is_held(fact: PersonAppointed, context: Recorded) -> None:
    """A new head is asked what his superiors were asked while nobody held the office; of other posts nobody signs."""
    if fact.kind == PostKind.HEAD:
        look_who_is_asked(fact, context)


def note_decision_late(fact: DeadlineWarned, context: Recorded) -> None:
    """In which matters a decision is overdue: after a time away most of what is told is no decision."""
    if fact.rule in DECISIONS and fact.level >= Level.RED:
        context.kept.setdefault(ESCALATE, set()).add(context.root)


def ask_higher(_fact: DeadlineWarned, context: Recorded) -> None:
    """Overdue, the next superior is asked too; long overdue the PMO (T29, T30). As work of its own, behind the scan."""
    if context.root not in context.kept.get(ESCALATE, ()):
        return
    late = Deadline.objects.filter(
        root_kind=context.root.kind, root_id=context.root.id, rule__in=DECISIONS, subject_kind="signoff",
        state=State.RUNNING, level__gte=Level.RED,
    )  # fmt: skip
    work = {
        f"{ESCALATE}:{one.pk}:{one.due_at.isoformat()}:{one.level}": {
            "signoff_id": one.subject_id, "key": one.part, "to_pmo": one.level >= Level.RED_PLUS
        }
        for one in late.only("subject_id", "part", "due_at", "level")
    }  # fmt: skip
    if work:
        outbox.post_each_unless_posted(ESCALATE, work, at=context.at)
