"""The ring: a matter's steps as arcs that visibly close; what is open is a gap."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bihuan.collaborations.policy.playbook import FINAL, PlaybookPlan


@dataclass(frozen=True, slots=True)
class Arc:
    step: str
    state: str  # done | current | ahead
    gaps: int


@dataclass(frozen=True, slots=True)
class Ring:
    arcs: tuple[Arc, ...]
    gaps: int
    is_closed: bool

    @property
    def done(self) -> int:
        return sum(1 for arc in self.arcs if arc.state == "done")


def draw_ring(plan: PlaybookPlan, *, current: str | None, has_ended: bool, open_gates: Sequence[str]) -> Ring:
    """The arcs of a matter that stands in `current`; a loop is a gap in the step whose gate it blocks."""
    steps = [step.key for step in plan.steps if step.key != FINAL]
    at = steps.index(current) if current in steps else len(steps)
    gaps = _gaps_by_step(steps, open_gates, steps[min(at, len(steps) - 1)])
    arcs = tuple(
        Arc(step, "done" if index < at else "current" if index == at else "ahead", gaps.get(step, 0))
        for index, step in enumerate(steps)
    )
    return Ring(arcs, sum(gaps.values()), is_closed=has_ended and not gaps)


def _gaps_by_step(steps: Sequence[str], gates: Sequence[str], fallback: str) -> Mapping[str, int]:
    counted: dict[str, int] = {}
    for gate in gates:
        kind, _, step = gate.partition(":")
        if kind == "enter" and step in steps:
            step = steps[max(steps.index(step) - 1, 0)]
        owner = step if step in steps else fallback
        counted[owner] = counted.get(owner, 0) + 1
    return counted
