"""AS13: a risk is filed within a day of being found; later is accepted and marked."""

from datetime import timedelta

import pytest

from bihuan.issues import operations as issues
from bihuan.issues.models import Risk
from bihuan.kernel.errors import Refused
from bihuan.records import operations as records
from bihuan.records.models import Counter
from tests import forms_samples as samples
from tests.witness import facts_since, last_entry, refused

FOUND = "2026-11-16T09:00:00+08:00"


@pytest.fixture
def tuesday_afternoon(campaign):
    """Tuesday 15:00, thirty hours after the risk was found; the request has its number."""
    campaign.request()
    campaign.wait(hours=5)
    return campaign


def report(campaign, **changes):
    actor = campaign.actor("开发组长")
    record = issues.start_risk(campaign.refreshed(), actor=actor, at=campaign.at)
    body = samples.risk(campaign.cast, campaign.start, FOUND) | changes
    return records.save_draft(record, body=body, seen_revision=record.revision, actor=actor, at=campaign.at)


def file(campaign, record):
    return records.submit(record, seen_revision=record.revision, actor=campaign.actor("开发组长"), at=campaign.at)


def test_filed_six_hours_late_it_is_accepted_and_marked(tuesday_afternoon):
    before = last_entry()
    file(tuesday_afternoon, report(tuesday_afternoon))
    risk = Risk.objects.get()
    assert (risk.number, risk.state, risk.level) == ("XZ-2026-0001-FX001", "REPORTED", "MEDIUM")
    assert risk.late_by == timedelta(hours=6)
    (filed,) = facts_since(before, "issues.risk.filed")
    assert (filed["number"], filed["late_seconds"]) == ("XZ-2026-0001-FX001", 6 * 3600)


def test_the_pmo_has_it_on_its_desk_and_the_finder_waits(tuesday_afternoon):
    file(tuesday_afternoon, report(tuesday_afternoon))
    assert tuesday_afternoon.desk("PMO专员") == [("RISK", "")]
    assert "RISK" in tuesday_afternoon.waited_for("开发组长")


def test_a_high_risk_stands_in_the_way_of_acceptance(tuesday_afternoon):
    file(tuesday_afternoon, report(tuesday_afternoon, probability=3, impact=3))
    tuesday_afternoon.agree_to_request()
    tuesday_afternoon.carry_to("EXECUTE")
    assert ("collaborations.open_risk", "XZ-2026-0001-FX001 活动页面开发延期") in tuesday_afternoon.in_the_way()
    before, pmo = last_entry(), tuesday_afternoon.actor("PMO专员")
    issues.close_risk(Risk.objects.get(), outcome="替补工程师已到位", actor=pmo, at=tuesday_afternoon.at)
    assert not any(code == "collaborations.open_risk" for code, _ in tuesday_afternoon.in_the_way())
    assert [fact["outcome"] for fact in facts_since(before, "issues.risk.closed")] == ["替补工程师已到位"]
    assert tuesday_afternoon.desk("PMO专员") == []


@pytest.mark.parametrize(
    ("changes", "code", "place"),
    [
        ({"discovered_at": ""}, "records.required", "discovered_at"),
        ({"discovered_at": "2026-11-17T15:01:00+08:00"}, "issues.found_in_future", "discovered_at"),
        ({"impact_scope": []}, "records.too_few_rows", "impact_scope"),
    ],
    ids=["without discovery time", "found in the future", "without impact scope"],
)
def test_an_incomplete_one_is_refused(tuesday_afternoon, changes, code, place):
    record, numbers = report(tuesday_afternoon, **changes), Counter.objects.count()
    with refused(Refused) as caught:
        file(tuesday_afternoon, record)
    assert (code, place) in [(finding.code, finding.place) for finding in caught.value.findings]
    assert (Risk.objects.count(), Counter.objects.count()) == (0, numbers)
    assert tuesday_afternoon.desk("PMO专员") == []
