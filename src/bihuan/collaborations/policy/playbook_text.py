"""A playbook as a text that people write: YAML in, a body with the line of every word out, and back.

Only what a playbook needs of YAML is read: maps, lists, texts. No tags, no anchors and aliases, no key twice, no depth
and no size that could hurt. What a text says is never run and never becomes anything but text.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bihuan.clock.limits import LONGEST_TEXT
from bihuan.kernel.findings import Finding, error

LONGEST = 100_000
DEEPEST = 8
MOST_STEPS = 40
MOST_OF_A_STEP = 40
MOST_FIELDS = 60
MOST_TOLD = 50
"""Of words that are wrong; a text with more of them is no playbook."""
HIDDEN = re.compile("[\u0085\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""What nobody sees and what turns the direction of writing: a name would read otherwise than it is."""
KEY = r"^[A-Z][A-Z0-9_]{1,39}$"
FIELD = r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$"
WORD = r"^[A-Za-z0-9_]{1,40}$"
QUESTION = r"^([A-Za-z0-9_]{1,40}\.[a-z][a-z0-9_]{0,39})?$"
GATE = r"^(enter|leave):[A-Z_]{1,40}$"
ORDER = (
    "key", "name", "name_en", "suits", "what", "agree", "size", "condition_gate", "minutes_flow", "acceptance",
    "archive", "empty", "auto", "beside", "when", "all", "any", "field", "is", "value", "rule", "kind", "count",
    "percent", "who", "of", "role", "department", "title", "person", "levels", "veto", "at", "code", "filler",
    "instead_of", "only_if", "form", "forms", "routes", "guards", "back_to", "slots", "copies", "parts", "tests",
    "label", "label_en", "help", "help_en", "required", "choices", "opens", "hours", "gate", "limit", "profile",
    "obligations", "every", "day", "number", "clocks", "cadences", "thresholds", "steps", "extra_fields",
)  # fmt: skip
"""How the words of a text follow each other, of playbooks and of routes."""
EXPECTED = {
    "missing": "missing",
    "extra_forbidden": "unknown",
    "bool_parsing": "yes_or_no",
    "list_type": "list",
    "model_type": "map",
    "model_attributes_type": "map",
    "string_type": "text",
    "string_pattern_mismatch": "pattern",
    "string_too_long": "long",
    "string_too_short": "empty",
    "too_long": "many",
    "too_short": "empty",
    "literal_error": "pattern",
    "int_parsing": "number",
    "greater_than_equal": "number",
    "less_than_equal": "number",
}
"""What a word of a text is refused for, by the name pydantic has for it."""


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class FormText(Part):
    code: str = Field(pattern=WORD)
    filler: str = Field(pattern=WORD)


class AskedText(FormText):
    """A form that a step asks for, as one of several or only on a condition."""

    instead_of: str = Field(default="", pattern=WORD)
    only_if: str = Field(default="", pattern=QUESTION)


class RouteText(Part):
    code: str = Field(pattern=WORD)
    form: str = Field(pattern=WORD)


class StepText(Part):
    key: str = Field(pattern=WORD)
    auto: bool = False
    forms: list[AskedText] = Field(default=[], max_length=MOST_OF_A_STEP)
    routes: list[RouteText] = Field(default=[], max_length=MOST_OF_A_STEP)
    guards: list[str] = Field(default=[], max_length=MOST_OF_A_STEP)
    back_to: str = Field(default="", pattern=WORD)


class ObligationText(Part):
    """Papers and signatures that no step waits for, owed beside the way."""

    key: str = Field(pattern=WORD)
    opens: str = Field(pattern=WORD)
    hours: int = Field(ge=1, le=720)
    gate: str = Field(pattern=GATE)
    forms: list[FormText] = Field(default=[], max_length=MOST_OF_A_STEP)
    routes: list[RouteText] = Field(default=[], max_length=MOST_OF_A_STEP)


class ClockText(Part):
    """Another limit of a time rule for the matters of this playbook (`policy.playbook_clocks`)."""

    rule: str = Field(pattern=r"^T\d{2}$")
    kind: str = Field(default="", pattern=WORD)
    limit: str = Field(default="", max_length=LONGEST_TEXT)
    profile: Literal["", "LITERAL", "WORK_AWARE"] = ""


class CadenceText(Part):
    """How often a form falls due (`policy.playbook_cadences`)."""

    form: str = Field(pattern=WORD)
    every: str = Field(max_length=20)
    day: str = Field(default="", max_length=20)
    number: str = Field(default="", max_length=20)
    at: str = Field(default="", max_length=20)


class ThresholdText(Part):
    """A number of a guard or of the conditions of a route (`policy.playbook_thresholds`)."""

    of: str = Field(pattern=WORD)
    name: str = Field(pattern=WORD)
    value: str = Field(min_length=1, max_length=20)


class SuitsText(Part):
    """The answers to the three questions of `policy.choosing` that lead to this playbook."""

    what: list[Literal["NEED", "PROBLEM", "EMERGENCY", "ROUTINE", "LOAN"]] = Field(default=[], max_length=5)
    agree: list[Literal["HEADS", "MANAGER", "EXECUTIVE"]] = Field(default=[], max_length=3)
    size: list[Literal["SMALL", "LARGE"]] = Field(default=[], max_length=2)


class OptionText(Part):
    value: str = Field(pattern=WORD)
    label: str = Field(min_length=1, max_length=80)
    label_en: str = Field(default="", max_length=80)


class FieldText(Part):
    """A field the playbook adds to one of its forms; `records.extra` makes it a field like any other."""

    form: str = Field(pattern=WORD)
    key: str = Field(pattern=FIELD, max_length=40)
    kind: str = Field(pattern=WORD)
    label: str = Field(min_length=1, max_length=80)
    label_en: str = Field(default="", max_length=80)
    help: str = Field(default="", max_length=300)
    help_en: str = Field(default="", max_length=300)
    required: bool = False
    choices: list[OptionText] = Field(default=[], max_length=MOST_OF_A_STEP)


class PlaybookText(Part):
    """The words of a playbook; docs/developer/add-a-playbook.md says what each does."""

    key: str = Field(pattern=KEY)
    name: str = Field(min_length=1, max_length=80)
    name_en: str = Field(min_length=1, max_length=80)
    suits: SuitsText = SuitsText()
    condition_gate: str = Field(default="enter:EXECUTE", pattern=GATE)
    minutes_flow: Literal["", "SIGN_THEN_DISTRIBUTE", "DISTRIBUTE_THEN_SIGN"] = ""
    acceptance: list[str] = Field(default=[], max_length=MOST_OF_A_STEP)
    archive: list[str] = Field(default=[], max_length=MOST_OF_A_STEP)
    obligations: list[ObligationText] = Field(default=[], max_length=MOST_OF_A_STEP)
    clocks: list[ClockText] = Field(default=[], max_length=MOST_OF_A_STEP)
    cadences: list[CadenceText] = Field(default=[], max_length=MOST_OF_A_STEP)
    thresholds: list[ThresholdText] = Field(default=[], max_length=MOST_OF_A_STEP)
    steps: list[StepText] = Field(min_length=1, max_length=MOST_STEPS)
    extra_fields: list[FieldText] = Field(default=[], max_length=MOST_FIELDS)


@dataclass(frozen=True, slots=True)
class Written:
    """What a text says. `lines` leads from the place of a word (`steps.2.guards.0`) to its line, counted from one."""

    body: dict[str, Any]
    lines: Mapping[str, int]

    def line_of(self, place: str) -> int:
        """The line of a place, or of the nearest thing around it that stands in the text."""
        while place not in self.lines and place:
            place = place.rpartition(".")[0]
        return self.lines.get(place, 1)

    def with_line(self, finding: Finding) -> Finding:
        """The finding with the line of its place."""
        return replace(finding, params={**finding.params, "line": self.line_of(finding.place)})


class Unreadable(Exception):
    """The text is no playbook; says why, and where."""

    def __init__(self, code: str, line: int, **params: Any) -> None:
        super().__init__(code)
        self.finding = error(f"collaborations.playbook_text_{code}", "text", line=line, **params)


def read_text(text: str) -> Written:
    """The text as a body and its lines. Raises `Unreadable`."""
    if len(text) > LONGEST:
        raise Unreadable("too_long", _line_at(text, LONGEST), limit=LONGEST)
    try:
        _refuse_hostile(text)
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        raise Unreadable("broken", mark.line + 1 if mark else 1) from None
    except yaml.reader.ReaderError as problem:
        sign = f"U+{problem.character:04X}"
        raise Unreadable("unkeepable", _line_at(text, problem.position), sign=sign) from None
    if not isinstance(root, yaml.MappingNode):
        raise Unreadable("no_map", 1)
    lines: dict[str, int] = {}
    return Written(dict(_value(root, "", lines)), lines)


def _refuse_hostile(text: str) -> None:
    """Events come one after another, so that nothing is built of what is refused here."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = _line(event)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise Unreadable("alias", line)
        if getattr(event, "tag", None):
            raise Unreadable("tag", line)
        if isinstance(event, yaml.ScalarEvent) and (hidden := HIDDEN.search(event.value)):
            raise Unreadable("hidden", line, sign=f"U+{ord(hidden.group()):04X}")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise Unreadable("too_deep", line, limit=DEEPEST)


def _line_at(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _line(read: yaml.Node | yaml.Event) -> int:
    return read.start_mark.line + 1 if read.start_mark else 1


def _value(node: yaml.Node, place: str, lines: dict[str, int]) -> Any:
    lines[place] = _line(node)
    if isinstance(node, yaml.MappingNode):
        return dict(_pairs(node, place, lines))
    if isinstance(node, yaml.SequenceNode):
        return [_value(each, _under(place, str(index)), lines) for index, each in enumerate(node.value)]
    return node.value


def _pairs(node: yaml.MappingNode, place: str, lines: dict[str, int]) -> Iterator[tuple[str, Any]]:
    seen: set[str] = set()
    for key, value in node.value:
        line = _line(key)
        if not isinstance(key, yaml.ScalarNode):
            raise Unreadable("broken", line)
        if key.value in seen:
            raise Unreadable("twice", line, word=key.value[:40])
        seen.add(key.value)
        here = _under(place, key.value)
        found = _value(value, here, lines)
        lines[here] = line
        yield key.value, found


def _under(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


def shaped(said: Mapping[str, Any]) -> tuple[dict[str, Any], list[Finding]]:
    """The body with every word of its kind, and what is not: words missing, unknown, of another kind, too long."""
    try:
        return PlaybookText.model_validate(said).model_dump(mode="json", exclude_unset=True), []
    except ValidationError as problems:
        found = problems.errors(include_input=False)
        told = [_misshapen(problem["loc"], problem["type"]) for problem in found[:MOST_TOLD]]
        more = len(found) - MOST_TOLD
        return {}, [*told, *([error("collaborations.playbook_text_more", "", count=more)] if more > 0 else [])]


def _misshapen(loc: tuple[int | str, ...], kind: str) -> Finding:
    place = ".".join(str(each) for each in loc)
    word = next((each for each in reversed(loc) if isinstance(each, str)), "")
    return error(f"collaborations.playbook_word_{EXPECTED.get(kind, 'pattern')}", place, word=word[:40])


def write_text(body: Mapping[str, Any]) -> str:
    """A body as the text people read and edit; reading it gives the body again.

    Words stand as `ORDER` says, since a database may give them back in any order.
    """
    return yaml.safe_dump(_in_order(body), allow_unicode=True, sort_keys=False, width=120, default_flow_style=None)


def _in_order(value: Any) -> Any:
    if isinstance(value, Mapping):
        known = sorted(value, key=lambda word: (ORDER.index(word) if word in ORDER else len(ORDER), word))
        return {word: _in_order(value[word]) for word in known}
    return [_in_order(each) for each in value] if isinstance(value, list) else value
