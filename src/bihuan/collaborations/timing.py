"""The time rules of a matter: which of its facts start, keep, move or end which deadline."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from bihuan.approvals import facts as approvals
from bihuan.approvals.enums import SignoffState
from bihuan.collaborations import facts
from bihuan.collaborations.enums import LoopKind, Urgency
from bihuan.collaborations.models import Collaboration, Contribution, Loop, PlaybookVersion, Problem
from bihuan.collaborations.operations.loops import PROVISIONAL
from bihuan.collaborations.operations.signing import UNDER_MINUTES, amendment_part, signoff_ref
from bihuan.collaborations.operations.steps import REVIEWED
from bihuan.collaborations.policy.playbook import MINUTES
from bihuan.collaborations.queries.asks import is_asked_by_application
from bihuan.collaborations.queries.recurrence import Counted, counted_for
from bihuan.collaborations.queries.steps import PLAYBOOK, plan_in, plan_of, terms_for
from bihuan.commitments import facts as commitments
from bihuan.commitments import operations as promises
from bihuan.deadlines import operations, queries
from bihuan.deadlines.enums import State
from bihuan.deadlines.facts import (
    ClocksStarted,
    ClocksStopped,
    DeadlinePaused,
    DeadlineResumed,
    DeadlinesMoved,
    DeadlinesReclassed,
)
from bihuan.deadlines.models import Deadline
from bihuan.deadlines.operations import Start
from bihuan.deadlines.policy.table import RULES, URGENT
from bihuan.deadlines.policy.terms import Terms
from bihuan.deadlines.registry import bind
from bihuan.kernel import principals
from bihuan.kernel.facts import Fact
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger.subscriptions import Recorded, subscribe
from bihuan.records.facts import RecordSent, RecordSubmitted
from bihuan.records.models import Version

DECISION, SIGNATURE, REVIEW, ARCHIVING, PROMISE, ANSWER = "T29", "T30", "T31", "T32", "T38", "T23"
ASSESSMENT = "F13"
SIGNED = (DECISION, SIGNATURE)
ASKED = (LoopKind.SIGNOFF, LoopKind.AMENDMENT)
"""A party decides, and who wrote the paper decides on what a party wants otherwise: both within the same time."""
MINUTES_OUT, RECORD_OUT = "T04", "T05"
ENDED_WITH_THE_MATTER = frozenset(RULES) - {PROMISE}
AFTER_STEP = {"RETRO": (REVIEW, ("F17", "F18")), "ARCHIVE": (ARCHIVING, ("F20",))}
AFTER_FORM = {form: rule_id for rule_id, forms in AFTER_STEP.values() for form in forms}
EXECUTIVE = "executive"
Place = tuple[str, int, str]


def bind_rules() -> None:
    """Called last in `apps.ready()`: the handlers here look at the loops that the others have opened and closed."""
    room = "collaborations"
    decided: dict[type[Fact], Callable[..., None]] = {
        approvals.SlotDecided: on_decided,
        approvals.PartsDecided: on_decided,
    }
    bind(SIGNED, {approvals.SignoffOpened: on_asked, approvals.SignoffVoided: on_voided, **decided}, room=room)
    bind(
        [PROMISE, ANSWER],
        {
            commitments.CommitmentMade: on_promised,
            commitments.CommitmentAssigned: on_promised,
            commitments.CommitmentReturned: on_promised,
            commitments.CommitmentClaimed: on_claimed,
            commitments.CommitmentCancelled: on_promise_cancelled,
        },
        room=room,
    )
    bind([REVIEW, ARCHIVING], {facts.StepEntered: on_entered, facts.StepLeft: on_left}, room=room)
    bind([REVIEW, ARCHIVING], {RecordSubmitted: on_submitted}, room=room)
    bind([MINUTES_OUT, RECORD_OUT], {RecordSent: on_sent}, room=room)
    bind(ENDED_WITH_THE_MATTER, {facts.CollaborationEnded: on_ended}, room=room)
    reordered = (
        approvals.SignerAdded, approvals.SignerRemoved, approvals.DecisionTakenBack, approvals.SignoffReturned,
    )  # fmt: skip
    bind(SIGNED, dict.fromkeys(reordered, on_reordered), room=room)
    bind(SIGNED, dict.fromkeys(approvals.AMENDING, on_amendment_answered), room=room)
    bind(SIGNED, {facts.ProblemReclassified: on_classed_anew}, room=room)
    handing = (facts.LeadChanged, facts.DepartmentReplaced, *approvals.MOVING, commitments.CommitmentHandedOver)
    bind(RULES, dict.fromkeys(handing, follow_owners), room=room)
    subscribe(DeadlinesMoved, on_moved, room=room)
    subscribe(DeadlinesReclassed, on_clocks, room=room)
    subscribe(DeadlinePaused, on_paused, room=room)
    subscribe(DeadlineResumed, on_resumed, room=room)
    subscribe(ClocksStopped, on_clocks, room=room)
    subscribe(ClocksStarted, on_clocks, room=room)


def follow_loops(
    rule_id: str, loops: Iterable[Loop], context: Recorded, *, kind_of: Callable[[Loop], str] | None = None,
    since: datetime | None = None, counted: Counted | None = None, is_urgent: bool = False,
) -> None:  # fmt: skip
    """Let a rule run for each of these open loops, from now or `since` an earlier instant; what a person typed is the
    loop's own instant, what is counted is shown by it from now on. Loops of a typed rule without a day are nobody's
    deadline. `is_urgent`: it never rests, and is told at night too."""
    rule = RULES[rule_id]
    by_place = {place_of(loop): loop for loop in loops if rule.limits or loop.due_at is not None}
    wanted = [
        Start(
            subject=SubjectRef(loop.subject_kind, loop.subject_id), part=loop.part, owner=loop.owner,
            asked_by=loop.asked_by, what=str(loop.params.get("what") or ""), kind=kind_of(loop) if kind_of else "",
            due_at=None if rule.limits or counted else loop.due_at, started_at=counted.since if counted else since,
            limit=counted.limit if counted else "", is_urgent=is_urgent,
            is_provisional=bool(loop.params.get(PROVISIONAL)),
        )
        for loop in by_place.values()
    ]  # fmt: skip
    if not wanted:
        return
    begun = operations.start(
        rule_id, wanted, root=context.root, scope_id=context.scope_id, terms=terms_in(context), **_by(context)
    )
    if rule.limits or counted:
        show_dues({by_place[row.subject_kind, row.subject_id, row.part].pk: row.due_at for row in begun})


def terms_in(context: Recorded) -> Terms:
    """What the playbook of the matter says of the time rules. One query for all facts that are written together."""
    return terms_for(_playbook_in(context))


def _playbook_in(context: Recorded) -> PlaybookVersion:
    key = (PLAYBOOK, context.root.id)
    if key not in context.kept:
        context.kept[key] = PlaybookVersion.objects.get(collaborations=context.root.id)
    version: PlaybookVersion = context.kept[key]
    return version


def is_urgent_problem(context: Recorded) -> bool:
    """Whether the matter is about a problem classed urgent: its clocks never rest, and are told at night too (domain
    §4.1, §4.3). One query where its playbook knows problems, else none."""
    if not plan_in(_playbook_in(context)).asks_for(ASSESSMENT):
        return False
    return Problem.objects.filter(collaboration=context.root.id, urgency=Urgency.URGENT).exists()


def show_dues(instants: Mapping[int, datetime | None]) -> None:
    """Each loop says the instant of its deadline, none while the clock stands still. One update for each instant."""
    loops: dict[datetime | None, list[int]] = defaultdict(list)
    for pk, due_at in instants.items():
        loops[due_at].append(pk)
    for due_at, pks in loops.items():
        Loop.objects.filter(pk__in=pks).update(due_at=due_at)


def open_loops_of(subject: SubjectRef, *kinds: LoopKind) -> list[Loop]:
    return list(
        Loop.objects.filter(
            subject_kind=subject.kind, subject_id=subject.id, kind__in=kinds, closed_at__isnull=True
        ).order_by("pk")
    )


def place_of(loop: Loop) -> Place:
    return loop.subject_kind, loop.subject_id, loop.part


def _by(context: Recorded) -> dict[str, Any]:
    return {"actor": context.actor, "at": context.at}


def _here(context: Recorded) -> dict[str, Any]:
    return {"root": context.root, **_by(context)}


def is_of_a_matter(context: Recorded) -> bool:
    return context.root.kind == "collaboration"


# Decisions (T29, T30) ----------------------------------------------------------------------------------------------


def on_asked(fact: approvals.SignoffOpened, context: Recorded) -> None:
    if not is_of_a_matter(context):
        return
    if fact.superseded and fact.previous_id is not None:
        operations.cancel(signoff_ref(fact.previous_id), rules=SIGNED, **_here(context))
    if fact.state_of_signoff == SignoffState.OPEN:
        _ask(open_loops_of(signoff_ref(fact.signoff_id), *ASKED), context)


def on_decided(fact: Fact, context: Recorded) -> None:
    """Who has nothing left to decide is done; whose turn has come begins; of an answered question nothing runs on."""
    if not is_of_a_matter(context):
        return
    said = fact.body()
    subject = signoff_ref(said["signoff_id"])
    waiting = open_loops_of(subject, *ASKED)
    decisions = said["decisions"] if isinstance(fact, approvals.PartsDecided) else (said,)
    answered = {each["key"] for each in decisions} - {loop.part for loop in waiting}
    if answered:
        operations.fulfil(subject, rules=SIGNED, parts=answered, **_here(context))
    if said["state_of_signoff"] == SignoffState.OPEN:
        _ask(waiting, context)
    else:
        operations.cancel(subject, rules=SIGNED, **_here(context))


def on_reordered(fact: Fact, context: Recorded) -> None:
    """Signatures were added, taken out, taken back or sent back: who is asked now owes, nobody else does."""
    if not is_of_a_matter(context):
        return
    subject = signoff_ref(fact.body()["signoff_id"])
    waiting = open_loops_of(subject, *ASKED)
    asked = {loop.part for loop in waiting}
    idle = {row.part for row in queries.open_of(context.root) if _is_of(row, subject)} - asked
    if idle:
        operations.cancel(subject, rules=SIGNED, parts=idle, **_here(context))
    _ask(waiting, context)


def on_amendment_answered(fact: approvals.AmendmentDeclined | approvals.AmendmentTaken, context: Recorded) -> None:
    """The author has answered a party, which decides again if it was declined."""
    if not is_of_a_matter(context):
        return
    subject = signoff_ref(fact.signoff_id)
    waiting = open_loops_of(subject, *ASKED)
    part = amendment_part(fact.key)
    if part not in {loop.part for loop in waiting}:
        operations.fulfil(subject, rules=SIGNED, parts=[part], **_here(context))
    _ask(waiting, context)


def _is_of(row: Deadline, subject: SubjectRef) -> bool:
    return row.rule in SIGNED and (row.subject_kind, row.subject_id) == (subject.kind, subject.id)


def _ask(loops: list[Loop], context: Recorded) -> None:
    """Minutes are signed or objected to sooner than anything else is decided, and what is urgent soonest."""
    if not loops:
        return
    is_urgent = is_urgent_problem(context)

    minutes = [loop for loop in loops if loop.params.get(UNDER_MINUTES)]
    others = [loop for loop in loops if not loop.params.get(UNDER_MINUTES)]
    for rule_id, asked in ((DECISION, others), (SIGNATURE, minutes)):
        follow_loops(
            rule_id, asked, context, kind_of=lambda loop: _kind_of(loop.part, urgent=is_urgent), is_urgent=is_urgent
        )  # fmt: skip


def _kind_of(part: str, *, urgent: bool) -> str:
    return URGENT if urgent else EXECUTIVE.upper() if part == EXECUTIVE else ""


def on_classed_anew(fact: facts.ProblemReclassified, context: Recorded) -> None:
    """Decisions that are waited for are owed by the limit of the class that the problem has now."""
    is_urgent = fact.after == Urgency.URGENT
    waiting = [row for row in queries.open_of(context.root) if row.rule in SIGNED]
    kinds = {row.pk: operations.Classed(_kind_of(row.part, urgent=is_urgent)) for row in waiting}
    operations.class_anew(kinds, urgent=is_urgent, reason=fact.reason, terms=terms_in(context), **_here(context))


def on_voided(fact: approvals.SignoffVoided, context: Recorded) -> None:
    if is_of_a_matter(context):
        subject = signoff_ref(fact.signoff_id)
        operations.cancel(subject, rules=SIGNED, reason=fact.reason, **_here(context))


# Promises (T38, T23) ------------------------------------------------------------------------------------------------


def on_promised(fact: Fact, context: Recorded) -> None:
    """The day is typed: it begins with it, and moves only when another one is typed. That of a contribution to a period
    is counted from the end of the period; what an application asks is answered by its own instant (T23)."""
    if not is_of_a_matter(context):
        return
    loops = [loop for loop in open_loops_of(context.subject, LoopKind.COMMITMENT) if loop.due_at is not None]
    if not loops:
        return
    rule_id = ANSWER if is_asked_by_application(context.subject.id) else PROMISE
    standing = queries.of_subjects(map(place_of, loops), rule_id=rule_id)
    if not standing:
        counted = counted_for(fact.source) if isinstance(fact, commitments.CommitmentMade) else None
        follow_loops(rule_id, loops, context, counted=counted)
        return
    instants = {standing[place_of(loop)].pk: loop.due_at for loop in loops if loop.due_at is not None}
    operations.move(instants, reason="", **_here(context))
    _hand_over([(standing[place_of(loop)], loop.owner) for loop in loops], context)


def on_claimed(fact: commitments.CommitmentClaimed, context: Recorded) -> None:
    if is_of_a_matter(context):
        operations.fulfil(context.subject, rules=[PROMISE, ANSWER], **_here(context))


def on_promise_cancelled(fact: commitments.CommitmentCancelled, context: Recorded) -> None:
    if is_of_a_matter(context):
        operations.cancel(context.subject, rules=[PROMISE, ANSWER], reason=fact.reason, **_here(context))


# Forms of the last steps (T31, T32) --------------------------------------------------------------------------------


def on_entered(fact: facts.StepEntered, context: Recorded) -> None:
    if fact.step in AFTER_STEP:
        rule_id, forms = AFTER_STEP[fact.step]
        loops = [loop for loop in open_loops_of(context.root, LoopKind.FORM) if loop.part in forms]
        follow_loops(rule_id, loops, context)


def on_left(fact: facts.StepLeft, context: Recorded) -> None:
    if fact.step in AFTER_STEP:
        rule_id, forms = AFTER_STEP[fact.step]
        operations.cancel(context.root, rules=[rule_id], parts=forms, **_here(context))


def on_submitted(fact: RecordSubmitted, context: Recorded) -> None:
    if fact.form_code in AFTER_FORM and is_of_a_matter(context):
        rules = [AFTER_FORM[fact.form_code]]
        matter = Collaboration.objects.select_related("playbook_version").get(pk=context.root.id)
        parts = plan_of(matter).one_of(fact.form_code)
        operations.fulfil(context.root, rules=rules, parts=parts, **_here(context))


# Minutes (T04, T05) ------------------------------------------------------------------------------------------------


def on_sent(fact: RecordSent, context: Recorded) -> None:
    """The first minutes are out: their clock ran since the meeting ended, so that late ones are told how late."""
    if fact.form_code != MINUTES or fact.version != 1 or not is_of_a_matter(context):
        return
    version = Version.objects.get(record=fact.record_id, version=fact.version)
    rule_id = plan_of(matter_of(context)).minutes_clock
    ended = version.data.get("ended_at")
    if not rule_id or not ended or version.submitted_at != context.at:
        return
    begun = Start(
        subject=SubjectRef("record", fact.record_id), owner=principals.person(version.submitted_by_id),
        what=fact.number, started_at=datetime.fromisoformat(ended),
    )  # fmt: skip
    operations.start(
        rule_id, [begun], root=context.root, scope_id=context.scope_id, terms=terms_in(context), **_by(context)
    )
    operations.fulfil(begun.subject, rules=[rule_id], **_here(context))


# The whole matter --------------------------------------------------------------------------------------------------


def on_ended(fact: facts.CollaborationEnded, context: Recorded) -> None:
    """Nothing of a matter runs on; what was promised ends by its own facts, and improvements outlive the closing."""
    reason = fact.reason if fact.ending not in REVIEWED else ""
    operations.cancel_of_root(context.root, rules=ENDED_WITH_THE_MATTER, reason=reason, **_by(context))


def follow_owners(fact: Fact, context: Recorded) -> None:
    """Whoever the open loops of a matter wait for now owes their deadlines. Two queries, one for each that moves."""
    if not is_of_a_matter(context):
        return
    standing = {(row.subject_kind, row.subject_id, row.part): row for row in queries.open_of(context.root)}
    if standing:
        loops = Loop.objects.filter(collaboration=context.root.id, closed_at__isnull=True)
        loops = loops.exclude(kind=LoopKind.VERIFY)
        _hand_over([(standing[place_of(loop)], loop.owner) for loop in loops if place_of(loop) in standing], context)


def on_moved(fact: DeadlinesMoved, context: Recorded) -> None:
    """What is counted has another instant: its loop shows it, and so does what is owed to a period."""
    _show_moved([each["deadline_id"] for each in fact.deadlines if RULES[each["rule"]].limits], context)
    follow_dues([each["deadline_id"] for each in fact.deadlines if each["rule"] == PROMISE])


def on_paused(fact: DeadlinePaused, context: Recorded) -> None:
    """Nothing is due while the clock stands still, so that nobody counts it as late."""
    _show_moved([fact.deadline_id], context)


def on_resumed(fact: DeadlineResumed, context: Recorded) -> None:
    _show_moved([fact.deadline_id], context)


def on_clocks(fact: ClocksStopped | ClocksStarted | DeadlinesReclassed, context: Recorded) -> None:
    """All clocks of a matter stand still or go on, or run by another class of it."""
    _show_moved([each["deadline_id"] for each in fact.deadlines], context)


def follow_dues(ids: list[int]) -> None:
    """Contributions say the day of their deadline, and so do their promises. Covered by the fact of the deadline."""
    counted = Deadline.objects.filter(pk__in=ids, subject_kind="commitment").exclude(counts="")
    for row in counted.select_related("site"):
        due_on = row.due_at.astimezone(ZoneInfo(row.site.time_zone if row.site else settings.TIME_ZONE)).date()
        Contribution.objects.filter(commitment=row.subject_id).update(due_at=row.due_at)
        Loop.objects.filter(subject_kind="commitment", subject_id=row.subject_id, closed_at__isnull=True).update(
            due_at=row.due_at
        )
        promises.follow_day(row.subject_id, due_on)


def _show_moved(ids: list[int], context: Recorded) -> None:
    if not ids or not is_of_a_matter(context):
        return
    instants = {
        (row.subject_kind, row.subject_id, row.part): row.due_at if row.state == State.RUNNING else None
        for row in queries.open_of(context.root)
        if row.pk in ids
    }
    loops = Loop.objects.filter(collaboration=context.root.id, closed_at__isnull=True).exclude(kind=LoopKind.VERIFY)
    show_dues({loop.pk: instants[place_of(loop)] for loop in loops if place_of(loop) in instants})


def _hand_over(owed: Iterable[tuple[Deadline, str]], context: Recorded) -> None:
    changed = {row.pk: owner for row, owner in owed if row.owner != owner}
    if changed:
        operations.hand_over(changed, **_here(context))


def matter_of(context: Recorded) -> Collaboration:
    around = Collaboration.objects.select_related("playbook_version", "lead_department__site")
    return around.get(pk=context.root.id)
