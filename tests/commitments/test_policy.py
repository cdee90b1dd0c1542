from datetime import date

import pytest

from bihuan.commitments import policy

DAY = date(2026, 11, 27)


def codes(findings):
    return [(finding.code, finding.place) for finding in findings]


def test_a_promise_says_something_and_names_who_confirms_it():
    assert codes(policy.findings_to_promise(text="", verifier="", owner_id=1)) == [
        ("commitments.text_missing", "text"),
        ("commitments.verifier_missing", "verifier"),
    ]
    assert policy.findings_to_promise(text="先定渠道", verifier="h:5", owner_id=1) == []


def test_the_owner_alone_cannot_be_the_verifier():
    assert codes(policy.findings_to_promise(text="先定渠道", verifier="p:1", owner_id=1)) == [
        ("commitments.verifier_is_owner", "owner")
    ]
    assert policy.findings_to_promise(text="先定渠道", verifier="p:1", owner_id=None) == []


def test_texts_have_an_upper_length():
    found = policy.text_findings("字" * 2001, place="note", missing="commitments.note_missing")
    assert codes(found) == [("commitments.text_too_long", "note")]
    assert policy.text_findings("字" * 2000, place="note", missing="commitments.note_missing") == []


def test_owner_and_day_are_named_together():
    assert codes(policy.findings_to_assign(owner_id=None, due_on=None, verifier="h:5")) == [
        ("commitments.owner_missing", "owner"),
        ("commitments.due_missing", "due_on"),
    ]
    assert policy.findings_to_assign(owner_id=1, due_on=DAY, verifier="h:5") == []


def test_a_hand_over_needs_a_reason_and_another_person():
    found = policy.findings_to_hand_over(owner_id=1, owner_before=1, reason="", verifier="h:5")
    assert codes(found) == [("commitments.reason_missing", "reason"), ("commitments.owner_unchanged", "owner")]
    assert policy.findings_to_hand_over(owner_id=2, owner_before=1, reason="调岗", verifier="h:5") == []


@pytest.mark.parametrize(("accepted", "note", "is_refused"), [
    (True, "", False), (True, "好", False), (False, "", True), (False, "缺附件", False), (True, "字" * 2001, True),
])  # fmt: skip
def test_only_a_no_needs_a_note(accepted, note, is_refused):
    assert bool(policy.findings_to_verify(accepted=accepted, note=note)) is is_refused


def test_nul_and_blank_ends_are_dropped():
    assert policy.clean(" 甲\x00乙 \n") == "甲乙"
