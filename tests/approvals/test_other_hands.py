"""A signature that comes by letter, goes to a successor or a superior, or to another office: rows, facts, refusals."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bihuan.access.models import Member
from bihuan.approvals import errors, operations
from bihuan.approvals.enums import Decision
from bihuan.approvals.models import Copy, Signoff, Slot
from bihuan.approvals.operations import SlotSpec
from bihuan.kernel import principals
from bihuan.kernel.actor import SYSTEM
from bihuan.kernel.errors import Refused
from bihuan.kernel.subjects import SubjectRef
from bihuan.organisation import operations as organisation
from bihuan.organisation.duties import HandOver
from bihuan.organisation.models import Charge, Post
from bihuan.organisation.queries import day_of
from tests.approvals.cast import AT, DIGEST, ROOT, facts_named, make_department, make_person, open_for
from tests.approvals.told import act_of, asked_of, place_of_newest
from tests.witness import everything, facts_since, last_entry, refused

PLACED, HANDED = "approvals.slots.placed", "approvals.slots.handed_over"
LATER = AT + timedelta(hours=3)


# By letter (AS21)


def by_letter(slot, cast, part="head", **changes):
    said = {"person_id": getattr(cast, part).pk, "opinion": " 来函同意，见附件 ", "seen_digest": slot.digest}
    return operations.decide_by_letter(slot, **{**said, "actor": cast.actor("author"), "at": LATER, **changes})


def test_what_the_head_wrote_counts_as_his_and_names_who_entered_it(cast, market_slot, technology_slot):
    open_for(cast, replace(market_slot, group="any", need=1), replace(technology_slot, group="any", need=1),
             replace(technology_slot, key="last", step=2, need=1))  # fmt: skip
    slot = by_letter(Slot.objects.get(principal=cast.head_key), cast)
    assert (slot.state, Slot.objects.get(pk=slot.pk).state) == ("APPROVED", "APPROVED")
    slot.refresh_from_db()
    assert (slot.decided_by_id, slot.decided_by_name, slot.decided_at, slot.opinion, slot.request_key) == (
        cast.head.pk, "王敏", LATER, "来函同意，见附件", "",
    )  # fmt: skip
    assert [each.state for each in Slot.objects.order_by("pk")] == ["APPROVED", "VOID", "PENDING"]
    (fact,) = facts_named("approvals.slot.decided")
    assert fact == {
        "signoff_id": slot.signoff_id, "route": "OPINIONS", "slot_id": slot.pk, "key": str(cast.market.pk),
        "principal": cast.head_key, "part": "", "digest": DIGEST, "decision": "APPROVE", "opinion": "来函同意，见附件",
        "conditions": [], "tests": {}, "state_of_signoff": "OPEN", "instead_of": "", "by_rule": {},
            "amendment": {},
    }  # fmt: skip
    assert place_of_newest() == act_of(cast, "author", LATER)
    by_letter(Slot.objects.get(key="last"), cast, "other_head")
    signoff = Signoff.objects.get()
    assert (signoff.state, signoff.closed_at) == ("APPROVED", LATER)
    assert facts_named("approvals.slot.decided")[1]["state_of_signoff"] == "APPROVED"


def test_a_letter_opens_nothing_that_its_writer_could_not_sign(cast, market_slot, technology_slot):
    step = replace(technology_slot, step=2)
    signoff = open_for(cast, market_slot, step)
    first, second = signoff.slots.order_by("pk")
    for act, error in (
        (lambda: by_letter(first, cast, "stranger"), errors.NotTheSignatory),
        (lambda: by_letter(first, cast, "author"), errors.AuthorSigns),
        (lambda: by_letter(first, cast, person_id=10**9), errors.NotTheSignatory),
        (lambda: by_letter(first, cast, seen_digest="b" * 64), errors.StaleSlot),
        (lambda: by_letter(second, cast, "other_head"), errors.NotYourTurn),
    ):
        with refused(error) as caught:
            act()
        if error is errors.NotTheSignatory:
            assert caught.value.params == {"who": "市场部"}
    by_letter(first, cast)
    with refused(errors.StaleSlot):
        by_letter(first, cast)
    operations.void(signoff, reason="撤回", actor=cast.actor("author"), at=AT)
    with refused(errors.SignoffClosed):
        by_letter(second, cast, "other_head")


def test_a_letter_counts_its_writer_once_where_a_number_suffices(cast, market_slot, technology_slot):
    Post.objects.create(person=cast.head, department=cast.technology, kind="HEAD", starts_on=date(2026, 1, 1))
    signoff = open_for(cast, *(replace(slot, group="two", need=2) for slot in (market_slot, technology_slot)))
    first, second = signoff.slots.order_by("pk")
    by_letter(first, cast)
    with refused(errors.CountedOnce):
        by_letter(second, cast)


# The ladder (T29)


@pytest.fixture
def above(cast, market_slot):
    """The market stands under a group with a head; another head is asked too."""
    group = make_department("事业群")
    cast.market.path = f"{group.path}{cast.market.pk}/"
    cast.market.parent = group
    cast.market.save()
    cast.group, cast.above = group, make_person("郑总", group, "HEAD")
    lines = [replace(market_slot, part=part, digest=part * 64) for part in ("1", "2")]
    open_for(cast, *lines, SlotSpec(key="other", principal=cast.other_key, label="技术部", digest=DIGEST))
    return list(Slot.objects.filter(key=str(cast.market.pk)).order_by("pk"))


def test_too_late_the_superior_is_asked_besides_the_office_at_last_the_pmo(cast, above):
    signoff_id, key, ids = above[0].signoff_id, above[0].key, [slot.pk for slot in above]
    superior = f"h:{cast.group.pk}"
    assert operations.escalate(signoff_id, key, to_pmo=False, at=LATER) == 2
    for slot in above:
        assert asked_of(slot) == (superior, cast.head_key, "LATE", {})
    assert place_of_newest() == act_of(cast, "", LATER)
    fact = {
        "signoff_id": signoff_id, "route": "OPINIONS", "slots": ids, "before": cast.head_key, "after": superior,
        "why": "LATE", "rule": {}, "reason": "",
    }  # fmt: skip
    assert facts_named(PLACED) == [fact]
    reader = Member.objects.get(principal=superior)
    assert (reader.scope_id, reader.via, reader.role, reader.level) == (
        cast.scope_id, f"signoff:{signoff_id}", "READER", 2,
    )  # fmt: skip
    assert asked_of(Slot.objects.get(key="other")) == (cast.other_key, "", "", {})
    before = everything()
    assert operations.escalate(signoff_id, key, to_pmo=False, at=LATER) == 0
    assert everything() == before
    assert operations.escalate(signoff_id, key, to_pmo=True, at=LATER) == 2
    for slot in above:
        assert asked_of(slot) == (principals.PMO, cast.head_key, "LATE", {})
    assert facts_named(PLACED)[1] == {**fact, "before": superior, "after": principals.PMO}
    before = everything()
    for to_pmo in (True, False):  # nobody higher is left
        assert operations.escalate(signoff_id, key, to_pmo=to_pmo, at=LATER) == 0
    assert everything() == before
    for slot, actor in ((above[0], cast.actor("head")), (above[1], cast.actor("head"))):
        slot.refresh_from_db()
        operations.decide(slot, decision=Decision.APPROVE, seen_digest=slot.digest, actor=actor, at=AT)


def test_no_superior_is_asked_who_wrote_it_holds_the_office_himself_or_is_away(cast, above):
    key, signoff = above[0].key, above[0].signoff
    for person, post in ((cast.author, "author"), (cast.head, "head")):
        Post.objects.filter(department=cast.group).update(person=person)
        assert operations.escalate(signoff.pk, key, to_pmo=False, at=AT) == 2, post
        assert asked_of(above[0])[0] == principals.PMO, post
        Slot.objects.filter(key=key).update(principal=cast.head_key, instead_of="", moved="")
    Post.objects.filter(department=cast.group).update(person=cast.above)
    organisation.note_absence(
        cast.above.pk, starts_on=day_of(AT), ends_on=day_of(AT + timedelta(days=3)), actor=SYSTEM, at=AT
    )
    assert operations.escalate(signoff.pk, key, to_pmo=False, at=AT) == 2
    assert asked_of(above[0])[0] == principals.PMO
    Slot.objects.filter(key=key).update(principal=cast.head_key, instead_of="", moved="")
    Charge.objects.create(person=cast.stranger, department=cast.group, starts_on=date(2026, 1, 1))
    assert operations.escalate(signoff.pk, key, to_pmo=False, at=AT) == 2
    assert asked_of(above[0])[0] == f"x:{cast.group.pk}"


def test_of_what_is_answered_or_closed_or_asked_of_nobody_here_nothing_goes_higher(cast, above):
    signoff_id, key = above[0].signoff_id, above[0].key
    operations.decide(above[0], decision=Decision.APPROVE, seen_digest="1" * 64, actor=cast.actor("head"), at=AT)
    assert operations.escalate(signoff_id, key, to_pmo=False, at=AT) == 1
    assert asked_of(above[0])[:3] == (cast.head_key, "", "")
    assert facts_named(PLACED)[0]["slots"] == [above[1].pk]
    Slot.objects.filter(pk=above[1].pk).update(principal=cast.head_key, instead_of="", moved="")
    before = everything()
    assert operations.escalate(signoff_id, "nobody", to_pmo=True, at=AT) == 0
    assert everything() == before
    operations.void(Signoff.objects.get(), reason="撤回", actor=cast.actor("author"), at=AT)
    Slot.objects.filter(pk=above[1].pk).update(state="PENDING")
    before = everything()
    assert operations.escalate(signoff_id, key, to_pmo=True, at=AT) == 0
    assert everything() == before


# Who leaves, and an office that goes elsewhere


def leaves(cast, before, after, reason="离职交接"):
    return HandOver(before=before.pk, after=after.pk, actor=cast.actor("stranger"), at=LATER, reason=reason)


def test_what_was_asked_of_a_person_by_name_goes_to_his_successor(cast, market_slot, technology_slot):
    mine = principals.person(cast.head.pk)
    named = [replace(market_slot, key=f"n{step}", principal=mine, step=step) for step in (1, 2, 3)]
    signoff = open_for(cast, *named, technology_slot)
    done, waiting, advised, other = (Slot.objects.get(key=key) for key in ("n1", "n2", "n3", technology_slot.key))
    operations.decide(done, decision=Decision.APPROVE, seen_digest=DIGEST, actor=cast.actor("head"), at=AT)
    Slot.objects.filter(pk=advised.pk).update(principal=cast.other_key, instead_of=mine, moved="CONSULTED")
    elsewhere = open_for(cast, named[0], subject=SubjectRef("record", 8)).slots.get()
    operations.pass_on_slots(signoff.pk, leaves(cast, cast.head, cast.stranger))
    assert asked_of(elsewhere)[0] == mine
    after = principals.person(cast.stranger.pk)
    assert asked_of(done)[0] == mine
    assert asked_of(waiting) == (after, "", "", {})
    assert asked_of(advised) == (cast.other_key, after, "CONSULTED", {})
    assert asked_of(other)[0] == cast.other_key
    assert facts_named(HANDED) == [
        {"signoff_id": signoff.pk, "route": "OPINIONS", "slots": [waiting.pk, advised.pk], "before": mine,
         "after": after, "reason": "离职交接"}
    ]  # fmt: skip
    assert place_of_newest() == act_of(cast, "stranger", LATER)


def test_a_successor_who_wrote_it_and_what_is_asked_no_more_are_refused(cast, market_slot, technology_slot):
    named = replace(market_slot, principal=principals.person(cast.head.pk))
    signoff = open_for(cast, named, technology_slot)
    with refused(Refused, "approvals.author_signs") as caught:
        operations.pass_on_slots(signoff.pk, leaves(cast, cast.head, cast.author))
    assert [finding.place for finding in caught.value.findings] == ["successor"]
    with refused(errors.SignoffClosed):
        operations.pass_on_slots(signoff.pk, leaves(cast, cast.stranger, cast.other_head))
    operations.void(signoff, reason="撤回", actor=cast.actor("author"), at=AT)
    Slot.objects.update(state="PENDING")
    with refused(errors.SignoffClosed):
        operations.pass_on_slots(signoff.pk, leaves(cast, cast.head, cast.stranger))


def test_what_an_office_was_asked_is_asked_of_the_office_it_went_to_in_this_matter_alone(cast, market_slot):
    at_home = open_for(cast, market_slot, replace(market_slot, key="b"), replace(market_slot, key="c", step=2),
                       replace(market_slot, key="d", step=3),
                       copies=[{"group": "x", "at": "ENDED", "principal": cast.head_key},
                               {"group": "x", "at": "ENDED", "principal": cast.other_key}])  # fmt: skip
    plain, deputy, done, late = at_home.slots.order_by("pk")
    Slot.objects.filter(pk=deputy.pk).update(principal="p:9", instead_of=cast.head_key, moved="DEPUTY")
    Slot.objects.filter(pk=late.pk).update(instead_of=cast.other_key, moved="LATE")
    Slot.objects.filter(pk=done.pk).update(state="VOID")
    elsewhere = [open_for(cast, market_slot, root=root, subject=SubjectRef("record", 50 + number), copies=[
        {"group": "x", "at": "ENDED", "principal": cast.head_key}])
        for number, root in enumerate((SubjectRef("matter", 4), SubjectRef("record", 3)))]  # fmt: skip
    closed = open_for(cast, market_slot, subject=SubjectRef("record", 60),
                      copies=[{"group": "x", "at": "ENDED", "principal": cast.head_key}])  # fmt: skip
    operations.void(closed, reason="撤回", actor=cast.actor("author"), at=AT)
    Slot.objects.filter(signoff=closed).update(state="PENDING")
    before = last_entry()
    assert operations.change_principals(ROOT, {cast.head_key: "h:77", "h:88": "h:99"}) == 2
    assert facts_since(before) == []
    assert asked_of(plain)[:2] == ("h:77", "")
    assert asked_of(deputy)[:3] == ("p:9", "h:77", "DEPUTY")
    assert asked_of(done)[0] == cast.head_key
    assert asked_of(late)[:2] == (cast.head_key, cast.other_key)
    for other in (*elsewhere, closed):
        other.refresh_from_db()
        assert other.slots.get().principal == cast.head_key
        assert [each["principal"] for each in other.copies_due] == [cast.head_key]
    at_home.refresh_from_db()
    assert at_home.copies_due == [
        {"group": "x", "at": "ENDED", "principal": "h:77"}, {"group": "x", "at": "ENDED", "principal": cast.other_key},
    ]  # fmt: skip


def test_who_is_above_is_asked_of_the_day_of_the_act(cast, above):
    key, signoff, far = above[0].key, above[0].signoff, AT.replace(year=2031)
    Post.objects.filter(person=cast.above).update(ends_on=date(2031, 1, 1))
    Charge.objects.create(person=cast.stranger, department=cast.group, starts_on=date(2031, 1, 1))
    assert operations.escalate(signoff.pk, key, to_pmo=False, at=far) == 2
    assert asked_of(above[0])[0] == f"x:{cast.group.pk}"
    Slot.objects.filter(key=key).update(principal=cast.head_key, instead_of="", moved="")
    organisation.note_absence(
        cast.stranger.pk, starts_on=day_of(far), ends_on=day_of(far + timedelta(days=3)), actor=SYSTEM, at=far
    )
    assert operations.escalate(signoff.pk, key, to_pmo=False, at=far) == 2
    assert asked_of(above[0])[0] == principals.PMO
    Slot.objects.filter(key=key).update(principal=cast.head_key, instead_of="", moved="")
    Post.objects.filter(person=cast.above).update(ends_on=None)
    Post.objects.create(person=cast.above, department=cast.market, kind="HEAD", starts_on=date(2031, 1, 1))
    assert operations.escalate(signoff.pk, key, to_pmo=False, at=far) == 2
    assert asked_of(above[0])[0] == principals.PMO, "he holds the office himself by then, and the other one is away"


def test_a_letter_is_judged_by_the_day_on_which_it_is_entered_and_copies_go_out(cast, market_slot, technology_slot):
    far = AT.replace(year=2031)
    copies = [{"group": "first", "at": "PASSED", "principal": principals.person(cast.stranger.pk)}]
    later = replace(technology_slot, step=2, group="later")
    slot = open_for(cast, replace(market_slot, group="first"), later, copies=copies).slots.get(step=1)
    Post.objects.filter(person=cast.head).update(ends_on=date(2031, 1, 1))
    new = make_person("孙浩", cast.market, "HEAD")
    Post.objects.filter(person=new).update(starts_on=date(2031, 1, 1))
    cast.new = new
    with refused(errors.NotTheSignatory):
        by_letter(slot, cast, at=far)
    with refused(errors.NotTheSignatory):
        by_letter(slot, cast, "new")
    assert by_letter(slot, cast, "new", at=far).decided_by_id == new.pk
    assert list(Copy.objects.values_list("person", "sent_at")) == [(cast.stranger.pk, far)]
