"""What may be done with an open signature besides giving it, and by whom."""

import pytest

from bihuan.access.models import Member, Scope
from bihuan.approvals import errors, operations, queries
from bihuan.approvals.enums import Decision, RemarkKind
from bihuan.approvals.models import Copy, Remark, Signoff, Slot
from bihuan.approvals.operations import SlotSpec
from bihuan.kernel import principals
from bihuan.kernel.errors import Refused
from bihuan.organisation.models import Person
from bihuan.organisation.queries import actor_for
from tests.approvals.cast import AT, DIGEST, make_person, open_for
from tests.approvals.cast import facts_named as named
from tests.witness import last_entry, names_since, refused

pytestmark = pytest.mark.django_db
WHY = "出差，请代为处理"
ASKING = ((operations.transfer, {}), (operations.consult, {}), (operations.add_signer, {"where": "AFTER"}))


@pytest.fixture
def two(cast, market_slot, technology_slot) -> Signoff:
    """The market and the technology department, side by side."""
    return open_for(cast, market_slot, technology_slot)


@pytest.fixture
def in_turn(cast, market_slot) -> Signoff:
    later = SlotSpec(key="later", principal=cast.other_key, label="技术部", digest=DIGEST, step=2)
    return open_for(cast, market_slot, later)


def of(cast) -> Slot:
    return Slot.objects.get(key=str(cast.market.pk))


def sign(slot: Slot, actor, decision=Decision.APPROVE, opinion: str = ""):
    slot.refresh_from_db()
    return operations.decide(slot, decision=decision, opinion=opinion, seen_digest=slot.digest, actor=actor, at=AT)


def by(cast, part: str = "head") -> dict:
    return {"actor": cast.actor(part), "at": AT}


def who_may(cast, signoff: Signoff) -> list[str]:
    parts = ("author", "head", "other_head", "stranger")
    return [part for part in parts if queries.slots_to_decide(signoff, cast.actor(part))]


def test_a_transfer_is_for_good_and_opens_the_matter_to_who_decides_now(cast, two) -> None:
    slot = operations.transfer(of(cast), person_id=cast.stranger.pk, reason=WHY, **by(cast))
    key = principals.person(cast.stranger.pk)
    assert (slot.principal, slot.instead_of, slot.label) == (key, "", "市场部")
    assert Member.objects.filter(principal=key, via=f"signoff:{two.pk}").exists()
    assert who_may(cast, two) == ["other_head", "stranger"]
    (fact,) = named("approvals.slots.transferred")
    assert (fact["slots"], fact["before"], fact["after"], fact["reason"]) == ([slot.pk], cast.head_key, key, WHY)
    with refused(errors.NotTheSignatory):
        sign(slot, cast.actor("head"))
    sign(slot, cast.actor("stranger"))


@pytest.mark.parametrize(
    ("whom", "code"),
    [
        ("author", "approvals.author_signs"), ("head", "approvals.asks_himself"),
        ("other_head", "approvals.already_asked"), ("nobody", "approvals.signer_outside"),
    ],
)  # fmt: skip
def test_nobody_is_asked_who_wrote_it_asks_or_is_asked_already_or_is_not_here(cast, two, whom, code) -> None:
    person_id = 10**6 if whom == "nobody" else getattr(cast, whom).pk
    for verb, more in (
        (operations.transfer, {}),
        (operations.consult, {}),
        (operations.add_signer, {"where": "AFTER"}),
    ):
        with refused(Refused, code):
            verb(of(cast), person_id=person_id, reason=WHY, **more, **by(cast))


@pytest.mark.parametrize(("part", "error"), [("stranger", errors.NotTheSignatory), ("author", errors.AuthorSigns)])
def test_only_who_is_asked_asks_others(cast, two, part, error) -> None:
    person = make_person("外人", cast.technology)
    for verb, more in (
        (operations.transfer, {}),
        (operations.consult, {}),
        (operations.add_signer, {"where": "AFTER"}),
    ):
        with refused(error):
            verb(of(cast), person_id=person.pk, reason=WHY, **more, **by(cast, part))
    with refused(error):
        operations.return_to(of(cast), to_step=0, reason=WHY, **by(cast, part))


def test_every_verb_says_why_and_what_is_secret_goes_only_to_readers(cast, two) -> None:
    with refused(Refused, "approvals.words_missing"):
        operations.transfer(of(cast), person_id=cast.stranger.pk, reason=" ", **by(cast))
    with refused(Refused, "approvals.words_too_long"):
        operations.return_to(of(cast), to_step=0, reason="长" * 501, **by(cast))
    Scope.objects.filter(pk=cast.scope_id).update(secrecy="SECRET")
    with refused(Refused, "approvals.cannot_read"):
        operations.transfer(of(cast), person_id=cast.stranger.pk, reason=WHY, **by(cast))


def test_advice_is_asked_given_and_the_decision_stays(cast, two) -> None:
    operations.consult(of(cast), person_id=cast.stranger.pk, reason="预算够吗？", **by(cast))
    assert who_may(cast, two) == ["head", "other_head"]
    with refused(errors.NotTheSignatory):
        sign(of(cast), cast.actor("stranger"))
    with refused(errors.NotTheSignatory):
        operations.advise(of(cast), text="够", **by(cast, "other_head"))
    operations.advise(of(cast), text="够，见附表", **by(cast, "stranger"))
    slot = of(cast)
    assert (slot.principal, slot.instead_of, slot.moved) == (cast.head_key, "", "")
    assert list(Remark.objects.values_list("kind", "name", "text")) == [
        ("QUESTION", "王敏", "预算够吗？"), ("ADVICE", "赵丽", "够，见附表"),
    ]  # fmt: skip
    with refused(errors.StaleSlot):
        operations.get_back(slot, **by(cast))
    operations.consult(of(cast), person_id=cast.stranger.pk, reason="再看一次", **by(cast))
    operations.get_back(of(cast), **by(cast))
    assert [fact["reason"] for fact in named("approvals.slots.given_back")] == ["够，见附表", ""]
    sign(of(cast), cast.actor("head"))


def test_a_signature_before_holds_one_up_and_one_after_must_be_given_too(cast, two) -> None:
    before = operations.add_signer(of(cast), person_id=cast.stranger.pk, where="BEFORE", reason=WHY, **by(cast))
    assert (before.label, before.added_by_id, who_may(cast, two)) == ("赵丽", cast.head.pk, ["other_head", "stranger"])
    with refused(errors.NotYourTurn):
        sign(of(cast), cast.actor("head"))
    last = make_person("孙浩", cast.technology)
    with refused(Refused, "approvals.somebody_is_before"):
        operations.add_signer(of(cast), person_id=last.pk, where="BEFORE", reason=WHY, **by(cast))
    operations.add_signer(of(cast), person_id=last.pk, where="AFTER", reason=WHY, **by(cast))
    sign(before, cast.actor("stranger"))
    sign(of(cast), cast.actor("head"))
    sign(Slot.objects.get(principal=cast.other_key), cast.actor("other_head"))
    two.refresh_from_db()
    assert two.state == "OPEN"
    sign(Slot.objects.get(label="孙浩"), actor_for(Person.objects.get(name="孙浩"), AT))
    two.refresh_from_db()
    assert two.state == "APPROVED"
    assert [fact["where"] for fact in named("approvals.signer.added")] == ["BEFORE", "AFTER"]


def test_who_added_a_signature_takes_it_out_again_nobody_else(cast, two) -> None:
    added = operations.add_signer(of(cast), person_id=cast.stranger.pk, where="BEFORE", reason=WHY, **by(cast))
    with refused(errors.NotTheSignatory):
        operations.remove_signer(added, reason=WHY, **by(cast, "other_head"))
    with refused(errors.NotTheSignatory):
        operations.remove_signer(of(cast), reason=WHY, **by(cast))
    operations.remove_signer(added, reason="不必了", **by(cast))
    with refused(errors.StaleSlot):
        operations.remove_signer(added, reason=WHY, **by(cast))
    sign(of(cast), cast.actor("head"))
    sign(Slot.objects.get(principal=cast.other_key), cast.actor("other_head"))
    two.refresh_from_db()
    assert (two.state, named("approvals.signer.removed")[0]["reason"]) == ("APPROVED", "不必了")


def test_a_decision_is_taken_back_by_its_signer_until_somebody_follows(cast, in_turn) -> None:
    first = of(cast)
    with refused(errors.NotTheSignatory):
        operations.take_back(first, reason=WHY, **by(cast, "stranger"))
    with refused(errors.StaleSlot):
        operations.take_back(first, reason=WHY, **by(cast))
    sign(first, cast.actor("head"), opinion="同意")
    with refused(errors.NotTheSignatory):
        operations.take_back(first, reason=WHY, **by(cast, "other_head"))
    slot = operations.take_back(first, reason="看错金额", **by(cast))
    assert (slot.state, slot.decided_by, slot.decided_by_name, slot.opinion) == ("PENDING", None, "", "")
    assert who_may(cast, in_turn) == ["head"]
    assert named("approvals.decision.taken_back")[0]["reason"] == "看错金额"
    sign(first, cast.actor("head"))
    later = Slot.objects.get(key="later")
    added = operations.add_signer(
        later, person_id=cast.stranger.pk, where="AFTER", reason=WHY, **by(cast, "other_head")
    )
    sign(later, cast.actor("other_head"))
    with refused(errors.Followed):
        operations.take_back(first, reason=WHY, **by(cast))
    sign(added, cast.actor("stranger"))
    with refused(errors.SignoffClosed):
        operations.take_back(later, reason=WHY, **by(cast, "other_head"))


def test_taking_back_one_of_many_asks_those_it_had_released_again(cast) -> None:
    anybody = [
        SlotSpec(key=str(number), principal=key, label="", digest=DIGEST, group="any", need=1)
        for number, key in enumerate((cast.head_key, cast.other_key))
    ]
    later = SlotSpec(key="later", principal=principals.person(cast.stranger.pk), label="", digest=DIGEST, step=2)
    open_for(cast, *anybody, later)
    first = Slot.objects.get(key="0")
    sign(first, cast.actor("head"))
    assert Slot.objects.get(key="1").state == "VOID"
    operations.take_back(first, reason=WHY, **by(cast))
    assert set(Slot.objects.values_list("state", flat=True)) == {"PENDING"}


def test_it_goes_back_to_an_earlier_step_or_to_the_author(cast, in_turn) -> None:
    sign(of(cast), cast.actor("head"))
    later = Slot.objects.get(key="later")
    for step in (2, 3, -1):
        with refused(Refused, "approvals.not_an_earlier_step"):
            operations.return_to(later, to_step=step, reason=WHY, **by(cast, "other_head"))
    operations.return_to(later, to_step=1, reason="预算未列明", **by(cast, "other_head"))
    assert (of(cast).state, who_may(cast, in_turn)) == ("PENDING", ["head"])
    with refused(errors.NotYourTurn):
        operations.return_to(later, to_step=0, reason=WHY, **by(cast, "other_head"))
    operations.return_to(of(cast), to_step=0, reason="重写", **by(cast))
    in_turn.refresh_from_db()
    assert (in_turn.state, set(Slot.objects.values_list("state", flat=True))) == ("VOID", {"VOID"})
    told = [(fact["to_step"], fact["reason"]) for fact in named("approvals.signoff.returned")]
    assert told == [(1, "预算未列明"), (0, "重写")]
    with refused(errors.SignoffClosed):
        operations.return_to(of(cast), to_step=0, reason=WHY, **by(cast))


def test_copies_are_sent_once_by_who_has_a_part_and_leave_a_receipt(cast, two) -> None:
    with refused(errors.NotTheSignatory):
        operations.send_copies(two, person_ids=[cast.head.pk], **by(cast, "stranger"))
    with refused(Refused, "approvals.nobody_named"):
        operations.send_copies(two, person_ids=[], **by(cast))
    operations.send_copies(two, person_ids=[cast.stranger.pk], **by(cast, "author"))
    before = last_entry()
    operations.send_copies(two, person_ids=[cast.stranger.pk], **by(cast))
    assert names_since(before) == []
    assert operations.note_read(two.pk, **by(cast, "stranger"))
    assert not operations.note_read(two.pk, **by(cast, "stranger"))
    assert Copy.objects.get().read_at == AT
    assert queries.signoff_for(cast.actor("stranger"), two.pk, AT).pk == two.pk
    assert who_may(cast, two) == ["head", "other_head"]


def test_a_question_goes_to_the_author_who_answers_it_and_a_mention_opens_nothing(cast, two) -> None:
    with refused(Refused, "approvals.cannot_read"):
        operations.remark(two, kind=RemarkKind.COMMENT, text="请看", addressed=[cast.stranger.pk], **by(cast))
    asked = operations.remark(two, kind=RemarkKind.QUESTION, text="指标从何而来？", **by(cast))
    assert asked.addressed == [cast.author.pk]
    answer = {"kind": RemarkKind.ANSWER, "text": "去年同期", "answers": asked.pk}
    with refused(Refused, "approvals.no_such_question"):
        operations.remark(two, **answer, **by(cast, "other_head"))
    operations.remark(two, **answer, **by(cast, "author"))
    assert [(fact["kind"], fact["addressed"]) for fact in named("approvals.remark.made")] == [
        ("QUESTION", [cast.author.pk]), ("ANSWER", [cast.head.pk]),
    ]  # fmt: skip
