"""What the fields of a page do to the text of a route: nothing that no field knows is lost, nothing odd is shown."""

import pytest

from bihuan.approvals.policy import route_edit

STEP = {"key": "a", "name": "甲", "slots": [{"who": "HEAD", "department": 3}]}


@pytest.mark.parametrize(
    "step",
    [
        {},
        STEP,
        {"key": "a", "name": "甲", "name_en": "A", "beside": True, "slots": [], "copies": []},
        {"rule": {"kind": "COUNT", "count": 2}, "parts": ["x"], "tests": ["y", "z"]},
        {"when": {"all": [{"field": "amount", "is": "MORE_THAN", "value": "5"}]}},
        {"when": {"any": [{"field": "site", "is": "ONE_OF", "value": ["A", "B"]}, {}]}},
        {"rule": {}, "when": {}, "slots": [{}, {"who": "EACH", "of": "ALL", "veto": True, "levels": 2}]},
        {"tone": {"deep": [1]}},  # a word no field knows is not looked at
    ],
)
def test_a_step_of_texts_and_lists_can_be_shown(step):
    assert route_edit.is_shown({"steps": [STEP, step]})


@pytest.mark.parametrize(
    "step",
    [
        None,
        "a",
        ["a"],
        *({word: odd} for word in ("key", "name", "name_en", "beside") for odd in ([], {}, None, 1.5)),
        *({word: odd} for word in ("rule", "when") for odd in ([], "a", None)),
        {"rule": {"kind": "ALL", "count": []}},
        {"rule": {"kind": "ALL", "else": {}}},
        {"when": {"all": [], "any": []}},
        {"when": {"all": {}}},
        {"when": {"any": ["a"]}},
        {"when": {"any": [{"field": ["a"]}]}},
        {"when": {"any": [{"value": [["a"]]}]}},
        {"when": {"any": [{"value": ["a", {}]}]}},
        {"when": {"any": [{"value": {}}]}},
        *({word: odd} for word in ("slots", "copies") for odd in ({}, "a", None, ["a"], [{}, ["a"]])),
        *({word: [{"who": "HEAD"}, {"who": []}]} for word in ("slots", "copies")),
        *({word: odd} for word in ("parts", "tests") for odd in ({}, "a", None, [["a"]], ["a", {}])),
    ],
)
def test_a_step_with_anything_else_stays_text(step):
    assert not route_edit.is_shown({"steps": [step]})
    assert not route_edit.is_shown({"steps": [STEP, step]})
    assert not route_edit.is_shown({"steps": [step, STEP]})


@pytest.mark.parametrize("steps", [None, {}, "a", 5, (STEP,)])
def test_a_body_without_a_list_of_steps_stays_text(steps):
    assert not route_edit.is_shown({"steps": steps})
    assert not route_edit.is_shown({})


def test_the_words_of_the_whole_must_be_plain_and_others_need_not():
    assert route_edit.is_shown({"steps": []})
    assert route_edit.is_shown({"key": "A", "name": "甲", "name_en": "", "empty": "WAIT", "colour": [1], "steps": [{}]})
    for word in ("key", "name", "name_en", "empty"):
        assert not route_edit.is_shown({word: ["a"], "steps": [{}]})


def test_what_the_fields_of_the_whole_say_replaces_what_stood_there_and_nothing_else():
    before = {"key": "OURS", "name": "甲", "name_en": "A", "empty": "WAIT", "colour": "", "steps": [STEP]}
    words = {"key": "OURS", "name": "乙", "name_en": "", "empty": "SUPERIOR"}
    assert route_edit.worded(before, words, ({"key": "b"},)) == {
        "key": "OURS", "name": "乙", "empty": "SUPERIOR", "colour": "", "steps": [{"key": "b"}],
    }  # fmt: skip
    assert route_edit.worded({}, {"name": "", "key": ""}, []) == {}


def test_a_step_keeps_its_key_and_name_though_empty_and_leaves_out_what_else_is_empty():
    before = {"key": "a", "name": "甲", "tone": [], "tests": ["x"], "beside": True, "rule": {"kind": "ANY"}}
    words = {"key": "", "name": "", "name_en": "", "beside": False, "rule": {}, "tests": [], "slots": [{}], "count": 0}
    made = route_edit.step_worded(before, words)
    assert made == {"key": "", "name": "", "tone": [], "slots": [{}], "count": 0}


def test_a_row_is_what_its_fields_say_and_the_words_no_field_knows():
    before = {
        "who": "HEAD", "of": "ALL", "role": "PMO", "person": 5, "department": 6, "title": "会计", "levels": 2,
        "veto": True, "at": "ENDED", "tone": "loud", "empty": "",
    }  # fmt: skip
    assert route_edit.row_worded(before, {"who": "PERSON", "person": 7, "veto": False, "title": "", "levels": 0}) == {
        "who": "PERSON", "person": 7, "levels": 0, "tone": "loud", "empty": "",
    }  # fmt: skip
    assert route_edit.row_worded({"tone": "loud"}, {"tone": "soft"}) == {"tone": "loud"}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"who": "EACH", "of": "ALL"}, "EACH:ALL"),
        ({"who": "EACH"}, "EACH:"),
        ({"who": "CHAIN", "of": "LEAD", "levels": 2}, "CHAIN:LEAD"),
        ({"who": "ROLE", "role": "PMO"}, "ROLE:PMO"),
        ({"who": "PERSON", "of": "ALL", "role": "PMO"}, "PERSON"),
        ({}, ""),
    ],
)
def test_one_word_says_whom_a_row_asks_and_means_the_same_again(row, said):
    assert route_edit.whom(row) == said
    known = {word: row[word] for word in ("who", "of", "role") if word in row} if ":" in said else {"who": said}
    empty = {"of": ""} if said == "EACH:" else {}
    assert route_edit.meant(said) == {**known, **empty}


def test_a_name_with_a_colon_is_told_whole():
    assert route_edit.meant("ROLE:A:B") == {"who": "ROLE", "role": "A:B"}


def test_a_condition_is_about_words_or_about_a_number():
    kinds = ("ONE_OF", "NONE_OF", "MORE_THAN", "AT_LEAST", "UP_TO", None)
    assert [route_edit.is_about_words({"is": kind}) for kind in kinds] == [True, True, False, False, False, False]
    assert not route_edit.is_about_words({})


def test_a_step_goes_up_and_down_and_out_and_one_is_added_under_a_free_key():
    body = {"key": "OURS", "steps": [{"key": "a"}, {"key": "b"}, {"key": "c"}]}
    keys = lambda made: [step["key"] for step in made["steps"]]  # noqa: E731
    assert keys(route_edit.moved(body, 2, -1)) == ["a", "c", "b"]
    assert keys(route_edit.moved(body, 0, 1)) == ["b", "a", "c"]
    assert keys(route_edit.moved(body, 0, -1)) == keys(route_edit.moved(body, 2, 1)) == ["a", "b", "c"]
    assert keys(route_edit.removed(body, 1)) == ["a", "c"]
    added = route_edit.added(body)
    assert added == {"key": "OURS", "steps": [*body["steps"], {"key": "step4", "name": "", "slots": []}]}
    assert keys(route_edit.added({"steps": []})) == ["step1"]
    assert keys(route_edit.added({"steps": [{"key": "step2"}]})) == ["step2", "step3"]
    taken = [{"key": "step3"}, {"key": "step4"}, {"key": "b"}, {"key": "b"}]
    assert keys(route_edit.added({"steps": taken}))[-1] == "step5"
    assert body["steps"] == [{"key": "a"}, {"key": "b"}, {"key": "c"}]
