"""What a problem makes of what happens to its forms, people and departments, and the time rules it runs by.

Answered or solved by its urgency (T06 to T08), acknowledged by the related departments (T37).
"""

from datetime import timedelta

from bihuan.collaborations import facts
from bihuan.collaborations.enums import LoopKind, Urgency
from bihuan.collaborations.handlers import on_record_settled, settle_after
from bihuan.collaborations.models import Acknowledgement, Collaboration, Loop, Problem
from bihuan.collaborations.operations.leading import LEADER
from bihuan.collaborations.operations.loops import close_loops, close_loops_of
from bihuan.collaborations.operations.merging import ask_whether_same
from bihuan.collaborations.operations.problems import (
    APPLICATION,
    ASSESSMENT,
    begin_solving,
    sync_problem,
)
from bihuan.collaborations.operations.promises import promise_improvements
from bihuan.collaborations.queries.merging import part_about
from bihuan.collaborations.timing import follow_loops, follow_owners, is_of_a_matter, open_loops_of
from bihuan.deadlines import operations as deadlines
from bihuan.deadlines.registry import bind
from bihuan.kernel import principals
from bihuan.ledger.subscriptions import AFTER_ALL_ROOMS, Recorded, subscribe
from bihuan.records.enums import Status
from bihuan.records.facts import RecordSettled, RecordSubmitted
from bihuan.records.models import Version

JUDGED, REPORT = "ACCEPT", "F18"
ANSWERED, SOLVED, SOLVED_LATER, ACKNOWLEDGED, GOAL = "T06", "T07", "T08", "T37", "T24"
RULE_OF = {Urgency.URGENT: ANSWERED, Urgency.IMPORTANT: SOLVED, Urgency.ROUTINE: SOLVED_LATER}
BY_URGENCY = tuple(RULE_OF.values())


def subscribe_to_problems() -> None:
    """Called in `apps.ready()` before the rules are bound, which look at the loops that are opened here."""
    room = "collaborations"
    subscribe(RecordSettled, on_settled, room=room)
    subscribe(RecordSettled, on_record_settled, room=room)
    subscribe(RecordSubmitted, on_reported, room=room)
    subscribe(facts.StepLeft, on_left, room=room)
    subscribe(facts.CollaborationEnded, on_ended, room=room)
    subscribe(facts.ContactChanged, on_contact_changed, room=room)
    subscribe(facts.DepartmentReplaced, on_department_replaced, room=room)
    for closer in (
        facts.ProblemAcknowledged, facts.AcknowledgementsPassed, facts.ProblemTakenIn, facts.ProblemKeptApart,
        facts.LeadClaimed, facts.LeadRefused, facts.LeadDecided,
    ):  # fmt: skip
        subscribe(closer, settle_after, room=AFTER_ALL_ROOMS)


def _version(fact: RecordSettled | RecordSubmitted) -> Version:
    return Version.objects.select_related("record").get(record=fact.record_id, version=fact.version)


def _matter(context: Recorded) -> Collaboration:
    return Collaboration.objects.select_related("playbook_version").get(pk=context.root.id)


APPROVED = {ASSESSMENT: sync_problem, APPLICATION: begin_solving}


def on_settled(fact: RecordSettled, context: Recorded) -> None:
    if fact.form_code in APPROVED and fact.after == Status.APPROVED:
        APPROVED[fact.form_code](_matter(context), _version(fact), actor=context.actor, at=context.at)


def on_reported(fact: RecordSubmitted, context: Recorded) -> None:
    """What sounds like another problem is asked about; what keeps it from coming back is tracked after closing too."""
    if fact.form_code == ASSESSMENT:
        ask_whether_same(_matter(context), _version(fact), at=context.at)
    if fact.form_code == REPORT:
        promise_improvements(_matter(context), _version(fact), key="prevention", actor=context.actor, at=context.at)


def on_left(fact: facts.StepLeft, context: Recorded) -> None:
    """What passed its acceptance is solved."""
    if fact.step == JUDGED and fact.outcome == "DONE":
        close_loops(subject=context.root, kind=LoopKind.PROBLEM, at=context.at)


def on_ended(fact: facts.CollaborationEnded, context: Recorded) -> None:
    """Nobody is asked to acknowledge or to solve what is over."""
    close_loops(subject=context.root, kind=LoopKind.PROBLEM, at=context.at)
    told = Acknowledgement.objects.filter(collaboration=context.root.id, given_at__isnull=True)
    close_loops_of([row.subject for row in told], at=context.at)


def on_contact_changed(fact: facts.ContactChanged, context: Recorded) -> None:
    asked = Acknowledgement.objects.filter(collaboration=context.root.id, department=fact.department_id)
    waiting = Loop.objects.filter(
        collaboration=context.root.id, kind=LoopKind.ACKNOWLEDGE, subject_id__in=asked.values("pk")
    )
    waiting.filter(closed_at__isnull=True).update(owner=principals.person(fact.after))


def on_department_replaced(fact: facts.DepartmentReplaced, context: Recorded) -> None:
    """What one department was told the other one knows; of two that were told, the one before has spoken for itself."""
    told = Acknowledgement.objects.filter(collaboration=context.root.id)
    before = told.filter(department=fact.department_before).first()
    if before is None:
        return
    if told.filter(department=fact.department_id).exists():
        close_loops(subject=before.subject, at=context.at)
    else:
        told.filter(pk=before.pk).update(department_id=fact.department_id)


def bind_rules_of_problems() -> None:
    """Called behind what opens the loops of a problem."""
    room = "collaborations"
    bind(
        BY_URGENCY,
        {
            RecordSubmitted: on_submitted,
            facts.ProblemReclassified: on_reclassified,
            facts.ProblemTakenIn: on_taken_in,
            facts.ProblemKeptApart: on_kept_apart,
            facts.LeadClaimed: on_lead_asked,
            facts.LeadRefused: on_lead_asked,
            facts.LeadDecided: on_lead_decided,
        },
        room=room,
    )
    bind([SOLVED, SOLVED_LATER, GOAL], {facts.StepLeft: on_solved}, room=room)
    bind([GOAL], {RecordSettled: on_approved}, room=room)
    bind(
        [ACKNOWLEDGED],
        {
            facts.ProblemSynced: on_synced,
            facts.ProblemTakenIn: on_synced,
            facts.ProblemAcknowledged: on_acknowledged,
            facts.ContactChanged: follow_owners,
        },
        room=room,
    )


def on_submitted(fact: RecordSubmitted, context: Recorded) -> None:
    """The report starts the clock; the application is the answer that an urgent problem waits for."""
    if not is_of_a_matter(context):
        return
    if fact.form_code == APPLICATION:
        deadlines.fulfil(context.root, rules=[ANSWERED], root=context.root, actor=context.actor, at=context.at)
    elif fact.form_code == ASSESSMENT:
        _run(context)


def on_reclassified(fact: facts.ProblemReclassified, context: Recorded) -> None:
    _run(context, reason=fact.reason)


def on_taken_in(fact: facts.ProblemTakenIn, context: Recorded) -> None:
    """Whether the two are one is answered; the clock of the earlier report is the one that runs."""
    _answered(fact.from_id, context)
    if fact.runs_from:
        deadlines.cancel(
            context.root, rules=BY_URGENCY, root=context.root, reason=fact.reason, actor=context.actor, at=context.at
        )
        _run(context)


def on_kept_apart(fact: facts.ProblemKeptApart, context: Recorded) -> None:
    _answered(fact.other_id, context)


def on_lead_asked(fact: facts.LeadClaimed | facts.LeadRefused, context: Recorded) -> None:
    """The PMO has until the limit of the urgency; where nothing is disputed any more, nothing is owed."""
    if open_loops_of(context.root, LoopKind.LEADER):
        _run(context)
    else:
        deadlines.cancel(
            context.root, rules=BY_URGENCY, parts=[LEADER], root=context.root, reason=fact.reason,
            actor=context.actor, at=context.at,
        )  # fmt: skip


def on_lead_decided(fact: facts.LeadDecided, context: Recorded) -> None:
    deadlines.fulfil(
        context.root, rules=BY_URGENCY, parts=[LEADER], root=context.root, actor=context.actor, at=context.at
    )


def _answered(other_id: int, context: Recorded) -> None:
    deadlines.fulfil(
        context.root, rules=BY_URGENCY, parts=[part_about(other_id)], root=context.root,
        actor=context.actor, at=context.at,
    )  # fmt: skip


def _run(context: Recorded, *, reason: str = "") -> None:
    """The rule of its urgency runs from when it was classed; no other does."""
    problem = Problem.objects.get(collaboration=context.root.id)
    rule_id = RULE_OF[Urgency(problem.urgency)]
    others = [other for other in BY_URGENCY if other != rule_id]
    deadlines.cancel(context.root, rules=others, root=context.root, reason=reason, actor=context.actor, at=context.at)
    loops = open_loops_of(context.root, LoopKind.PROBLEM, LoopKind.DUPLICATE, LoopKind.LEADER)
    follow_loops(rule_id, loops, context, since=problem.classed_at)


def on_solved(fact: facts.StepLeft, context: Recorded) -> None:
    if fact.step == "ACCEPT" and fact.outcome == "DONE":
        deadlines.fulfil(
            context.root, rules=[SOLVED, SOLVED_LATER, GOAL], root=context.root, actor=context.actor, at=context.at
        )


def on_approved(fact: RecordSettled, context: Recorded) -> None:
    """The goal's hours run from the approval, day and night."""
    if fact.form_code != APPLICATION or fact.after != Status.APPROVED:
        return
    matter = _matter(context)
    owner = principals.person(matter.lead_id) if matter.lead_id else principals.head(matter.lead_department_id or 0)
    wanted = [
        deadlines.Start(
            subject=context.root, part=f"goal/{row['id']}", owner=owner, what=row["name"],
            due_at=context.at + timedelta(hours=row["window_hours"]),
        )
        for row in _version(fact).data["metrics"]
    ]  # fmt: skip
    deadlines.start(GOAL, wanted, root=context.root, scope_id=context.scope_id, actor=context.actor, at=context.at)


def on_synced(fact: facts.ProblemSynced | facts.ProblemTakenIn, context: Recorded) -> None:
    waiting = Loop.objects.filter(collaboration=context.root.id, kind=LoopKind.ACKNOWLEDGE, closed_at__isnull=True)
    follow_loops(ACKNOWLEDGED, waiting.order_by("pk"), context)


def on_acknowledged(fact: facts.ProblemAcknowledged, context: Recorded) -> None:
    deadlines.fulfil(context.subject, rules=[ACKNOWLEDGED], root=context.root, actor=context.actor, at=context.at)
