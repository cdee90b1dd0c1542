"""Every error of a route's text with its place and what it is told with; every word of a text that is read."""

from decimal import Decimal
from typing import Any

import pytest

from bihuan.approvals.policy import linting
from bihuan.approvals.policy.checking import Vocabulary, check_route
from bihuan.approvals.policy.linting import lint_route
from bihuan.approvals.policy.routes import (
    At,
    Condition,
    CopyPlan,
    Empty,
    Is,
    RoutePlan,
    Rule,
    Rules,
    Selector,
    SlotPlan,
    StepPlan,
    When,
    Who,
    read_route,
)

KNOWN = Vocabulary(
    roles=frozenset({"LEAD", "PMO"}), groups=frozenset({"INVOLVED", "LEADING"}), numbers={"amount": Decimal("0.01")},
    words={"playbook": ("A", "B"), "site": ()}, parts=frozenset({"tasks"}), tests=frozenset({"funded"}),
)  # fmt: skip
PMO = {"who": "ROLE", "role": "PMO"}
LONG = "字" * 80
STEP, SLOT = "steps.0", "steps.0.slots.0"
SHAPE, CHOICE = "approvals.route_shape", "approvals.route_choice_unknown"
WHOS, RULES = "PERSON, POST, HEAD, EACH, CHAIN, ROLE", "ALL, ANY, COUNT, RATIO, IN_TURN"


def body(**said: Any) -> dict[str, Any]:
    return {"key": "MONEY", "name": "用款", "steps": [step()], **said}


def step(**said: Any) -> dict[str, Any]:
    return {"key": "one", "name": "会签", "slots": [PMO], **said}


def told(text: Any) -> list[tuple[str, str, dict[str, Any]]]:
    return [(each.code, each.place, dict(each.params)) for each in check_route(text, KNOWN)]


def of_step(**said: Any) -> list[tuple[str, str, dict[str, Any]]]:
    return told(body(steps=[step(**said)]))


def where(*conditions: Any) -> list[tuple[str, str, dict[str, Any]]]:
    return of_step(when={"all": list(conditions)})


def test_the_whole_of_a_text_is_told_with_place_and_limit():
    assert told("text") == [(SHAPE, "", {})]
    assert told(body(colour=1)) == [("approvals.route_word_unknown", "colour", {"word": "colour"})]
    assert told(body(empty="NEVER")) == [(CHOICE, "empty", {"choices": "SUPERIOR, PMO, WAIT"})]
    assert told(body(name_en=7)) == [(SHAPE, "name_en", {})]
    for word in ("name", "name_en"):
        assert told(body(**{word: LONG})) == []
        for text in (LONG + "字", "a\x00"):
            assert told(body(**{word: text})) == [("approvals.route_name_too_long", word, {"limit": 80})]
    many = [step(key=f"s{number}") for number in range(21)]
    assert told(body(steps=many[:20])) == []
    assert told(body(steps=many)) == [("approvals.route_too_long", "steps", {"limit": 20})]
    assert told(body(steps=[step(), step()])) == [("approvals.route_step_twice", "steps.1.key", {"key": "one"})]
    assert told(body(steps=[step(colour=1, name=LONG + "字")])) == [
        ("approvals.route_word_unknown", f"{STEP}.colour", {"word": "colour"}),
        ("approvals.route_name_too_long", f"{STEP}.name", {"limit": 80}),
    ]


def test_a_rule_is_told_with_what_it_can_be_and_its_bounds():
    place = f"{STEP}.rule"
    assert of_step(rule=[]) == [(SHAPE, place, {})]
    assert of_step(rule={"of": 1}) == [("approvals.route_word_unknown", f"{place}.of", {"word": "of"})]
    assert of_step(rule={"kind": "MOST"}) == [(CHOICE, f"{place}.kind", {"choices": RULES})]
    assert of_step(rule={"kind": "COUNT", "count": 1}) == of_step(rule={"kind": "RATIO", "percent": 1}) == []
    assert of_step(rule={"kind": "COUNT", "count": 31}) == [
        ("approvals.route_count_wrong", f"{place}.count", {"limit": 30})
    ]
    assert of_step(rule={"kind": "COUNT", "count": 2}) == [
        ("approvals.route_count_too_high", f"{place}.count", {"count": 2, "slots": 1})
    ]


def test_a_condition_is_told_with_what_it_may_speak_of():
    place = f"{STEP}.when.all.0"
    amount = {"field": "amount", "is": "AT_LEAST", "value": "1"}
    assert of_step(when=[]) == of_step(when={"all": [], "any": []}) == [(SHAPE, f"{STEP}.when", {})]
    assert of_step(when={"all": 1}) == [(SHAPE, f"{STEP}.when.all", {})]
    assert of_step(when={"some": []}) == [("approvals.route_word_unknown", f"{STEP}.when.some", {"word": "some"})]
    assert (where(*[amount] * 20), where(*[amount] * 21)) == ([], [(SHAPE, f"{STEP}.when.all", {})])
    assert where("amount") == [(SHAPE, place, {})]
    assert where(amount | {"to": 1}) == [("approvals.route_word_unknown", f"{place}.to", {"word": "to"})]
    assert where(amount | {"field": "colour"}) == [
        ("approvals.route_field_unknown", f"{place}.field", {"known": "amount, playbook, site"})
    ]
    assert where(amount | {"is": "ONE_OF"}) == [
        (CHOICE, f"{place}.is", {"choices": "AT_LEAST, LESS_THAN, MORE_THAN, UP_TO"})
    ]
    words = {"field": "playbook", "is": "ONE_OF", "value": ["A", "B"]}
    assert where(words) == where(words | {"field": "site", "value": ["深圳"]}) == []
    assert where(words | {"value": ["A", ""]}) == [("approvals.route_words_missing", f"{place}.value", {})]
    assert where(words | {"value": ["C"]}) == [(CHOICE, f"{place}.value", {"choices": "A, B"})]


def test_slots_and_copies_are_told_with_what_they_can_be():
    people = [{"who": "PERSON", "person": number} for number in range(1, 32)]
    assert (of_step(slots=people[:30]), of_step(slots=people)) == (
        [], [("approvals.route_too_many_slots", f"{STEP}.slots", {"limit": 30})],
    )  # fmt: skip
    assert (of_step(copies=people[:30]), of_step(copies=people)) == (
        [], [("approvals.route_too_many_slots", f"{STEP}.copies", {"limit": 30})],
    )  # fmt: skip
    assert of_step(slots=[{"who": "ALL"}]) == [(CHOICE, f"{SLOT}.who", {"choices": WHOS})]
    assert of_step(slots=[PMO | {"at": 1}]) == [("approvals.route_word_unknown", f"{SLOT}.at", {"word": "at"})]
    assert of_step(rule={"kind": "ANY"}, slots=[PMO | {"veto": "yes"}]) == [(SHAPE, f"{SLOT}.veto", {})]
    assert of_step(slots=[{"who": "ROLE", "role": "KING"}]) == [(CHOICE, f"{SLOT}.role", {"choices": "LEAD, PMO"})]
    assert of_step(slots=[{"who": "EACH", "of": "ALL"}]) == [(CHOICE, f"{SLOT}.of", {"choices": "INVOLVED, LEADING"})]
    assert of_step(slots=[{"who": "PERSON", "person": 2**62 + 1}]) == [
        ("approvals.route_nobody_named", f"{SLOT}.person", {})
    ]
    assert of_step(slots=[{"who": "PERSON", "person": 2**62}]) == []
    chains = [{"who": "CHAIN", "of": "LEADING", "levels": levels} for levels in (1, 10, 0, 11)]
    levels = ("approvals.route_levels_wrong", f"{SLOT}.levels", {"limit": 10})
    assert [of_step(slots=[chain]) for chain in chains] == [[], [], [levels], [levels]]
    copy = f"{STEP}.copies.0"
    assert of_step(copies=[{"who": "ALL"}]) == [(CHOICE, f"{copy}.who", {"choices": WHOS})]
    assert of_step(copies=[{"who": "ROLE", "role": "LEAD", "at": "SOON"}]) == [
        (CHOICE, f"{copy}.at", {"choices": "ASKED, PASSED, ENDED"})
    ]
    assert of_step(rule={"kind": "ANY"}, slots=[PMO | {"veto": True}], copies=[PMO]) == [
        ("approvals.route_copy_idle", copy, {})
    ]


def test_lines_questions_and_sums_are_told_with_what_they_can_be():
    for word, can_be in (("parts", "tasks"), ("tests", "funded")):
        place = f"{STEP}.{word}"
        assert (of_step(**{word: [can_be]}), of_step(**{word: 1})) == ([], [(SHAPE, place, {})])
        assert of_step(**{word: [can_be, can_be]}) == [(SHAPE, place, {})]
        assert of_step(**{word: ["colour"]}) == [(CHOICE, f"{place}.0", {"choices": can_be})]
    most = 10**15
    for value in ("0", "0.5", most, str(most)):
        assert where({"field": "amount", "is": "UP_TO", "value": value}) == []
    for value in ("-0.01", str(most + 1), "NaN", "Infinity", "many", 0.5, True):
        assert where({"field": "amount", "is": "UP_TO", "value": value}) == [
            ("approvals.route_value_wrong", f"{STEP}.when.all.0.value", {})
        ]


SELECTORS = [
    ({"who": "PERSON", "person": 3}, Selector(Who.PERSON, number=3)),
    ({"who": "HEAD", "department": 4}, Selector(Who.HEAD, number=4)),
    ({"who": "POST", "department": 5, "title": "会计"}, Selector(Who.POST, number=5, title="会计")),
    ({"who": "ROLE", "role": "LEAD"}, Selector(Who.ROLE, name="LEAD")),
    ({"who": "EACH", "of": "INVOLVED"}, Selector(Who.EACH, name="INVOLVED")),
    ({"who": "CHAIN", "of": "LEADING", "levels": 2}, Selector(Who.CHAIN, name="LEADING", levels=2)),
]


def test_every_word_of_a_text_is_read():
    full = step(
        name_en="Together", beside=True, rule={"kind": "RATIO", "percent": 60}, parts=["tasks"], tests=["funded"],
        slots=[PMO | {"veto": True}], copies=[PMO | {"at": "ENDED"}, PMO],
        when={"any": [{"field": "amount", "is": "MORE_THAN", "value": "5.5"},
                      {"field": "playbook", "is": "NONE_OF", "value": ["A", "B"]}]},
    )  # fmt: skip
    counted = step(key="two", rule={"kind": "COUNT", "count": 2}, slots=[said for said, _ in SELECTORS])
    pmo = Selector(Who.ROLE, name="PMO")
    assert read_route(body(name_en="Money", empty="WAIT", steps=[full, counted])) == RoutePlan(
        "MONEY", "用款", "Money", Empty.WAIT,
        (
            StepPlan(
                "one", "会签", "Together", Rule(Rules.RATIO, percent=60), (SlotPlan(pmo, vetoes=True),),
                When((Condition("amount", Is.MORE_THAN, Decimal("5.5")),
                      Condition("playbook", Is.NONE_OF, words=("A", "B"))), is_any=True),
                beside=True, parts=("tasks",), tests=("funded",), copies=(CopyPlan(pmo, At.ENDED), CopyPlan(pmo)),
            ),
            StepPlan("two", "会签", "会签", Rule(Rules.COUNT, 2), tuple(SlotPlan(meant) for _, meant in SELECTORS)),
        ),
    )  # fmt: skip
    plain = read_route(body())
    assert (plain.name_en, plain.empty, plain.steps[0].rule) == ("用款", Empty.SUPERIOR, Rule())


@pytest.mark.parametrize(("rule", "need"), [(Rule(Rules.ANY), 1), (Rule(Rules.COUNT, 3), 3), (Rule(), 0)])
def test_how_many_must_sign(rule: Rule, need: int):
    assert rule.need(5) == need


def test_without_conditions_it_is_always_and_any_is_not_all():
    def holds(of: tuple[Condition, ...], *, is_any: bool) -> bool:
        return When(of, is_any).holds({"amount": Decimal(5)})

    more, less = (Condition("amount", comparison, Decimal(4)) for comparison in (Is.MORE_THAN, Is.LESS_THAN))
    assert [holds((), is_any=True), holds((), is_any=False)] == [True, True]
    assert [holds((more, less), is_any=True), holds((more, less), is_any=False)] == [True, False]
    assert [holds((less,), is_any=True), holds((less,), is_any=False)] == [False, False]


def linted(*steps: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    found = lint_route(
        read_route(body(steps=[step(key=f"s{number}", **said) for number, said in enumerate(steps)])), KNOWN
    )
    return [(each.code, each.place, dict(each.params)) for each in found]


def when(name: str, comparison: str, value: Any) -> dict[str, Any]:
    return {"when": {"all": [{"field": name, "is": comparison, "value": value}]}}


def test_contradictions_are_told_with_the_step_and_the_very_value():
    never = {
        "when": {
            "all": [
                *when("amount", "MORE_THAN", "100")["when"]["all"],
                *when("amount", "LESS_THAN", "100")["when"]["all"],
            ]
        }
    }
    assert linted({}, never) == [("approvals.route_never_asked", "steps.1.when", {"step": "会签"})]
    assert linted({}, when("amount", "AT_LEAST", "0")) == [
        ("approvals.route_always_asked", "steps.1.when", {"step": "会签"})
    ]

    def nobody(values: str) -> list[tuple[str, str, dict[str, Any]]]:
        return [("approvals.route_asks_nobody", "steps", {"values": values})]

    below = when("amount", "UP_TO", "100")
    assert linted(below, when("amount", "AT_LEAST", "100.01")) == []
    assert linted(below, when("amount", "AT_LEAST", "100.02")) == nobody("amount 100.01")
    assert linted(when("amount", "AT_LEAST", "99.99"), when("amount", "LESS_THAN", "99.98")) == nobody("amount 99.98")
    assert linted(when("amount", "MORE_THAN", "0")) == nobody("amount 0")
    assert linted(when("amount", "AT_LEAST", "5")) == nobody("amount 0")
    assert linted(when("site", "ONE_OF", ["深圳"])) == nobody("site …")
    assert linted(when("site", "NONE_OF", ["深圳"])) == nobody("site 深圳")
    assert linted(when("playbook", "ONE_OF", ["A"]), when("amount", "LESS_THAN", "1")) == nobody("amount 1, playbook B")


def test_a_text_with_too_many_ways_is_said_to_be_too_tangled(monkeypatch):
    """Three amounts and nothing around zero: as many ways as are tried, and one more."""
    text = when("amount", "AT_LEAST", "5")
    monkeypatch.setattr(linting, "MOST", 4)
    assert linted({}, text) == []
    monkeypatch.setattr(linting, "MOST", 3)
    assert linted({}, text) == [("approvals.route_too_tangled", "steps", {"limit": 3})]
