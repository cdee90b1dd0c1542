"""The ring: a matter's steps as arcs that visibly close; what is open is a gap."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bihuan.collaborations.policy.playbook import FINAL, PlaybookPlan

CLOSED = "CLOSED"
CAME_ROUND = frozenset({"", CLOSED})
STOPPED_BY = frozenset({"ENDED", "STOPPED"})
DONE = frozenset({"DONE", "BEFORE"})
NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Arc:
    """One that comes round is gone through again for every period."""

    step: str
    state: str  # done | current | ahead | stopped
    gaps: int
    comes_round: bool = False


@dataclass(frozen=True, slots=True)
class Ring:
    """`ending` is empty while the matter runs; only one that was closed comes round. One whose work was ended early
    stopped there, and still stands in its review."""

    arcs: tuple[Arc, ...]
    gaps: int
    is_closed: bool
    ending: str = ""

    @property
    def done(self) -> int:
        return sum(1 for arc in self.arcs if arc.state == "done")


def draw_ring(
    plan: PlaybookPlan,
    *,
    current: str | None,
    ending: str = "",
    outcomes: Mapping[str, str] = NOTHING,
    open_gates: Sequence[str],
) -> Ring:
    """The arcs of a matter that stands in `current`; a loop is a gap in the step whose gate it blocks.

    `outcomes` says how each step was left last; one that ended without being closed stops where it was given up.
    """
    steps = [step.key for step in plan.steps if step.key != FINAL]
    stops = any(outcomes.get(step) in STOPPED_BY for step in steps)
    states = _given_up(steps, outcomes, current) if stops or ending not in CAME_ROUND else _states(steps, current)
    at = next((states.index(state) for state in ("current", "stopped") if state in states), len(steps) - 1)
    gaps = _gaps_by_step(steps, open_gates, steps[at])
    again = plan.coming_round
    arcs = tuple(Arc(step, state, gaps.get(step, 0), step in again) for step, state in zip(steps, states, strict=True))
    return Ring(arcs, sum(gaps.values()), is_closed=ending == CLOSED and not gaps, ending=ending)


def _states(steps: Sequence[str], current: str | None) -> list[str]:
    at = steps.index(current) if current in steps else len(steps)
    return ["done" if index < at else "current" if index == at else "ahead" for index in range(len(steps))]


def _given_up(steps: Sequence[str], outcomes: Mapping[str, str], current: str | None) -> list[str]:
    """What was done stays done, also what is still reviewed after an early end; nothing else ever comes."""
    stopped = [index for index, step in enumerate(steps) if outcomes.get(step) in STOPPED_BY]
    first = min(stopped, default=len(steps))
    return [
        "current" if step == current
        else "stopped" if index in stopped
        else "done" if outcomes.get(step) in DONE or (step not in outcomes and index < first)
        else "ahead"
        for index, step in enumerate(steps)
    ]  # fmt: skip


def _gaps_by_step(steps: Sequence[str], gates: Sequence[str], fallback: str) -> Mapping[str, int]:
    counted: dict[str, int] = {}
    for gate in gates:
        kind, _, step = gate.partition(":")
        if kind == "enter" and step in steps:
            step = steps[max(steps.index(step) - 1, 0)]
        owner = step if step in steps else fallback
        counted[owner] = counted.get(owner, 0) + 1
    return counted
