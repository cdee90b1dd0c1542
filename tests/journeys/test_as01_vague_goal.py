"""AS01: a vague goal is refused, the draft stays, no number is used up."""

from bihuan.kernel.errors import Refused
from bihuan.records import operations as records
from bihuan.records.models import Counter, Record
from tests import forms_samples as samples
from tests.witness import facts_since, last_entry, refused


def vague(campaign):
    return samples.request(campaign.cast, campaign.start) | {"goal_text": "尽快提升新品销量", "metrics": []}


def submit(campaign, record):
    return records.submit(record, seen_revision=record.revision, actor=campaign.actor("产品经理"), at=campaign.at)


def test_a_vague_goal_is_refused_naming_the_missing_parts_and_the_word(campaign):
    record = campaign.fill("F01", vague(campaign))
    with refused(Refused, "collaborations.goal_without_metric", "records.vague") as caught:
        submit(campaign, record)
    said = {finding.code: finding for finding in caught.value.findings}
    assert said["collaborations.goal_without_metric"].params["missing"] == (
        "name", "target", "unit", "deadline", "direction", "baseline",
    )  # fmt: skip
    assert said["records.vague"].place == "goal_text"
    assert said["records.vague"].params["words"] == "尽快"


def test_the_draft_stays_and_no_number_is_used_up(campaign):
    record = campaign.fill("F01", vague(campaign))
    with refused(Refused):
        submit(campaign, record)
    kept = Record.objects.get(pk=record.pk)
    assert (kept.status, kept.number, kept.draft["goal_text"]) == ("DRAFT", "", "尽快提升新品销量")
    assert not Counter.objects.exists()
    assert campaign.refreshed().number is None
    assert campaign.desk("产品经理") == [("FORM", "F01")]
    campaign.request()
    assert campaign.refreshed().number == "XZ-2026-0001"


def test_the_parts_a_metric_lacks_are_named_one_by_one(campaign):
    body = samples.request(campaign.cast, campaign.start)
    body["metrics"] = [{"id": "m1", "name": "新增用户数"}]
    record = campaign.fill("F01", body)
    with refused(Refused, "collaborations.goal_not_quantified") as caught:
        submit(campaign, record)
    (goal,) = [each for each in caught.value.findings if each.code == "collaborations.goal_not_quantified"]
    assert goal.params["missing"] == ("target", "unit", "deadline", "direction", "baseline")


def test_nobody_else_is_asked_anything_by_a_refused_request(campaign):
    record, before = campaign.fill("F01", vague(campaign)), last_entry()
    with refused(Refused):
        submit(campaign, record)
    assert facts_since(before) == []
    assert campaign.desk("市场部负责人") == []
