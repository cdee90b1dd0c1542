from dataclasses import replace
from datetime import date

import pytest

from bihuan.approvals import errors, operations
from bihuan.approvals.enums import Decision
from bihuan.approvals.models import Signoff, Slot
from bihuan.approvals.operations import PartDecision, SlotSpec, deciding
from bihuan.approvals.policy import Condition
from bihuan.approvals.queries import open_slots
from bihuan.kernel.actor import SYSTEM
from bihuan.kernel.errors import NotFound, Refused
from bihuan.ledger.models import Entry
from bihuan.organisation.models import Post
from tests.approvals.cast import AT, DIGEST, ROOT, SUBJECT, facts_named, open_for

DECIDED, PARTS, OPENED, VOIDED = (
    "approvals.slot.decided", "approvals.parts.decided", "approvals.signoff.opened", "approvals.signoff.voided",
)  # fmt: skip


def decide(slot, cast, part="head", **changes):
    arguments = {"decision": Decision.APPROVE, "seen_digest": slot.digest, "actor": cast.actor(part), "at": AT}
    return operations.decide(slot, **{**arguments, **changes})


def everything():
    return (
        list(Signoff.objects.order_by("pk").values()),
        list(Slot.objects.order_by("pk").values()),
        Entry.objects.count(),
    )


@pytest.fixture
def refuses():
    """Runs an act that must be refused, and checks that it wrote nothing."""

    def run(error, act):
        before = everything()
        with pytest.raises(error) as caught:
            act()
        assert everything() == before
        return caught.value

    return run


def test_opening_asks_every_party_and_tells_it_as_one_fact(cast, market_slot, technology_slot):
    signoff = open_for(cast, market_slot, technology_slot)

    assert (signoff.state, signoff.subject, signoff.root, signoff.by_part) == ("OPEN", SUBJECT, ROOT, False)
    slots = list(Slot.objects.order_by("pk"))
    assert [(slot.principal, slot.state, slot.digest) for slot in slots] == [
        (cast.head_key, "PENDING", DIGEST),
        (cast.other_key, "PENDING", DIGEST),
    ]
    (fact,) = facts_named(OPENED)
    assert fact["slots"][0] == {
        "slot_id": slots[0].pk, "key": str(cast.market.pk), "principal": cast.head_key, "label": "市场部", "part": "",
        "step": 1, "group": "", "need": 0, "digest": DIGEST, "state": "PENDING", "instead_of": "",
    }  # fmt: skip
    assert (fact["carried"], fact["previous_id"], fact["superseded"], fact["state_of_signoff"]) == (
        [], None, False, "OPEN",
    )  # fmt: skip
    assert fact["route_version"] is None
    assert Entry.objects.count() == 1


@pytest.mark.parametrize("principal", [None, ""])
def test_a_sign_off_that_asks_nobody_is_refused(cast, refuses, principal):
    slots = [] if principal is None else [SlotSpec(key="1", principal="", label="", digest=DIGEST)]
    error = refuses(Refused, lambda: open_for(cast, *slots))
    assert [finding.code for finding in error.findings] == ["approvals.no_slots"]


def test_one_signature_of_two_leaves_it_open(cast, market_slot, technology_slot):
    open_for(cast, market_slot, technology_slot)
    slot = decide(Slot.objects.get(principal=cast.head_key), cast, opinion=" 同意\x00 ")

    slot.refresh_from_db()
    assert (slot.state, slot.decided_by_id, slot.decided_by_name, slot.decided_at, slot.opinion) == (
        "APPROVED", cast.head.pk, "王敏", AT, "同意",
    )  # fmt: skip
    assert Signoff.objects.get().state == "OPEN"
    assert facts_named(DECIDED) == [
        {
            "signoff_id": slot.signoff_id, "route": "OPINIONS", "slot_id": slot.pk, "key": str(cast.market.pk),
            "principal": cast.head_key, "part": "", "digest": DIGEST, "decision": "APPROVE", "opinion": "同意",
            "conditions": [], "tests": {}, "state_of_signoff": "OPEN", "instead_of": "", "by_rule": {},
            "amendment": {},
        }
    ]  # fmt: skip


def test_the_last_signature_approves_the_whole(cast, market_slot, technology_slot):
    open_for(cast, market_slot, technology_slot)
    decide(Slot.objects.get(principal=cast.head_key), cast)
    decide(
        Slot.objects.get(principal=cast.other_key), cast, "other_head", decision=Decision.RESERVE, opinion="建议分两期"
    )

    signoff = Signoff.objects.get()
    assert (signoff.state, signoff.closed_at) == ("APPROVED", AT)
    assert [fact["state_of_signoff"] for fact in facts_named(DECIDED)] == ["OPEN", "APPROVED"]
    assert Slot.objects.get(principal=cast.other_key).state == "RESERVED"


def test_where_one_suffices_the_others_are_released_and_the_next_step_is_asked(
    cast, market_slot, technology_slot, refuses
):
    last = replace(technology_slot, key="last", step=2)
    open_for(cast, *(replace(slot, group="either", need=1) for slot in (market_slot, technology_slot)), last)
    decide(Slot.objects.get(principal=cast.head_key), cast)

    states = Slot.objects.order_by("pk").values_list("key", "state", "decided_by__name")
    assert [row[1:] for row in states] == [("APPROVED", "王敏"), ("VOID", None), ("PENDING", None)]
    assert [slot.key for slot in open_slots(cast.actor("other_head"), AT)] == ["last"]
    released = Slot.objects.get(state="VOID")
    refuses(errors.StaleSlot, lambda: decide(released, cast, "other_head"))
    decide(Slot.objects.get(key="last"), cast, "other_head")
    assert Signoff.objects.get().state == "APPROVED"


def test_a_person_of_two_offices_counts_once_where_a_number_suffices(cast, market_slot, technology_slot, refuses):
    Post.objects.create(person=cast.head, department=cast.technology, kind="HEAD", starts_on=date(2026, 1, 1))
    signoff = open_for(cast, *(replace(slot, group="two", need=2) for slot in (market_slot, technology_slot)))
    mine, other = signoff.slots.order_by("pk")
    both = [PartDecision(slot.pk, Decision.APPROVE) for slot in (mine, other)]
    head = {"seen_digest": DIGEST, "actor": cast.actor("head"), "at": AT}
    refuses(errors.CountedOnce, lambda: operations.decide_many(signoff, decisions=both, **head))
    decide(mine, cast)
    refuses(errors.CountedOnce, lambda: decide(other, cast))
    decide(other, cast, "other_head")
    assert Signoff.objects.get().state == "APPROVED"


def test_where_one_suffices_a_refusal_waits_for_the_others_unless_it_is_a_veto(cast, market_slot, technology_slot):
    either = [replace(slot, group="either", need=1) for slot in (market_slot, technology_slot)]
    first = open_for(cast, *either)
    decide(first.slots.get(principal=cast.head_key), cast, decision=Decision.REFUSE, opinion="不妥")
    assert Signoff.objects.get().state == "OPEN"
    decide(first.slots.get(principal=cast.other_key), cast, "other_head")
    assert Signoff.objects.get().state == "APPROVED"

    second = open_for(cast, replace(either[0], vetoes=True), either[1], digest="b" * 64)
    decide(second.slots.get(principal=cast.head_key), cast, decision=Decision.REFUSE, opinion="不妥")
    assert [slot.state for slot in second.slots.order_by("pk")] == ["REFUSED", "VOID"]
    assert Signoff.objects.get(pk=second.pk).state == "REFUSED"


def test_conditions_are_kept_and_told_with_owner_and_day(cast, market_slot):
    open_for(cast, market_slot)
    conditions = [
        Condition(" 先定渠道优先级 ", owner_id=cast.author.pk, due_on=date(2026, 11, 27)),
        Condition("每周同步"),
    ]
    slot = decide(Slot.objects.get(), cast, decision=Decision.APPROVE_WITH_CONDITION, conditions=conditions)

    first = {
        "text": "先定渠道优先级", "owner_id": cast.author.pk, "department_id": None, "due_on": "2026-11-27", "gate": "",
    }  # fmt: skip
    slot.refresh_from_db()
    assert slot.state == "APPROVED_WITH_CONDITION"
    assert slot.conditions[0] == first
    assert facts_named(DECIDED)[0]["conditions"][0] == first
    assert Signoff.objects.get().state == "APPROVED"


def test_one_refusal_ends_it_and_nobody_else_is_asked_any_more(cast, market_slot, technology_slot):
    open_for(cast, market_slot, technology_slot)
    decide(Slot.objects.get(principal=cast.head_key), cast, decision=Decision.REFUSE, opinion="与大促冲突")

    assert Signoff.objects.get().state == "REFUSED"
    assert list(Slot.objects.order_by("pk").values_list("state", flat=True)) == ["REFUSED", "VOID"]
    assert facts_named(DECIDED)[0]["state_of_signoff"] == "REFUSED"


def test_findings_refuse_a_decision_and_nothing_is_written(cast, market_slot, refuses):
    open_for(cast, market_slot)
    slot = Slot.objects.get()
    error = refuses(Refused, lambda: decide(slot, cast, decision=Decision.REFUSE, opinion="  "))
    assert [(finding.code, finding.place) for finding in error.findings] == [("approvals.reason_missing", "opinion")]


def test_a_no_to_one_of_the_executives_tests_forbids_approval(cast, refuses):
    spec = SlotSpec(
        key="executive", principal=cast.head_key, label="分管", digest=DIGEST,
        tests=("goal_ok", "resources_ok", "risks_ok"),
    )  # fmt: skip
    open_for(cast, spec)
    slot = Slot.objects.get()
    answers = {"goal_ok": True, "resources_ok": False, "risks_ok": True}
    error = refuses(Refused, lambda: decide(slot, cast, tests=answers))
    assert [finding.code for finding in error.findings] == ["approvals.test_says_no"]

    decide(slot, cast, tests={**answers, "resources_ok": True})
    slot.refresh_from_db()
    assert (slot.state, slot.test_answers) == ("APPROVED", {"goal_ok": True, "resources_ok": True, "risks_ok": True})


def test_the_author_never_signs_even_holding_the_office(cast, market_slot, refuses):
    open_for(cast, market_slot, author_id=cast.head.pk)
    refuses(errors.AuthorSigns, lambda: decide(Slot.objects.get(), cast))


@pytest.mark.parametrize("part", ["other_head", "stranger", "author"])
def test_only_who_answers_to_the_principal_signs(cast, market_slot, refuses, part):
    open_for(cast, market_slot, author_id=None)
    error = refuses(errors.NotTheSignatory, lambda: decide(Slot.objects.get(), cast, part))
    assert error.params == {"who": "市场部"}


def test_the_machine_signs_nothing(cast, market_slot, refuses):
    open_for(cast, market_slot)
    refuses(errors.NotTheSignatory, lambda: decide(Slot.objects.get(), cast, actor=SYSTEM))


def test_who_lost_the_office_between_page_and_click_does_not_sign(cast, market_slot, refuses):
    open_for(cast, market_slot)
    actor = cast.actor("head")
    Post.objects.filter(person=cast.head).update(ends_on=AT.date())
    refuses(errors.NotTheSignatory, lambda: decide(Slot.objects.get(), cast, actor=actor))


def test_who_left_the_company_between_page_and_click_does_not_sign(cast, market_slot, refuses):
    open_for(cast, market_slot)
    actor = cast.actor("head")
    cast.head.is_active = False
    cast.head.save(update_fields=["is_active"])
    refuses(errors.NotTheSignatory, lambda: decide(Slot.objects.get(), cast, actor=actor))


def test_the_successor_signs_without_any_row_being_rewritten(cast, market_slot):
    open_for(cast, market_slot)
    Post.objects.filter(person=cast.head).update(ends_on=AT.date())
    Post.objects.create(person=cast.stranger, department=cast.market, kind="HEAD", starts_on=AT.date())
    assert decide(Slot.objects.get(), cast, "stranger").state == "APPROVED"


def test_a_signature_on_another_text_is_stale(cast, market_slot, refuses):
    open_for(cast, market_slot)
    refuses(errors.StaleSlot, lambda: decide(Slot.objects.get(), cast, seen_digest="b" * 64))


def test_a_slot_is_decided_once(cast, market_slot, technology_slot, refuses):
    open_for(cast, market_slot, technology_slot)
    slot = Slot.objects.get(principal=cast.head_key)
    decide(slot, cast)
    seen_before = Slot(pk=slot.pk, signoff_id=slot.signoff_id, digest=slot.digest, state="PENDING")
    refuses(errors.StaleSlot, lambda: decide(seen_before, cast, decision=Decision.REFUSE, opinion="反悔"))


def test_a_closed_sign_off_takes_no_decision(cast, market_slot, refuses):
    open_for(cast, market_slot)
    decide(Slot.objects.get(), cast)
    refuses(errors.SignoffClosed, lambda: decide(Slot.objects.get(), cast))


def test_a_voided_sign_off_takes_no_decision(cast, market_slot, refuses):
    signoff = open_for(cast, market_slot)
    operations.void(signoff, reason="撤回修改", actor=cast.actor("author"), at=AT)
    refuses(errors.SignoffClosed, lambda: decide(Slot.objects.get(), cast))


def test_a_second_step_waits_for_the_first(cast, market_slot, technology_slot, refuses):
    from dataclasses import replace

    open_for(cast, market_slot, replace(technology_slot, step=2))
    second = Slot.objects.get(step=2)
    refuses(errors.NotYourTurn, lambda: decide(second, cast, "other_head"))
    decide(Slot.objects.get(step=1), cast)
    assert decide(second, cast, "other_head").state == "APPROVED"
    assert Signoff.objects.get().state == "APPROVED"


def test_the_same_request_sent_again_answers_the_same_and_writes_nothing(cast, market_slot):
    open_for(cast, market_slot)
    slot = Slot.objects.get()
    decide(slot, cast, request_key="k1", opinion="同意")
    before = everything()
    again = decide(Slot.objects.get(), cast, request_key="k1", opinion="同意")
    assert again.state == "APPROVED"
    assert everything() == before


@pytest.mark.parametrize(
    "changes",
    [
        {"request_key": "k2"},
        {"request_key": ""},
        {"request_key": "k1", "opinion": "改口"},
        {"request_key": "k1", "decision": Decision.RESERVE},
    ],
)
def test_another_request_is_no_replay(cast, market_slot, refuses, changes):
    open_for(cast, market_slot)
    decide(Slot.objects.get(), cast, request_key="k1", opinion="同意")
    refuses(errors.SignoffClosed, lambda: decide(Slot.objects.get(), cast, **{"opinion": "同意", **changes}))


def test_somebody_elses_request_key_opens_nothing(cast, market_slot, refuses):
    open_for(cast, market_slot)
    decide(Slot.objects.get(), cast, request_key="k1")
    refuses(errors.NotTheSignatory, lambda: decide(Slot.objects.get(), cast, "other_head", request_key="k1"))
    refuses(errors.NotTheSignatory, lambda: decide(Slot.objects.get(), cast, actor=SYSTEM, request_key="k1"))


def test_voiding_ends_it_with_a_reason_and_keeps_what_was_signed(cast, market_slot, technology_slot):
    signoff = open_for(cast, market_slot, technology_slot)
    decide(Slot.objects.get(principal=cast.head_key), cast)
    operations.void(signoff, reason=" 撤回修改 ", actor=cast.actor("author"), at=AT)

    assert (Signoff.objects.get().state, Signoff.objects.get().closed_at) == ("VOID", AT)
    assert list(Slot.objects.order_by("pk").values_list("state", flat=True)) == ["APPROVED", "VOID"]
    pending = Slot.objects.get(principal=cast.other_key).pk
    assert facts_named(VOIDED) == [
        {"signoff_id": signoff.pk, "route": "OPINIONS", "reason": "撤回修改", "slots": [pending]}
    ]


def test_voiding_needs_a_reason_and_an_open_sign_off(cast, market_slot, refuses):
    signoff = open_for(cast, market_slot)
    act = {"actor": cast.actor("author"), "at": AT}
    error = refuses(Refused, lambda: operations.void(signoff, reason=" ", **act))
    assert [finding.code for finding in error.findings] == ["approvals.reason_to_void_missing"]
    decide(Slot.objects.get(), cast)
    refuses(errors.SignoffClosed, lambda: operations.void(signoff, reason="晚了", **act))


# Line by line


def lines(cast, *digests, key=None, principal=None):
    return [
        SlotSpec(
            key=key or str(cast.market.pk), principal=principal or cast.head_key, label="市场部", part=f"criteria/{n}",
            digest=digest * 64,
        )
        for n, digest in enumerate(digests)
    ]  # fmt: skip


def say(*decisions):
    slots = Slot.objects.order_by("pk")
    return [
        PartDecision(slot.pk, decision, "" if decision is Decision.APPROVE else "工期太紧")
        for slot, decision in zip(slots, decisions, strict=True)
    ]


def decide_many(signoff, cast, decisions, part="head", **changes):
    arguments = {"seen_digest": DIGEST, "actor": cast.actor(part), "at": AT, **changes}
    return operations.decide_many(signoff, decisions=decisions, **arguments)


def test_all_lines_of_a_party_are_decided_in_one_act_and_one_fact(cast):
    signoff = open_for(cast, *lines(cast, "1", "2", "3"))
    decide_many(signoff, cast, say(*[Decision.APPROVE] * 3))

    assert set(Slot.objects.values_list("state", "decided_by")) == {("APPROVED", cast.head.pk)}
    assert Signoff.objects.get().state == "APPROVED"
    (fact,) = facts_named(PARTS)
    assert fact["state_of_signoff"] == "APPROVED"
    assert [(each["part"], each["decision"], each["digest"]) for each in fact["decisions"]] == [
        ("criteria/0", "APPROVE", "1" * 64), ("criteria/1", "APPROVE", "2" * 64), ("criteria/2", "APPROVE", "3" * 64),
    ]  # fmt: skip
    assert facts_named(DECIDED) == []


def test_a_refused_line_waits_until_every_line_is_decided(cast):
    mine = lines(cast, "1", "2")
    theirs = lines(cast, "1", "2", key="9", principal=cast.other_key)
    signoff = open_for(cast, *mine, *theirs)
    slots = list(Slot.objects.order_by("pk"))
    first = [PartDecision(slots[0].pk, Decision.REFUSE, "口径不清"), PartDecision(slots[1].pk, Decision.APPROVE)]
    decide_many(signoff, cast, first)
    assert Signoff.objects.get().state == "OPEN"

    second = [PartDecision(slot.pk, Decision.APPROVE) for slot in slots[2:]]
    decide_many(signoff, cast, second, "other_head")
    assert Signoff.objects.get().state == "REFUSED"
    assert [fact["state_of_signoff"] for fact in facts_named(PARTS)] == ["OPEN", "REFUSED"]


def test_one_wrong_line_writes_none_and_is_named(cast, refuses):
    signoff = open_for(cast, *lines(cast, "1", "2"))
    slots = list(Slot.objects.order_by("pk"))
    said = [PartDecision(slots[0].pk, Decision.APPROVE), PartDecision(slots[1].pk, Decision.REFUSE)]
    error = refuses(Refused, lambda: decide_many(signoff, cast, said))
    assert [(finding.code, finding.place) for finding in error.findings] == [
        ("approvals.reason_missing", f"decisions.{slots[1].pk}.opinion")
    ]


def test_no_line_or_one_line_twice_is_refused(cast, refuses):
    signoff = open_for(cast, *lines(cast, "1"))
    said = say(Decision.APPROVE)
    assert refuses(Refused, lambda: decide_many(signoff, cast, [])).findings[0].code == "approvals.nothing_decided"
    error = refuses(Refused, lambda: decide_many(signoff, cast, said * 2))
    assert error.findings[0].code == "approvals.decided_twice"


def test_a_slot_of_another_sign_off_does_not_exist_here(cast, market_slot, refuses):
    signoff = open_for(cast, *lines(cast, "1"))
    other = open_for(cast, market_slot, subject=ROOT)
    foreign = [PartDecision(other.slots.get().pk, Decision.APPROVE)]
    refuses(NotFound, lambda: decide_many(signoff, cast, foreign))


def test_a_line_of_another_party_is_not_mine_to_sign(cast, refuses):
    signoff = open_for(cast, *lines(cast, "1"), *lines(cast, "1", key="9", principal=cast.other_key))
    refuses(errors.NotTheSignatory, lambda: decide_many(signoff, cast, say(Decision.APPROVE, Decision.APPROVE)))


def test_lines_of_a_replaced_text_are_stale(cast, refuses):
    signoff = open_for(cast, *lines(cast, "1"))
    said = say(Decision.APPROVE)
    refuses(errors.StaleSlot, lambda: decide_many(signoff, cast, said, seen_digest="b" * 64))


def test_the_same_lines_sent_again_write_nothing(cast):
    signoff = open_for(cast, *lines(cast, "1", "2"))
    said = say(Decision.APPROVE, Decision.RESERVE)
    decide_many(signoff, cast, said, request_key="k")
    before = everything()
    assert decide_many(signoff, cast, said, request_key="k").state == "APPROVED"
    assert everything() == before


def test_unchanged_lines_keep_their_approval_in_the_next_version(cast):
    first = open_for(cast, *lines(cast, "1", "2", "3"))
    decide_many(first, cast, say(Decision.APPROVE, Decision.REFUSE, Decision.APPROVE))
    first.refresh_from_db()
    second = open_for(cast, *lines(cast, "1", "8", "3"), digest="c" * 64, carry_from=first)

    kept, changed, also_kept = second.slots.order_by("pk")
    assert (kept.state, kept.decided_by_id, kept.decided_at) == ("APPROVED", cast.head.pk, AT)
    assert kept.carried_from_id == first.slots.order_by("pk")[0].pk
    assert (changed.state, changed.decided_by_id, changed.carried_from_id) == ("PENDING", None, None)
    assert also_kept.carried_from_id is not None
    fact = facts_named(OPENED)[1]
    assert fact["carried"] == [kept.pk, also_kept.pk]
    assert (fact["previous_id"], fact["superseded"], fact["state_of_signoff"]) == (first.pk, False, "OPEN")


def test_a_running_sign_off_ends_when_a_newer_version_replaces_it(cast):
    first = open_for(cast, *lines(cast, "1", "2"))
    slots = list(first.slots.order_by("pk"))
    decide(slots[0], cast)
    second = open_for(cast, *lines(cast, "1", "8"), digest="c" * 64, carry_from=first)

    first.refresh_from_db()
    assert (first.state, first.closed_at) == ("VOID", AT)
    assert list(first.slots.order_by("pk").values_list("state", flat=True)) == ["APPROVED", "VOID"]
    assert list(second.slots.order_by("pk").values_list("state", flat=True)) == ["APPROVED", "PENDING"]
    assert facts_named(OPENED)[1]["superseded"] is True


def test_when_nothing_changed_the_new_version_is_approved_at_once(cast):
    first = open_for(cast, *lines(cast, "1"))
    decide_many(first, cast, say(Decision.APPROVE))
    second = open_for(cast, *lines(cast, "1"), digest="c" * 64, carry_from=first)
    assert (second.state, second.closed_at) == ("APPROVED", AT)
    assert facts_named(OPENED)[1]["state_of_signoff"] == "APPROVED"


def test_who_signed_and_then_rewrote_it_has_not_signed_the_new_version(cast):
    first = open_for(cast, *lines(cast, "1"))
    decide_many(first, cast, say(Decision.APPROVE))
    second = open_for(cast, *lines(cast, "1"), carry_from=first, author_id=cast.head.pk)
    assert second.slots.get().state == "PENDING"


def test_a_refusal_is_never_carried(cast):
    first = open_for(cast, *lines(cast, "1"))
    decide_many(first, cast, say(Decision.REFUSE))
    second = open_for(cast, *lines(cast, "1"), carry_from=first)
    assert second.slots.get().state == "PENDING"


def test_the_conditional_update_alone_keeps_the_second_one_out(cast, market_slot, technology_slot, refuses):
    open_for(cast, market_slot, technology_slot)
    seen = Slot.objects.get(principal=cast.head_key)
    decide(seen, cast)
    refuses(errors.StaleSlot, lambda: deciding._take(seen, {"opinion": "后到"}))


def test_the_conditional_update_lets_nobody_sign_a_text_that_was_replaced_meanwhile(cast, market_slot, refuses):
    open_for(cast, market_slot)
    seen = Slot.objects.get()
    Slot.objects.update(digest="b" * 64)
    refuses(errors.StaleSlot, lambda: deciding._take(seen, {"opinion": "后到"}))


def test_who_came_into_the_office_between_page_and_click_asks_for_the_page_again(cast, market_slot, refuses):
    open_for(cast, market_slot)
    actor = cast.actor("stranger")
    Post.objects.create(person=cast.stranger, department=cast.market, kind="HEAD", starts_on=date(2026, 1, 1))
    refuses(errors.NotTheSignatory, lambda: decide(Slot.objects.get(), cast, actor=actor))
    assert decide(Slot.objects.get(), cast, "stranger").opinion == ""


def test_who_may_sign_lines_is_asked_of_the_day_of_the_act(cast, refuses):
    far = AT.replace(year=2031)
    signoff = open_for(cast, *lines(cast, "1", "2"), at=far)
    actor = cast.actor("head")
    Post.objects.filter(person=cast.head).update(ends_on=date(2031, 1, 1))
    said = say(Decision.APPROVE, Decision.APPROVE)
    refuses(errors.NotTheSignatory, lambda: decide_many(signoff, cast, said, actor=actor, at=far))
    Post.objects.filter(person=cast.head).update(ends_on=None)
    decide_many(signoff, cast, said, actor=actor, at=far)
    assert set(Slot.objects.values_list("request_key", "decided_at", "opinion")) == {("", far, "")}
    (fact,) = facts_named(PARTS)
    assert (fact["signoff_id"], fact["route"], fact["state_of_signoff"]) == (signoff.pk, "OPINIONS", "APPROVED")


def test_what_is_wrong_with_a_list_of_lines_is_said_of_the_list(cast, refuses):
    signoff = open_for(cast, *lines(cast, "1"))
    for said in ([], say(Decision.APPROVE) * 2):
        error = refuses(Refused, lambda said=said: decide_many(signoff, cast, said))
        assert [(finding.place, finding.params) for finding in error.findings] == [("decisions", {})]
