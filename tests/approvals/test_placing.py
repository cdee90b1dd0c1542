"""Deputies and superiors on open sign-offs: who is asked while an office is away, and who may sign at that moment."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bihuan.access import operations as access
from bihuan.access.models import Member, Scope
from bihuan.approvals import errors, operations, queries
from bihuan.approvals.enums import Decision
from bihuan.approvals.models import Slot
from bihuan.kernel import principals
from bihuan.kernel.actor import SYSTEM
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger.models import Entry
from bihuan.organisation import operations as organisation
from bihuan.organisation.models import Post
from bihuan.organisation.queries import actor_for, day_of
from tests.approvals.cast import AT, facts_named, open_for
from tests.approvals.told import act_of, asked_of, place_of_newest
from tests.witness import facts_since, last_entry, refused

PLACED = "approvals.slots.placed"
DAYS = timedelta(days=3)
pytestmark = pytest.mark.django_db


def decide_as(slot, actor, at=AT):
    return operations.decide(slot, decision=Decision.APPROVE, seen_digest=slot.digest, actor=actor, at=at)


def away(person, at=AT):
    return organisation.note_absence(person.pk, starts_on=day_of(at), ends_on=day_of(at + DAYS), actor=SYSTEM, at=at)


def deputy(person, of, **limits):
    return organisation.name_deputy(of.pk, deputy_id=person.pk, actor=SYSTEM, at=AT, **limits)


@pytest.fixture
def limited(cast):
    """The head of the market is away; a stranger may sign up to 100,000 yuan."""
    line = deputy(cast.stranger, cast.head, amount_limit=Decimal(100_000))
    absence = away(cast.head)
    return line, absence


def only_slot(cast, slot, **more) -> Slot:
    open_for(cast, slot, **more)
    return Slot.objects.get()


def test_the_deputy_is_asked_within_his_limits_and_signs_marked(cast, market_slot, limited) -> None:
    slot = only_slot(cast, market_slot, amount=Decimal(100_000))
    assert (slot.principal, slot.instead_of, slot.moved) == (f"p:{cast.stranger.pk}", cast.head_key, "DEPUTY")
    assert Member.objects.get(principal=slot.principal).via == f"signoff:{slot.signoff_id}"
    actor = actor_for(cast.stranger, AT)
    assert [each.pk for each in queries.open_slots(actor, AT)] == [slot.pk]
    decide_as(slot, actor)
    slot.refresh_from_db()
    assert (slot.decided_by_name, slot.by_rule["deputy_row_id"]) == ("赵丽 代 王敏", limited[0].pk)
    fact = facts_named("approvals.slot.decided")[0]
    assert (fact["instead_of"], fact["by_rule"]["amount_limit"]) == (cast.head_key, "100000.00")


def test_beyond_the_limit_the_next_superior_is_asked(cast, market_slot, limited) -> None:
    slot = only_slot(cast, market_slot, amount=Decimal("100000.01"))
    assert (slot.principal, slot.instead_of, slot.moved, slot.by_rule) == (
        principals.PMO,
        cast.head_key,
        "SUPERIOR",
        {},
    )


def test_the_deputy_who_wrote_it_is_passed_over(cast, market_slot) -> None:
    deputy(cast.author, cast.head)
    deputy(cast.stranger, cast.head)
    away(cast.head)
    slot = only_slot(cast, market_slot)
    assert slot.principal == f"p:{cast.stranger.pk}"
    with refused(errors.AuthorSigns):
        decide_as(slot, cast.actor("author"))


def test_what_waits_moves_to_the_deputy_and_back_with_the_absence(cast, market_slot) -> None:
    slot = only_slot(cast, market_slot)
    deputy(cast.stranger, cast.head)
    absence = away(cast.head)
    assert operations.signoffs_to_place(AT) == [slot.signoff_id]
    assert operations.place_slots(slot.signoff_id, at=AT) == 1
    assert operations.place_slots(slot.signoff_id, at=AT) == 0
    slot.refresh_from_db()
    assert (slot.principal, slot.moved) == (f"p:{cast.stranger.pk}", "DEPUTY")
    organisation.end_absence(absence.pk, actor=SYSTEM, at=AT)
    operations.place_slots(slot.signoff_id, at=AT)
    slot.refresh_from_db()
    assert (slot.principal, slot.instead_of, slot.moved, slot.by_rule) == (cast.head_key, "", "", {})
    told = [(fact["before"], fact["after"], fact["why"]) for fact in facts_named(PLACED)]
    stranger = f"p:{cast.stranger.pk}"
    assert told == [(cast.head_key, stranger, "DEPUTY"), (stranger, cast.head_key, "")]
    assert set(Entry.objects.filter(name=PLACED).values_list("actor_kind", flat=True)) == {"SYSTEM"}
    assert Member.objects.filter(principal=stranger, until_at=None).count() == 0


def test_a_deputyship_that_ended_gives_no_right_at_once_and_the_office_always_has_it(
    cast, market_slot, limited
) -> None:
    slot = only_slot(cast, market_slot, amount=Decimal(1))
    seen = actor_for(cast.stranger, AT)
    with refused(errors.NotTheSignatory):
        decide_as(slot, seen, at=AT + DAYS)
    organisation.end_deputy(limited[0].pk, actor=SYSTEM, at=AT)
    with refused(errors.NotTheSignatory):
        decide_as(slot, seen)
    decide_as(slot, actor_for(cast.head, AT))
    slot.refresh_from_db()
    assert (slot.decided_by_name, slot.by_rule) == ("王敏", {})


def test_a_second_deputy_does_not_sign_what_the_first_may(cast, market_slot) -> None:
    deputy(cast.stranger, cast.head, amount_limit=Decimal(100_000))
    deputy(cast.other_head, cast.head)
    away(cast.head)
    slot = only_slot(cast, market_slot, amount=Decimal(1))
    with refused(errors.NotTheSignatory):
        decide_as(slot, cast.actor("other_head"))
    larger = open_for(cast, market_slot, amount=Decimal(200_000), carry_from=slot.signoff).slots.get()
    assert larger.principal == f"p:{cast.other_head.pk}"
    decide_as(larger, cast.actor("other_head"))


def test_what_is_secret_is_asked_of_no_deputy(cast, market_slot, limited) -> None:
    Scope.objects.filter(pk=cast.scope_id).update(secrecy="SECRET")
    slot = only_slot(cast, market_slot, amount=Decimal(1))
    assert (slot.principal, slot.moved) == (cast.head_key, "")


# Of the day of the act, whatever day the machine has

FAR = AT.replace(year=2031)


def test_who_is_away_stands_in_and_holds_an_office_is_asked_of_the_day_of_the_act(cast, market_slot, technology_slot):
    organisation.name_deputy(cast.head.pk, deputy_id=cast.stranger.pk, actor=SYSTEM, at=FAR)
    away(cast.head, FAR)
    Post.objects.filter(person=cast.other_head).update(ends_on=day_of(FAR))
    signoff = open_for(cast, replace(market_slot, part="1"), replace(market_slot, part="2"), technology_slot, at=FAR)
    first, second, third = signoff.slots.order_by("pk")
    stranger = f"p:{cast.stranger.pk}"
    assert asked_of(first)[:3] == asked_of(second)[:3] == (stranger, cast.head_key, "DEPUTY")
    assert asked_of(third)[:3] == (principals.PMO, cast.other_key, "SUPERIOR")
    assert operations.signoffs_to_place(FAR) == [signoff.pk]
    before = last_entry()
    assert operations.place_slots(signoff.pk, at=FAR) == 0
    assert [(fact["name"], fact["office"]) for fact in facts_since(before)] == [
        ("approvals.office.vacated", cast.other_key)
    ]
    assert operations.place_slots(signoff.pk, at=FAR + DAYS) == 2
    assert asked_of(first)[0] == asked_of(second)[0] == cast.head_key


def test_each_office_that_moved_is_one_fact_that_names_its_lines_and_the_rule(cast, market_slot, technology_slot):
    signoff = open_for(cast, replace(market_slot, part="1"), replace(market_slot, part="2"), technology_slot)
    first, second, third = signoff.slots.order_by("pk")
    line = deputy(cast.stranger, cast.head)
    away(cast.head)
    Post.objects.filter(person=cast.other_head).update(ends_on=day_of(AT))
    assert operations.place_slots(signoff.pk, at=AT) == 3
    told = {tuple(fact["slots"]): fact for fact in facts_named(PLACED)}
    stranger, rule = f"p:{cast.stranger.pk}", told[first.pk, second.pk]["rule"]
    assert told == {
        (first.pk, second.pk): {
            "signoff_id": signoff.pk, "route": "OPINIONS", "slots": [first.pk, second.pk], "before": cast.head_key,
            "after": stranger, "why": "DEPUTY", "rule": rule, "reason": "",
        },
        (third.pk,): {
            "signoff_id": signoff.pk, "route": "OPINIONS", "slots": [third.pk], "before": cast.other_key,
            "after": principals.PMO, "why": "SUPERIOR", "rule": {}, "reason": "",
        },
    }  # fmt: skip
    assert (rule["deputy_row_id"], asked_of(first)[3]) == (line.pk, rule)
    (vacated,) = facts_named("approvals.office.vacated")
    assert vacated == {
        "signoff_id": signoff.pk, "route": "OPINIONS", "slots": [third.pk], "office": cast.other_key, "label": "技术部",
        "empty": "SUPERIOR", "after": principals.PMO,
    }  # fmt: skip
    assert place_of_newest() == act_of(cast, "", AT)
    operations.void(signoff, reason="撤回", actor=cast.actor("author"), at=AT)
    before = last_entry()
    assert operations.place_slots(signoff.pk, at=AT + DAYS) == 0
    assert last_entry() == before


def test_what_is_answered_taken_in_hand_or_secret_elsewhere_is_not_moved(cast, market_slot, technology_slot):
    signoff = open_for(cast, market_slot, technology_slot, replace(market_slot, key="given"))
    done, handed, given = signoff.slots.order_by("pk")
    decide_as(done, cast.actor("head"))
    operations.transfer(handed, person_id=cast.stranger.pk, reason="请处理", actor=cast.actor("other_head"), at=AT)
    operations.consult(given, person_id=cast.other_head.pk, reason="请看", actor=cast.actor("head"), at=AT)
    access.classify(access.open_scope(SubjectRef("matter", 99), at=AT).pk, "SECRET")
    deputy(cast.author, cast.stranger)
    deputy(cast.stranger, cast.head)
    away(cast.head)
    assert operations.place_slots(signoff.pk, at=AT) == 0
    assert [asked_of(slot)[0] for slot in (done, handed, given)] == [
        cast.head_key, f"p:{cast.stranger.pk}", f"p:{cast.other_head.pk}",
    ]  # fmt: skip
    waiting = open_for(cast, market_slot, subject=SubjectRef("record", 8))
    assert waiting.slots.get().principal == f"p:{cast.stranger.pk}"


def test_only_open_sign_offs_in_which_something_is_open_are_looked_at(cast, market_slot, technology_slot):
    open_for(cast, market_slot)
    both = open_for(cast, market_slot, technology_slot, subject=SubjectRef("record", 8))
    closed = open_for(cast, market_slot, subject=SubjectRef("record", 9))
    assert operations.signoffs_to_place(AT) == []
    decide_as(both.slots.get(principal=cast.head_key), cast.actor("head"))
    operations.void(closed, reason="撤回", actor=cast.actor("author"), at=AT)
    Slot.objects.filter(signoff=closed).update(state="PENDING")
    away(cast.head)
    (left,) = operations.signoffs_to_place(AT)
    assert left not in {both.pk, closed.pk}
    assert operations.signoffs_to_place(AT + DAYS) == []
    assert operations.signoffs_to_place(FAR) == []
    Post.objects.filter(person=cast.head).update(ends_on=day_of(FAR))
    assert operations.signoffs_to_place(FAR) == [left]
    Slot.objects.filter(signoff__in=[both, closed]).exclude(decided_by=None).update(moved="DEPUTY")
    Slot.objects.filter(signoff=closed).update(moved="SUPERIOR")
    assert operations.signoffs_to_place(AT) == [left]
    Slot.objects.filter(signoff=both, principal=cast.other_key).update(vacant_at=AT)
    assert operations.signoffs_to_place(AT) == sorted([left, both.pk])
