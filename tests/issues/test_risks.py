"""A risk from its report to its end."""

from datetime import timedelta

import pytest

from bihuan.collaborations import operations
from bihuan.collaborations.errors import HasEnded
from bihuan.collaborations.models import Loop
from bihuan.issues import operations as issues
from bihuan.issues.errors import NotThePmo, StaleRisk
from bihuan.issues.models import Risk
from bihuan.issues.queries import risk_for, risks_of
from bihuan.kernel.errors import NotFound, Refused
from bihuan.records import operations as records
from tests import forms_samples as samples
from tests.witness import facts_since, last_entry, refused


def file(campaign, post="开发组长", **changes):
    actor = campaign.actor(post)
    record = issues.start_risk(campaign.refreshed(), actor=actor, at=campaign.at)
    found = (campaign.at - timedelta(hours=1)).isoformat()
    body = samples.risk(campaign.cast, campaign.start, found) | changes
    record = records.save_draft(record, body=body, seen_revision=record.revision, actor=actor, at=campaign.at)
    records.submit(record, seen_revision=record.revision, actor=actor, at=campaign.at)
    return Risk.objects.select_related("collaboration", "record").get(record=record)


@pytest.fixture
def asked(campaign):
    campaign.request()
    return campaign


def close(campaign, risk, post="PMO专员", outcome="替补已到位"):
    return issues.close_risk(risk, outcome=outcome, actor=campaign.actor(post), at=campaign.at)


def test_a_draft_is_begun_for_its_finder(asked):
    before = last_entry()
    record = issues.start_risk(asked.refreshed(), actor=asked.actor("开发组长"), at=asked.at)
    assert record.draft["finder"] == asked.company["开发组长"].pk
    assert record.draft["dept"] == asked.cast.technology
    assert [fact["name"] for fact in facts_since(before)] == ["records.record.started"]


@pytest.mark.parametrize(
    ("probability", "impact", "level", "gate"), [(3, 3, "HIGH", "leave:EXECUTE"), (1, 1, "LOW", "")]
)
def test_only_a_high_one_blocks(asked, probability, impact, level, gate):
    risk = file(asked, probability=probability, impact=impact)
    assert (risk.level, risk.late_by, risk.state) == (level, timedelta(), "REPORTED")
    loop = Loop.objects.get(kind="RISK")
    assert (loop.owner, loop.gate, loop.params) == ("g:pmo", gate, {"what": f"{risk} {risk.title}", "level": level})


def test_the_pmo_closes_it_with_words(asked):
    risk, before = file(asked), last_entry()
    with refused(Refused, "issues.outcome_missing"):
        close(asked, risk, outcome=" ")
    for post in ("开发组长", "产品经理", "分管副总"):
        with refused(NotThePmo):
            close(asked, risk, post=post)
    closed = close(asked, risk)
    assert (closed.state, closed.outcome, closed.closed_by_id) == ("CLOSED", "替补已到位", asked.company["PMO专员"].pk)
    assert [fact["name"] for fact in facts_since(before)] == ["issues.risk.closed"]
    assert not Loop.objects.filter(kind="RISK", closed_at=None).exists()
    with refused(StaleRisk):
        close(asked, risk)


def test_nobody_closes_what_he_filed_himself(asked):
    risk = file(asked, post="PMO专员")
    with refused(NotThePmo):
        close(asked, risk)


def test_a_second_one_has_the_next_number(asked):
    assert [file(asked).number, file(asked).number] == ["XZ-2026-0001-FX001", "XZ-2026-0001-FX002"]


def test_after_the_end_no_risk_is_begun(asked):
    operations.withdraw_collaboration(asked.refreshed(), reason="取消", actor=asked.actor("产品经理"), at=asked.at)
    with refused(HasEnded):
        issues.start_risk(asked.refreshed(), actor=asked.actor("开发组长"), at=asked.at)


def test_risks_are_found_only_by_who_reads_the_matter(asked, django_assert_num_queries):
    risk = file(asked)
    assert risk_for(asked.actor("市场专员"), risk.pk, at=asked.at) == risk
    with pytest.raises(NotFound):
        risk_for(asked.actor("财务专员"), risk.pk, at=asked.at)
    newer = file(asked)
    with django_assert_num_queries(1):
        assert [(each.pk, each.finder.name) for each in risks_of(asked.collaboration)] == [
            (newer.pk, "孙浩"),
            (risk.pk, "孙浩"),
        ]
