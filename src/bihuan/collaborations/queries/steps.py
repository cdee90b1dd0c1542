"""Where a matter stands, and what keeps it there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models import F

from bihuan.approvals.models import Signoff
from bihuan.collaborations import guards
from bihuan.collaborations.enums import LoopKind
from bihuan.collaborations.models import Collaboration, Loop, PlaybookVersion, StepRun
from bihuan.collaborations.policy.adoption import carried_before, gates_before, steps_first
from bihuan.collaborations.policy.playbook import (
    FINAL,
    RECURS,
    WORK,
    FormPlan,
    PlaybookPlan,
    StepPlan,
    enter,
    leave,
    read_playbook,
)
from bihuan.collaborations.policy.playbook_clocks import terms_of
from bihuan.collaborations.queries.recurrence import findings_of_period, following_step
from bihuan.collaborations.rules import filer_of, is_hidden
from bihuan.commitments.enums import OUTLIVING
from bihuan.deadlines.policy.terms import Terms
from bihuan.kernel import principals
from bihuan.kernel.findings import Finding, error, errors
from bihuan.kernel.subjects import SubjectRef
from bihuan.organisation import queries as organisation
from bihuan.records import queries as records
from bihuan.records.enums import STANDING, Status
from bihuan.records.models import Record

NO = "NO"
OF_THE_WAY = ("FORM", "STEP")
"""Loops that are the way itself."""
PLAYBOOK = "playbook"
"""Under it and the id of a matter, handlers keep its playbook version for all facts that are written together."""
_plans: dict[str, PlaybookPlan] = {}


def plan_of(collaboration: Collaboration) -> PlaybookPlan:
    """The playbook version the matter started with. A published text never changes, so that it is read once."""
    return plan_in(collaboration.playbook_version)


def plan_in(version: PlaybookVersion) -> PlaybookPlan:
    """What a published version says, as values."""
    plan = _plans.get(version.digest)
    if plan is None:
        plan = _plans[version.digest] = read_playbook(version.body)
    return plan


def version_under(pk: int) -> PlaybookVersion:
    """The playbook version that a matter runs on, which whoever asks reads. One query."""
    return PlaybookVersion.objects.get(collaborations=pk)


def terms_for(version: PlaybookVersion) -> Terms:
    """What a version says of the time rules, in its name."""
    plan = plan_in(version)
    return terms_of(plan, f"{plan.key} {version.version}")


def first_form(collaboration: Collaboration) -> str:
    """The form a matter begins with."""
    return plan_of(collaboration).first().forms[0].code


def current_run(collaboration: Collaboration) -> StepRun | None:
    """The stay it is in now; None when the matter has ended."""
    return collaboration.step_runs.filter(left_at__isnull=True).first()


def steps_asked(collaboration: Collaboration, run: StepRun) -> tuple[StepPlan, ...]:
    """The steps whose forms may be filled in now: this one, behind those carried out before the matter was adopted."""
    plan = plan_of(collaboration)
    return (*carried_before(plan, collaboration.adopted_step, run.step), plan.step(run.step))


def step_asking(collaboration: Collaboration, run: StepRun, form_code: str) -> StepPlan | None:
    """The step that asks for a form now, or what is made up for beside it; None when nothing does."""
    steps = (
        *steps_asked(collaboration, run), *owed_beside(collaboration), *_comes_round(collaboration, run),
        *corrigible(collaboration, run),
    )  # fmt: skip
    return next((step for step in steps if step.asks_for(form_code)), None)


def corrigible(collaboration: Collaboration, run: StepRun) -> tuple[StepPlan, ...]:
    """Forms of earlier steps whose answer says whether a form is asked for here or later: a no that turns out wrong is
    corrected by a new version, until the step that depends on it is left."""
    plan = plan_of(collaboration)
    ahead = plan.steps[plan.position(run.step) :]
    looked_at = {form.only_if.partition(".")[0] for step in ahead for form in step.forms if form.only_if}
    behind = plan.steps[: plan.position(run.step)]
    return tuple(
        replace(step, forms=(form,), routes=(), gate=leave(run.step))
        for step in behind
        for form in step.forms
        if form.code in looked_at
    )


def _comes_round(collaboration: Collaboration, run: StepRun) -> tuple[StepPlan, ...]:
    """What comes round may be said anew in any period, for those that are still ahead."""
    plan = plan_of(collaboration)
    asking = plan.step_asking(RECURS) if run.period else None
    if asking is None:
        return ()
    said = tuple(form for form in asking.forms if form.code == RECURS)
    return (replace(asking, forms=said, routes=(), gate=leave(run.step)),)


def step_following(collaboration: Collaboration, run: StepRun) -> StepPlan | None:
    """The step that comes after this stay; None at the end. One query more where work comes round."""
    return following_step(collaboration, plan_of(collaboration), run)


def owed_beside(collaboration: Collaboration) -> tuple[StepPlan, ...]:
    """The obligations that have begun, as steps beside the way. No query where the playbook has none."""
    plan = plan_of(collaboration)
    if not plan.obligations:
        return ()
    begun = set(collaboration.loops.filter(kind=LoopKind.OBLIGATION).values_list("part", flat=True))
    return tuple(each.step for each in plan.obligations if each.key in begun)


def step_to_reopen(collaboration: Collaboration, run: StepRun, form_code: str) -> StepPlan | None:
    """The step that the work leads back to, where it asked for this form; None elsewhere."""
    plan = plan_of(collaboration)
    back_to = plan.step(run.step).back_to if run.step == WORK else ""
    return plan.step(back_to) if back_to and plan.step(back_to).asks_for(form_code) else None


def has_worked(collaboration: Collaboration, run: StepRun) -> bool:
    """Whether its work has begun, though a change may have led it back before that since."""
    plan = plan_of(collaboration)
    if not plan.has(WORK):
        return False
    return not plan.is_before(run.step, WORK) or collaboration.step_runs.filter(step=WORK).exists()


def has_way_back(collaboration: Collaboration, signoff: Signoff) -> bool:
    """Whether a form that is refused here goes back to somebody: it is asked for now, the step leads back, or it is a
    form of an earlier step that somebody was asked about late."""
    run, plan = current_run(collaboration), plan_of(collaboration)
    if run is None or plan.step(run.step).back_to:
        return True
    form_code = Record.objects.values_list("form_code", flat=True).get(pk=signoff.subject_id)
    if step_asking(collaboration, run, form_code) is not None:
        return True
    return plan.step_asking(form_code) is not None and not plan.step(run.step).routes_on(form_code)


def step_to_file(collaboration: Collaboration, run: StepRun) -> StepPlan | None:
    """The step whose form an office outside the matter fills in now; None when there is none."""
    return next((step for step in steps_asked(collaboration, run) if step.is_filed), None)


def gates_held(collaboration: Collaboration, run: StepRun) -> tuple[str, ...]:
    """The gates that stand between the matter and its next step; of what comes round the one its period leads to."""
    if run.period:
        following = step_following(collaboration, run)
        return (leave(run.step), enter(following.key)) if following is not None else (leave(run.step),)
    return gates_before(plan_of(collaboration), steps_asked(collaboration, run))


def forms_due_before(collaboration: Collaboration, run: StepRun, form_code: str) -> list[Finding]:
    """Forms of earlier steps that are still made up for; a later one builds on them. No query where there are none."""
    before = steps_first(steps_asked(collaboration, run), form_code)
    if not any(step.forms for step in before):
        return []
    lacking = forms_lacking(collaboration, before)
    return [error("collaborations.form_first", f"form.{form.code}", form=form.code) for form in lacking]


def filler_principal(collaboration: Collaboration, filler: str) -> str:
    """Who fills a form, as a principal. Without a lead the head of the lead department is meant."""
    if filler == "FILING":
        named = filer_of(collaboration) if is_hidden(collaboration) else None
        return principals.FILING if named is None else principals.person(named)
    person_id = collaboration.initiator_id if filler == "INITIATOR" else collaboration.lead_id
    if person_id is not None:
        return principals.person(person_id)
    department_id = collaboration.lead_department_id
    return principals.head(department_id) if department_id is not None else principals.PMO


def is_held(collaboration: Collaboration, run: StepRun, at: datetime) -> bool:
    """Whether anything stands between the matter and its next step. An open loop says so before more is read."""
    open_now = Loop.objects.filter(collaboration=collaboration, closed_at__isnull=True).exclude(kind="FORM")
    if open_now.filter(gate__in=gates_held(collaboration, run)).exists():
        return True
    return bool(errors(findings_to_leave(collaboration, at, run)))


def findings_to_leave(
    collaboration: Collaboration,
    at: datetime,
    run: StepRun | None = None,
    *,
    loops: Sequence[Loop] | None = None,
    names: Mapping[str, str] | None = None,
) -> list[Finding]:
    """Everything that stands between the matter and its next step (G01 … G30). Empty: it may go on.

    `run` is the stay it is in, `loops` all that is open, and `names` those of the owners, where the caller has read
    them already.
    """
    run = run or current_run(collaboration)
    if run is None:
        return [error("collaborations.has_ended")]
    steps = steps_asked(collaboration, run)
    open_now = loops if loops is not None else _open_loops(collaboration)
    return [
        *_missing_forms(collaboration, steps, at),
        *(_loops_at(gates_held(collaboration, run), open_now, at, names) or _unanswered_routes(collaboration, steps)),
        *(
            finding
            for step in steps
            for guard_id in step.guards
            for finding in guards.look(guard_id, collaboration, at)
        ),
        *(findings_of_period(collaboration, run, at) if run.period else ()),
        *_left_open(collaboration, run, open_now, at, names),
    ]


def _left_open(
    collaboration: Collaboration, run: StepRun, loops: Sequence[Loop], at: datetime, names: Mapping[str, str] | None
) -> list[Finding]:
    """Nothing is left open at the end that holds no gate, unless it was handed over or outlives the matter (G27)."""
    following = step_following(collaboration, run)
    if following is None or following.key != FINAL:
        return []
    held = gates_held(collaboration, run)
    left = [loop for loop in loops if loop.gate not in held and loop.kind not in OF_THE_WAY and not outlives(loop)]
    if names is None:
        names = organisation.names_of({loop.owner for loop in left}, at)
    return [
        error(
            "collaborations.left_open", f"loop.{loop.pk}", what=loop.params.get("what", ""),
            who=names.get(loop.owner, ""),
        )
        for loop in left
    ]  # fmt: skip


def outlives(loop: Loop) -> bool:
    """Whether it may stay open after the matter was closed."""
    return loop.subject_kind == "commitment" and loop.params.get("kind") in OUTLIVING


def _missing_forms(collaboration: Collaboration, steps: Sequence[StepPlan], at: datetime) -> list[Finding]:
    """Forms not submitted yet, each with what its draft still lacks."""
    root = SubjectRef("collaboration", collaboration.pk)
    findings: list[Finding] = []
    for form in forms_lacking(collaboration, steps):
        findings.append(error("collaborations.form_missing", f"form.{form.code}", form=form.code))
        draft = records.record_of(root, form.code)
        if draft is not None:
            findings += records.findings_of(draft, draft.draft, at=at)
    return findings


def forms_lacking(collaboration: Collaboration, steps: Sequence[StepPlan]) -> list[FormPlan]:
    """The forms of these steps that nobody has handed in yet and that are asked for. One query, and one more for each
    form that a condition looks at."""
    asked = [form for step in steps for form in step.forms]
    settled = records.settled_forms(SubjectRef("collaboration", collaboration.pk), [form.code for form in asked])
    no_need = needless(collaboration, asked)
    return [form for step in steps for form in step.lacking(settled, no_need)]


def needless(collaboration: Collaboration, forms: Iterable[FormPlan]) -> frozenset[str]:
    """Those of the forms whose condition was answered with no. One query for each form a condition looks at."""
    root = SubjectRef("collaboration", collaboration.pk)
    conditions = {form.code: form.only_if.partition(".") for form in forms if form.only_if}
    answered = {
        code: records.latest(root, code) for code in dict.fromkeys(asked for asked, _, _ in conditions.values())
    }
    return frozenset(
        code
        for code, (asked, _dot, question) in conditions.items()
        if (said := answered[asked]) is not None and said.data.get(question) == NO
    )


def is_asked_of(collaboration: Collaboration, form_code: str) -> bool:
    """Whether the way of this matter asks for a form, by what was answered so far."""
    asking = plan_of(collaboration).step_asking(form_code)
    return asking is not None and form_code not in needless(collaboration, asking.forms)


def archive_set_of(collaboration: Collaboration) -> tuple[str, ...]:
    """What the archive of this matter must hold: nothing that was not asked of it, of several forms those handed in."""
    plan = plan_of(collaboration)
    forms = [form for step in plan.steps for form in step.forms]
    choice = {form.code: plan.one_of(form.code) for form in forms if len(plan.one_of(form.code)) > 1}
    settled = records.settled_forms(SubjectRef("collaboration", collaboration.pk), choice) if choice else set()
    no_need = needless(collaboration, forms)
    wanted: dict[str, None] = {}
    for code in plan.archive_set:
        several = choice.get(code, (code,))
        wanted |= dict.fromkeys([each for each in several if each in settled] or several[:1])
    return tuple(code for code in wanted if code not in no_need)


def _unanswered_routes(collaboration: Collaboration, steps: Sequence[StepPlan]) -> list[Finding]:
    """Forms that stand without the approval of their route (G04), though nobody is asked."""
    root = SubjectRef("collaboration", collaboration.pk)
    asked = dict.fromkeys(route.form for step in steps for route in step.routes)
    standing = {form: records.record_of(root, form) for form in asked}
    return [
        error("collaborations.route_open", f"form.{form}", form=form)
        for form, record in standing.items()
        if record is not None and record.status in STANDING and record.status != Status.APPROVED
    ]


def _open_loops(collaboration: Collaboration) -> list[Loop]:
    loops = Loop.objects.filter(collaboration=collaboration, closed_at__isnull=True)
    return list(loops.order_by(F("due_at").asc(nulls_last=True), "pk"))


def _loops_at(
    gates: tuple[str, ...], loops: Sequence[Loop], at: datetime, names: Mapping[str, str] | None
) -> list[Finding]:
    """One finding per open loop at these gates; an unfilled form is told by `_missing_forms`."""
    holding = [loop for loop in loops if loop.gate in gates and loop.kind != "FORM"]
    if names is None:
        names = organisation.names_of({loop.owner for loop in holding}, at)
    return [
        error(
            f"collaborations.open_{loop.kind.lower()}",
            f"loop.{loop.pk}",
            what=loop.params.get("what", ""),
            who=names.get(loop.owner, ""),
        )
        for loop in holding
    ]
