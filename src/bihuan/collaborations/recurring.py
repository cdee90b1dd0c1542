"""What a recurring matter makes of the promises to its periods, and of waivers that are asked for (T29)."""

from bihuan.collaborations import facts
from bihuan.collaborations.enums import LoopKind
from bihuan.collaborations.models import Collaboration, Contribution, Loop, RecurringPeriod
from bihuan.collaborations.operations.loops import close_loops, close_loops_in, root_of
from bihuan.collaborations.operations.promises import end_of, owner_of
from bihuan.collaborations.operations.recurrence import gather_when_all_in
from bihuan.collaborations.policy.playbook import RECURS
from bihuan.collaborations.policy.recurrence import CONSOLIDATION, Waiver, not_gathered
from bihuan.collaborations.queries.recurrence import files_of, given_to, was_stopped_early
from bihuan.collaborations.timing import DECISION, follow_loops
from bihuan.commitments import facts as commitments
from bihuan.deadlines import operations as deadlines
from bihuan.deadlines.policy.counting import lateness
from bihuan.deadlines.registry import Handler, bind
from bihuan.kernel.errors import Refused
from bihuan.kernel.facts import Fact
from bihuan.kernel.findings import error
from bihuan.ledger import operations as ledger
from bihuan.ledger.subscriptions import Recorded, subscribe

ROOM = "collaborations"


def subscribe_to_recurrence() -> None:
    """Called in `apps.ready()` before promises become loops: a day that was named anew is shown by them."""
    subscribe(commitments.CommitmentAssigned, on_assigned, room=ROOM)
    subscribe(commitments.CommitmentClaimed, on_claimed, room=ROOM)
    subscribe(commitments.CommitmentVerified, on_verified, room=ROOM)
    subscribe(commitments.CommitmentCancelled, on_cancelled, room=ROOM)
    subscribe(facts.WorkStopped, on_stopped, room=ROOM)
    subscribe(facts.CollaborationEnded, on_ended, room=ROOM)


def bind_rules_of_recurrence() -> None:
    """Called behind what opens the loops of waivers."""
    waivers: dict[type[Fact], Handler] = {
        facts.WaiverAsked: on_asked,
        facts.WaiverAnswered: on_answered,
        facts.WaiverDropped: on_dropped,
    }
    bind([DECISION], waivers, room=ROOM)


def _contribution(commitment_id: int) -> Contribution | None:
    rows = Contribution.objects.select_related("period__collaboration__lead_department__site", "commitment")
    return rows.filter(commitment=commitment_id).first()


def on_assigned(fact: commitments.CommitmentAssigned, context: Recorded) -> None:
    """Somebody named another day: it is that day's close of business from now on."""
    row = _contribution(fact.commitment_id)
    if row is None or row.commitment is None or fact.due_on == fact.due_before:
        return
    owner = owner_of(row.period.collaboration, row.commitment)
    due_at = end_of(row.commitment.due_on, owner, row.period.collaboration, at=context.at)
    if due_at is not None:
        Contribution.objects.filter(pk=row.pk).update(due_at=due_at)


def on_claimed(fact: commitments.CommitmentClaimed, context: Recorded) -> None:
    """Handed in. Nothing is consolidated before everything is in or named as missing."""
    row = _contribution(fact.commitment_id)
    if row is None:
        return
    period = row.period
    given = tuple({"name": each.file.name, "sha256": each.file.sha256} for each in files_of(row))
    if row.as_file and not given:
        raise Refused([error("collaborations.contribution_without_file", "file", what=row.data)])
    if row.line_id == CONSOLIDATION and period.gathered_at is None:
        raise Refused(not_gathered(given_to(period, context.at)))
    told = facts.ContributionGiven(
        contribution_id=row.pk, key=period.key, what=row.data, file=given[0]["name"] if given else "",
        sha256=given[0]["sha256"] if given else "", files=given, late_minutes=lateness(row.due_at, context.at),
    )  # fmt: skip
    _tell(row, told, context)
    gather_when_all_in(period, actor=context.actor, at=context.at)


def on_verified(fact: commitments.CommitmentVerified, context: Recorded) -> None:
    """What came after all need not be waived; a period is accepted as a whole, not its paper alone."""
    row = _contribution(fact.commitment_id)
    if row is None:
        return
    if row.line_id == CONSOLIDATION and row.period.accepted_at is None:
        raise Refused([error("collaborations.accepted_as_a_whole", "accepted", period=row.period.key)])
    if row.waiver == Waiver.ASKED:
        Contribution.objects.filter(pk=row.pk).update(waiver=Waiver.NONE)
        close_loops(subject=row.subject, kind=LoopKind.WAIVER, at=context.at)
        _tell(row, facts.WaiverDropped(contribution_id=row.pk, key=row.period.key, what=row.data), context)


def on_cancelled(fact: commitments.CommitmentCancelled, context: Recorded) -> None:
    """A gap is waived by somebody else, not called off by who asked for it."""
    row = _contribution(fact.commitment_id)
    if row is None or row.waiver == Waiver.GRANTED:
        return
    matter = row.period.collaboration
    if matter.ended_at is None and not was_stopped_early(matter):
        raise Refused([error("collaborations.gap_needs_waiver", "reason", what=row.data)])


def on_stopped(fact: facts.WorkStopped, context: Recorded) -> None:
    """Nothing is waived any more; periods that wait are not opened (`periods_to_open`)."""
    waiting = Loop.objects.filter(collaboration=context.root.id, kind=LoopKind.WAIVER)
    close_loops_in(waiting, at=context.at)
    RecurringPeriod.objects.filter(collaboration=context.root.id, opened_at__isnull=True).delete()


def on_ended(fact: facts.CollaborationEnded, context: Recorded) -> None:
    """A plan that was to be said anew is said no more."""
    close_loops(subject=context.root, kind=LoopKind.FORM, parts=[RECURS], at=context.at)


def on_asked(fact: facts.WaiverAsked, context: Recorded) -> None:
    asked = Loop.objects.filter(
        kind=LoopKind.WAIVER, subject_kind="contribution", subject_id=fact.contribution_id, closed_at__isnull=True
    )
    follow_loops(DECISION, asked, context)


def on_answered(fact: facts.WaiverAnswered, context: Recorded) -> None:
    deadlines.fulfil(context.subject, rules=[DECISION], root=context.root, actor=context.actor, at=context.at)


def on_dropped(fact: facts.WaiverDropped, context: Recorded) -> None:
    deadlines.cancel(context.subject, rules=[DECISION], root=context.root, actor=context.actor, at=context.at)


def _tell(row: Contribution, fact: Fact, context: Recorded) -> None:
    matter: Collaboration = row.period.collaboration
    ledger.record(
        fact, actor=context.actor, root=root_of(matter), subject=row.subject, scope_id=matter.scope_id, at=context.at
    )
