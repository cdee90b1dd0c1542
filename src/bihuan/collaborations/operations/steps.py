"""The step engine: entering, leaving, going back. Where a matter stands are its `StepRun` rows."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from bihuan.collaborations.enums import Ending, Filler, LoopKind, Outcome
from bihuan.collaborations.errors import HasEnded, HasMovedOn, NotTheLead
from bihuan.collaborations.facts import CollaborationEnded, StepEntered, StepLeft
from bihuan.collaborations.models import Collaboration, Loop, StepRun
from bihuan.collaborations.operations.loops import close_everything, close_loops, open_loop, root_of
from bihuan.collaborations.operations.members import sync_members
from bihuan.collaborations.operations.periods import period_to_stand_in
from bihuan.collaborations.operations.routes import open_route
from bihuan.collaborations.policy.adoption import is_made_up_for
from bihuan.collaborations.policy.playbook import FINAL, JUDGED, WORK, StepPlan, enter, leave
from bihuan.collaborations.queries.steps import (
    current_run,
    filler_principal,
    findings_to_leave,
    forms_lacking,
    is_held,
    needless,
    plan_of,
    step_following,
    steps_asked,
)
from bihuan.collaborations.rules import carries, filer_of, is_hidden
from bihuan.commitments import operations as commitments
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import Refused
from bihuan.kernel.findings import errors
from bihuan.ledger import operations as ledger
from bihuan.records import operations as record_operations
from bihuan.records import queries as records

LENDING = "RESOURCE"
REVIEWED = (Ending.CLOSED, Ending.TERMINATED)


@transaction.atomic
def enter_step(collaboration: Collaboration, step: str, *, actor: Actor, at: datetime) -> StepRun:
    """Stand in a step: ask for its forms, open its routes, let higher rooms react. Records ``StepEntered``.

    Entering CLOSED ends the matter and records ``CollaborationEnded`` as well; of one whose work was ended early it
    says so.
    """
    plan = plan_of(collaboration).step(step)
    period = period_to_stand_in(collaboration, plan_of(collaboration), step, at)
    earlier = StepRun.objects.filter(collaboration=collaboration, step=step, period=period).count()
    run = StepRun.objects.create(
        collaboration=collaboration, step=step, round=earlier + 1, period=period, entered_at=at
    )
    if plan.is_filed:
        sync_members(collaboration, at=at)
    if period:
        _put_aside_forms(collaboration, plan, actor=actor, at=at)
    ask_behind(collaboration, run, at=at)
    _ask_for_forms(collaboration, plan, at=at)
    for route in plan.routes_on_entry():
        version = records.latest(root_of(collaboration), route.form)
        if version is not None:
            open_route(collaboration, route.code, version, actor=actor, at=at)
    ledger.record(
        StepEntered(step=step, round=run.round, step_run_id=run.pk),
        actor=actor,
        root=root_of(collaboration),
        scope_id=collaboration.scope_id,
        at=at,
    )
    if step == FINAL:
        stopped = collaboration.step_runs.filter(outcome=Outcome.STOPPED).exists()
        end(collaboration, Ending.TERMINATED if stopped else Ending.CLOSED, actor=actor, at=at)
    return run


def _put_aside_forms(collaboration: Collaboration, plan: StepPlan, *, actor: Actor, at: datetime) -> None:
    """A step that comes again asks for papers of its own; those of earlier periods stay as they are."""
    for form in plan.forms:
        record = records.record_of(root_of(collaboration), form.code)
        if record is not None and record.current_version_id is not None:
            record_operations.supersede(record, by=None, actor=actor, at=at)


def ask_behind(collaboration: Collaboration, run: StepRun, *, at: datetime) -> None:
    """Keep open what steps carried out before the adoption still lack, each with whoever fills it by now."""
    for step in steps_asked(collaboration, run)[:-1]:
        _ask_for_forms(collaboration, step, at=at)


def follow_correction(collaboration: Collaboration, run: StepRun, form_code: str, *, at: datetime) -> None:
    """An answer was corrected: forms of this step that hang on it are asked for now, or by nobody any more."""
    step = plan_of(collaboration).step(run.step)
    hanging = [form for form in step.forms if form.only_if.partition(".")[0] == form_code]
    if hanging:
        close_loops(subject=root_of(collaboration), kind=LoopKind.FORM, parts=needless(collaboration, hanging), at=at)
        _ask_for_forms(collaboration, step, at=at)


def _ask_for_forms(collaboration: Collaboration, plan: StepPlan, *, at: datetime) -> None:
    for form in forms_lacking(collaboration, [plan]):
        ask_for_form(collaboration, plan, form.code, at=at)


def ask_for_form(collaboration: Collaboration, plan: StepPlan, form_code: str, *, at: datetime) -> None:
    """Keep a form of the step open for whoever fills it; the executive is asked first who may file what is secret."""
    filler = plan.filler_of(form_code)
    one_of = plan.one_of(form_code)
    is_behind = is_made_up_for(plan_of(collaboration), collaboration.adopted_step, form_code)
    if filler == Filler.FILING and is_hidden(collaboration) and filer_of(collaboration) is None:
        _ask_who_files(collaboration, plan, at=at)
        return
    open_loop(
        collaboration,
        kind=LoopKind.FORM,
        subject=root_of(collaboration),
        part=form_code,
        owner=filler_principal(collaboration, filler),
        gate=plan.held,
        params={
            "form": form_code,
            **({"made_up_for": True} if is_behind else {}),
            **({"one_of": list(one_of)} if len(one_of) > 1 else {}),
        },
        at=at,
    )


def _ask_who_files(collaboration: Collaboration, plan: StepPlan, *, at: datetime) -> None:
    department_id = collaboration.lead_department_id
    open_loop(
        collaboration,
        kind=LoopKind.FILER,
        subject=root_of(collaboration),
        owner=principals.executive(department_id) if department_id is not None else principals.PMO,
        asked_by=principals.person(collaboration.lead_id) if collaboration.lead_id else "",
        gate=leave(plan.key),
        at=at,
    )


@transaction.atomic
def leave_step(
    collaboration: Collaboration, run: StepRun, *, outcome: Outcome, actor: Actor, at: datetime, reason: str = ""
) -> None:
    """End the stay in a step. Records ``StepLeft``; raises ``HasMovedOn`` when it was left meanwhile."""
    left = StepRun.objects.filter(pk=run.pk, left_at__isnull=True).update(left_at=at, outcome=outcome)
    if not left:
        raise HasMovedOn
    close_loops(subject=root_of(collaboration), kind=LoopKind.STEP, at=at)
    ledger.record(
        StepLeft(step=run.step, round=run.round, step_run_id=run.pk, outcome=outcome.value, reason=reason),
        actor=actor,
        root=root_of(collaboration),
        scope_id=collaboration.scope_id,
        at=at,
    )


@transaction.atomic
def advance(collaboration: Collaboration, *, seen_step_run_id: int, actor: Actor, at: datetime) -> StepRun:
    """Go on to the next step by hand.

    Raises ``NotTheLead``, ``HasEnded``, ``HasMovedOn`` when the actor saw another step, and ``Refused`` with everything
    that still stands in the way.
    """
    if not carries(actor, collaboration):
        raise NotTheLead
    ledger.lock_chain(root_of(collaboration))
    run = current_run(collaboration)
    if run is None:
        raise HasEnded
    if run.pk != seen_step_run_id:
        raise HasMovedOn
    findings = findings_to_leave(collaboration, at, run)
    if errors(findings):
        raise Refused(findings)
    return _go_on(collaboration, run, actor=actor, at=at)


def _go_on(collaboration: Collaboration, run: StepRun, *, actor: Actor, at: datetime) -> StepRun:
    following = step_following(collaboration, run)
    if following is None:
        raise HasEnded
    leave_step(collaboration, run, outcome=Outcome.DONE, actor=actor, at=at)
    return enter_step(collaboration, following.key, actor=actor, at=at)


@transaction.atomic(savepoint=False)
def settle(collaboration: Collaboration, *, actor: Actor, at: datetime) -> None:
    """Go on by itself where nothing is left to do, or tell the lead that the next step is his to take.

    Called last in every operation that closes a loop. Does nothing while something blocks.
    """
    run = current_run(collaboration)
    if run is None:
        return
    plan = plan_of(collaboration)
    step = plan.step(run.step)
    if plan.after(run.step) is None:
        return
    blocked = is_held(collaboration, run, at)
    if step.auto and not blocked:
        _go_on(collaboration, run, actor=actor, at=at)
    elif not step.auto:
        _offer_next_step(collaboration, run, is_open=not blocked, at=at)


def matters_to_settle() -> list[int]:
    """Matters that only a day holds: a window may be over now (T26), a loan may begin. One query."""
    open_now = Loop.objects.filter(collaboration=OuterRef("collaboration"), closed_at__isnull=True)
    stops = open_now.filter(gate__in=[leave(WORK), enter(JUDGED), leave(LENDING)])
    offered = open_now.filter(kind=LoopKind.STEP)
    waiting = StepRun.objects.filter(~Exists(stops), ~Exists(offered), step__in=[WORK, LENDING], left_at__isnull=True)
    return list(waiting.order_by("collaboration").values_list("collaboration", flat=True))


def settle_waiting(collaboration_id: int, *, actor: Actor, at: datetime) -> None:
    """Look again at one of `matters_to_settle`.

    Opening the next step is all it does, so it records no fact of its own.
    """
    matter = Collaboration.objects.select_related("playbook_version").filter(pk=collaboration_id).first()
    if matter is not None:
        settle(matter, actor=actor, at=at)


def _offer_next_step(collaboration: Collaboration, run: StepRun, *, is_open: bool, at: datetime) -> None:
    if not is_open or collaboration.lead_id is None:
        close_loops(subject=root_of(collaboration), kind=LoopKind.STEP, at=at)
        return
    following = step_following(collaboration, run)
    open_loop(
        collaboration,
        kind=LoopKind.STEP,
        subject=root_of(collaboration),
        part=run.step,
        owner=principals.person(collaboration.lead_id),
        params={"step": following.key if following else ""},
        at=at,
    )


def send_back(
    collaboration: Collaboration, *, to: str, outcome: Outcome, reason: str, actor: Actor, at: datetime
) -> None:
    """Leave the current step with an outcome other than done and stand in an earlier one again."""
    run = current_run(collaboration)
    if run is None:
        raise HasEnded
    leave_step(collaboration, run, outcome=outcome, actor=actor, at=at, reason=reason)
    enter_step(collaboration, to, actor=actor, at=at)


def end(collaboration: Collaboration, ending: Ending, *, actor: Actor, at: datetime, reason: str = "") -> None:
    """Write down how the matter ended; nothing of it stays open. Records ``CollaborationEnded``.

    What was promised to a matter that is given up is owed no more; of one that was reviewed, improvements still are.
    """
    ended = Collaboration.objects.filter(pk=collaboration.pk, ended_at__isnull=True).update(ended_at=at, ending=ending)
    if not ended:
        raise HasEnded
    collaboration.ended_at, collaboration.ending = at, ending.value
    StepRun.objects.filter(collaboration=collaboration, left_at__isnull=True).update(left_at=at, outcome=Outcome.ENDED)
    if ending not in REVIEWED:
        close_everything(collaboration, at=at)
        commitments.cancel_all(root_of(collaboration), reason=reason, actor=actor, at=at)
    ledger.record(
        CollaborationEnded(ending=ending.value, reason=reason),
        actor=actor,
        root=root_of(collaboration),
        scope_id=collaboration.scope_id,
        at=at,
    )
