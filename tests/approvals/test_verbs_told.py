"""What every verb leaves behind, whole: the rows it changed, the fact it recorded, and how its refusals are worded."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bihuan.access import operations as access
from bihuan.access.models import Member
from bihuan.approvals import errors, operations
from bihuan.approvals.enums import Decision, RemarkKind
from bihuan.approvals.models import Copy, Remark, Signoff, Slot
from bihuan.approvals.operations import PartDecision, SlotSpec
from bihuan.approvals.policy import Condition
from bihuan.kernel import principals
from bihuan.kernel.actor import SYSTEM
from bihuan.kernel.errors import Refused
from bihuan.kernel.subjects import SubjectRef
from bihuan.organisation import operations as organisation
from bihuan.organisation.models import Post
from bihuan.organisation.queries import actor_for
from tests.approvals.cast import AT, DIGEST, facts_named, make_person, open_for
from tests.approvals.told import act_of, asked_of, place_of_newest
from tests.witness import last_entry, names_since, refused

LATER = AT + timedelta(hours=3)
WHY = " 出差\x00，请代为处理 "
SAID = "出差，请代为处理"
VERBS = {"transfer": {}, "consult": {}, "add_signer": {"where": "AFTER"}}
LONG = "长" * 501


def by(cast, part="head", at=LATER):
    return {"actor": cast.actor(part), "at": at}


def verb(name, slot, person, cast, part="head", **more):
    said = {"person_id": person.pk, "reason": WHY, **VERBS[name], **by(cast, part), **more}
    return getattr(operations, name)(slot, **said)


def findings(caught):
    return [(finding.code, finding.place, finding.params) for finding in caught.value.findings]


@pytest.fixture
def lines(cast, market_slot, technology_slot):
    """Three lines of the market, one of which is decided, a later step, and another party with such a line."""
    mine = [replace(market_slot, part=part, digest=part * 64, need=1, group="heads") for part in ("1", "2", "3")]
    later = replace(market_slot, key="later", principal=cast.other_key, step=2)
    again = replace(market_slot, part="1", digest="1" * 64, step=2)
    signoff = open_for(cast, later, again, replace(technology_slot, part="1", digest="1" * 64), *mine)
    slots = list(signoff.slots.filter(step=1, key=market_slot.key).order_by("pk"))
    decide = {"decision": Decision.APPROVE, "opinion": "同意", "request_key": "k"}
    operations.decide(slots[0], seen_digest=slots[0].digest, **decide, **by(cast, at=AT))
    return signoff, slots


def readers_via(signoff):
    found = Member.objects.filter(via=f"signoff:{signoff.pk}")
    return [(row.principal, row.scope_id, row.role, row.level, row.from_at) for row in found]


@pytest.mark.parametrize("name", ["transfer", "consult"])
def test_all_open_lines_of_the_party_go_along_and_nothing_else(cast, lines, name):
    signoff, (done, *open_ones) = lines
    first, second = open_ones
    person, after = cast.stranger, principals.person(cast.stranger.pk)
    answered = verb(name, second, person, cast)
    assert (answered.pk, answered.principal) == (second.pk, after)
    instead_of, moved = (cast.head_key, "CONSULTED") if name == "consult" else ("", "")
    assert asked_of(first) == asked_of(second) == (after, instead_of, moved, {})
    assert asked_of(done)[:2] == (cast.head_key, "")
    assert {asked_of(slot)[0] for slot in signoff.slots.filter(step=2)} == {cast.head_key, cast.other_key}
    what = {"transfer": "transferred", "consult": "consulted"}[name]
    assert facts_named(f"approvals.slots.{what}") == [
        {"signoff_id": signoff.pk, "route": "OPINIONS", "slots": [second.pk, first.pk], "before": cast.head_key,
         "after": after, "reason": SAID}
    ]  # fmt: skip
    assert place_of_newest() == act_of(cast, "head", LATER)
    assert readers_via(signoff) == [(after, cast.scope_id, "READER", 2, LATER)]


def test_the_question_and_the_advice_stand_beside_the_slot_and_the_decision_comes_back(cast, lines):
    signoff, (_done, first, second) = lines
    verb("consult", first, cast.stranger, cast)
    after = principals.person(cast.stranger.pk)
    operations.advise(first, text=" 够，见附表 ", **by(cast, "stranger", LATER + timedelta(hours=1)))
    asked, given = Remark.objects.order_by("pk")
    assert (asked.signoff_id, asked.slot_id, asked.kind, asked.text, asked.person_id, asked.name, asked.at) == (
        signoff.pk, first.pk, "QUESTION", SAID, cast.head.pk, "王敏", LATER,
    )  # fmt: skip
    assert asked.addressed == [cast.stranger.pk]
    assert (given.slot_id, given.kind, given.text, given.person_id, given.at, given.addressed) == (
        first.pk, "ADVICE", "够，见附表", cast.stranger.pk, LATER + timedelta(hours=1), [],
    )  # fmt: skip
    assert asked_of(first) == asked_of(second) == (cast.head_key, "", "", {})
    assert facts_named("approvals.slots.given_back") == [
        {"signoff_id": signoff.pk, "route": "OPINIONS", "slots": [first.pk, second.pk], "before": after,
         "after": cast.head_key, "reason": "够，见附表"}
    ]  # fmt: skip
    assert place_of_newest() == act_of(cast, "stranger", LATER + timedelta(hours=1))
    with refused(errors.NotTheSignatory) as caught:
        operations.advise(first, text="再说一句", **by(cast, "stranger"))
    assert caught.value.params == {"who": "市场部"}
    verb("consult", first, cast.stranger, cast)
    for text, code in ((" ", "approvals.words_missing"), ("长" * 2001, "approvals.words_too_long")):
        with refused(Refused) as caught:
            operations.advise(first, text=text, **by(cast, "stranger"))
        assert findings(caught) == [(code, "text", {"limit": 2000} if "long" in code else {})]
    operations.advise(first, text="长" * 2000, **by(cast, "stranger"))
    verb("consult", first, cast.stranger, cast)
    answered = operations.get_back(first, **by(cast))
    assert (answered.pk, answered.principal, answered.moved) == (first.pk, cast.head_key, "")


def test_who_was_consulted_and_left_or_whose_question_is_over_advises_no_more(cast, lines):
    signoff, (_done, first, _second) = lines
    verb("consult", first, cast.stranger, cast)
    actor = cast.actor("stranger")
    cast.stranger.is_active = False
    cast.stranger.save()
    with refused(errors.NotTheSignatory):
        operations.advise(first, text="够", actor=actor, at=LATER)
    cast.stranger.is_active = True
    cast.stranger.save()
    with refused(errors.NotTheSignatory):
        operations.advise(first, text="够", actor=SYSTEM, at=LATER)
    operations.void(signoff, reason="撤回", actor=cast.actor("author"), at=AT)
    with refused(errors.SignoffClosed):
        operations.advise(first, text="够", **by(cast, "stranger"))


@pytest.mark.parametrize("where", ["BEFORE", "AFTER"])
def test_an_added_signature_stands_beside_each_open_line(cast, lines, where):
    signoff, (done, first, second) = lines
    after = principals.person(cast.stranger.pk)
    answered = verb("add_signer", second, cast.stranger, cast, where=where)
    added = list(Slot.objects.filter(added_by=cast.head).order_by("pk"))
    assert answered.pk == added[0].pk
    for slot, beside in zip(added, (second, first), strict=True):
        beside.refresh_from_db()
        assert (slot.signoff_id, slot.step, slot.key, slot.principal, slot.label, slot.part, slot.digest) == (
            signoff.pk, 1, after, after, "赵丽", beside.part, beside.digest,
        )  # fmt: skip
        assert (slot.group, slot.state, slot.need) == (f"+{beside.pk}", "PENDING", 0)
        assert (slot.waits_for_id, beside.waits_for_id) == (
            (beside.pk, None) if where == "AFTER" else (None, slot.pk)
        )  # fmt: skip
    done.refresh_from_db()
    assert done.waits_for_id is None
    assert facts_named("approvals.signer.added") == [
        {"signoff_id": signoff.pk, "route": "OPINIONS", "slots": [slot.pk for slot in added],
         "beside": [second.pk, first.pk], "where": where, "after": after, "reason": SAID}
    ]  # fmt: skip
    assert place_of_newest() == act_of(cast, "head", LATER)
    assert readers_via(signoff) == [(after, cast.scope_id, "READER", 2, LATER)]
    operations.remove_signer(answered, reason=WHY, **by(cast))
    for slot in added:
        slot.refresh_from_db()
        assert (slot.state, slot.group, slot.need) == ("VOID", "heads", 1)
    assert facts_named("approvals.signer.removed") == [
        {"signoff_id": signoff.pk, "route": "OPINIONS", "slots": [slot.pk for slot in added], "before": after,
         "reason": SAID}
    ]  # fmt: skip
    assert place_of_newest() == act_of(cast, "head", LATER)
    again = verb("add_signer", second, cast.stranger, cast, where="AFTER")
    third = operations.remove_signer(again, reason=WHY, **by(cast))
    assert (again.key, third.pk) == (f"{after}~2", again.pk)
    assert verb("add_signer", second, cast.stranger, cast).key == f"{after}~3"


def test_ten_signatures_may_be_added_and_no_more(cast, lines):
    _signoff, (_done, first, _second) = lines
    people = [make_person(f"某{number}", cast.technology) for number in range(11)]
    for person in people[:10]:
        verb("add_signer", first, person, cast)
    with refused(Refused) as caught:
        verb("add_signer", first, people[10], cast)
    assert findings(caught) == [("approvals.too_many_added", "where", {"limit": 10})]


@pytest.mark.parametrize("name", list(VERBS))
def test_each_refusal_of_asking_somebody_names_the_field_and_the_reason(cast, lines, name):
    signoff, (done, first, _second) = lines
    nobody = type(cast.stranger)(pk=10**9)
    for person, code, params in (
        (nobody, "approvals.signer_outside", {"who": str(10**9)}),
        (cast.author, "approvals.author_signs", {}),
        (cast.head, "approvals.asks_himself", {}),
        (cast.other_head, "approvals.already_asked", {}),
    ):
        with refused(Refused) as caught:
            verb(name, first, person, cast)
        assert findings(caught) == [(code, "person", params)]
    for reason, code, params in (
        (" ", "approvals.words_missing", {}),
        (LONG, "approvals.words_too_long", {"limit": 500}),
    ):
        with refused(Refused) as caught:
            verb(name, first, cast.stranger, cast, reason=reason)
        assert findings(caught) == [(code, "reason", params)]
    with refused(errors.NotTheSignatory) as caught:
        verb(name, first, cast.head, cast, "stranger")
    assert caught.value.params == {"who": "市场部"}
    with refused(errors.StaleSlot):
        verb(name, done, cast.stranger, cast)
    operations.void(signoff, reason="撤回", actor=cast.actor("author"), at=AT)
    with refused(errors.SignoffClosed):
        verb(name, first, cast.stranger, cast)


def test_where_a_signature_is_added_must_be_said_and_nobody_stands_there_already(cast, lines):
    _signoff, (_done, first, second) = lines
    with refused(Refused) as caught:
        verb("add_signer", first, cast.stranger, cast, where="BESIDE")
    assert findings(caught) == [("approvals.place_unknown", "where", {})]
    verb("add_signer", first, cast.stranger, cast, where="BEFORE")
    other = make_person("孙浩", cast.technology)
    with refused(Refused) as caught:
        verb("add_signer", second, other, cast, where="BEFORE")
    assert findings(caught) == [("approvals.somebody_is_before", "where", {})]


def test_who_decided_in_this_step_is_not_asked_again_who_was_released_may_be(cast, lines, technology_slot):
    _signoff, (_done, first, _second) = lines
    theirs = Slot.objects.filter(key=technology_slot.key)
    theirs.update(state="VOID")
    verb("transfer", first, cast.other_head, cast)
    theirs.update(state="PENDING")
    Slot.objects.filter(key=first.key).update(principal=cast.head_key)
    slot = theirs.get()
    operations.decide(slot, decision=Decision.APPROVE, seen_digest=slot.digest, **by(cast, "other_head", AT))
    Post.objects.filter(person=cast.other_head).update(ends_on=date(2026, 2, 1))
    with refused(Refused, "approvals.already_asked"):
        verb("transfer", first, cast.other_head, cast)


def test_a_signature_is_removed_by_who_added_it_with_a_reason_while_it_is_open(cast, lines):
    signoff, (_done, first, _second) = lines
    added = verb("add_signer", first, cast.stranger, cast)
    with refused(errors.NotTheSignatory) as caught:
        operations.remove_signer(added, reason=WHY, **by(cast, "stranger"))
    assert caught.value.params == {"who": "赵丽"}
    with refused(errors.NotTheSignatory):
        operations.remove_signer(first, reason=WHY, actor=SYSTEM, at=LATER)
    with refused(Refused) as caught:
        operations.remove_signer(added, reason=LONG, **by(cast))
    assert findings(caught) == [("approvals.words_too_long", "reason", {"limit": 500})]
    operations.void(signoff, reason="撤回", actor=cast.actor("author"), at=AT)
    with refused(errors.SignoffClosed):
        operations.remove_signer(added, reason=WHY, **by(cast))


# Going back


def test_all_lines_he_decided_are_taken_back_and_nobody_elses(cast, lines):
    signoff, (done, first, second) = lines
    more = [PartDecision(slot.pk, Decision.APPROVE_WITH_CONDITION, "好", (Condition("先试点"),), {"x": True})
            for slot in (first,)]  # fmt: skip
    Slot.objects.filter(pk=first.pk).update(tests=["x"])
    operations.decide_many(signoff, decisions=more, seen_digest=DIGEST, request_key="q", **by(cast, at=AT))
    answered = operations.take_back(done, reason=WHY, **by(cast))
    assert (answered.pk, answered.state) == (done.pk, "PENDING")
    for slot in (done, first):
        slot.refresh_from_db()
        assert (slot.state, slot.decided_by_id, slot.decided_by_name, slot.decided_at, slot.opinion) == (
            "PENDING", None, "", None, "",
        )  # fmt: skip
        assert (slot.test_answers, slot.conditions, slot.request_key, slot.by_rule) == ({}, [], "", {})
    assert facts_named("approvals.decision.taken_back") == [
        {"signoff_id": signoff.pk, "route": "OPINIONS", "slots": [done.pk, first.pk], "key": done.key, "reason": SAID}
    ]  # fmt: skip
    assert place_of_newest() == act_of(cast, "head", LATER)
    with refused(errors.StaleSlot):
        operations.take_back(second, reason=WHY, **by(cast))


def test_each_refusal_of_taking_back(cast, lines):
    _signoff, (done, first, _second) = lines
    for slot, part in ((done, "other_head"), (first, "stranger")):
        with refused(errors.NotTheSignatory) as caught:
            operations.take_back(slot, reason=WHY, **by(cast, part))
        assert caught.value.params == {"who": "市场部"}
    with refused(errors.NotTheSignatory):
        operations.take_back(first, reason=WHY, actor=SYSTEM, at=LATER)
    for reason, code, params in (
        ("", "approvals.words_missing", {}),
        (LONG, "approvals.words_too_long", {"limit": 500}),
    ):
        with refused(Refused) as caught:
            operations.take_back(done, reason=reason, **by(cast))
        assert findings(caught) == [(code, "reason", params)]


def test_a_decision_that_was_carried_over_is_nobodys_to_take_back(cast, market_slot, technology_slot):
    first = open_for(cast, market_slot, technology_slot)
    slot = first.slots.get(principal=cast.head_key)
    operations.decide(slot, decision=Decision.APPROVE, opinion="同意", seen_digest=DIGEST, **by(cast, at=AT))
    again = open_for(cast, market_slot, technology_slot, carry_from=first)
    carried = again.slots.get(principal=cast.head_key)
    with refused(errors.NotTheSignatory) as caught:
        operations.take_back(carried, reason=WHY, **by(cast))
    assert caught.value.params == {"who": "市场部"}
    waiting = again.slots.get(principal=cast.other_key)
    operations.return_to(waiting, to_step=0, reason=WHY, **by(cast, "other_head"))
    carried.refresh_from_db()
    assert (carried.state, carried.carried_from_id) == ("APPROVED", slot.pk)


def test_what_was_carried_over_is_asked_anew_when_its_step_is(cast, market_slot, technology_slot):
    later = replace(technology_slot, step=2)
    first = open_for(cast, market_slot, later)
    operations.decide(first.slots.get(step=1), decision=Decision.APPROVE, seen_digest=DIGEST, **by(cast, at=AT))
    again = open_for(cast, market_slot, later, carry_from=first)
    now, mine = again.slots.get(step=2), again.slots.get(step=1)
    answered = operations.return_to(now, to_step=1, reason=WHY, request_key="r", **by(cast, "other_head"))
    assert (answered.pk, answered.state) == (again.pk, "OPEN")
    mine.refresh_from_db()
    assert (mine.state, mine.carried_from_id, mine.decided_by_id) == ("PENDING", None, None)
    assert facts_named("approvals.signoff.returned") == [
        {"signoff_id": again.pk, "route": "OPINIONS", "to_step": 1, "slots": [mine.pk], "reason": SAID}
    ]  # fmt: skip
    assert place_of_newest() == act_of(cast, "other_head", LATER)
    before = last_entry()
    assert operations.return_to(now, to_step=1, reason=WHY, request_key="r", **by(cast, "other_head")).pk == again.pk
    assert names_since(before) == []
    for more, part in (({"request_key": "s"}, "other_head"), ({"request_key": ""}, "other_head")):
        with refused(errors.NotYourTurn):
            operations.return_to(now, to_step=1, reason=WHY, **more, **by(cast, part))
    with refused(errors.NotTheSignatory) as caught:
        operations.return_to(now, to_step=1, reason=WHY, request_key="r", **by(cast))
    assert caught.value.params == {"who": "技术部"}


def test_back_to_the_author_ends_it_at_that_moment_and_names_who_was_still_asked(cast, lines):
    signoff, (done, first, second) = lines
    for to_step, reason, expected in (
        (0, "", ("approvals.words_missing", "reason", {})),
        (0, LONG, ("approvals.words_too_long", "reason", {"limit": 500})),
        (1, WHY, ("approvals.not_an_earlier_step", "to_step", {})),
        (2, WHY, ("approvals.not_an_earlier_step", "to_step", {})),
    ):
        with refused(Refused) as caught:
            operations.return_to(first, to_step=to_step, reason=reason, **by(cast))
        assert findings(caught) == [expected]
    with refused(errors.StaleSlot):
        operations.return_to(done, to_step=0, reason=WHY, **by(cast))
    answered = operations.return_to(first, to_step=0, reason=WHY, **by(cast))
    assert (answered.pk, answered.state, answered.closed_at) == (signoff.pk, "VOID", LATER)
    signoff.refresh_from_db()
    assert (signoff.state, signoff.closed_at) == ("VOID", LATER)
    (fact,) = facts_named("approvals.signoff.returned")
    pending = signoff.slots.exclude(pk=done.pk).order_by("step", "pk").values_list("pk", flat=True)
    assert (fact["to_step"], fact["slots"], second.pk in fact["slots"]) == (0, list(pending), True)


def test_the_token_of_sending_back_is_worth_nothing_to_anybody_else_nor_for_a_decision(cast, lines):
    _signoff, (_done, first, _second) = lines
    operations.return_to(first, to_step=0, reason=WHY, request_key="r", **by(cast))
    first.refresh_from_db()
    assert (len(first.request_key), first.request_key == "r") == (64, False)
    for part in ("other_head", "author", "stranger"):
        with pytest.raises((errors.AuthorSigns, errors.NotTheSignatory)):
            operations.return_to(first, to_step=0, reason=WHY, request_key="r", **by(cast, part))


def test_who_holds_the_office_no_more_at_that_moment_sends_nothing_back_his_deputy_does(cast, lines):
    _signoff, (_done, first, _second) = lines
    actor, far = cast.actor("head"), AT.replace(year=2031)
    organisation.name_deputy(cast.head.pk, deputy_id=cast.stranger.pk, actor=SYSTEM, at=far)
    organisation.note_absence(cast.head.pk, starts_on=far.date(), ends_on=date(2031, 12, 1), actor=SYSTEM, at=far)
    organisation.name_deputy(cast.stranger.pk, deputy_id=cast.other_head.pk, actor=SYSTEM, at=far)
    operations.place_slots(first.signoff_id, at=far)
    Post.objects.filter(person=cast.head).update(ends_on=date(2031, 1, 1))
    with refused(errors.NotTheSignatory):
        operations.return_to(first, to_step=0, reason=WHY, actor=actor, at=far)
    Post.objects.filter(person=cast.head).update(ends_on=None)
    deputy = actor_for(cast.stranger, far)
    assert operations.return_to(first, to_step=0, reason=WHY, actor=deputy, at=far).state == "VOID"


def test_taking_back_leaves_what_others_decided(cast, lines, technology_slot):
    signoff, (done, *_open) = lines
    theirs = signoff.slots.get(key=technology_slot.key)
    operations.decide(theirs, decision=Decision.APPROVE, seen_digest=theirs.digest, **by(cast, "other_head", AT))
    operations.take_back(done, reason=WHY, **by(cast))
    theirs.refresh_from_db()
    assert theirs.state == "APPROVED"


def test_who_asks_and_who_is_asked_are_looked_up_on_the_day_of_the_act(cast, lines):
    _signoff, (_done, first, _second) = lines
    far, actor = AT.replace(year=2031), cast.actor("head")
    by_then = {"actor": actor, "at": far}
    moved = make_person("钱多", cast.technology)
    Post.objects.filter(person=cast.other_head).update(ends_on=date(2031, 1, 1))
    Post.objects.create(person=moved, department=cast.technology, kind="HEAD", starts_on=date(2031, 1, 1))
    for name, more in VERBS.items():
        act = getattr(operations, name)
        with refused(Refused, "approvals.already_asked"):
            act(first, person_id=moved.pk, reason=WHY, **more, **by_then)
    Post.objects.filter(person=cast.head).update(ends_on=date(2031, 1, 1))
    for name, more in VERBS.items():
        with refused(errors.NotTheSignatory):
            getattr(operations, name)(first, person_id=cast.stranger.pk, reason=WHY, **more, **by_then)
    Post.objects.filter(person=cast.head).update(ends_on=None)
    verb("consult", first, cast.stranger, cast)
    Post.objects.filter(person=cast.head).update(ends_on=date(2031, 1, 1))
    with refused(errors.NotTheSignatory):
        operations.get_back(first, **by_then)


def test_a_deputy_passes_on_what_he_may_sign(cast, lines):
    signoff, (_done, first, _second) = lines
    organisation.name_deputy(cast.head.pk, deputy_id=cast.stranger.pk, actor=SYSTEM, at=AT)
    organisation.note_absence(cast.head.pk, starts_on=AT.date(), ends_on=date(2026, 12, 1), actor=SYSTEM, at=AT)
    operations.place_slots(signoff.pk, at=AT)
    other = make_person("孙浩", cast.technology)
    assert asked_of(first)[3] != {}
    operations.transfer(first, person_id=other.pk, reason=WHY, **by(cast, "stranger"))
    assert asked_of(first) == (principals.person(other.pk), "", "", {})


def test_who_reads_a_secret_is_asked_who_does_not_is_refused_by_the_field(cast, lines):
    from bihuan.access.models import Scope

    _signoff, (_done, first, _second) = lines
    reader = make_person("孙浩", cast.technology)
    Scope.objects.filter(pk=cast.scope_id).update(secrecy="SECRET")
    for name in VERBS:
        with refused(Refused) as caught:
            verb(name, first, cast.stranger, cast)
        assert findings(caught) == [("approvals.cannot_read", "person", {})]
    verb("transfer", first, reader, cast)


# Ending, copies, remarks


def test_ending_it_says_why_and_names_in_order_who_was_asked(cast, lines):
    signoff, (done, *_open) = lines
    with refused(Refused) as caught:
        operations.void(signoff, reason=" ", **by(cast, "author"))
    assert findings(caught) == [("approvals.reason_to_void_missing", "reason", {})]
    answered = operations.void(signoff, reason=WHY, **by(cast, "author"))
    assert (answered.state, answered.closed_at) == ("VOID", LATER)
    in_order = signoff.slots.exclude(pk=done.pk).order_by("step", "pk").values_list("pk", flat=True)
    assert facts_named("approvals.signoff.voided") == [
        {"signoff_id": signoff.pk, "route": "OPINIONS", "reason": SAID, "slots": list(in_order)}
    ]
    assert place_of_newest() == act_of(cast, "author", LATER)
    assert [slot.state for slot in signoff.slots.order_by("step", "pk")].count("VOID") == len(in_order)


def test_copies_are_rows_receipts_and_one_fact(cast, lines):
    signoff, _slots = lines
    reader = make_person("孙浩", cast.technology)
    people = [reader.pk, cast.stranger.pk, reader.pk]
    made = operations.send_copies(signoff, person_ids=people, **by(cast))
    assert sorted(copy.person_id for copy in made) == sorted({*people})
    rows = Copy.objects.order_by("pk").values_list("signoff", "person", "sent_by", "sent_at", "read_at")
    assert set(rows) == {(signoff.pk, pk, cast.head.pk, LATER, None) for pk in people}
    assert {row[0] for row in readers_via(signoff)} == {principals.person(pk) for pk in people}
    (fact,) = facts_named("approvals.copies.sent")
    assert fact == {"signoff_id": signoff.pk, "route": "OPINIONS", "person_ids": sorted({*people}), "by_route": False,
                    "left_out": []}  # fmt: skip
    assert place_of_newest() == act_of(cast, "head", LATER)
    third = make_person("钱多", cast.technology)
    (new,) = operations.send_copies(signoff, person_ids=[third.pk, reader.pk], **by(cast, "author"))
    assert (new.person_id, new.sent_by_id) == (third.pk, cast.author.pk)
    for ids, expected in (
        ([], ("approvals.nobody_named", "person", {})),
        (range(10**9, 10**9 + 51), ("approvals.too_many_copies", "person", {"limit": 50})),
        ([reader.pk, 10**9], ("approvals.signer_outside", "person", {"who": str(10**9)})),
    ):
        with refused(Refused) as caught:
            operations.send_copies(signoff, person_ids=ids, **by(cast))
        assert findings(caught) == [expected]
    with refused(Refused) as caught:
        operations.send_copies(signoff, person_ids=range(10**9, 10**9 + 50), **by(cast))
    assert len(caught.value.findings) == 50
    with refused(errors.NotTheSignatory) as caught:
        operations.send_copies(signoff, person_ids=[third.pk], **by(cast, "stranger"))
    assert caught.value.params == {"who": ""}
    assert not operations.note_read(signoff.pk, actor=SYSTEM, at=LATER)
    assert not operations.note_read(signoff.pk + 1, **by(cast, "stranger"))
    assert operations.note_read(signoff.pk, **by(cast, "stranger"))
    assert list(Copy.objects.exclude(read_at=None).values_list("person", "read_at")) == [(cast.stranger.pk, LATER)]


def test_who_is_consulted_or_has_decided_has_a_part_and_may_send_copies(cast, lines):
    signoff, (_done, first, _second) = lines
    consulted = make_person("孙浩", cast.technology)
    verb("consult", first, consulted, cast)
    operations.send_copies(signoff, person_ids=[cast.stranger.pk], actor=actor_for(consulted, AT), at=AT)


def test_of_what_is_secret_copies_go_only_to_readers_and_the_refusal_says_so(cast, lines):
    from bihuan.access.models import Scope

    signoff, _slots = lines
    Scope.objects.filter(pk=cast.scope_id).update(secrecy="SECRET")
    with refused(Refused) as caught:
        operations.send_copies(signoff, person_ids=[cast.other_head.pk, cast.stranger.pk], **by(cast))
    assert findings(caught) == [("approvals.cannot_read", "person", {})]
    operations.send_copies(signoff, person_ids=[cast.other_head.pk], **by(cast))
    far, new = AT.replace(year=2031), make_person("孙浩", cast.technology)
    Post.objects.filter(person=new).update(starts_on=date(2031, 1, 1))
    operations.send_copies(signoff, person_ids=[new.pk], **by(cast, at=far))
    Scope.objects.filter(pk=cast.scope_id).update(secrecy="INTERNAL")
    access.classify(access.open_scope(SubjectRef("matter", 99), at=AT).pk, "SECRET")
    operations.send_copies(signoff, person_ids=[cast.stranger.pk], **by(cast))


def test_a_remark_is_a_row_and_a_fact_and_reaches_whom_it_names(cast, lines):
    signoff, _slots = lines
    named = [cast.other_head.pk, cast.author.pk, cast.other_head.pk]
    said = operations.remark(signoff, kind=RemarkKind.COMMENT, text=" 请看 ", addressed=named, **by(cast))
    assert (said.signoff_id, said.kind, said.text, said.person_id, said.name, said.at, said.answers_id) == (
        signoff.pk, "COMMENT", "请看", cast.head.pk, "王敏", LATER, None,
    )  # fmt: skip
    assert (said.addressed, said.slot_id) == (sorted({*named}), None)
    assert facts_named("approvals.remark.made") == [
        {"signoff_id": signoff.pk, "route": "OPINIONS", "remark_id": said.pk, "kind": "COMMENT", "text": "请看",
         "addressed": sorted({*named})}
    ]  # fmt: skip
    assert place_of_newest() == act_of(cast, "head", LATER)
    nobody = operations.remark(signoff, kind=RemarkKind.COMMENT, text="好", **by(cast))
    assert nobody.addressed == []
    asked = operations.remark(
        signoff, kind=RemarkKind.QUESTION, text="为何？", addressed=[cast.other_head.pk], **by(cast)
    )
    assert asked.addressed == [cast.other_head.pk]
    answer = {"kind": RemarkKind.ANSWER, "text": "因为", "answers": asked.pk}
    given = operations.remark(signoff, **answer, addressed=[cast.author.pk], **by(cast, "other_head"))
    assert (given.answers_id, given.addressed) == (asked.pk, [cast.head.pk])
    more = {"kind": RemarkKind.QUESTION, "text": "还有？", "addressed": [cast.other_head.pk]}
    later = operations.remark(signoff, **more, **by(cast, "author"))
    given = operations.remark(signoff, **{**answer, "answers": later.pk}, **by(cast, "other_head"))
    assert (given.answers_id, given.addressed) == (later.pk, [cast.author.pk])


def test_each_refusal_of_a_remark(cast, lines, market_slot):
    signoff, _slots = lines
    other = open_for(cast, market_slot, subject=SubjectRef("record", 8))
    elsewhere = operations.remark(
        other, kind=RemarkKind.QUESTION, text="？", addressed=[cast.head.pk], **by(cast, "author")
    )
    comment = operations.remark(
        signoff, kind=RemarkKind.COMMENT, text="好", addressed=[cast.head.pk], **by(cast, "author")
    )
    answer = {"kind": RemarkKind.ANSWER, "text": "因为"}
    for said, expected in (
        ({"kind": RemarkKind.COMMENT, "text": " "}, ("approvals.words_missing", "text", {})),
        ({"kind": RemarkKind.COMMENT, "text": "长" * 2001}, ("approvals.words_too_long", "text", {"limit": 2000})),
        ({**answer, "answers": elsewhere.pk}, ("approvals.no_such_question", "answers", {})),
        ({**answer, "answers": comment.pk}, ("approvals.no_such_question", "answers", {})),
        (answer, ("approvals.no_such_question", "answers", {})),
        ({"kind": RemarkKind.COMMENT, "text": "看", "addressed": [10**9]},
         ("approvals.signer_outside", "person", {"who": str(10**9)})),
        ({"kind": RemarkKind.COMMENT, "text": "看", "addressed": [cast.stranger.pk]},
         ("approvals.cannot_read", "person", {})),
    ):  # fmt: skip
        with refused(Refused) as caught:
            operations.remark(signoff, **said, **by(cast))
        assert findings(caught) == [expected]
    operations.remark(signoff, kind=RemarkKind.COMMENT, text="长" * 2000, **by(cast))
    unsigned = open_for(cast, market_slot, subject=SubjectRef("record", 9), author_id=None)
    assert operations.remark(unsigned, kind=RemarkKind.QUESTION, text="谁写的？", **by(cast)).addressed == []


# Opening


def test_opening_keeps_every_word_of_what_is_asked_and_tells_it(cast):
    copies = [{"group": "a", "at": "ENDED", "principal": "p:9"}]
    spec = SlotSpec(key="k", principal=cast.head_key, label="市场部", digest="1" * 64, part="x", tests=("goal_ok",),
                    step=3, group="g", need=1, vetoes=True, is_vacant=True)  # fmt: skip
    other = SlotSpec(key="l", principal=cast.other_key, label="技术部", digest="2" * 64)
    from decimal import Decimal

    signoff = open_for(cast, spec, other, copies=copies, amount=Decimal("5.50"), actor=cast.actor("stranger"), at=LATER)
    signoff.refresh_from_db()
    assert (signoff.route, signoff.scope_id, signoff.digest, signoff.author_id, signoff.by_part, signoff.opened_at) == (
        "OPINIONS", cast.scope_id, DIGEST, cast.author.pk, True, LATER,
    )  # fmt: skip
    assert (signoff.previous_id, signoff.route_version_id, signoff.amount, signoff.copies_due) == (
        None, None, Decimal("5.50"), copies,
    )  # fmt: skip
    first, second = signoff.slots.order_by("pk")
    assert (first.step, first.key, first.principal, first.label, first.part, first.digest, first.tests) == (
        3, "k", cast.head_key, "市场部", "x", "1" * 64, ["goal_ok"],
    )  # fmt: skip
    assert (first.group, first.need, first.vetoes, first.vacant_at, second.vacant_at) == ("g", 1, True, LATER, None)
    (fact,) = facts_named("approvals.signoff.opened")
    assert (fact["signoff_id"], fact["route"], fact["digest"], fact["author_id"], fact["copies_due"]) == (
        signoff.pk, "OPINIONS", DIGEST, cast.author.pk, copies,
    )  # fmt: skip
    assert fact["slots"][0] == {
        "slot_id": first.pk, "key": "k", "principal": cast.head_key, "label": "市场部", "part": "x", "step": 3,
        "group": "g", "need": 1, "digest": "1" * 64, "state": "PENDING", "instead_of": "",
    }  # fmt: skip
    assert (fact["vacant"], fact["route_version"]) == ([first.pk], None)
    assert place_of_newest() == act_of(cast, "stranger", LATER)
    with refused(Refused) as caught:
        open_for(cast, other, replace(other, principal=""))
    assert findings(caught) == [("approvals.no_slots", "slots", {})]


def test_a_carried_signature_keeps_all_that_was_said_with_it(cast, market_slot, technology_slot):
    asks = replace(market_slot, tests=("goal_ok",))
    first = open_for(cast, asks, technology_slot)
    slot = first.slots.get(principal=cast.head_key)
    said = {"decision": Decision.APPROVE_WITH_CONDITION, "opinion": "好", "conditions": [Condition("先试点")],
            "tests": {"goal_ok": True}, "seen_digest": DIGEST}  # fmt: skip
    operations.decide(slot, **said, **by(cast, at=AT))
    Slot.objects.filter(pk=slot.pk).update(by_rule={"absent": "某"})
    slot.refresh_from_db()
    again = open_for(cast, asks, technology_slot, carry_from=first, at=LATER)
    assert Signoff.objects.get(pk=first.pk).closed_at == LATER
    carried = again.slots.get(principal=cast.head_key)
    for name in ("state", "decided_by_id", "decided_by_name", "decided_at", "opinion", "test_answers", "conditions",
                 "by_rule"):  # fmt: skip
        assert getattr(carried, name) == getattr(slot, name), name
    assert (carried.carried_from_id, carried.request_key, again.previous_id) == (slot.pk, "", first.pk)


def test_nobody_waits_for_an_office_that_has_signed_or_for_which_somebody_stands_in(cast, market_slot, technology_slot):
    first = open_for(cast, market_slot, technology_slot)
    signed = first.slots.get(principal=cast.head_key)
    operations.decide(signed, decision=Decision.APPROVE, seen_digest=DIGEST, **by(cast, at=AT))
    organisation.note_absence(cast.other_head.pk, starts_on=AT.date(), ends_on=date(2026, 12, 1), actor=SYSTEM, at=AT)
    organisation.name_deputy(cast.other_head.pk, deputy_id=cast.stranger.pk, actor=SYSTEM, at=AT)
    empty = [replace(slot, is_vacant=True) for slot in (market_slot, technology_slot)]
    again = open_for(cast, *empty, carry_from=first)
    assert [(slot.moved, slot.vacant_at) for slot in again.slots.order_by("pk")] == [("", None), ("DEPUTY", None)]
    assert facts_named("approvals.signoff.opened")[1]["vacant"] == []
