"""Going back, being held up, being followed, on plain values; and what exactly the resolving of a route says."""

from decimal import Decimal

from bihuan.approvals.enums import SlotState
from bihuan.approvals.policy.moving import (
    REASON_LIMIT,
    Seat,
    asked_again,
    findings_of_step,
    findings_of_words,
    has_been_followed,
    released_with,
    waiting,
)
from bihuan.approvals.policy.resolving import Candidate, Given, resolve
from bihuan.approvals.policy.resolving import Seat as Party
from bihuan.approvals.policy.routes import Selector, Who, read_route
from bihuan.kernel.findings import Finding

PENDING, VOID, APPROVED, REFUSED = SlotState.PENDING, SlotState.VOID, SlotState.APPROVED, SlotState.REFUSED
PLACE, OTHER = (1, "a", ""), (1, "b", "")
AUTHOR = 7
PMO = Candidate("g:pmo", frozenset({90}))


def test_a_slot_is_held_up_only_by_one_that_is_not_answered():
    seats = [Seat(1, 1, PLACE, PENDING), Seat(2, 1, PLACE, PENDING, waits_for=1), Seat(3, 1, PLACE, PENDING, 4)]
    assert waiting([*seats, Seat(4, 1, PLACE, APPROVED)]) == {2}


def test_a_signature_is_followed_by_a_later_step_or_by_who_waited_for_it():
    mine = Seat(1, 2, PLACE, APPROVED)
    followed = {
        "the same step": Seat(2, 2, PLACE, APPROVED),
        "an earlier step": Seat(2, 1, PLACE, REFUSED),
        "a later one, not answered": Seat(2, 3, PLACE, PENDING),
        "a later one, carried from before": Seat(2, 3, PLACE, APPROVED, is_carried=True),
        "a later one": Seat(2, 3, PLACE, REFUSED),
        "who waited for it": Seat(2, 2, PLACE, APPROVED, waits_for=1),
        "who waited for another": Seat(2, 2, PLACE, APPROVED, waits_for=5),
    }
    told = [name for name, other in followed.items() if has_been_followed(mine, [mine, other])]
    assert told == ["a later one", "who waited for it"]


def test_with_a_signature_those_of_its_group_are_asked_again_that_it_had_released():
    others = [
        Seat(2, 1, PLACE, VOID), Seat(3, 1, OTHER, VOID), Seat(4, 1, PLACE, PENDING),
        Seat(5, 1, PLACE, VOID, is_added=True),
    ]  # fmt: skip
    assert released_with(Seat(1, 1, PLACE, APPROVED), others) == [2]


def test_back_to_a_step_all_from_there_on_are_open_but_none_taken_out():
    seats = [
        Seat(1, 1, PLACE, APPROVED), Seat(2, 2, PLACE, APPROVED), Seat(3, 2, PLACE, PENDING), Seat(4, 3, PLACE, VOID),
        Seat(5, 3, PLACE, VOID, is_added=True), Seat(6, 3, PLACE, REFUSED, is_added=True),
    ]  # fmt: skip
    assert asked_again(2, seats) == [2, 4, 6]


def test_words_are_never_missing_nor_longer_than_their_limit():
    assert findings_of_words("", place="reason") == [Finding("approvals.words_missing", "reason")]
    assert findings_of_words("因" * REASON_LIMIT, place="reason") == []
    long = Finding("approvals.words_too_long", "text", {"limit": 3})
    assert findings_of_words("因" * 4, place="text", limit=3) == [long]
    assert findings_of_words("因" * 3, place="text", limit=3) == []


def test_back_is_to_the_author_or_to_an_earlier_step_of_the_route():
    wrong = [Finding("approvals.not_an_earlier_step", "to_step")]
    assert findings_of_step(0, None, ()) == []
    assert findings_of_step(1, 2, {1, 2}) == []
    assert [findings_of_step(*each) for each in ((2, 2, {1, 2}), (1, 2, {2}), (1, None, {1}), (-1, 2, {1}))] == [
        wrong
    ] * 4


# Resolving ----------------------------------------------------------------------------------------------------------


def resolved(body, *seats, values=None, pmo=PMO, parts=None):
    given = Given(values or {}, {Selector(Who.EACH, "INVOLVED"): seats}, pmo, AUTHOR, "whole", parts or {})
    return resolve(read_route({"key": "TRIAL", "name": "试用", **body}), given)


def step(key="heads", **more):
    return {"key": key, "name": "负责人", "slots": [{"who": "EACH", "of": "INVOLVED"}], **more}


def party(number, *holders):
    return Party(str(number), f"部门{number}", (Candidate(f"h:{number}", frozenset(holders)),))


def test_what_is_missing_or_cannot_be_is_said_with_its_place():
    over = {"all": [{"field": "amount", "is": "MORE_THAN", "value": "100"}]}
    assert resolved({"steps": [step(when=over)]}, party(2, 3)).findings == (
        Finding("approvals.value_missing", "amount", {"field": "amount"}),
    )
    small = {"amount": Decimal(1)}
    assert resolved({"steps": [step(when=over)]}, party(2, 3), values=small).findings == (
        Finding("approvals.no_slots", "slots"),
    )
    assert resolved({"steps": [step(when=over), step("b")]}, values=small).findings == (
        Finding("approvals.step_without_signers", "steps.1", {"step": "负责人"}),
    )
    alone = Candidate("g:pmo", frozenset({AUTHOR}))
    assert resolved({"steps": [step()]}, party(2), pmo=alone).findings == (
        Finding("approvals.nobody_can_sign", "steps.0", {"step": "负责人", "party": "部门2"}),
    )
    two = step(rule={"kind": "COUNT", "count": 2})
    assert resolved({"steps": [two]}, party(2, 3), party(4, 3)).findings == (
        Finding("approvals.too_few_signers", "steps.0", {"step": "负责人", "need": 2, "able": 1}),
    )


def test_where_all_may_wait_nobody_is_missing_and_a_number_may_be_waited_for():
    two = step(rule={"kind": "COUNT", "count": 2})
    waits = resolved({"empty": "WAIT", "steps": [two]}, party(2, 3), party(4))
    assert ([each.waits for each in waits.asked], waits.findings) == ([False, True], ())


def test_a_slot_says_what_is_asked_of_whom_and_on_which_text():
    body = {"steps": [step(tests=["goal_ok"]), step("beside", beside=True), step("lines", parts=["criteria"])]}
    parts = {"criteria/b": "db", "criteria/a/x": "da", "milestones/c": "dc"}
    asked = resolved(body, party(2, 3), parts=parts).asked
    assert [(each.step, each.key, each.label, each.part, each.digest, each.tests) for each in asked] == [
        (1, "2", "部门2", "", "whole", ("goal_ok",)),
        (1, "2@beside", "部门2", "", "whole", ()),
        (2, "2@lines", "部门2", "criteria/a/x", "da", ()),
        (2, "2@lines", "部门2", "criteria/b", "db", ()),
    ]


def test_a_first_step_beside_nothing_is_still_the_first():
    asked = resolved({"steps": [step(beside=True)]}, party(2, 3)).asked
    assert [each.step for each in asked] == [1]


def test_where_nobody_wrote_it_person_one_is_not_the_author():
    pmo = Candidate("g:pmo", frozenset({1}))
    given = Given({}, {Selector(Who.EACH, "INVOLVED"): [party(2)]}, pmo, None)
    (slot,) = resolve(read_route({"key": "T", "name": "T", "steps": [step()]}), given).asked
    assert slot.holders == {1}
