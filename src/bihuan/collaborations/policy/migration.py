"""Whether a matter under way may go on by another version of its playbook."""

from collections.abc import Iterable

from bihuan.collaborations.policy.playbook import PlaybookPlan, StepPlan
from bihuan.kernel.findings import Finding, error


def migration_findings(old: PlaybookPlan, new: PlaybookPlan, step: str, gates: Iterable[str]) -> list[Finding]:
    """What contradicts: only what lies ahead may be another way.

    The steps up to the one at hand, their forms and routes stand the same in both, since they were carried out by the
    old one, and so does what these forms have made owed beside the way; guards may differ, for they look at the
    present. `gates` are held shut by open loops and are still passed.
    """
    if not new.has(step):
        return [error("collaborations.migrate_step_gone", step=step)]
    return [*_behind(old, new, step), *_owed_otherwise(old, new, step), *_held(new, gates)]


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


def _owed_otherwise(old: PlaybookPlan, new: PlaybookPlan, step: str) -> list[Finding]:
    """What has begun ends by the text it began with: another one would never close it, or ask for other papers."""
    before, after = _begun(old, step), _begun(new, step)
    differing = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    return [error("collaborations.migrate_owed_otherwise", key=key) for key in differing]


def _begun(plan: PlaybookPlan, step: str) -> dict[str, tuple[object, ...]]:
    passed = plan.steps[: plan.position(step) + 1]
    return {
        owed.key: (owed.opens, owed.gate, owed.asked, owed.step.routes)
        for owed in plan.obligations
        if any(each.asks_for(owed.opens) for each in passed)
    }


def _carried_out(step: StepPlan) -> tuple[object, ...]:
    return step.forms, step.routes, step.back_to


def _held(new: PlaybookPlan, gates: Iterable[str]) -> list[Finding]:
    return [
        error("collaborations.migrate_gate_gone", gate=gate)
        for gate in sorted(set(gates))
        if gate and not new.has(gate.partition(":")[2])
    ]
