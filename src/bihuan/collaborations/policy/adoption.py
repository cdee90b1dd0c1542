"""Where on a playbook an imported matter may be taken up, and what is made up for there."""

from bihuan.collaborations.policy.playbook import FINAL, PlaybookPlan, StepPlan, gates_of
from bihuan.kernel.findings import Finding, error

LATEST = "EXECUTE"
"""Acceptance and what follows judge work done here, so that no matter is taken up behind it."""


def steps_to_adopt_at(plan: PlaybookPlan) -> tuple[StepPlan, ...]:
    """The steps at which a matter may be taken up: those up to the work."""
    known = plan.steps[: plan.position(LATEST) + 1] if plan.has(LATEST) else plan.steps
    return tuple(step for step in known if step.key != FINAL)


def adoption_findings(plan: PlaybookPlan, step: str, ground: str) -> list[Finding]:
    """What is wrong with taking a matter up at a step. Whoever passes over steps says on what ground."""
    if not plan.has(step):
        return [error("collaborations.adopt_step_unknown", "step")]
    if step not in {known.key for known in steps_to_adopt_at(plan)}:
        return [error("collaborations.adopt_step_too_late", "step")]
    if step != plan.first().key and not ground.strip():
        return [error("collaborations.adopt_ground_missing", "ground")]
    return []


def carried_before(plan: PlaybookPlan, adopted: str, step: str) -> tuple[StepPlan, ...]:
    """The steps behind a matter that stands in `step` and was taken up at `adopted`, still to be made up for.

    Once it has left the step where it was taken up, everything has been made up for.
    """
    if not (adopted and plan.has(adopted) and plan.has(step)):
        return ()
    is_past = plan.position(step) > plan.position(adopted)
    return () if is_past else plan.steps[: plan.position(step)]


def is_made_up_for(plan: PlaybookPlan, adopted: str, form_code: str) -> bool:
    """Whether a form tells of a step that was carried out before the matter was taken up at `adopted`."""
    return any(step.asks_for(form_code) for step in carried_before(plan, adopted, adopted))


def gates_before(plan: PlaybookPlan, steps: tuple[StepPlan, ...]) -> tuple[str, ...]:
    """The gates of several steps, each once."""
    return tuple(dict.fromkeys(gate for step in steps for gate in gates_of(plan, step.key)))


def steps_first(steps: tuple[StepPlan, ...], form_code: str) -> tuple[StepPlan, ...]:
    """The steps that stand before the one that asks for a form."""
    asking = next((place for place, step in enumerate(steps) if step.asks_for(form_code)), 0)
    return steps[:asking]
