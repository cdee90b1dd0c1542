"""The numbers a playbook sets: of the guards it names, and of the conditions of its routes (domain §3.4)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from bihuan.collaborations.policy.playbook import PlaybookPlan, ThresholdPlan
from bihuan.kernel.findings import Finding, error

LARGEST = Decimal(10**12)
Compared = Mapping[str, Mapping[str, frozenset[Decimal]]]
"""By route and field the numbers its conditions compare with."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number a guard counts by: the usual one, from which to which it can be set, on which forms it looks."""

    usual: int
    least: int
    most: int
    forms: tuple[str, ...]


NUMBERS: Mapping[str, Mapping[str, Number]] = MappingProxyType({
    "G01": {"departments": Number(2, 2, 20, ("F01",)), "working_days": Number(5, 1, 250, ("F01",))},
    "G10": {"responsible": Number(3, 1, 20, ("F06",))},
    "G25": {"improvements": Number(1, 1, 10, ("F17", "F18"))},
})  # fmt: skip
"""How many departments take part at least and how near the finish is worth a word; how many may do one task without a
word; how many improvements a review promises at least."""


def number_of(plan: PlaybookPlan, guard: str, name: str) -> int:
    """What the playbook says, else what the guard counts by usually."""
    said = (each.value for each in plan.thresholds if (each.of, each.name) == (guard, name))
    return int(next(said, NUMBERS[guard][name].usual))


def numbers_of(plan: PlaybookPlan, route: str) -> Mapping[str, Decimal]:
    """By field what the conditions of a route compare with in this playbook."""
    return {each.name: Decimal(each.value) for each in plan.thresholds if each.of == route}


def check_thresholds(plan: PlaybookPlan, compared: Compared) -> Iterator[Finding]:
    """Numbers of guards and routes the playbook has, which they count by, within reason, each once."""
    guards = {guard for step in plan.steps for guard in step.guards}
    routes = {route.code for step in (*plan.steps, *(each.step for each in plan.obligations)) for route in step.routes}
    seen: set[tuple[str, str]] = set()
    for index, said in enumerate(plan.thresholds):
        place = f"thresholds.{index}"
        if (said.of, said.name) in seen:
            yield error("collaborations.playbook_threshold_twice", place, of=said.of, name=said.name)
        seen.add((said.of, said.name))
        if said.of not in guards | routes:
            yield error("collaborations.playbook_threshold_unused", f"{place}.of", of=said.of)
        elif said.of in routes:
            yield from _of_route(said, place, compared.get(said.of, {}))
        else:
            yield from _of_guard(plan, said, place)


def _of_guard(plan: PlaybookPlan, said: ThresholdPlan, place: str) -> Iterator[Finding]:
    known = NUMBERS.get(said.of, {})
    if said.name not in known:
        yield _name_unknown(said, place, known)
        return
    number = known[said.name]
    if not any(plan.asks_for(form) for form in number.forms):
        forms = " / ".join(number.forms)
        yield error("collaborations.playbook_threshold_unread", f"{place}.name", name=said.name, forms=forms)
    if not said.value.isascii() or not said.value.isdigit() or not number.least <= int(said.value) <= number.most:
        yield error(
            "collaborations.playbook_threshold_range", f"{place}.value", value=said.value, least=number.least,
            most=number.most,
        )  # fmt: skip


def _of_route(said: ThresholdPlan, place: str, fields: Mapping[str, frozenset[Decimal]]) -> Iterator[Finding]:
    if said.name not in fields:
        yield _name_unknown(said, place, fields)
    elif len(fields[said.name]) > 1:
        yield error("collaborations.playbook_threshold_several", f"{place}.name", of=said.of, name=said.name)
    if not said.value.isascii() or not said.value.replace(".", "", 1).isdigit() or Decimal(said.value) > LARGEST:
        yield error("collaborations.playbook_threshold_number", f"{place}.value", value=said.value)


def _name_unknown(said: ThresholdPlan, place: str, names: Mapping[str, object]) -> Finding:
    told = ", ".join(sorted(names)) or "–"
    return error("collaborations.playbook_threshold_name", f"{place}.name", of=said.of, name=said.name, names=told)
