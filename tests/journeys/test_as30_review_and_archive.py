"""AS30: a review that teaches something, an archive that is whole, read by those concerned and changed by nobody."""

from datetime import timedelta
from decimal import Decimal

import pytest

from bihuan.collaborations import operations, queries
from bihuan.collaborations.errors import HasEnded
from bihuan.collaborations.models import Metric
from bihuan.commitments import operations as commitments
from bihuan.commitments.models import Commitment
from bihuan.issues import operations as issues
from bihuan.kernel.errors import NotFound, Refused
from bihuan.knowledge.models import Archive, Lesson
from bihuan.knowledge.queries import archive_for, is_unchanged, library
from bihuan.progress import operations as progress
from bihuan.progress.models import Report
from bihuan.records import operations as records
from bihuan.records.errors import NotADraft, NotTheFiller
from bihuan.records.models import Version
from tests import forms_samples as samples
from tests.witness import facts_since, last_entry, refused


@pytest.fixture
def archived(campaign):
    campaign.carry_to("ARCHIVE")
    campaign.release_needs()
    campaign.archive()
    return campaign


def submit(campaign, record):
    return records.submit(record, seen_revision=record.revision, actor=campaign.actor("产品经理"), at=campaign.at)


def unreported(campaign):
    """A matter so fast that no weekly report ever fell due."""
    campaign.carry_to("EXECUTE")
    campaign.finish_tasks()
    campaign.reach_milestone("活动上线")
    for metric, value in (("新增用户数", "102000"), ("活动转化率", "15.8")):
        operations.measure_metric(
            Metric.objects.get(form_code="F04", name=metric),
            value=Decimal(value),
            measured_on=campaign.today,
            evidence="数据平台",
            actor=campaign.actor("产品经理"),
            at=campaign.at,
        )
    campaign.go_on()
    campaign.carry_to("ARCHIVE")
    campaign.release_needs()


@pytest.mark.parametrize(
    ("improvements", "code"),
    [
        ([], "collaborations.review_without_improvement"),
        ([{"id": "v1", "text": "需求变更统一走变更申请"}], "collaborations.review_without_improvement"),
    ],
    ids=["none", "nobody's and for no day"],
)
def test_a_review_without_an_improvement_somebody_owes_is_refused(campaign, improvements, code):
    campaign.carry_to("RETRO")
    body = samples.review(campaign.cast, campaign.today) | {"improvements": improvements}
    record = campaign.fill("F17", body)
    with refused(Refused, code):
        submit(campaign, record)
    assert not Commitment.objects.filter(kind="IMPROVEMENT").exists()
    assert campaign.desk("产品经理") == [("FORM", "F17")]


def test_a_missing_part_keeps_the_matter_from_being_archived_unless_somebody_says_why(campaign):
    unreported(campaign)
    record = campaign.draft("F20", "产品经理")
    lines = [row["id"] for row in record.draft["checklist"]]
    body = samples.archive(campaign.cast, lines)
    record = records.save_draft(
        record, body=body, seen_revision=record.revision, actor=campaign.actor("产品经理"), at=campaign.at
    )
    with refused(Refused, "knowledge.part_missing") as caught:
        submit(campaign, record)
    assert [each.params["form"] for each in caught.value.findings if each.is_error] == ["F09"]
    assert (campaign.step, Archive.objects.count()) == ("ARCHIVE", 0)
    for row in body["checklist"]:
        row["waived_reason"] = "当周全部完成，无周报" if row["id"] == "F09" else ""
    record = records.save_draft(
        record, body=body, seen_revision=record.revision, actor=campaign.actor("产品经理"), at=campaign.at
    )
    submit(campaign, record)
    assert campaign.refreshed().ending == "CLOSED"


def test_what_was_lent_keeps_the_matter_from_closing(campaign):
    campaign.carry_to("ARCHIVE")
    campaign.archive()
    assert campaign.step == "ARCHIVE"
    assert {code for code, _ in campaign.in_the_way()} == {"collaborations.open_need_release"}
    assert campaign.desk("市场部负责人") == [("NEED_RELEASE", "")]
    campaign.release_needs()
    assert campaign.refreshed().ending == "CLOSED"


def test_the_archive_says_what_it_holds(archived):
    archive = Archive.objects.get()
    assert (archive.number, archive.library, archive.tags) == ("AL-2027-0001", "CASE_LIBRARY", ["用户增长", "联合活动"])
    assert archive.location == "/XZ-2026-0001_用户增长/"
    (fact,) = facts_since(0, "knowledge.matter.archived")
    assert (fact["number"], fact["frozen_hash"]) == (archive.number, archive.frozen_hash)
    assert list(Lesson.objects.values_list("kind", flat=True)) == ["GOOD", "PROBLEM", "IMPROVEMENT"]


@pytest.mark.parametrize("reader", ["市场专员", "运营部负责人", "PMO专员", "分管副总", "行政专员"])
def test_who_belongs_to_it_opens_it(archived, reader):
    archive = Archive.objects.get()
    assert archive_for(archived.actor(reader), archive.pk, at=archived.at) == archive


@pytest.mark.parametrize("stranger", ["财务专员", "无岗位"])
def test_others_do_not_even_learn_that_it_exists(archived, stranger):
    actor = archived.actor(stranger)
    with pytest.raises(NotFound):
        archive_for(actor, Archive.objects.get().pk, at=archived.at)
    with pytest.raises(NotFound):
        queries.collaboration_for(actor, archived.collaboration.pk, at=archived.at)
    assert library(actor, at=archived.at).rows == []


def test_the_library_finds_its_lessons(archived):
    reader = archived.actor("市场专员")
    for text in ("变更只在产品部群内发布", "跨部门沟通机制高效", "联合活动", "AL-2027", "用户增长"):
        assert [each.number for each in library(reader, text=text, at=archived.at).rows] == ["AL-2027-0001"]
    assert library(reader, text="供应链", at=archived.at).rows == []
    assert library(reader, kind="KNOWLEDGE_BASE", at=archived.at).rows == []


@pytest.mark.parametrize("post", ["产品经理", "PMO专员"])
def test_nothing_of_it_can_be_changed_any_more(archived, post):
    matter, actor, at = archived.refreshed(), archived.actor(post), archived.at
    with refused(HasEnded):
        operations.start_form(matter, form_code="F17", actor=actor, at=at)
    with refused(HasEnded):
        operations.revise_form(matter, form_code="F17", reason="更正", actor=actor, at=at)
    with refused(HasEnded):
        issues.start_risk(matter, actor=actor, at=at)
    for version in Version.objects.select_related("record"):
        with pytest.raises((NotADraft, NotTheFiller)):
            records.save_draft(version.record, body={}, seen_revision=version.record.revision, actor=actor, at=at)
    assert is_unchanged(Archive.objects.get())


def test_a_risk_begun_before_the_end_cannot_be_filed_after_it(campaign):
    campaign.carry_to("ARCHIVE")
    actor = campaign.actor("开发组长")
    record = issues.start_risk(campaign.refreshed(), actor=actor, at=campaign.at)
    body = samples.risk(campaign.cast, campaign.start, campaign.at.isoformat())
    record = records.save_draft(record, body=body, seen_revision=record.revision, actor=actor, at=campaign.at)
    campaign.release_needs()
    campaign.archive()
    with refused(HasEnded):
        records.submit(record, seen_revision=record.revision, actor=actor, at=campaign.at)
    assert is_unchanged(Archive.objects.get())


def test_a_report_never_filed_cannot_be_filed_after_the_end(campaign):
    unreported(campaign)
    record = campaign.draft("F20", "产品经理")
    body = samples.archive(campaign.cast, [row["id"] for row in record.draft["checklist"]])
    body["checklist"] = [row | {"waived_reason": "无" if row["id"] == "F09" else ""} for row in body["checklist"]]
    campaign.submit("F20", body)
    report = Report.objects.filter(submitted_at=None).first()
    with refused(HasEnded):
        progress.submit_report(
            report,
            told={},
            next_plan="",
            seen_revision=report.revision,
            actor=campaign.actor("产品经理"),
            at=campaign.at,
        )


def test_a_text_changed_behind_its_back_is_noticed(archived):
    archive = Archive.objects.get()
    assert is_unchanged(archive)
    Version.objects.filter(record__form_code="F17").update(digest="0" * 64)
    assert not is_unchanged(archive)


def test_the_improvement_is_followed_up_after_closing_and_then_the_ring_is_closed(archived):
    owed, before = Commitment.objects.get(kind="IMPROVEMENT"), last_entry()
    assert owed.due_on == archived.today + timedelta(days=30)
    ring = queries.ring_of(archived.refreshed())
    assert (ring.gaps, ring.is_closed) == (1, False)
    commitments.claim(owed, evidence="变更申请已上线", actor=archived.actor("产品经理"), at=archived.at)
    assert archived.desk("产品部负责人") == [("VERIFY", "")]
    owed.refresh_from_db()
    commitments.verify(owed, accepted=True, actor=archived.actor("产品部负责人"), at=archived.at)
    assert archived.desk("产品部负责人") == []
    ring = queries.ring_of(archived.refreshed())
    assert (ring.gaps, ring.is_closed) == (0, True)
    assert [fact["name"] for fact in facts_since(before)] == [
        "commitments.commitment.claimed",
        "commitments.commitment.verified",
    ]
