"""Fields a playbook adds to its forms: how they are said, what they are refused for, what changed of them."""

import json
from importlib.resources import files

import pytest

from bihuan.collaborations.operations.playbook_texts import look_at_playbook
from bihuan.collaborations.policy import playbook_edit as edit
from bihuan.collaborations.policy.playbook import read_playbook
from bihuan.collaborations.policy.playbook_diff import Change, Changed, changes
from bihuan.collaborations.policy.playbook_fields import check_fields
from bihuan.collaborations.policy.playbook_text import read_text, shaped, write_text

SEED_B = json.loads((files("bihuan.collaborations") / "playbooks" / "seed_b.json").read_text(encoding="utf-8"))
CODE = {
    "form": "F01",
    "key": "cost_code",
    "kind": "TEXT",
    "label": "成本编号",
    "label_en": "Cost code",
    "required": True,
}
URGENCY = {
    "form": "F01", "key": "urgency", "kind": "CHOICE", "label": "紧急程度",
    "choices": [{"value": "HIGH", "label": "高", "label_en": "High"}, {"value": "LOW", "label": "低"}],
}  # fmt: skip
TAKEN = {"F01": frozenset({"goal_text", "revision"})}
CALLED = {"F01": {"label": ["合作名称"], "label_en": ["Title of it"]}}


def with_fields(*fields):
    return {**SEED_B, "extra_fields": list(fields)}


def refused(*fields):
    found = check_fields(fields, read_playbook(SEED_B), kinds=("TEXT", "CHOICE"), taken=TAKEN, called=CALLED)
    return [(finding.code.removeprefix("collaborations.playbook_field_"), finding.place) for finding in found]


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ([CODE, URGENCY], []),
        ([CODE | {"form": "F03"}, CODE], []),
        ([CODE | {"key": "goal_text"}], [("taken", "extra_fields.0.key")]),
        ([CODE | {"key": "revision"}], [("taken", "extra_fields.0.key")]),
        ([CODE, URGENCY | {"key": "cost_code"}], [("twice", "extra_fields.1.key")]),
        ([CODE, URGENCY | {"label": f" {CODE['label']}"}], [("label_twice", "extra_fields.1.label")]),
        ([CODE, URGENCY | {"label_en": CODE["label_en"].upper()}], [("label_twice", "extra_fields.1.label_en")]),
        ([URGENCY, CODE | {"label_en": URGENCY["label"]}], [("label_twice", "extra_fields.1.label_en")]),
        ([CODE | {"label": "合作 名称"}], [("label_taken", "extra_fields.0.label")]),
        ([CODE | {"label_en": "title of it"}], [("label_taken", "extra_fields.0.label_en")]),
        ([CODE | {"form": "F03", "label": "合作名称"}], []),
        ([URGENCY | {"label": "Title of it"}], [("label_taken", "extra_fields.0.label")]),
        ([CODE | {"kind": "COLOUR"}], [("kind", "extra_fields.0.kind")]),
        ([CODE | {"form": "F06"}], [("unasked", "extra_fields.0.form")]),
        ([URGENCY | {"choices": []}], [("without_choices", "extra_fields.0.choices")]),
        ([URGENCY | {"choices": URGENCY["choices"][:1]}], [("without_choices", "extra_fields.0.choices")]),
        ([URGENCY | {"choices": [*URGENCY["choices"], {"value": "LOW", "label": "x"}]}],
         [("choice_twice", "extra_fields.0.choices.2.value")]),
        ([CODE | {"choices": URGENCY["choices"]}], [("stray_choices", "extra_fields.0.choices")]),
    ],
)  # fmt: skip
def test_fields_that_collide_or_cannot_be_asked_are_named_at_their_place(fields, found):
    assert refused(*fields) == found


@pytest.mark.parametrize(
    ("change", "code", "place"),
    [
        ({"key": "Cost Code"}, "pattern", "key"),
        ({"key": "cost__text"}, "pattern", "key"),
        ({"key": "x" * 41}, "long", "key"),
        ({"label": ""}, "empty", "label"),
        ({"required": "perhaps"}, "yes_or_no", "required"),
        ({"colour": "red"}, "unknown", "colour"),
        ({"choices": "HIGH"}, "list", "choices"),
    ],
)
def test_a_word_of_a_field_of_another_kind_is_refused_at_its_place(change, code, place):
    _body, (finding,) = shaped(with_fields(CODE | change))
    assert (finding.code, finding.place) == (f"collaborations.playbook_word_{code}", f"extra_fields.0.{place}")


def test_a_text_with_fields_says_the_same_when_it_is_read_again():
    body = with_fields(CODE, URGENCY)
    assert shaped(read_text(write_text(body)).body) == (body, [])


@pytest.mark.django_db
def test_what_is_wrong_with_a_field_has_the_line_of_its_word(playbooks):
    again = CODE | {"key": "goal_text", "kind": "COLOUR", "label_en": "Another code"}
    text = write_text(with_fields(CODE, again))
    lines = [each.count("goal_text") for each in text.split("\n")]
    found = {finding.code: finding.params["line"] for finding in look_at_playbook(text).findings}
    assert found["collaborations.playbook_field_taken"] == lines.index(1) + 1
    names = [at for at, each in enumerate(text.split("\n"), 1) if f"label: {CODE['label']}" in each]
    assert (len(names), found["collaborations.playbook_field_label_twice"]) == (2, names[1])
    assert set(found) == {
        f"collaborations.playbook_field_{what}" for what in ("taken", "kind", "label_twice")
    }  # fmt: skip


def test_what_changed_of_the_fields_is_told_one_by_one():
    cost, urgency = "F01 cost_code* (TEXT) 成本编号 · Cost code", "F01 urgency (CHOICE) 紧急程度 · HIGH 高 High, LOW 低"
    word = {"word": "extra_fields"}
    assert changes(SEED_B, with_fields(CODE)) == [Change(Changed.ADDED, **word, after=cost)]
    assert changes(with_fields(CODE), SEED_B) == [Change(Changed.REMOVED, **word, before=cost)]
    looser = cost.replace("*", "")
    assert changes(with_fields(CODE), with_fields({**CODE, "required": False})) == [
        Change(Changed.SET, **word, before=cost, after=looser)
    ]
    assert changes(with_fields(CODE, URGENCY), with_fields(URGENCY, CODE)) == [
        Change(Changed.SET, **word, before="cost_code, urgency", after="urgency, cost_code")
    ]
    assert changes(with_fields(CODE), with_fields(CODE, URGENCY)) == [Change(Changed.ADDED, **word, after=urgency)]


def test_fields_are_added_moved_and_removed_without_touching_the_rest():
    one = edit.field_added(SEED_B, "F01")
    assert one["extra_fields"] == [{"form": "F01", "key": "field_1", "kind": "TEXT", "label": "field_1"}]
    two = edit.field_added(one, "F03")
    assert [field["key"] for field in edit.moved(two, 1, -1, word=edit.FIELDS)["extra_fields"]] == [
        "field_2",
        "field_1",
    ]
    assert edit.moved(two, 0, -1, word=edit.FIELDS) == edit.moved(two, 9, 1, word=edit.FIELDS) == two
    assert edit.removed(edit.removed(two, 1, word=edit.FIELDS), 0, word=edit.FIELDS) == SEED_B
    assert edit.field_added(edit.removed(two, 0, word=edit.FIELDS), "F01")["extra_fields"][1]["key"] == "field_1"


def test_options_read_as_they_are_written():
    assert edit.options_written(URGENCY) == "HIGH 高 / High\nLOW 低"
    assert edit.options_read(edit.options_written(URGENCY)) == URGENCY["choices"]
    assert edit.options_read("\n  ONLY \n") == [{"value": "ONLY", "label": "ONLY"}]


def test_a_text_whose_fields_cannot_be_told_is_not_shown_as_fields():
    assert edit.with_steps({**SEED_B, "extra_fields": "F01"}) is None
    assert edit.with_steps({**SEED_B, "extra_fields": [{"key": ["a"]}]}) is None
    told = edit.with_steps({**SEED_B, "extra_fields": [{"key": "a", "required": "true"}]})
    assert told is not None
    assert told["extra_fields"] == [{"key": "a", "required": True}]


def test_a_text_whose_other_lists_cannot_be_told_is_not_shown_as_fields():
    for wrong in (
        {"suits": "NEED"}, {"suits": {"what": "NEED"}}, {"acceptance": "F03"}, {"archive": [["F01"]]},
        {"obligations": ["F01"]}, {"obligations": [{"forms": "F01"}]}, {"obligations": [{"hours": ["24"]}]},
    ):  # fmt: skip
        assert edit.with_steps({**SEED_B, **wrong}) is None, wrong
    owed = {"key": "LATER", "hours": "soon"}
    told = edit.with_steps({**SEED_B, "obligations": [owed]})
    assert told is not None
    assert told["obligations"] == [owed]
