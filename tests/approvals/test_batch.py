"""Deciding on several papers at once: each for itself."""

import pytest

from bihuan.approvals.enums import Decision
from bihuan.approvals.models import Slot
from bihuan.approvals.operations import BATCH_LIMIT, Choice, SendBack, SlotSpec, decide, decide_each, void
from bihuan.approvals.policy import Condition
from bihuan.kernel.errors import Refused
from bihuan.kernel.subjects import SubjectRef
from tests.approvals.cast import AT, DIGEST, facts_named, open_for
from tests.witness import last_entry, refused

OTHER = "b" * 64


@pytest.fixture
def papers(cast, market_slot):
    """Four papers that wait for the head of the market department, the last one written by himself."""
    written = [{"author_id": cast.author.pk}] * 3 + [{"author_id": cast.head.pk}]
    return [
        open_for(cast, market_slot, subject=SubjectRef("record", number), **by).slots.get()
        for number, by in enumerate(written, start=1)
    ]


def agreed(slot, **changes):
    return Choice(**{"slot_id": slot.pk, "seen_digest": slot.digest, "decision": "APPROVE", **changes})


def told(answers):
    return [(answer.slot_id, answer.state, answer.refusal.code if answer.refusal else "") for answer in answers]


def test_each_is_decided_or_refused_for_itself(cast, papers):
    first, changed, withdrawn, own = papers
    void(withdrawn.signoff, reason="不再需要", actor=cast.actor("author"), at=AT)
    unknown = Choice(10**9, DIGEST, "APPROVE")
    choices = [agreed(own), agreed(changed, seen_digest=OTHER), unknown, agreed(withdrawn), agreed(first)]
    assert told(decide_each(choices, actor=cast.actor("head"), at=AT)) == [
        (own.pk, None, "approvals.author_signs"),
        (changed.pk, None, "approvals.stale_slot"),
        (10**9, None, "kernel.not_found"),
        (withdrawn.pk, None, "approvals.signoff_closed"),
        (first.pk, "APPROVED", ""),
    ]
    assert [fact["slot_id"] for fact in facts_named("approvals.slot.decided")] == [first.pk]
    assert list(Slot.objects.exclude(decided_by=None).values_list("pk", flat=True)) == [first.pk]


def test_sent_again_it_answers_the_same_and_writes_nothing(cast, papers):
    choices = [agreed(papers[0]), agreed(papers[1], seen_digest=OTHER)]
    by = {"request_key": "once", "actor": cast.actor("head"), "at": AT}
    first, after = told(decide_each(choices, **by)), last_entry()
    assert told(decide_each(choices, **by)) == first
    assert last_entry() == after


def test_refusing_needs_the_reason_of_each(cast, papers):
    choices = [agreed(papers[0], decision="REFUSE"), agreed(papers[1], decision="REFUSE", opinion="预算过高")]
    answers = decide_each(choices, actor=cast.actor("head"), at=AT)
    assert [finding.code for finding in answers[0].refusal.findings] == ["approvals.reason_missing"]
    assert [fact["opinion"] for fact in facts_named("approvals.slot.decided")] == ["预算过高"]


def test_some_are_sent_back_each_with_its_reason_beside_others_that_are_refused(cast, papers):
    one, two, three, own = papers
    choices = [
        SendBack(one.pk, one.digest, "预算待核"),
        agreed(two, decision="REFUSE", opinion="目标不清"),
        SendBack(three.pk, OTHER, "看的是旧版"),
        SendBack(own.pk, own.digest, "自己的"),
    ]
    by = {"request_key": "once", "actor": cast.actor("head"), "at": AT}
    answers = decide_each(choices, **by)
    assert told(answers) == [
        (one.pk, "VOID", ""), (two.pk, "REFUSED", ""), (three.pk, None, "approvals.stale_slot"),
        (own.pk, None, "approvals.author_signs"),
    ]  # fmt: skip
    assert [answer.is_returned for answer in answers] == [True, False, False, False]
    assert [(fact["signoff_id"], fact["reason"]) for fact in facts_named("approvals.signoff.returned")] == [
        (one.signoff_id, "预算待核")
    ]
    after = last_entry()
    assert told(decide_each(choices, **by)) == told(answers)
    assert last_entry() == after
    other = {"request_key": "once", "actor": cast.actor("author"), "at": AT}
    assert {answer.state for answer in decide_each(choices[:1], **other)} == {None}
    assert last_entry() == after


def test_sending_back_needs_the_reason_of_each_and_a_step_there_is(cast, papers):
    choices = [
        SendBack(papers[0].pk, papers[0].digest, " "),
        SendBack(papers[1].pk, papers[1].digest, "重来", to_step=7),
    ]
    before = last_entry()
    answers = decide_each(choices, actor=cast.actor("head"), at=AT)
    assert [finding.place for answer in answers for finding in answer.refusal.findings] == ["reason", "to_step"]
    assert last_entry() == before


def test_somebody_who_may_not_read_them_is_told_that_there_is_nothing(cast, papers):
    before = last_entry()
    answers = decide_each([agreed(slot) for slot in papers], actor=cast.actor("stranger"), at=AT)
    assert {answer.refusal.code for answer in answers} == {"kernel.not_found"}
    assert last_entry() == before


def test_lines_of_one_party_are_one_act_and_all_or_none(cast, papers):
    key, principal = str(cast.market.pk), cast.head_key
    specs = [SlotSpec(key=key, principal=principal, label="市场部", part=part, digest=OTHER) for part in ("a/1", "a/2")]
    first, second = open_for(cast, *specs, subject=SubjectRef("record", 9)).slots.order_by("pk")
    foreign = agreed(first, seen_digest=DIGEST, lines=(first.pk, papers[0].pk))
    assert told(decide_each([foreign], actor=cast.actor("head"), at=AT)) == [(first.pk, None, "kernel.not_found")]
    both = agreed(first, seen_digest=DIGEST, lines=(first.pk, second.pk))
    assert told(decide_each([both], actor=cast.actor("head"), at=AT)) == [(first.pk, "APPROVED", "")]
    (fact,) = facts_named("approvals.parts.decided")
    assert [each["slot_id"] for each in fact["decisions"]] == [first.pk, second.pk]


def test_none_more_than_a_hundred_and_one_twice_are_refused_before_anything_is_decided(cast, papers):
    wrong = {
        "approvals.nothing_chosen": [],
        "approvals.too_many_chosen": [Choice(pk, DIGEST, "APPROVE") for pk in range(1, BATCH_LIMIT + 2)],
        "approvals.decided_twice": [agreed(papers[0]), agreed(papers[0])],
    }
    for code, choices in wrong.items():
        with refused(Refused, code):
            decide_each(choices, actor=cast.actor("head"), at=AT)


def test_what_somebody_else_decided_meanwhile_is_left_out_and_named(cast, papers):
    decide(papers[0], decision="APPROVE", seen_digest=DIGEST, actor=cast.actor("head"), at=AT)
    answers = decide_each([agreed(papers[0]), agreed(papers[1])], request_key="new", actor=cast.actor("head"), at=AT)
    assert told(answers) == [(papers[0].pk, None, "approvals.signoff_closed"), (papers[1].pk, "APPROVED", "")]


def test_answers_conditions_and_the_key_of_the_request_go_along_for_a_whole_and_for_lines(cast):
    key, principal = str(cast.market.pk), cast.head_key
    said = {"key": key, "principal": principal, "label": "市场部", "digest": OTHER, "tests": ("goal_ok",)}
    whole = open_for(cast, SlotSpec(**said), subject=SubjectRef("record", 8)).slots.get()
    parts = open_for(cast, *(SlotSpec(**said, part=part) for part in ("a/1", "a/2")), subject=SubjectRef("record", 9))
    first, second = parts.slots.order_by("pk")
    more = {
        "decision": Decision.APPROVE_WITH_CONDITION,
        "conditions": (Condition("先定渠道"),),
        "tests": {"goal_ok": True},
    }
    choices = [agreed(whole, **more), agreed(first, seen_digest=DIGEST, lines=(first.pk, second.pk), **more)]
    by = {"request_key": "once", "actor": cast.actor("head"), "at": AT}
    assert [answer.state for answer in decide_each(choices, **by)] == ["APPROVED_WITH_CONDITION"] * 2
    for slot in Slot.objects.all():
        assert (slot.conditions[0]["text"], slot.test_answers, slot.request_key) == (
            "先定渠道", {"goal_ok": True}, "once",
        )  # fmt: skip
    before = last_entry()
    assert [answer.refusal for answer in decide_each(choices, **by)] == [None, None]
    assert last_entry() == before


def test_a_hundred_are_answered_and_what_is_wrong_with_the_list_says_where_and_how_many(cast, papers):
    actor = cast.actor("head")
    hundred = [Choice(10**9 + pk, DIGEST, "APPROVE") for pk in range(BATCH_LIMIT)]
    assert {answer.refusal.code for answer in decide_each(hundred, actor=actor, at=AT)} == {"kernel.not_found"}
    for choices, params in (([], {}), ([*hundred, hundred[0]], {"limit": BATCH_LIMIT}), ([hundred[0]] * 2, {})):
        with pytest.raises(Refused) as caught:
            decide_each(choices, actor=actor, at=AT)
        assert [(finding.place, finding.params) for finding in caught.value.findings] == [("decisions", params)]


def test_matters_are_taken_in_one_order_by_everybody_and_answered_in_the_order_asked(cast, market_slot):
    """So that two who decide on the same papers in another order do not wait for each other."""
    later, sooner = (
        open_for(cast, market_slot, root=SubjectRef("matter", root), subject=SubjectRef("record", root)).slots.get()
        for root in (9, 2)
    )
    answers = decide_each([agreed(later), agreed(sooner)], actor=cast.actor("head"), at=AT)
    assert [answer.slot_id for answer in answers] == [later.pk, sooner.pk]
    assert [fact["slot_id"] for fact in facts_named("approvals.slot.decided")] == [sooner.pk, later.pk]


def test_a_line_is_sent_back_on_the_digest_of_the_whole_and_no_token_is_none(cast):
    spec = SlotSpec(key="m", principal=cast.head_key, label="市场部", part="a/1", digest=OTHER)
    slot = open_for(cast, spec).slots.get()
    by = {"actor": cast.actor("head"), "at": AT}
    assert told(decide_each([SendBack(slot.pk, OTHER, "重来")], **by)) == [(slot.pk, None, "approvals.stale_slot")]
    assert told(decide_each([SendBack(slot.pk, DIGEST, "重来")], **by)) == [(slot.pk, "VOID", "")]
    assert Slot.objects.get().request_key == ""
