"""Route texts: what is refused and where, whom a sound one asks, and what never happens whatever the text."""

import copy
import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.approvals.policy.checking import Vocabulary, check_route
from bihuan.approvals.policy.linting import lint_route
from bihuan.approvals.policy.resolving import Candidate, Given, Seat, counted, resolve
from bihuan.approvals.policy.routes import Rule, Rules, Selector, Who, read_route
from bihuan.kernel.findings import errors

KNOWN = Vocabulary(
    roles=frozenset({"EXECUTIVE", "PMO"}),
    groups=frozenset({"INVOLVED", "LEAD"}),
    numbers={"amount": Decimal("0.01"), "departments": Decimal(1)},
    words={"playbook": frozenset(), "conclusion": frozenset({"", "PASS", "FAIL"})},
    parts=frozenset({"criteria"}),
    tests=frozenset({"goal_ok"}),
)
PMO = Candidate("g:pmo", frozenset({90}))
OVER = {"all": [{"field": "amount", "is": "MORE_THAN", "value": "100000"}]}


def step(key="heads", **more):
    return {"key": key, "name": "负责人", "slots": [{"who": "EACH", "of": "INVOLVED"}], **more}


def text(*steps, **more):
    return {"key": "TRIAL", "name": "试用", "steps": list(steps or [step()]), **more}


def found(body):
    return [(finding.code.removeprefix("approvals.route_"), finding.place) for finding in check_route(body, KNOWN)]


def linted(body):
    assert check_route(body, KNOWN) == []
    return [(each.code.removeprefix("approvals.route_"), each.place) for each in lint_route(read_route(body), KNOWN)]


def department(number, *holders, above=(), executive=()):
    offices = [Candidate(f"h:{number}", frozenset(holders)), Candidate("h:1", frozenset(above))]
    return Seat(str(number), f"部门{number}", (*offices, Candidate(f"x:{number}", frozenset(executive))))


def resolved(body, *seats, values=None, author=7, pmo=PMO, parts=None, who=None):
    assert errors(check_route(body, KNOWN)) == []
    selector = Selector(Who.EACH, "INVOLVED")
    given_ = Given(values or {}, {selector: seats, **(who or {})}, pmo, author, "d", parts or {})
    return resolve(read_route(body), given_)


def test_a_party_is_not_asked_about_a_line_that_does_not_bind_it():
    seats = [department(2, 20), department(3, 30), department(4, 40)]
    parts = {"criteria/a": "x", "criteria/b": "y"}
    lines = text(step(parts=["criteria"], rule={"kind": "COUNT", "count": 2}))
    assert errors(check_route(lines, KNOWN)) == []
    selector = Selector(Who.EACH, "INVOLVED")
    excused = {"criteria/a": frozenset("34"), "criteria/b": frozenset("2")}
    made = resolve(read_route(lines), Given({}, {selector: seats}, PMO, 7, "d", parts, excused))
    assert [(slot.key, slot.part, slot.need) for slot in made.asked] == [
        ("2", "criteria/a", 1), ("3", "criteria/b", 2), ("4", "criteria/b", 2)
    ]  # fmt: skip
    nobody = {"criteria/a": frozenset("234")}
    assert codes(resolve(read_route(lines), Given({}, {selector: seats}, PMO, 7, "d", parts, nobody))) == [
        "approvals.line_asks_nobody"
    ]


def principals(found):
    return [(slot.step, slot.principal) for slot in found.asked]


def codes(found):
    return [finding.code for finding in found.findings]


# The text -----------------------------------------------------------------------------------------------------------


def test_a_small_text_is_sound():
    assert found(text()) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"key": "loan"}, [("key_wrong", "key")]),
        ({"name": " "}, [("name_missing", "name")]),
        ({"name": "字" * 81}, [("name_too_long", "name")]),
        ({"empty": "APPROVE"}, [("choice_unknown", "empty")]),
        ({"steps": []}, [("without_steps", "steps")]),
        ({"steps": "x"}, [("without_steps", "steps")]),
        ({"owner": 1}, [("word_unknown", "owner")]),
        ({"steps": [3]}, [("shape", "steps.0")]),
        ({"steps": [step() for _ in range(21)]}, [("too_long", "steps")]),
        ({"steps": [step(), step()]}, [("step_twice", "steps.1.key")]),
        ({"steps": [step("Heads")]}, [("step_key_wrong", "steps.0.key")]),
        ({"steps": [step(beside=True)]}, [("beside_nothing", "steps.0.beside")]),
        ({"steps": [step(parts=["lines"])]}, [("choice_unknown", "steps.0.parts.0")]),
        ({"steps": [step(tests=["is_admin"])]}, [("choice_unknown", "steps.0.tests.0")]),
        ({"steps": [step(rule={"kind": "SOME"})]}, [("choice_unknown", "steps.0.rule.kind")]),
        ({"steps": [step(rule={"kind": "COUNT"})]}, [("count_wrong", "steps.0.rule.count")]),
        ({"steps": [step(rule={"kind": "COUNT", "count": True})]}, [("count_wrong", "steps.0.rule.count")]),
        ({"steps": [step(rule={"kind": "RATIO", "percent": 101})]}, [("percent_wrong", "steps.0.rule.percent")]),
        ({"steps": [step(slots=[])]}, [("without_slots", "steps.0.slots")]),
        ({"steps": [step(slots=[{"who": "BOSS"}])]}, [("choice_unknown", "steps.0.slots.0.who")]),
        ({"steps": [step(slots=[{"who": "ROLE", "role": "CEO"}])]}, [("choice_unknown", "steps.0.slots.0.role")]),
        ({"steps": [step(slots=[{"who": "PERSON"}])]}, [("nobody_named", "steps.0.slots.0.person")]),
        ({"steps": [step(slots=[{"who": "CHAIN", "of": "LEAD"}])]}, [("levels_wrong", "steps.0.slots.0.levels")]),
        (
            {"steps": [step(slots=[{"who": "POST", "department": 0, "title": ""}])]},
            [("nobody_named", "steps.0.slots.0.department"), ("title_missing", "steps.0.slots.0.title")],
        ),
        ({"steps": [step(slots=[{"who": "EACH", "of": "LEAD"}] * 2)]}, [("slot_twice", "steps.0.slots.1")]),
        (
            {"steps": [step(rule={"kind": "COUNT", "count": 2}, slots=[{"who": "ROLE", "role": "PMO"}])]},
            [("count_too_high", "steps.0.rule.count")],
        ),
        (
            {"steps": [step(slots=[{"who": "EACH", "of": "LEAD", "veto": True}])]},
            [("veto_idle", "steps.0.rule")],
        ),
        (
            {"steps": [step(when={"all": [{"field": "secrecy", "is": "ONE_OF", "value": ["x"]}]})]},
            [("field_unknown", "steps.0.when.all.0.field")],
        ),
        (
            {"steps": [step(when={"all": [{"field": "amount", "is": "ONE_OF", "value": 1.5}]})]},
            [("choice_unknown", "steps.0.when.all.0.is"), ("value_wrong", "steps.0.when.all.0.value")],
        ),
        (
            {"steps": [step(when={"any": [{"field": "conclusion", "is": "ONE_OF", "value": ["PERHAPS"]}]})]},
            [("choice_unknown", "steps.0.when.any.0.value")],
        ),
        (
            {"steps": [step(when={"any": [{"field": "playbook", "is": "NONE_OF", "value": []}]})]},
            [("words_missing", "steps.0.when.any.0.value")],
        ),
    ],
)
def test_every_error_is_told_with_its_place(change, expected):
    assert found({**text(), **change}) == expected


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
PLACES = [
    ("name",), ("empty",), ("steps",), ("steps", 0), ("steps", 0, "key"), ("steps", 0, "rule"), ("steps", 0, "when"),
    ("steps", 0, "rule", "kind"), ("steps", 0, "when", "all"), ("steps", 0, "when", "all", 0), ("steps", 0, "slots"),
    ("steps", 0, "when", "all", 0, "field"), ("steps", 0, "when", "all", 0, "value"), ("steps", 0, "slots", 0),
    ("steps", 0, "slots", 0, "who"), ("steps", 0, "slots", 0, "of"), ("steps", 0, "parts"), ("steps", 0, "tests"),
]  # fmt: skip


@given(st.sampled_from(PLACES), JSON)
def test_whatever_stands_anywhere_is_refused_or_can_be_read(place, value):
    body = copy.deepcopy(text(step(rule={"kind": "ALL"}, when=OVER, parts=["criteria"], tests=["goal_ok"])))
    inside = body
    for word in place[:-1]:
        inside = inside[word]
    inside[place[-1]] = value
    if not errors(check_route(body, KNOWN)):
        resolve(read_route(body), Given({"amount": Decimal(1), "departments": Decimal(1)}, {}, PMO, None))


# Contradictions -----------------------------------------------------------------------------------------------------


def amount(comparison, value):
    return {"field": "amount", "is": comparison, "value": value}


COPY = {"who": "ROLE", "role": "PMO"}


@pytest.mark.parametrize(
    ("copies", "expected"),
    [
        ("PMO", [("shape", "copies")]),
        ([COPY, "PMO"], [("choice_unknown", "copies.1.who")]),
        ([{**COPY, "at": "NEVER"}], [("choice_unknown", "copies.0.at")]),
        ([{**COPY, "veto": True}], [("word_unknown", "copies.0.veto")]),
        ([{**COPY, "role": "NOBODY"}], [("choice_unknown", "copies.0.role")]),
        ([COPY, COPY], [("slot_twice", "copies.1")]),
        ([{"who": "EACH", "of": "INVOLVED", "at": "ASKED"}], [("copy_idle", "copies.0")]),
        ([COPY] * 31, [("too_many_slots", "copies")]),
        ([COPY, {**COPY, "at": "ENDED"}], []),
    ],
)
def test_a_copy_is_checked_like_a_slot_and_says_when(copies, expected):
    assert found(text(step(copies=copies))) == [(code, f"steps.0.{place}") for code, place in expected]


def test_copies_go_to_the_office_itself_of_steps_that_are_asked():
    copies = [{"who": "EACH", "of": "INVOLVED", "at": "ASKED"}, {**COPY, "at": "ENDED"}]
    body = text(step("one", slots=[COPY], copies=copies), step("two", when=OVER, copies=[COPY]))
    role = {Selector(Who.ROLE, "PMO"): (Seat("pmo", "", (PMO,)),)}
    small = resolved(body, department(3, above=[4]), values={"amount": Decimal(1)}, who=role)
    assert [(each.group, each.at, each.principal) for each in small.copies] == [
        ("one", "ASKED", "h:3"), ("one", "ENDED", "g:pmo"),
    ]  # fmt: skip
    large = resolved(body, department(3, above=[4]), values={"amount": Decimal(100_001)}, who=role)
    assert [(each.group, each.at) for each in large.copies][2:] == [("two", "PASSED")]


def test_thresholds_that_no_amount_meets_are_found():
    never = step("both", when={"all": [amount("MORE_THAN", "100"), amount("UP_TO", "100")]})
    assert linted(text(step(), never)) == [("never_asked", "steps.1.when")]
    touching = step("both", when={"all": [amount("AT_LEAST", "100"), amount("UP_TO", "100")]})
    assert linted(text(step(), touching)) == []


def test_conditions_that_hold_for_everything_are_found():
    always = step("both", when={"any": [amount("MORE_THAN", "100"), amount("UP_TO", "100")]})
    assert linted(text(always)) == [("always_asked", "steps.0.when")]


@pytest.mark.parametrize("second", ["MORE_THAN", "AT_LEAST"])
def test_two_ranges_that_meet_leave_no_gap(second):
    small, large = (step(key, when={"all": [amount(how, "100")]}) for key, how in (("s", "UP_TO"), ("l", second)))
    assert linted(text(small, large)) == []


def test_a_gap_of_one_fen_between_two_ranges_is_found():
    small = step("small", when={"all": [amount("LESS_THAN", "100")]})
    body = text(small, step("large", when={"all": [amount("MORE_THAN", "100")]}))
    (finding,) = lint_route(read_route(body), KNOWN)
    assert (finding.code, finding.params["values"]) == ("approvals.route_asks_nobody", "amount 100")


def test_whole_numbers_have_nothing_between_them():
    few = step("few", when={"all": [{"field": "departments", "is": "UP_TO", "value": 3}]})
    many = step("many", when={"all": [{"field": "departments", "is": "AT_LEAST", "value": 4}]})
    assert linted(text(few, many)) == []


# Whom it asks -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("yuan", "asked"), [("99999.99", 1), ("100000", 1), ("100000.01", 2), ("0", 1)])
def test_more_than_leaves_the_boundary_out(yuan, asked):
    body = text(step(), step("executive", when=OVER, slots=[{"who": "ROLE", "role": "EXECUTIVE"}]))
    executive = {Selector(Who.ROLE, "EXECUTIVE"): [Seat("executive", "", (Candidate("x:2", frozenset({5})),))]}
    found_ = resolved(body, department(2, 3), values={"amount": Decimal(yuan)}, who=executive)
    assert (len(found_.asked), codes(found_)) == (asked, [])


@pytest.mark.parametrize(("yuan", "asked"), [("100000", 2), ("100000.01", 1)])
def test_up_to_takes_it_in(yuan, asked):
    body = text(step(), step("more", when={"all": [amount("UP_TO", "100000")]}))
    assert len(resolved(body, department(2, 3), values={"amount": Decimal(yuan)}).asked) == asked


def test_a_value_that_is_not_known_is_no_zero():
    found_ = resolved(text(step(), step("more", when=OVER)), department(2, 3))
    assert (found_.asked, codes(found_)) == ((), ["approvals.value_missing"])


def test_the_author_never_signs_for_his_department_but_the_next_superior_does():
    asked = principals(resolved(text(), department(2, 7, above=[4]), department(3, 5)))
    assert asked == [(1, "h:1"), (1, "h:3")]


def test_an_empty_office_goes_to_the_superior_the_pmo_or_waits_as_the_route_says():
    empty = department(2, above=[4])
    assert principals(resolved(text(), empty)) == [(1, "h:1")]
    assert principals(resolved(text(empty="PMO"), empty)) == [(1, "g:pmo")]
    waiting = resolved(text(empty="WAIT"), empty)
    assert (principals(waiting), [slot.waits for slot in waiting.asked]) == ([(1, "h:2")], [True])
    assert principals(resolved(text(empty="WAIT"), department(2, 7, above=[4]))) == [(1, "h:1")]


def test_where_no_superior_is_left_the_pmo_signs_and_where_it_is_the_author_nobody_can():
    assert principals(resolved(text(), department(2, 7))) == [(1, "g:pmo")]
    alone = resolved(text(), department(2, 7), pmo=Candidate("g:pmo", frozenset({7})))
    assert codes(alone) == ["approvals.nobody_can_sign"]


def test_nothing_passes_for_want_of_somebody_to_ask():
    assert codes(resolved(text())) == ["approvals.step_without_signers"]
    assert codes(resolved(text(step(when=OVER)), department(2, 3), values={"amount": Decimal(1)})) == [
        "approvals.no_slots"
    ]


def test_two_of_three_must_be_two_people():
    body = text(step(rule={"kind": "COUNT", "count": 2}))
    assert codes(resolved(body, department(2, 3), department(4, 3))) == ["approvals.too_few_signers"]
    found_ = resolved(body, department(2, 3), department(4, 5), department(6, above=[8]))
    assert [slot.need for slot in found_.asked] == [2, 2, 2]


@pytest.mark.parametrize(
    ("offices", "able"),
    [
        ([], 0),
        ([{1}, {1}, {2, 3}], 2),
        ([{1, 2}, {1}], 2),
        ([{1, 2}, {2, 3}, {1}], 3),
        ([{1, 2}, {1, 2}, {1, 2}], 2),
        ([set(), {4}], 1),
    ],
)
def test_as_many_offices_count_as_find_a_person_of_their_own(offices, able):
    assert counted([frozenset(office) for office in offices]) == able


def test_two_offices_of_one_person_are_said_at_once_where_a_number_must_sign():
    body = text(step(rule={"kind": "COUNT", "count": 3}))
    (finding,) = resolved(body, department(2, 3), department(4, 3), department(5, 6, 8)).findings
    assert (finding.code, finding.params["need"], finding.params["able"]) == ("approvals.too_few_signers", 3, 2)
    assert codes(resolved(body, department(2, 3), department(4, 3, 9), department(5, 6))) == []


def test_one_office_that_signs_for_two_empty_ones_is_one_voice():
    body = text(step(rule={"kind": "RATIO", "percent": 60}))
    found_ = resolved(body, department(2, above=[4]), department(3, above=[4]), department(5, 6))
    assert principals(found_) == [(1, "h:1"), (1, "h:5")]
    assert {slot.need for slot in found_.asked} == {2}


def test_in_turn_each_is_a_step_of_its_own_and_what_stands_beside_begins_with_the_first():
    body = text(step(rule={"kind": "IN_TURN"}), step("beside", beside=True), step("after"))
    asked = resolved(body, department(2, 3), department(4, 5)).asked
    assert [(slot.step, slot.group, slot.key) for slot in asked] == [
        (1, "heads", "2"), (2, "heads", "4"), (1, "beside", "2@beside"), (1, "beside", "4@beside"),
        (3, "after", "2@after"), (3, "after", "4@after"),
    ]  # fmt: skip


def test_lines_are_asked_one_by_one():
    found_ = resolved(text(step(parts=["criteria"])), department(2, 3), parts={"criteria/a": "x", "other/b": "y"})
    assert [(slot.part, slot.digest) for slot in found_.asked] == [("criteria/a", "x")]


SEATS = st.lists(
    st.tuples(
        st.integers(2, 6), st.frozensets(st.integers(7, 12), max_size=2), st.frozensets(st.integers(7, 9), max_size=1)
    ),
    max_size=6,
    unique_by=lambda seat: seat[0],
)
KINDS = st.sampled_from(
    [
        {"kind": "ALL"},
        {"kind": "ANY"},
        {"kind": "IN_TURN"},
        {"kind": "COUNT", "count": 2},
        {"kind": "RATIO", "percent": 60},
    ]
)


@given(SEATS, st.lists(KINDS, min_size=1, max_size=3), st.sampled_from(["SUPERIOR", "PMO", "WAIT"]))
def test_whatever_the_organisation_the_author_is_not_asked_and_every_group_can_be_completed(seats, rules, empty):
    body = text(*(step(f"s{place}", rule=rule) for place, rule in enumerate(rules)), empty=empty)
    found_ = resolved(body, *(department(number, *held, above=above) for number, held, above in seats))
    if found_.findings:
        return
    assert {slot.group for slot in found_.asked} == {f"s{place}" for place in range(len(rules))}
    for slot in found_.asked:
        assert 7 not in slot.holders
        assert slot.holders or slot.waits
        group = [other for other in found_.asked if (other.step, other.group) == (slot.step, slot.group)]
        assert slot.need <= len(group)
    assert len({(slot.step, slot.key, slot.part) for slot in found_.asked}) == len(found_.asked)


@given(st.integers(1, 40), st.integers(1, 100))
def test_a_share_is_a_number_that_the_group_can_reach(asked, percent):
    need = Rule(Rules.RATIO, percent=percent).need(asked)
    assert 1 <= need <= asked
    assert need == math.ceil(asked * Decimal(percent) / 100)
