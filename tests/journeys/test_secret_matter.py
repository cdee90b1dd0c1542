"""A secret matter goes its way though PMO and administration see no more of it than its outline (§2.0.5)."""

import pytest

from bihuan.access import queries as access
from bihuan.access.enums import Level
from bihuan.collaborations import operations, queries
from bihuan.collaborations.errors import HasEnded, NotThisStep
from bihuan.kernel.errors import NotAllowed, NotFound, Refused
from bihuan.organisation.models import Charge
from bihuan.records import queries as records
from tests import forms_samples as samples
from tests.witness import facts_since, last_entry, refused

EXECUTIVE = "分管副总"


@pytest.fixture
def secret(campaign):
    """A secret campaign whose plan is approved."""
    campaign.submit("F01", samples.request(campaign.cast, campaign.start) | {"secrecy": "SECRET"})
    campaign.agree_to_request()
    campaign.carry_to("FILING")
    return campaign


def name(campaign, post, *, by=EXECUTIVE):
    operations.name_filer(
        campaign.refreshed(), person_id=campaign.company[post].pk, actor=campaign.actor(by), at=campaign.at
    )


def level(campaign, post):
    scope_id = campaign.collaboration.scope_id
    return access.levels(campaign.actor(post), [scope_id], at=campaign.at).get(scope_id)


def test_the_executive_is_asked_who_files_and_nobody_else_can(secret):
    assert secret.desk(EXECUTIVE) == [("FILER", "")]
    assert "FILER" in secret.waited_for("产品经理")
    assert ("collaborations.open_filer", "") in secret.in_the_way()
    for post in ("行政专员", "PMO专员"):
        assert (secret.desk(post), level(secret, post)) == ([], Level.OUTLINE)
        with refused(NotAllowed):
            secret.draft("F26", post)
    for post in ("产品经理", "产品部负责人", "PMO专员"):
        with refused(NotAllowed):
            name(secret, "行政专员", by=post)


def test_who_is_named_reads_and_files_and_nobody_besides(secret):
    before = last_entry()
    name(secret, "行政专员")
    assert facts_since(before) == [
        {"name": "collaborations.filer.named", "filer_id": secret.company["行政专员"].pk, "before": None}
    ]
    assert (secret.desk("行政专员"), secret.desk(EXECUTIVE)) == ([("FORM", "F26")], [])
    assert queries.collaboration_for(secret.actor("行政专员"), secret.collaboration.pk, at=secret.at)
    with pytest.raises(NotFound):
        queries.collaboration_for(secret.actor("PMO专员"), secret.collaboration.pk, at=secret.at)
    with refused(NotAllowed):
        secret.draft("F26", "PMO专员")
    version = secret.file_plan("行政专员")
    assert version.record.number == "BA-2026-0001"
    assert secret.step == "RESOURCE"
    with pytest.raises(NotFound):
        records.record_for(secret.actor("PMO专员"), version.record_id, at=secret.at)


def test_naming_the_same_person_again_changes_nothing(secret):
    name(secret, "行政专员")
    before = last_entry()
    name(secret, "行政专员")
    assert last_entry() == before


def test_naming_somebody_else_ends_the_reading_of_who_was_named(secret):
    name(secret, "行政专员")
    secret.draft("F26", "行政专员")
    name(secret, "PMO专员")
    assert (level(secret, "行政专员"), level(secret, "PMO专员")) == (Level.OUTLINE, Level.READ)
    assert (secret.desk("行政专员"), secret.desk("PMO专员")) == ([], [("FORM", "F26")])
    assert secret.file_plan("PMO专员").record.number == "BA-2026-0001"


@pytest.mark.parametrize("post", ["财务专员", "产品经理", "无岗位"])
def test_only_somebody_of_the_filing_office_is_named(secret, post):
    with refused(Refused, "collaborations.filer_of_another_office"):
        name(secret, post)


def test_nobody_is_named_before_the_plan_is_to_be_filed_nor_for_an_open_matter(campaign):
    with refused(NotThisStep):
        name(campaign, "行政专员")
    campaign.carry_to("FILING")
    with refused(NotThisStep):
        name(campaign, "行政专员")


def test_of_an_ended_matter_nobody_is_named(secret):
    operations.withdraw_collaboration(
        secret.refreshed(), reason="预算取消", actor=secret.actor("产品经理"), at=secret.at
    )
    assert secret.desk(EXECUTIVE) == []
    with refused(HasEnded):
        name(secret, "行政专员")


def test_a_secret_matter_that_nobody_could_approve_is_not_submitted(campaign):
    Charge.objects.filter(department=campaign.company.departments["产品部"]).delete()
    body = samples.request(campaign.cast, campaign.start)
    record = campaign.fill("F01", body | {"secrecy": "CONFIDENTIAL"})
    found = records.findings_of(record, record.draft, at=campaign.at)
    assert [finding.place for finding in found if finding.code == "collaborations.secret_without_executive"] == [
        "secrecy"
    ]
    record = campaign.fill("F01", body)
    found = records.findings_of(record, record.draft, at=campaign.at)
    assert "collaborations.secret_without_executive" not in {finding.code for finding in found}
