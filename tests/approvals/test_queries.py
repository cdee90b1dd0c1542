from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.approvals import operations, queries
from bihuan.approvals.enums import Decision, SignoffState
from bihuan.approvals.models import Signoff, Slot
from bihuan.approvals.operations import SlotSpec
from bihuan.kernel.errors import NotFound
from bihuan.kernel.subjects import SubjectRef
from tests.approvals.cast import AT, DIGEST, SUBJECT, open_for


def decide(slot, cast, part="head", decision=Decision.APPROVE, **more):
    return operations.decide(slot, decision=decision, seen_digest=slot.digest, actor=cast.actor(part), at=AT, **more)


def test_a_slot_is_found_by_who_reads_its_matter(cast, market_slot):
    open_for(cast, market_slot)
    slot = Slot.objects.get()
    assert queries.slot_for(cast.actor("other_head"), slot.pk, AT) == slot
    assert queries.signoff_for(cast.actor("other_head"), slot.signoff_id, AT).pk == slot.signoff_id


def test_for_a_stranger_a_slot_is_as_absent_as_a_free_number(cast, market_slot):
    open_for(cast, market_slot)
    slot = Slot.objects.get()
    for pk in (slot.pk, 10**9):
        with pytest.raises(NotFound):
            queries.slot_for(cast.actor("stranger"), pk, AT)
        with pytest.raises(NotFound):
            queries.signoff_for(cast.actor("stranger"), pk, AT)


def test_what_waits_for_me_is_mine_my_turn_and_not_my_own_writing(cast, market_slot, technology_slot):
    open_for(cast, market_slot, replace(technology_slot, step=2))
    mine = Slot.objects.get(principal=cast.head_key)
    assert queries.open_slots(cast.actor("head"), AT) == [mine]
    assert queries.open_slots(cast.actor("other_head"), AT) == []
    assert queries.open_slots(cast.actor("stranger"), AT) == []

    decide(mine, cast)
    assert queries.open_slots(cast.actor("head"), AT) == []
    assert queries.open_slots(cast.actor("other_head"), AT) == [Slot.objects.get(step=2)]


def test_my_own_writing_never_waits_for_my_signature(cast, market_slot):
    signoff = open_for(cast, market_slot, author_id=cast.head.pk)
    assert queries.open_slots(cast.actor("head"), AT) == []
    assert queries.slots_to_decide(signoff, cast.actor("head")) == []


def test_the_slots_i_may_decide_in_one_sign_off(cast, market_slot, technology_slot):
    signoff = open_for(cast, market_slot, technology_slot)
    mine = Slot.objects.get(principal=cast.head_key)
    assert queries.slots_to_decide(signoff, cast.actor("head")) == [mine]
    decide(mine, cast, decision=Decision.REFUSE, opinion="不行")
    assert queries.slots_to_decide(Signoff.objects.get(), cast.actor("other_head")) == []


@pytest.mark.parametrize("count", [1, 3])
def test_sign_offs_of_a_subject_take_two_queries_however_many(cast, market_slot, technology_slot, count):
    for number in range(count):
        signoff = open_for(cast, market_slot, technology_slot, digest=str(number) * 64)
        operations.void(signoff, reason="改", actor=cast.actor("author"), at=AT)
    with CaptureQueriesContext(
        connection,
    ) as queried:
        found = queries.signoffs_of(SUBJECT)
        assert [len(signoff.slots.all()) for signoff in found] == [2] * count
    assert len(queried) == 2
    assert [signoff.pk for signoff in found] == sorted((signoff.pk for signoff in found), reverse=True)
    assert queries.latest_signoff(SUBJECT, "OPINIONS") == found[0]
    assert queries.latest_signoff(SUBJECT, "ACCEPTANCE") is None


def test_signatures_say_who_signed_what_for_whom_and_when(cast, market_slot, technology_slot):
    open_for(cast, market_slot, technology_slot)
    decide(Slot.objects.get(principal=cast.head_key), cast, opinion="同意")
    signed, waiting = queries.signatures_of(SUBJECT, DIGEST)
    assert (signed.label, signed.name, signed.decided_at, signed.opinion, signed.state) == (
        "市场部", "王敏", AT, "同意", "APPROVED",
    )  # fmt: skip
    assert (waiting.label, waiting.name, waiting.decided_at, waiting.state) == ("技术部", "", None, "PENDING")
    assert queries.signatures_of(SUBJECT, "b" * 64) == []


def test_a_signature_keeps_the_name_it_was_given_under(cast, market_slot):
    open_for(cast, market_slot)
    decide(Slot.objects.get(), cast)
    cast.head.name = "王敏敏"
    cast.head.save(update_fields=["name"])
    assert queries.signatures_of(SUBJECT, DIGEST)[0].name == "王敏"


def test_each_line_is_agreed_refused_or_open(cast):
    def line(part, principal, key):
        return SlotSpec(key=key, principal=principal, label=key, part=part, digest=part[-1] * 64)

    mine = [line(part, cast.head_key, "m") for part in ("criteria/1", "criteria/2", "criteria/3")]
    theirs = [line(part, cast.other_key, "t") for part in ("criteria/1", "criteria/3")]
    signoff = open_for(cast, *mine, *theirs)
    by_place = {(slot.key, slot.part): slot for slot in Slot.objects.all()}
    decide(by_place["m", "criteria/1"], cast)
    decide(by_place["t", "criteria/1"], cast, "other_head")
    decide(by_place["m", "criteria/2"], cast, decision=Decision.REFUSE, opinion="口径不清")
    decide(by_place["m", "criteria/3"], cast)

    assert queries.parts_state(signoff) == {
        "criteria/1": SignoffState.APPROVED,
        "criteria/2": SignoffState.REFUSED,
        "criteria/3": SignoffState.OPEN,
    }
    grouped = queries.by_part(queries.signatures_of(SUBJECT, DIGEST))
    assert {part: len(each) for part, each in grouped.items()} == {"criteria/1": 2, "criteria/2": 1, "criteria/3": 2}


def test_many_that_wait_are_found_by_whole_sign_offs(cast, monkeypatch):
    """What is not his turn yet does not hide what is, however little is looked at together."""
    monkeypatch.setattr(queries, "SPARE", 1)
    own, other = cast.head_key, cast.other_key
    mine = {"key": "m", "label": "市场部", "principal": own, "digest": DIGEST}
    before = SlotSpec(key="t", label="技术部", principal=other, digest=DIGEST)
    for number in range(1, 4):
        open_for(cast, before, SlotSpec(**mine, step=2), subject=SubjectRef("record", number))
    lines = [SlotSpec(**mine, part=f"a/{number}") for number in range(3)]
    by_line = open_for(cast, *lines, subject=SubjectRef("record", 8))
    last = open_for(cast, SlotSpec(**mine), subject=SubjectRef("record", 9))
    actor = cast.actor("head")
    everything = [slot.pk for signoff in (by_line, last) for slot in signoff.slots.order_by("pk")]
    assert [slot.pk for slot in queries.open_slots(actor, AT)] == everything
    assert [slot.pk for slot in queries.open_slots(actor, AT, limit=1)] == everything[:1]
    assert [slot.signoff_id for slot in queries.open_slots(actor, AT, after=by_line.pk, limit=9)] == [last.pk]
