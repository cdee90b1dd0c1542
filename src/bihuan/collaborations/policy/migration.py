"""Whether a matter under way may go on by another version of its playbook."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from bihuan.collaborations.policy.playbook import Obligation, PlaybookPlan, StepPlan
from bihuan.kernel.findings import Finding, error

STEPS, OWED = "steps", "obligations"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a matter stands: its step, the gates that open loops hold shut, the forms it has handed in and that stand,
    and what has begun to be owed beside the way, by its key, true while it is owed."""

    step: str
    gates: AbstractSet[str] = frozenset()
    handed_in: AbstractSet[str] = frozenset()
    owed: Mapping[str, bool] = field(default_factory=dict)


def migration_findings(old: PlaybookPlan, new: PlaybookPlan, standing: Standing) -> list[Finding]:
    """What contradicts, each at its place in the new version: only what lies ahead may be another way.

    The steps up to the one at hand, their forms and routes stand the same in both, since they were carried out by the
    old one; guards may differ, for they look at the present. What is owed beside the way must still come to its end,
    and gates that are held shut must still be passed.
    """
    if not new.has(standing.step):
        return [error("collaborations.migrate_step_gone", _instead_of(old, new, standing.step), step=standing.step)]
    return [
        *_behind(old, new, standing.step), *_owed(old, new, standing), *_held(old, new, sorted(standing.gates))
    ]  # fmt: skip


def _instead_of(old: PlaybookPlan, new: PlaybookPlan, step: str) -> str:
    """The place in the new version of the step that stands where this one would: behind the one it used to follow."""
    before = [one.key for one in old.steps[: old.position(step)]] if old.has(step) else []
    follows = next((new.position(key) + 1 for key in reversed(before) if new.has(key)), 0)
    return f"{STEPS}.{min(follows, len(new.steps) - 1)}"


def _behind(old: PlaybookPlan, new: PlaybookPlan, step: str) -> list[Finding]:
    passed, wanted = old.steps[: old.position(step) + 1], new.steps[: new.position(step) + 1]
    before, after = [one.key for one in passed], [one.key for one in wanted]
    if before != after:
        differing = next((key for key in [*after, *before] if (key in after) != (key in before)), after[0])
        place = f"{STEPS}.{new.position(differing)}" if differing in after else _instead_of(old, new, differing)
        return [error("collaborations.migrate_step_passed", place, step=differing)]
    return [
        error("collaborations.migrate_step_differs", f"{STEPS}.{index}", step=one.key)
        for index, (one, other) in enumerate(zip(passed, wanted, strict=True))
        if _carried_out(one) != _carried_out(other)
    ]


def _owed(old: PlaybookPlan, new: PlaybookPlan, standing: Standing) -> Iterator[Finding]:
    """What is owed would never come to its end, or papers would belong to the matter that nobody is asked for."""
    before = {owed.key: owed for owed in old.obligations}
    after = {owed.key: (f"{OWED}.{index}", owed) for index, owed in enumerate(new.obligations)}
    for key, is_open in standing.owed.items():
        place, other = after.get(key, (OWED if new.obligations else STEPS, None))
        if is_open and (other is None or not _comes_to_its_end(before.get(key), other, standing.handed_in)):
            yield error("collaborations.migrate_owed_otherwise", place, key=key)
    for key, (place, other) in after.items():
        if _is_never_asked(before.get(key), other, standing):
            yield error("collaborations.migrate_owed_unasked", place, key=key, form=other.opens)


def _is_never_asked(one: Obligation | None, other: Obligation, standing: Standing) -> bool:
    """Whether papers belong to the matter by the new version, of which the moment to ask for them has passed."""
    known = one.asked if one is not None else ()
    if not set(other.asked) - {*known, *standing.handed_in}:
        return False
    if other.key in standing.owed:
        return not standing.owed[other.key]
    return other.opens in standing.handed_in and (one is None or one.opens not in standing.handed_in)


def _comes_to_its_end(one: Obligation | None, other: Obligation, handed_in: AbstractSet[str]) -> bool:
    """The same papers are asked for, and no route stands anew over one that was handed in when nobody opened it."""
    if one is None:
        return False
    added = set(other.step.routes) - set(one.step.routes)
    return set(one.asked) == set(other.asked) and not any(
        route.form in other.asked and route.form in handed_in for route in added
    )


def _carried_out(step: StepPlan) -> tuple[object, ...]:
    return step.forms, step.routes, step.back_to


def _held(old: PlaybookPlan, new: PlaybookPlan, gates: list[str]) -> list[Finding]:
    steps = {gate: gate.partition(":")[2] for gate in gates if gate}
    return [
        error("collaborations.migrate_gate_gone", _instead_of(old, new, step), gate=gate)
        for gate, step in steps.items()
        if not new.has(step)
    ]
