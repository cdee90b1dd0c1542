"""AS02: a breakdown and a percentage leave one question each; money is read as people write it."""

from decimal import Decimal

from bihuan.collaborations.models import Metric
from bihuan.kernel.errors import Refused
from bihuan.records import operations as records
from bihuan.resources.models import Need
from tests import forms_samples as samples
from tests.witness import facts_since, last_entry, refused

REGIONS = "华东、华南、华北、华中、西南"


def body_with(campaign, **answers):
    """Sales over five regions, and a delay rate that rises by 15 %."""
    body = samples.request(campaign.cast, campaign.start)
    sales = {
        "id": "m1", "name": "销售额", "definition": "活动期间签约金额", "direction": "MORE_THAN", "target": "200万",
        "unit": "CNY", "baseline_na_reason": "首次举办", "window_months": 1, "window_from": "活动上线",
        "breakdown": answers.get("breakdown", "五个区域"), "aggregation": answers.get("aggregation", ""),
    }  # fmt: skip
    delay = {
        "id": "m2", "name": "延误率", "definition": "延误单数除以总单数", "direction": "AT_MOST", "target": "15",
        "unit": answers.get("unit", "OTHER"), "unit_text": answers.get("unit_text", "%"),
        "baseline_na_reason": "此前没有统计", "window_days": 30, "window_from": "活动上线",
    }  # fmt: skip
    body["metrics"] = [sales, delay]
    body["resources"][1]["amount"] = "15万"
    return body


def test_each_open_question_is_asked_once(campaign):
    record = campaign.fill("F01", body_with(campaign))
    with refused(Refused) as caught:
        records.submit(record, seen_revision=record.revision, actor=campaign.actor("产品经理"), at=campaign.at)
    asked = [(finding.code, finding.place) for finding in caught.value.findings if finding.is_error]
    assert asked == [
        ("collaborations.metric_total_or_each", "metrics.0.aggregation"),
        ("collaborations.metric_which_percent", "metrics.1.unit"),
    ]


def test_answered_they_are_submitted_with_a_number_and_exact_money(campaign):
    before = last_entry()
    body = body_with(campaign, aggregation="TOTAL", breakdown=REGIONS, unit="PCT_POINT", unit_text="")
    version = campaign.submit("F01", body)
    assert campaign.refreshed().number == "XZ-2026-0001"
    assert version.record.number == "XZ-2026-0001-F01-01"
    assert [row["amount"] for row in version.data["resources"]] == [None, "150000.00", None]
    assert Need.objects.get(collaboration=campaign.collaboration, type="BUDGET").amount == Decimal("150000.00")
    sales, delay = Metric.objects.filter(collaboration=campaign.collaboration)
    assert (sales.target, sales.unit) == (Decimal(2000000), "CNY")
    assert (delay.target, delay.unit) == (Decimal(15), "PCT_POINT")
    (fact,) = facts_since(before, "records.record.submitted")
    assert (fact["form_code"], fact["number"], fact["version"]) == ("F01", "XZ-2026-0001-F01-01", 1)


def test_numbers_rise_from_matter_to_matter(campaign, company):
    campaign.request()
    other = type(campaign).begin(company, campaign.at)
    other.submit("F01", samples.request(other.cast, other.start) | {"title": "另一场活动"})
    assert (campaign.refreshed().number, other.refreshed().number) == ("XZ-2026-0001", "XZ-2026-0002")
