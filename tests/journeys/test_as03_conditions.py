"""AS03: consent on a condition is a promise that stands in the way of the gate it names."""

from datetime import timedelta

import pytest

from bihuan.approvals import operations as approvals
from bihuan.approvals.enums import Decision
from bihuan.approvals.models import Slot
from bihuan.approvals.policy import Condition
from bihuan.collaborations import operations
from bihuan.collaborations.queries import current_run
from bihuan.commitments import operations as commitments
from bihuan.commitments.errors import StaleCommitment
from bihuan.commitments.models import Commitment
from bihuan.deadlines.models import Deadline
from bihuan.kernel.errors import Refused
from tests.witness import facts_since, last_entry, refused

CHANNELS, REVIEW = "渠道优先级须先确定", "技术部须提前参加需求评审"


@pytest.fixture
def conditional(campaign):
    """Marketing and technology agree on a condition, operations has not answered."""
    campaign.request()
    for post, text, owner in (("市场部负责人", CHANNELS, "产品经理"), ("技术部负责人", REVIEW, None)):
        person = campaign.company[owner].pk if owner else None
        due = campaign.today + timedelta(days=10) if owner else None
        campaign.decide(
            "F01",
            "OPINIONS",
            post,
            decision=Decision.APPROVE_WITH_CONDITION,
            opinion="同意",
            conditions=(Condition(text, owner_id=person, due_on=due),),
        )
    return campaign


def advance(campaign):
    run = current_run(campaign.refreshed())
    return operations.advance(
        campaign.collaboration, seen_step_run_id=run.pk, actor=campaign.actor("产品经理"), at=campaign.at
    )


def keep(campaign, text, *verifiers):
    promise = Commitment.objects.get(text=text)
    commitments.claim(promise, evidence="会议纪要", actor=campaign.actor("产品经理"), at=campaign.at)
    for post in verifiers:
        promise.refresh_from_db()
        commitments.verify(promise, accepted=True, actor=campaign.actor(post), at=campaign.at)


def test_a_department_that_has_not_answered_keeps_the_request(conditional):
    with refused(Refused, "collaborations.open_signoff") as caught:
        advance(conditional)
    assert [(each.code, each.params["what"]) for each in caught.value.findings] == [
        ("collaborations.open_signoff", "运营部")
    ]
    assert conditional.step == "REQUEST"
    assert conditional.desk("运营部负责人") == [("NEED_ANSWER", ""), ("SIGNOFF", str(conditional.cast.operations))]


def test_both_conditions_are_kept_open_with_owner_and_date(conditional):
    promises = Commitment.objects.filter(root_id=conditional.collaboration.pk).order_by("pk")
    lead = conditional.company["产品经理"].pk
    assert [(each.text, each.state, each.kind, each.owner_id, each.due_on, each.gate) for each in promises] == [
        (CHANNELS, "OPEN", "CONDITION", lead, conditional.today + timedelta(days=10), "enter:EXECUTE"),
        (REVIEW, "OPEN", "CONDITION", lead, None, "enter:EXECUTE"),
    ]
    assert [fact["text"] for fact in facts_since(0, "commitments.commitment.made")] == [CHANNELS, REVIEW]
    assert conditional.desk("产品经理").count(("COMMITMENT", "")) == 2
    assert "COMMITMENT" in conditional.waited_for("市场部负责人")


def test_they_are_listed_and_given_back_at_both_doors(conditional, doors):
    lead, pk = conditional.company["产品经理"], conditional.collaboration.pk
    page = doors.page("产品经理").get(f"/matters/{pk}/").content.decode()
    assert [words for words in (CHANNELS, REVIEW, lead.name, "11月27日") if words not in page] == []
    listed = doors.program("产品经理").get(f"/collaborations/{pk}/commitments").json()["items"]
    assert [(one["text"], one["state"], one["due_on"]) for one in sorted(listed, key=lambda one: one["id"])] == [
        (CHANNELS, "OPEN", "2026-11-27"), (REVIEW, "OPEN", None),
    ]  # fmt: skip
    first, second = (Commitment.objects.get(text=text).pk for text in (CHANNELS, REVIEW))
    for promise in (first, second):
        doors.page("产品经理").post(f"/commitments/{promise}/claim", {"evidence": "邮件"})
    no = {"accepted": "no", "note": "优先级仍未排定"}
    assert doors.page("市场部负责人").post(f"/commitments/{first}/verify", no).status_code == 302
    said = {"accepted": False, "note": "评审未邀请"}
    assert doors.program("技术部负责人").post(f"/commitments/{second}/verify", said).json()["state"] == "OPEN"
    stranger, before = doors.program("市场专员"), last_entry()
    answer = stranger.post(f"/commitments/{first}/verify", {"accepted": True})
    assert (answer.status_code in {403, 404}, last_entry()) == (True, before)
    assert set(Commitment.objects.values_list("state", "note")) == {("OPEN", no["note"]), ("OPEN", said["note"])}


def test_an_open_condition_keeps_execution_from_beginning_at_both_doors(campaign, doors):
    campaign.request()
    slots = {name: Slot.objects.get(principal=campaign.company.head(name)) for name in ("市场部", "技术部", "运营部")}
    said = {"decision": "APPROVE_WITH_CONDITION", "opinion": "同意"}
    assert doors.sign_on_page(slots["市场部"], "市场部负责人", condition=[CHANNELS], **said).status_code == 302
    given = doors.sign_by_program(slots["技术部"], "技术部负责人", conditions=[REVIEW], **said)
    assert given.json()["state"] == "APPROVED_WITH_CONDITION"
    assert all("运营部" in words for words in held_up(campaign, doors))
    campaign.decide("F01", "OPINIONS", "运营部负责人", opinion="同意")
    assert campaign.step == "ALIGN"
    desk = doors.page("产品经理").get("/").content.decode()
    assert CHANNELS in desk
    assert REVIEW in desk

    review = Commitment.objects.get(text=REVIEW)
    doors.page("产品经理").post(f"/commitments/{review.pk}/claim", {"evidence": "会议纪要"})
    doors.page("技术部负责人").post(f"/commitments/{review.pk}/verify", {"accepted": "yes"})
    campaign.carry_to("RESOURCE")
    campaign.put_needs_in_place()
    words = held_up(campaign, doors)
    assert all(CHANNELS in each for each in words)
    assert not any(REVIEW in each for each in words)

    path, before = f"/commitments/{Commitment.objects.get(text=CHANNELS).pk}", last_entry()
    assert doors.program("产品经理").post(f"{path}/claim", {"evidence": "会议纪要"}).json()["state"] == "CLAIMED"
    assert doors.program("市场部负责人").post(f"{path}/verify", {"accepted": True}).json()["state"] == "VERIFIED"
    assert campaign.step == "EXECUTE"
    assert [fact["step"] for fact in facts_since(before, "collaborations.step.entered")] == ["EXECUTE"]
    assert not any(kind == "COMMITMENT" for kind, _ in campaign.desk("产品经理"))


def held_up(campaign, doors):
    """What the lead is told at each door when he wants to go on; nothing is written."""
    run, program, pk = current_run(campaign.refreshed()), doors.program("产品经理"), campaign.collaboration.pk
    before = last_entry()
    page = doors.page("产品经理").post(f"/matters/{pk}/advance", {"seen_step_run_id": run.pk})
    answer = program.post(f"/collaborations/{pk}/advance", {"seen_step_run_id": run.pk})
    assert (page.status_code, answer.status_code, last_entry()) == (422, 422, before)
    return [page.content.decode(), " ".join(finding["what"] for finding in answer.json()["findings"])]


def test_a_condition_given_back_by_its_giver_is_owed_again(conditional):
    promise = Commitment.objects.get(text=CHANNELS)
    commitments.claim(promise, evidence="邮件", actor=conditional.actor("产品经理"), at=conditional.at)
    assert ("VERIFY", "") in conditional.desk("市场部负责人")
    assert conditional.desk("产品经理").count(("COMMITMENT", "")) == 1
    promise.refresh_from_db()
    commitments.verify(
        promise, accepted=False, note="优先级仍未排定", actor=conditional.actor("市场部负责人"), at=conditional.at
    )
    assert ("VERIFY", "") not in conditional.desk("市场部负责人")
    assert conditional.desk("产品经理").count(("COMMITMENT", "")) == 2


def test_of_a_matter_that_is_taken_back_nobody_owes_a_condition_any_more(conditional):
    promise, before = Commitment.objects.get(text=CHANNELS), last_entry()
    operations.withdraw_collaboration(
        conditional.refreshed(), reason="预算取消", actor=conditional.actor("产品经理"), at=conditional.at
    )
    assert set(Commitment.objects.values_list("state", "note")) == {("CANCELLED", "预算取消")}
    cancelled = facts_since(before, "commitments.commitment.cancelled")
    assert [fact["reason"] for fact in cancelled] == ["预算取消", "预算取消"]
    promise.refresh_from_db()
    with refused(StaleCommitment):
        commitments.claim(promise, evidence="已写入方案", actor=conditional.actor("产品经理"), at=conditional.at)
    assert {post: conditional.desk(post) for post in ("产品经理", "市场部负责人", "技术部负责人")} == {
        "产品经理": [],
        "市场部负责人": [],
        "技术部负责人": [],
    }


def test_a_condition_goes_with_the_decision_that_is_taken_back(conditional):
    slot = Slot.objects.get(decided_by=conditional.company["市场部负责人"])
    before = last_entry()
    approvals.take_back(slot, reason="条件写错", actor=conditional.actor("市场部负责人"), at=conditional.at)
    assert set(Commitment.objects.values_list("text", "state")) == {(CHANNELS, "CANCELLED"), (REVIEW, "OPEN")}
    assert [fact["reason"] for fact in facts_since(before, "commitments.commitment.cancelled")] == ["条件写错"]
    assert ("SIGNOFF", slot.key) in conditional.desk("市场部负责人")
    assert conditional.desk("产品经理").count(("COMMITMENT", "")) == 1


def test_sent_back_to_its_author_the_request_is_asked_of_him_again_and_nobody_signs_it(conditional):
    slot = Slot.objects.get(state="PENDING")
    approvals.return_to(
        slot, to_step=0, reason="预算未列明", actor=conditional.actor("运营部负责人"), at=conditional.at
    )
    assert ("FORM", "F01") in conditional.desk("产品经理")
    assert all("SIGNOFF" not in dict(conditional.desk(post)) for post in ("市场部负责人", "运营部负责人"))
    assert not Deadline.objects.filter(rule="T29", state="RUNNING").exists()


def test_advice_and_one_more_signature_move_what_waits_and_its_limit_along(conditional):
    slot, company = Slot.objects.get(state="PENDING"), conditional.company
    by = {"actor": conditional.actor("运营部负责人"), "at": conditional.at}
    approvals.consult(slot, person_id=company["运营经理"].pk, reason="人手够吗", **by)
    assert ("SIGNOFF", slot.key) in conditional.desk("运营经理")
    assert Deadline.objects.get(rule="T29", part=slot.key, state="RUNNING").owner == company.principal("运营经理")
    approvals.advise(slot, text="够", actor=conditional.actor("运营经理"), at=conditional.at)
    assert ("SIGNOFF", slot.key) in conditional.desk("运营部负责人")
    added = approvals.add_signer(slot, person_id=company["财务部负责人"].pk, where="BEFORE", reason="核预算", **by)
    assert ("SIGNOFF", slot.key) not in conditional.desk("运营部负责人")
    assert ("SIGNOFF", added.key) in conditional.desk("财务部负责人")
    assert list(Deadline.objects.filter(rule="T29", state="RUNNING").values_list("part", flat=True)) == [added.key]
    approvals.remove_signer(added, reason="不必", **by)
    assert ("SIGNOFF", slot.key) in conditional.desk("运营部负责人")
    assert list(Deadline.objects.filter(rule="T29", state="RUNNING").values_list("part", flat=True)) == [slot.key]
