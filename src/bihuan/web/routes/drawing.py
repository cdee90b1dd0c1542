"""A route as pages show it: its steps in words, and the picture of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from bihuan.approvals.policy.routes import (
    At,
    Condition,
    Empty,
    Is,
    RoutePlan,
    Rule,
    Rules,
    Selector,
    StepPlan,
    When,
    Who,
    read_route,
)
from bihuan.approvals.registry import spoken
from bihuan.collaborations.queries.rehearsing import Rehearsal
from bihuan.organisation.queries import above
from bihuan.web import formats

EMPTY: dict[Empty, "str | Promise"] = {
    Empty.SUPERIOR: gettext_lazy("Where nobody can sign, the next superior is asked, at last the PMO."),
    Empty.PMO: gettext_lazy("Where nobody can sign, the PMO is asked."),
    Empty.WAIT: gettext_lazy("Where nobody can sign, it waits until somebody can."),
}
COMPARED: dict[Is, "str | Promise"] = {
    Is.MORE_THAN: gettext_lazy("%(what)s more than %(value)s"),
    Is.AT_LEAST: gettext_lazy("%(what)s at least %(value)s"),
    Is.UP_TO: gettext_lazy("%(what)s up to %(value)s"),
    Is.LESS_THAN: gettext_lazy("%(what)s less than %(value)s"),
    Is.ONE_OF: gettext_lazy("%(what)s: %(value)s"),
    Is.NONE_OF: gettext_lazy("%(what)s other than %(value)s"),
}
COPIED: dict[At, "str | Promise"] = {
    At.ASKED: gettext_lazy("%(who)s, when the step is asked"),
    At.PASSED: gettext_lazy("%(who)s, when the step has been passed"),
    At.ENDED: gettext_lazy("%(who)s, when all is decided"),
}
WIDE, HIGH, GAP, MARGIN = 320, 54, 26, 8
SHORT = 18


@dataclass(frozen=True, slots=True)
class Step:
    """One step in words. `beside`: asked together with the one before."""

    number: int
    key: str
    name: str
    rule: str
    slots: tuple[str, ...]
    when: str
    beside: bool
    parts: tuple[str, ...]
    tests: tuple[str, ...]
    copies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """A step in the picture."""

    x: int
    y: int
    width: int
    name: str
    rule: str
    is_conditional: bool


@dataclass(frozen=True, slots=True)
class Picture:
    boxes: tuple[Box, ...]
    arrows: tuple[tuple[int, int], ...]
    width: int
    height: int


def is_chinese() -> bool:
    return (get_language() or "zh").startswith("zh")


def name_of(body: Mapping[str, Any]) -> str:
    name: str = body["name"] if is_chinese() else body.get("name_en") or body["name"]
    return name


def steps_of(body: Mapping[str, Any]) -> list[Step]:
    """The steps in words; those side by side bear one number. Three queries at most, for people and departments."""
    route = read_route(body)
    named = _Named(route)
    steps: list[Step] = []
    number = 0
    for step in route.steps:
        number += not (step.beside and steps)
        steps.append(_step(step, number, named))
    return steps


def empty_in_words(body: Mapping[str, Any]) -> str:
    return str(EMPTY[read_route(body).empty])


def picture_of(steps: Sequence[Step]) -> Picture:
    """Steps one below the other, those asked together side by side."""
    rows: list[list[Step]] = []
    for step in steps:
        if rows and rows[-1][0].number == step.number:
            rows[-1].append(step)
        else:
            rows.append([step])
    boxes = tuple(box for place, row in enumerate(rows) for box in _row(row, MARGIN + place * (HIGH + GAP)))
    tops = [MARGIN + place * (HIGH + GAP) for place in range(len(rows))]
    arrows = tuple((top + HIGH, top + HIGH + GAP) for top in tops[:-1])
    return Picture(boxes, arrows, WIDE, MARGIN * 2 + len(rows) * (HIGH + GAP) - GAP)


def _row(row: Sequence[Step], y: int) -> Iterable[Box]:
    width = (WIDE - MARGIN * (len(row) + 1)) // len(row)
    room = SHORT if len(row) == 1 else max(4, SHORT // len(row))
    for place, step in enumerate(row):
        x = MARGIN + place * (width + MARGIN)
        rule = _("%(rule)s, with copies") % {"rule": step.rule} if step.copies else step.rule
        yield Box(x, y, width, _short(step.name, room), _short(rule, room + 4), bool(step.when))


def _short(text: str, room: int) -> str:
    room = room if is_chinese() else room * 2
    return text if len(text) <= room else f"{text[: room - 1]}…"


def _step(step: StepPlan, number: int, named: "_Named") -> Step:
    said = spoken()
    return Step(
        number=number,
        key=step.key,
        name=step.name if is_chinese() else step.name_en,
        rule=rule_in_words(step.rule),
        slots=tuple(
            _("%(who)s (veto)") % {"who": named.of(slot.selector)} if slot.vetoes else named.of(slot.selector)
            for slot in step.slots
        ),
        when=when_in_words(step.when),
        beside=step.beside,
        parts=tuple(str(said.parts.get(part, part)) for part in step.parts),
        tests=tuple(str(said.tests.get(test, test)) for test in step.tests),
        copies=tuple(str(COPIED[copy.at]) % {"who": named.of(copy.selector)} for copy in step.copies),
    )


def rule_in_words(rule: Rule) -> str:
    if rule.kind is Rules.COUNT:
        return ngettext("%(num)s of them must sign", "%(num)s of them must sign", rule.count) % {"num": rule.count}
    if rule.kind is Rules.RATIO:
        return _("at least %(percent)s%% must sign") % {"percent": rule.percent}
    words = {Rules.ALL: _("all must sign"), Rules.ANY: _("one suffices"), Rules.IN_TURN: _("one after another")}
    return words[rule.kind]


def when_in_words(when: When) -> str:
    joint = _(" or ") if when.is_any else _(" and ")
    return joint.join(_compared(condition) for condition in when.conditions)


def _compared(condition: Condition) -> str:
    said = spoken()
    number, word = said.numbers.get(condition.field), said.words.get(condition.field)
    if number is not None:
        value = formats.money_text(condition.number) if number.is_money else f"{condition.number:f}"
        return str(COMPARED[condition.comparison]) % {"what": number.label, "value": value}
    labels = [str(word.choices.get(each, each)) for each in condition.words] if word else list(condition.words)
    what = word.label if word else condition.field
    return str(COMPARED[condition.comparison]) % {"what": what, "value": _(", ").join(labels)}


class _Named:
    """The people and departments a text names, read together."""

    def __init__(self, route: RoutePlan) -> None:
        selectors = [selector for step in route.steps for selector in step.selectors]
        people = {each.number for each in selectors if each.who is Who.PERSON}
        departments = {each.number for each in selectors if each.who in {Who.HEAD, Who.POST}}
        self.people = above.names_of_people(people) if people else {}
        self.departments = above.names_of_departments(departments) if departments else {}

    def of(self, selector: Selector) -> str:
        said = spoken()
        unknown = _("unknown")
        if selector.who is Who.PERSON:
            return self.people.get(selector.number, unknown)
        if selector.who is Who.ROLE:
            return str(said.roles.get(selector.name, selector.name))
        department = self.departments.get(selector.number, unknown)
        if selector.who is Who.HEAD:
            return _("head of %(department)s") % {"department": department}
        if selector.who is Who.POST:
            return _("%(title)s of %(department)s") % {"title": selector.title, "department": department}
        group = str(said.groups.get(selector.name, selector.name))
        if selector.who is Who.CHAIN:
            return ngettext(
                "%(num)s superior of: %(group)s", "%(num)s superiors of: %(group)s", selector.levels
            ) % {"num": selector.levels, "group": group}  # fmt: skip
        return _("each head of: %(group)s") % {"group": group}


def rows_of(rehearsal: Rehearsal) -> list[dict[str, Any]]:
    """The steps of a dry run in words."""
    return [
        {
            "name": each.step.name if is_chinese() else each.step.name_en, "rule": rule_in_words(each.step.rule),
            "when": when_in_words(each.step.when), "is_asked": each.is_asked, "signers": each.signers,
            "copies": [str(COPIED[copy.at]) % {"who": copy.who} for copy in each.copies],
        }
        for each in rehearsal.steps
    ]  # fmt: skip
