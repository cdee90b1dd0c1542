"""AS28: a matter ends with something open only where each item has an owner and a day, and the executive agrees."""

from datetime import timedelta

import pytest

from bihuan.collaborations import queries
from bihuan.collaborations.errors import NotTheLead
from bihuan.commitments import operations as commitments
from bihuan.commitments.models import Commitment
from bihuan.issues import operations as issues
from bihuan.issues.models import Risk
from bihuan.kernel.errors import Refused
from bihuan.plans import operations as plans
from bihuan.plans.models import Task
from bihuan.records import operations as records
from tests import forms_samples as samples
from tests.witness import facts_since, last_entry, refused

EXECUTIVE, ROUTE = "分管副总", "HAND_OVER"
CHANCE = {"HIGH": {"probability": 3, "impact": 3}, "LOW": {"probability": 1, "impact": 1}}


def file_risk(campaign, level):
    finder = campaign.actor("开发组长")
    risk = issues.start_risk(campaign.refreshed(), actor=finder, at=campaign.at)
    body = samples.risk(campaign.cast, campaign.start, campaign.at.isoformat()) | CHANCE[level]
    risk = records.save_draft(risk, body=body, seen_revision=risk.revision, actor=finder, at=campaign.at)
    records.submit(risk, seen_revision=risk.revision, actor=finder, at=campaign.at)
    return Risk.objects.get(record=risk)


def items(campaign, **taken):
    """The open items, those of these kinds taken over by the head of operations."""
    due = (campaign.today + timedelta(days=30)).isoformat()
    rows = campaign.draft("F30", "产品经理").draft["items"]
    return [
        row | ({"owner": campaign.company["运营部负责人"].pk, "due": due} if row["id"].split("-")[0] in taken else {})
        for row in rows
    ]


def ask(campaign, **taken):
    body = {"reason": "需等下季度数据，无法在本次活动内完成", "items": items(campaign, **taken)}
    return campaign.submit("F30", body)


def agree(campaign):
    campaign.decide("F30", ROUTE, EXECUTIVE, opinion="同意移交")


@pytest.fixture
def at_work(campaign):
    campaign.carry_to("EXECUTE")
    return campaign


def test_a_high_risk_is_closed_and_an_open_task_handed_over_before_acceptance(at_work):
    risk = file_risk(at_work, "HIGH")
    at_work.wait(days=3)
    at_work.report_week()
    at_work.wait_until(at_work.start + timedelta(days=64))
    at_work.reach_milestones()
    kept = Task.objects.exclude(state="DONE").order_by("-pk").first()
    Task.objects.filter(pk=kept.pk).update(state="BLOCKED", blocker="等数据")
    for task in Task.objects.exclude(state="DONE").exclude(pk=kept.pk):
        owner = at_work._owner(task)
        plans.finish_task(task, output="已交付", seen_revision=task.revision, actor=owner, at=at_work.at)
    codes = {code for code, _ in at_work.in_the_way()}
    assert {"collaborations.open_risk", "collaborations.open_task"} <= codes
    with refused(Refused, "collaborations.open_risk", "collaborations.open_task"):
        at_work.go_on()
    assert not any(row["id"].startswith("risk") for row in items(at_work))
    ask(at_work, task=True)
    before = last_entry()
    agree(at_work)
    (fact,) = facts_since(before, "collaborations.items.handed_over")
    (task,) = Task.objects.filter(state="CANCELLED")
    assert [(item["kind"], item["id"]) for item in fact["items"]] == [("task", task.pk)]
    assert task.reason == fact["number"] == "XZ-2026-0001-F30-01"
    promise = Commitment.objects.get(kind="HANDED_OVER")
    assert (promise.text, promise.owner_id, promise.gate, promise.state) == (
        task.duty, at_work.company["运营部负责人"].pk, "", "OPEN",
    )  # fmt: skip
    with refused(Refused, "collaborations.open_risk"):
        at_work.go_on()
    issues.close_risk(risk, outcome="未发生", actor=at_work.actor("PMO专员"), at=at_work.at)
    at_work.go_on()
    assert at_work.step == "ACCEPT"


def test_what_is_left_open_holds_the_end_until_it_is_handed_over_and_is_followed_after_it(campaign):
    campaign.carry_to("ACCEPT")
    risk = file_risk(campaign, "LOW")
    campaign.carry_to("ARCHIVE")
    campaign.release_needs()
    campaign.archive()
    assert campaign.step == "ARCHIVE"
    assert [code for code, _ in campaign.in_the_way()] == ["collaborations.left_open"]
    ask(campaign, risk=True)
    agree(campaign)
    risk.refresh_from_db()
    assert (campaign.refreshed().ending, risk.state, risk.outcome) == ("CLOSED", "CLOSED", "XZ-2026-0001-F30-01")
    promise = Commitment.objects.get(kind="HANDED_OVER")
    loops = [(loop.kind, loop.subject_id) for loop in queries.loops_of(campaign.collaboration.pk)]
    assert ("COMMITMENT", promise.pk) in loops
    commitments.claim(promise, evidence="复盘纪要", actor=campaign.actor("运营部负责人"), at=campaign.at)
    commitments.verify(promise, accepted=True, actor=campaign.actor("产品经理"), at=campaign.at)
    promise.refresh_from_db()
    assert promise.state == "VERIFIED"


def test_the_review_lists_what_was_handed_over(at_work):
    file_risk(at_work, "LOW")
    ask(at_work, risk=True)
    agree(at_work)
    at_work.carry_to("RETRO")
    at_work.review()
    promise = Commitment.objects.get(kind="HANDED_OVER")
    (row,) = at_work.latest("F17").data["handed_over"]
    assert (row["what"], row["owner"], row["due"]) == (
        promise.text, at_work.company["运营部负责人"].name, promise.due_on.isoformat(),
    )  # fmt: skip


def test_each_item_has_an_owner_and_a_day_ahead_and_is_still_open(at_work):
    risk = file_risk(at_work, "LOW")
    owner, past = at_work.company["运营部负责人"].pk, (at_work.today - timedelta(days=1)).isoformat()

    def refuses(code, **row):
        record = at_work.draft("F30", "产品经理")
        taken = [row if each["id"].startswith("risk") else {"owner": None, "due": ""} for each in record.draft["items"]]
        rows = [each | said for each, said in zip(record.draft["items"], taken, strict=True)]
        body = {"reason": "需等下季度数据，无法在本次活动内完成", "items": rows}
        record = at_work.fill("F30", body)
        with refused(Refused, f"collaborations.{code}"):
            records.submit(record, seen_revision=record.revision, actor=at_work.actor("产品经理"), at=at_work.at)

    refuses("nobody_takes_over", owner=None, due="")
    refuses("item_without_day", owner=owner, due="")
    refuses("item_without_owner", owner=None, due=past)
    refuses("date_in_past", owner=owner, due=past)
    issues.close_risk(risk, outcome="未发生", actor=at_work.actor("PMO专员"), at=at_work.at)
    refuses("item_not_open", owner=owner, due=(at_work.today + timedelta(days=9)).isoformat())


def test_only_who_carries_it_asks_and_only_from_the_work_on(campaign):
    campaign.carry_to("PLAN")
    with refused(Refused, "collaborations.nothing_to_hand_over"):
        campaign.draft("F30", "产品经理")
    with refused(NotTheLead):
        campaign.draft("F30", "市场部负责人")
