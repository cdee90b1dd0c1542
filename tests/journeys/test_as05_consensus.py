"""AS05: the consensus list is whole, and becomes the yardstick."""

import pytest

from bihuan.approvals.models import Signoff
from bihuan.collaborations.models import Criterion
from bihuan.kernel.errors import Refused
from bihuan.records import operations as records
from bihuan.records.errors import NotADraft
from tests import forms_samples as samples
from tests.campaign import HEADS
from tests.witness import facts_since, last_entry, refused

CRITERIA = ["活动页面可用", "投放数据每日同步"]


@pytest.fixture
def at_consensus(campaign):
    campaign.carry_to("ALIGN")
    campaign.talk_it_over()
    return campaign


def submit(campaign, record, post="产品经理"):
    return records.submit(record, seen_revision=record.revision, actor=campaign.actor(post), at=campaign.at)


def lacking(campaign):
    """Two talks only; technology says no, because its people are booked."""
    body = samples.consensus(campaign.cast, campaign.start)
    body["talks"] = body["talks"][:2]
    body["feasibility"][1] |= {"verdict": "NOT_FEASIBLE", "text": "开发工程师已被预订"}
    return body


def test_a_missing_department_and_an_infeasible_one_are_both_named(at_consensus):
    record = at_consensus.fill("F03", lacking(at_consensus))
    with refused(Refused, "collaborations.talk_missing", "collaborations.not_feasible") as caught:
        submit(at_consensus, record)
    named = {finding.code: finding.params.get("department") for finding in caught.value.findings if finding.is_error}
    assert named == {"collaborations.talk_missing": "运营部", "collaborations.not_feasible": "技术部"}
    assert at_consensus.step == "ALIGN"
    assert at_consensus.desk("产品经理") == [("FORM", "F03")]
    assert not Signoff.objects.filter(route="CONSENSUS").exists()


def test_all_three_confirm_and_version_one_is_locked(at_consensus):
    before = last_entry()
    at_consensus.reach_consensus()
    version = at_consensus.latest("F03")
    assert (version.version, version.record.status) == (1, "APPROVED")
    assert at_consensus.step == "PLAN"
    assert at_consensus.signoff("F03", "CONSENSUS").state == "APPROVED"
    decided = facts_since(before, "approvals.parts.decided")
    assert [fact["state_of_signoff"] for fact in decided] == ["OPEN", "OPEN", "APPROVED"]
    with refused(NotADraft):
        records.save_draft(
            version.record,
            body=samples.consensus(at_consensus.cast, at_consensus.start) | {"criteria": []},
            seen_revision=version.record.revision,
            actor=at_consensus.actor("产品经理"),
            at=at_consensus.at,
        )
    assert [row.text for row in Criterion.objects.filter(collaboration=at_consensus.collaboration)] == CRITERIA


def test_a_department_that_has_not_confirmed_keeps_it_open(at_consensus):
    at_consensus.submit("F03", samples.consensus(at_consensus.cast, at_consensus.start))
    for post in ("市场部负责人", "技术部负责人"):
        at_consensus.decide("F03", "CONSENSUS", post)
    assert at_consensus.step == "ALIGN"
    assert at_consensus.in_the_way() == [("collaborations.open_signoff", "运营部")]
    assert [post for post in HEADS.values() if ("SIGNOFF" in dict(at_consensus.desk(post)))] == ["运营部负责人"]


def test_acceptance_shows_exactly_these_criteria_and_cannot_drop_one(at_consensus):
    at_consensus.reach_consensus()
    at_consensus.carry_to("ACCEPT")
    body = samples.acceptance(at_consensus.cast, at_consensus.start, at_consensus.today)
    record = at_consensus.fill("F16", body)
    checked = [row["id"] for row in record.draft["items"] if row["id"].startswith("c-")]
    assert checked == ["c-c1", "c-c2"]
    strange = [*body["items"], {"id": "c-c3", "verdict": "MET"}]
    for items in (body["items"][1:], strange):
        with refused(Refused, "records.fixed_rows"):
            records.save_draft(
                record,
                body=body | {"items": items},
                seen_revision=record.revision,
                actor=at_consensus.actor("产品经理"),
                at=at_consensus.at,
            )
