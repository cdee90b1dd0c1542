"""Whether a matter under way may go on by another version of its playbook."""

from collections.abc import Iterable

from bihuan.collaborations.policy.playbook import PlaybookPlan, StepPlan
from bihuan.kernel.findings import Finding, error


def migration_findings(old: PlaybookPlan, new: PlaybookPlan, step: str, gates: Iterable[str]) -> list[Finding]:
    """What contradicts: only what lies ahead may be another way.

    The steps up to the one at hand, their forms and routes stand the same in both, since they were carried out by the
    old one; guards may differ, for they look at the present. `gates` are held shut by open loops and are still passed.
    """
    if not new.has(step):
        return [error("collaborations.migrate_step_gone", step=step)]
    return [*_behind(old, new, step), *_held(new, gates)]


def _behind(old: PlaybookPlan, new: PlaybookPlan, step: str) -> list[Finding]:
    passed, wanted = old.steps[: old.position(step) + 1], new.steps[: new.position(step) + 1]
    before, after = [one.key for one in passed], [one.key for one in wanted]
    if before != after:
        differing = next((key for key in [*after, *before] if (key in after) != (key in before)), after[0])
        return [error("collaborations.migrate_step_passed", step=differing)]
    return [
        error("collaborations.migrate_step_differs", step=one.key)
        for one, other in zip(passed, wanted, strict=True)
        if _carried_out(one) != _carried_out(other)
    ]


def _carried_out(step: StepPlan) -> tuple[object, ...]:
    return step.forms, step.routes, step.back_to


def _held(new: PlaybookPlan, gates: Iterable[str]) -> list[Finding]:
    return [
        error("collaborations.migrate_gate_gone", gate=gate)
        for gate in sorted(set(gates))
        if gate and not new.has(gate.partition(":")[2])
    ]
