"""A route as values: steps in their order, how many must sign in each, whom it asks, and when it is asked at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

Value = Decimal | str


class Rules(StrEnum):
    """How many of a step must sign."""

    ALL = "ALL"
    ANY = "ANY"
    COUNT = "COUNT"
    RATIO = "RATIO"
    IN_TURN = "IN_TURN"


class Empty(StrEnum):
    """What happens when nobody can sign for somebody who is asked. Never an approval."""

    SUPERIOR = "SUPERIOR"
    PMO = "PMO"
    WAIT = "WAIT"


class Who(StrEnum):
    """Whom a slot asks."""

    PERSON = "PERSON"
    POST = "POST"
    HEAD = "HEAD"
    EACH = "EACH"
    CHAIN = "CHAIN"
    ROLE = "ROLE"


class At(StrEnum):
    """When a copy goes out: the step is asked, it has been passed, or all is decided."""

    ASKED = "ASKED"
    PASSED = "PASSED"
    ENDED = "ENDED"


class Is(StrEnum):
    """How a value is compared. "More than 100" leaves 100 out, "up to 100" takes it in."""

    MORE_THAN = "MORE_THAN"
    AT_LEAST = "AT_LEAST"
    UP_TO = "UP_TO"
    LESS_THAN = "LESS_THAN"
    ONE_OF = "ONE_OF"
    NONE_OF = "NONE_OF"


NUMBERS = frozenset({Is.MORE_THAN, Is.AT_LEAST, Is.UP_TO, Is.LESS_THAN})


@dataclass(frozen=True, slots=True)
class Rule:
    kind: Rules = Rules.ALL
    count: int = 0
    percent: int = 0

    def need(self, asked: int) -> int:
        """How many of so many must sign, as the engine counts: 0 means all. A share is rounded up."""
        if self.kind is Rules.ANY:
            return 1
        if self.kind is Rules.COUNT:
            return self.count
        if self.kind is Rules.RATIO:
            return -(-asked * self.percent // 100)
        return 0


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison with a value of the matter."""

    field: str
    comparison: Is
    number: Decimal = Decimal(0)
    words: tuple[str, ...] = ()

    def holds(self, value: Value) -> bool:
        if isinstance(value, str):
            return (value in self.words) == (self.comparison is Is.ONE_OF)
        if self.comparison is Is.MORE_THAN:
            return value > self.number
        if self.comparison is Is.AT_LEAST:
            return value >= self.number
        if self.comparison is Is.UP_TO:
            return value <= self.number
        return value < self.number


@dataclass(frozen=True, slots=True)
class When:
    """Conditions of which all or any must hold; without any it is always."""

    conditions: tuple[Condition, ...] = ()
    is_any: bool = False

    def with_numbers(self, numbers: Mapping[str, Decimal]) -> "When":
        return replace(
            self,
            conditions=tuple(
                replace(each, number=numbers[each.field])
                if each.comparison in NUMBERS and each.field in numbers
                else each
                for each in self.conditions
            ),
        )

    def holds(self, values: Mapping[str, Value]) -> bool:
        found = [condition.holds(values[condition.field]) for condition in self.conditions]
        return (any(found) if self.is_any else all(found)) if found else True


@dataclass(frozen=True, slots=True)
class Selector:
    """Whom to ask: a person or department by its number, a post by its title there, a group or role by its word."""

    who: Who
    name: str = ""
    number: int = 0
    title: str = ""
    levels: int = 0


@dataclass(frozen=True, slots=True)
class SlotPlan:
    selector: Selector
    vetoes: bool = False


@dataclass(frozen=True, slots=True)
class CopyPlan:
    """Who reads it without deciding (抄送), and from when on."""

    selector: Selector
    at: At = At.PASSED


@dataclass(frozen=True, slots=True)
class StepPlan:
    """One step. `beside`: asked together with the step before. `parts`: which kinds of lines are signed one by one."""

    key: str
    name: str
    name_en: str
    rule: Rule
    slots: tuple[SlotPlan, ...]
    when: When = When()
    beside: bool = False
    parts: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    copies: tuple[CopyPlan, ...] = ()

    @property
    def selectors(self) -> list[Selector]:
        """Whom it asks and whom it shows it to."""
        return [*(slot.selector for slot in self.slots), *(copy.selector for copy in self.copies)]


@dataclass(frozen=True, slots=True)
class RoutePlan:
    key: str
    name: str
    name_en: str
    empty: Empty
    steps: tuple[StepPlan, ...]

    @property
    def conditions(self) -> list[Condition]:
        return [condition for step in self.steps for condition in step.when.conditions]

    @property
    def fields(self) -> frozenset[str]:
        """The values it looks at."""
        return frozenset(condition.field for condition in self.conditions)

    def with_numbers(self, numbers: Mapping[str, Decimal]) -> "RoutePlan":
        """The same route, comparing these fields with other numbers."""
        if not numbers:
            return self
        return replace(self, steps=tuple(replace(step, when=step.when.with_numbers(numbers)) for step in self.steps))

    def asked(self, values: Mapping[str, Value]) -> list[tuple[int, StepPlan]]:
        """The steps that are asked with these values, each with its place in the text."""
        return [(place, step) for place, step in enumerate(self.steps) if step.when.holds(values)]


def read_route(body: Mapping[str, Any]) -> RoutePlan:
    """The typed form of a text that has passed `check_route`."""
    return RoutePlan(
        key=body["key"],
        name=body["name"],
        name_en=body.get("name_en") or body["name"],
        empty=Empty(body.get("empty", Empty.SUPERIOR)),
        steps=tuple(_step(step) for step in body["steps"]),
    )


def _step(step: Mapping[str, Any]) -> StepPlan:
    return StepPlan(
        key=step["key"],
        name=step["name"],
        name_en=step.get("name_en") or step["name"],
        rule=_rule(step.get("rule", {})),
        slots=tuple(SlotPlan(_selector(slot), bool(slot.get("veto"))) for slot in step["slots"]),
        when=_when(step.get("when", {})),
        beside=bool(step.get("beside")),
        parts=tuple(step.get("parts", ())),
        tests=tuple(step.get("tests", ())),
        copies=tuple(CopyPlan(_selector(copy), At(copy.get("at", At.PASSED))) for copy in step.get("copies", ())),
    )


def _rule(rule: Mapping[str, Any]) -> Rule:
    return Rule(Rules(rule.get("kind", Rules.ALL)), rule.get("count", 0), rule.get("percent", 0))


def _when(when: Mapping[str, Sequence[Mapping[str, Any]]]) -> When:
    is_any = "any" in when
    return When(tuple(_condition(each) for each in when.get("any" if is_any else "all", ())), is_any)


def _condition(said: Mapping[str, Any]) -> Condition:
    comparison = Is(said["is"])
    if comparison in NUMBERS:
        return Condition(said["field"], comparison, number=Decimal(said["value"]))
    return Condition(said["field"], comparison, words=tuple(said["value"]))


def _selector(slot: Mapping[str, Any]) -> Selector:
    who = Who(slot["who"])
    if who is Who.PERSON:
        return Selector(who, number=slot["person"])
    if who is Who.HEAD:
        return Selector(who, number=slot["department"])
    if who is Who.POST:
        return Selector(who, number=slot["department"], title=slot["title"])
    if who is Who.ROLE:
        return Selector(who, name=slot["role"])
    return Selector(who, name=slot["of"], levels=slot.get("levels", 0))
