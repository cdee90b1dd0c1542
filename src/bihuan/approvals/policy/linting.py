"""What a sound text says that it cannot mean: steps that are never asked, always asked, and matters that ask nobody."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice, product

from bihuan.approvals.policy.checking import Vocabulary
from bihuan.approvals.policy.routes import Condition, RoutePlan, Value
from bihuan.kernel.findings import Finding, error, warning

MOST, OTHER = 20_000, "…"


def lint_route(route: RoutePlan, known: Vocabulary) -> list[Finding]:
    """Contradictions in the conditions of a text. Every value that could make a difference is tried."""
    trials = list(islice(_trials(route, known), MOST + 1))
    if len(trials) > MOST:
        return [warning("approvals.route_too_tangled", "steps", limit=MOST)]
    return [*_steps(route, trials), *_gaps(route, trials)]


def _steps(route: RoutePlan, trials: Sequence[Mapping[str, Value]]) -> Iterator[Finding]:
    for place, step in enumerate(route.steps):
        held = sum(step.when.holds(trial) for trial in trials)
        if not held:
            yield error("approvals.route_never_asked", f"steps.{place}.when", step=step.name)
        elif step.when.conditions and held == len(trials):
            yield warning("approvals.route_always_asked", f"steps.{place}.when", step=step.name)


def _gaps(route: RoutePlan, trials: Sequence[Mapping[str, Value]]) -> Iterator[Finding]:
    """A matter for which no step would be asked; it could not be decided."""
    gap = next((trial for trial in trials if not route.asked(trial)), None)
    if gap is not None:
        said = ", ".join(f"{name} {value}" for name, value in sorted(gap.items()))
        yield error("approvals.route_asks_nobody", "steps", values=said)


def _trials(route: RoutePlan, known: Vocabulary) -> Iterator[dict[str, Value]]:
    conditions = [condition for step in route.steps for condition in step.when.conditions]
    values = {
        name: _values([each for each in conditions if each.field == name], name, known) for name in sorted(route.fields)
    }
    return (dict(zip(values, trial, strict=True)) for trial in product(*values.values()))


def _values(conditions: Sequence[Condition], name: str, known: Vocabulary) -> list[Value]:
    """The values on either side of each threshold and on it; each word it can be, or one that nobody named."""
    if name in known.words:
        named = {word for condition in conditions for word in condition.words}
        return sorted(known.words[name] or {*named, OTHER})
    step = known.numbers[name]
    marks = {condition.number for condition in conditions}
    around = {mark + by for mark in marks for by in (-step, Decimal(0), step)} | {Decimal(0)}
    return sorted(value for value in around if value >= 0)
