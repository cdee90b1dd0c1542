"""What a matter makes of facts from the rooms below. Short, idempotent, inside their transaction."""

from bihuan.approvals.enums import SignoffState
from bihuan.approvals.facts import DecisionTakenBack, PartsDecided, SignoffOpened, SignoffReturned, SignoffVoided
from bihuan.approvals.models import Signoff
from bihuan.collaborations.enums import LoopKind, Outcome
from bihuan.collaborations.errors import HasEnded, IsSuspended, NotThisStep
from bihuan.collaborations.models import Collaboration, StepRun
from bihuan.collaborations.operations.distributing import send_when_filed
from bihuan.collaborations.operations.ending import refuse_for_good
from bihuan.collaborations.operations.lines import take_consensus, take_plan, take_request
from bihuan.collaborations.operations.loans import take_secondment
from bihuan.collaborations.operations.loops import close_loops
from bihuan.collaborations.operations.obligations import begin_obligations, end_obligations
from bihuan.collaborations.operations.problems import APPLICATION, copy_to_heads, take_application, take_assessment
from bihuan.collaborations.operations.promises import (
    promise_actions,
    promise_improvements,
    promise_rectifications,
    track_promise,
)
from bihuan.collaborations.operations.proposing import ask, is_proposal, return_proposal, take_decision
from bihuan.collaborations.operations.recurrence import take_recurrence
from bihuan.collaborations.operations.reorganising import begin_following
from bihuan.collaborations.operations.routes import open_route
from bihuan.collaborations.operations.signing import (
    ask_signatories,
    close_answered,
    drop_conditions,
    keep_conditions,
    return_form,
    signoff_ref,
    take_answer,
)
from bihuan.collaborations.operations.steps import ask_behind, follow_correction, send_back, settle
from bihuan.collaborations.policy.proposals import ROUTES, may_happen_meanwhile
from bihuan.collaborations.queries.proposals import suspension_of
from bihuan.collaborations.queries.steps import (
    PLAYBOOK,
    current_run,
    forms_due_before,
    has_way_back,
    owed_beside,
    plan_of,
    step_asking,
    steps_asked,
)
from bihuan.commitments.facts import CommitmentAssigned, CommitmentMade
from bihuan.commitments.models import Commitment
from bihuan.kernel.actor import ActorKind
from bihuan.kernel.errors import Refused
from bihuan.kernel.facts import Fact
from bihuan.ledger.subscriptions import Recorded
from bihuan.organisation.facts import DepartmentsMerged, DepartmentSplit
from bihuan.records import operations as records
from bihuan.records.enums import Status
from bihuan.records.facts import RecordSettled, RecordSubmitted
from bihuan.records.models import Record, Version

PROJECTIONS = {
    "F01": take_request,
    "F03": take_consensus,
    "F04": take_plan,
    "F13": take_assessment,
    "F02": take_application,
    "F19": take_secondment,
    "F27": take_recurrence,
}


def _collaboration(context: Recorded) -> Collaboration | None:
    if context.root.kind != "collaboration":
        return None
    found = Collaboration.objects.select_related("playbook_version", "lead_department__site").get(pk=context.root.id)
    context.kept[PLAYBOOK, found.pk] = found.playbook_version
    return found


def on_record_submitted(fact: RecordSubmitted, context: Recorded) -> None:
    """The form is in: nobody is asked for it any more, its lines become rows, its route opens."""
    collaboration = _collaboration(context)
    if collaboration is None:
        return
    run = _ensure_asked_for(collaboration, fact.form_code)
    version = Version.objects.get(record_id=fact.record_id, version=fact.version)
    handed_in = plan_of(collaboration).one_of(fact.form_code)
    close_loops(subject=context.root, kind=LoopKind.FORM, parts=handed_in, at=context.at)
    project = PROJECTIONS.get(fact.form_code)
    if project is not None:
        project(collaboration, version.data, version=version.version, actor=context.actor, at=context.at)
    if fact.form_code in ROUTES:
        ask(collaboration, version, fact.form_code, actor=context.actor, at=context.at)
        return
    if fact.form_code == "F17":
        promise_improvements(collaboration, version, actor=context.actor, at=context.at)
    if fact.form_code == "F16" and version.data["conclusion"] == "FAIL":
        _fail_acceptance(collaboration, version, context)
        return
    ask_behind(collaboration, run, at=context.at)
    follow_correction(collaboration, run, fact.form_code, at=context.at)
    begin_obligations(collaboration, fact.form_code, at=context.at)
    end_obligations(collaboration, at=context.at)
    steps = (*steps_asked(collaboration, run), *owed_beside(collaboration))
    for route in (route for step in steps for route in step.routes_on(fact.form_code)):
        open_route(collaboration, route.code, version, actor=context.actor, at=context.at)
    if fact.form_code == "F07" and not plan_of(collaboration).is_signed_on_the_way("F07"):
        promise_actions(collaboration, version, actor=context.actor, at=context.at)
    send_when_filed(collaboration, version, fact.form_code, at=context.at)


def _ensure_asked_for(collaboration: Collaboration, form_code: str) -> StepRun:
    """A form of the playbook is submitted in its own step only, and nothing once the matter has ended.

    The forms of steps carried out before an adoption are made up for in their order.
    """
    run = current_run(collaboration)
    if run is None:
        raise HasEnded
    plan = plan_of(collaboration)
    if plan.asks_for(form_code) and step_asking(collaboration, run, form_code) is None:
        raise NotThisStep
    missing = forms_due_before(collaboration, run, form_code)
    if missing:
        raise Refused(missing)
    return run


def _fail_acceptance(collaboration: Collaboration, version: Version, context: Recorded) -> None:
    """Not passed: back to work, with what is missing in the way of the next attempt (AS29)."""
    run = current_run(collaboration)
    if run is None:
        return
    back_to = plan_of(collaboration).step(run.step).back_to
    promise_rectifications(collaboration, version, blocking=back_to, actor=context.actor, at=context.at)
    record = Record.objects.get(pk=version.record_id)
    records.return_to_draft(record, reason="FAIL", actor=context.actor, at=context.at)
    send_back(collaboration, to=back_to, outcome=Outcome.FAILED, reason="FAIL", actor=context.actor, at=context.at)


def on_record_settled(fact: RecordSettled, context: Recorded) -> None:
    collaboration = _collaboration(context) if fact.after == Status.APPROVED else None
    if collaboration is not None:
        end_obligations(collaboration, at=context.at)


def on_signoff_opened(fact: SignoffOpened, context: Recorded) -> None:
    collaboration = _collaboration(context)
    if collaboration is None:
        return
    signoff = Signoff.objects.get(pk=fact.signoff_id)
    if fact.previous_id is not None:
        close_loops(subject=signoff_ref(fact.previous_id), at=context.at)
    ask_signatories(collaboration, signoff, at=context.at)
    _take_answer(collaboration, signoff, context)
    if plan_of(collaboration).asks_for(APPLICATION) and signoff.subject_kind == "record":
        copy_to_heads(signoff, at=context.at)


def on_decided(fact: Fact, context: Recorded) -> None:
    """Somebody decided: his loop closes, his conditions are kept, and the whole route may have answered."""
    collaboration = _collaboration(context)
    if collaboration is None:
        return
    said = fact.body()
    signoff = Signoff.objects.get(pk=said["signoff_id"])
    decisions = said["decisions"] if isinstance(fact, PartsDecided) else (said,)
    close_answered(collaboration, signoff, at=context.at)
    keep_conditions(collaboration, decisions, actor=context.actor, at=context.at)
    if signoff.state == "APPROVED" and signoff.route == "ACCEPTANCE":
        version = Version.objects.get(record_id=signoff.subject_id, digest=signoff.digest)
        if version.data["conclusion"] == "CONDITIONAL_PASS":
            promise_rectifications(collaboration, version, blocking="", actor=context.actor, at=context.at)
    _take_answer(collaboration, signoff, context)


def _take_answer(collaboration: Collaboration, signoff: Signoff, context: Recorded) -> None:
    take = take_answer
    if is_proposal(signoff.route):
        take = take_decision
    elif signoff.state == SignoffState.REFUSED and not has_way_back(collaboration, signoff):
        take = refuse_for_good
    take(collaboration, signoff, actor=context.actor, at=context.at)


def on_slots_moved(fact: Fact, context: Recorded) -> None:
    """Somebody else is asked, or in another order: who waits for whom is written anew."""
    collaboration = _collaboration(context)
    if collaboration is not None:
        close_answered(collaboration, Signoff.objects.get(pk=fact.body()["signoff_id"]), at=context.at)


def on_taken_back(fact: DecisionTakenBack, context: Recorded) -> None:
    """What was agreed on conditions is open again: nobody owes them."""
    collaboration = _collaboration(context)
    if collaboration is not None:
        drop_conditions(fact.slots, reason=fact.reason, actor=context.actor, at=context.at)
        on_slots_moved(fact, context)


def on_signoff_returned(fact: SignoffReturned, context: Recorded) -> None:
    """To an earlier step: who signs there is asked again. To the author: he mends the form."""
    collaboration = _collaboration(context)
    if collaboration is None:
        return
    signoff = Signoff.objects.get(pk=fact.signoff_id)
    drop_conditions(fact.slots, reason=fact.reason, actor=context.actor, at=context.at)
    close_answered(collaboration, signoff, at=context.at)
    if not fact.to_step:
        give_back = return_proposal if is_proposal(signoff.route) else return_form
        give_back(collaboration, signoff, reason=fact.reason, actor=context.actor, at=context.at)


def on_signoff_voided(fact: SignoffVoided, context: Recorded) -> None:
    close_loops(subject=signoff_ref(fact.signoff_id), at=context.at)


def on_commitment(fact: Fact, context: Recorded) -> None:
    collaboration = _collaboration(context)
    if collaboration is not None:
        commitment = Commitment.objects.get(pk=context.subject.id)
        is_day_typed = isinstance(fact, (CommitmentMade, CommitmentAssigned))
        track_promise(collaboration, commitment, is_day_typed=is_day_typed, at=context.at)


def settle_after(fact: Fact, context: Recorded) -> None:
    """Runs after every other room has had its say: whatever can go on, goes on."""
    collaboration = _collaboration(context)
    if collaboration is not None and collaboration.ended_at is None:
        settle(collaboration, actor=context.actor, at=context.at)


def refuse_while_resting(fact: Fact, context: Recorded) -> None:
    """Nothing of a matter that rests is acted upon, besides what may happen meanwhile. Raises ``IsSuspended``."""
    if context.root.kind != "collaboration" or context.actor.kind is not ActorKind.PERSON:
        return
    if not may_happen_meanwhile(fact.name, fact.body()) and _rests(context):
        raise IsSuspended


def _rests(context: Recorded) -> bool:
    """One query for all facts of a matter that are written together."""
    key = ("rests", context.root.id)
    if key not in context.kept:
        context.kept[key] = suspension_of(context.root.id) is not None
    return bool(context.kept[key])


def on_departments_merged(fact: DepartmentsMerged, context: Recorded) -> None:
    """All matters of the department that is gone follow its people, as work in chunks."""
    begin_following(fact.reorganisation_id, before=fact.department_id, after=fact.into_id, only=None, at=context.at)


def on_department_split(fact: DepartmentSplit, context: Recorded) -> None:
    only = list(fact.matter_ids)
    begin_following(fact.reorganisation_id, before=fact.department_id, after=fact.into_id, only=only, at=context.at)
