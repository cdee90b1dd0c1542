"""A matter rests: its clocks stand still, nothing of it is acted upon, and a day reminds of it."""

from datetime import timedelta

import pytest

from bihuan.collaborations import operations, queries
from bihuan.collaborations.errors import HasEnded, IsSuspended, NotSuspended, NotTheLead
from bihuan.collaborations.models import Loop
from bihuan.collaborations.queries import Filters, loops_of, portfolio
from bihuan.deadlines import operations as deadlines
from bihuan.deadlines.errors import RestsWithMatter
from bihuan.deadlines.models import Deadline
from bihuan.issues import operations as issues
from bihuan.kernel.errors import Refused
from bihuan.notifications.models import Notice
from bihuan.plans import operations as plans
from bihuan.plans.models import Task
from bihuan.progress import operations as progress
from bihuan.records import operations as records
from tests import forms_samples as samples
from tests.witness import facts_since, last_entry, names_since, refused

EXECUTIVE, ROUTE = "分管副总", "SUSPENSION"
DAYS = 20


def body(campaign, days=DAYS):
    until = (campaign.today + timedelta(days=days)).isoformat()
    return {"reason": "等待集团预算批复后再推进", "until": until, "waits_for": "集团预算批复"}


def suspend(campaign, days=DAYS):
    campaign.submit("F29", body(campaign, days))
    campaign.decide("F29", ROUTE, EXECUTIVE, opinion="同意暂停")
    campaign.refreshed()


def resume(campaign, post="产品经理", note="预算已批复"):
    operations.resume_collaboration(campaign.refreshed(), note=note, actor=campaign.actor(post), at=campaign.at)


@pytest.fixture
def resting(campaign):
    campaign.carry_to("EXECUTE")
    suspend(campaign)
    return campaign


class TestSuspending:
    def test_the_executive_says_so_and_it_stands_until_a_day(self, campaign):
        campaign.carry_to("EXECUTE")
        before = last_entry()
        suspend(campaign)
        until = (campaign.today + timedelta(days=DAYS)).isoformat()
        (fact,) = facts_since(before, "collaborations.collaboration.suspended")
        assert (fact["until"], fact["number"], fact["reason"]) == (
            until, "XZ-2026-0001-F29-01", "等待集团预算批复后再推进",
        )  # fmt: skip
        loop = queries.suspension_of(campaign.collaboration.pk)
        assert (loop.owner, loop.gate, loop.params["until"]) == (
            campaign.company.principal("产品经理"), "leave:EXECUTE", until,
        )  # fmt: skip
        assert "collaborations.open_resume" in [code for code, _ in campaign.in_the_way()]

    @pytest.mark.parametrize(
        ("days", "code"), [(0, "until_not_ahead"), (-3, "until_not_ahead"), (367, "until_too_far")]
    )
    def test_the_day_lies_ahead_and_within_a_year(self, campaign, days, code):
        campaign.carry_to("PLAN")
        record = campaign.fill("F29", body(campaign, days))
        with refused(Refused, f"collaborations.{code}"):
            records.submit(record, seen_revision=record.revision, actor=campaign.actor("产品经理"), at=campaign.at)

    def test_clocks_stand_still_urgent_ones_do_not_and_go_on_together(self, campaign):
        campaign.carry_to("EXECUTE")
        urgent = Deadline.objects.order_by("pk").filter(state="RUNNING").last()
        Deadline.objects.filter(pk=urgent.pk).update(is_urgent=True)
        before = {row.pk: row.due_at for row in Deadline.objects.filter(state="RUNNING")}
        suspend(campaign)
        assert set(Deadline.objects.filter(state="RUNNING").values_list("pk", flat=True)) == {urgent.pk}
        stopped = Deadline.objects.filter(state="PAUSED", rests=True)
        assert set(stopped.values_list("pk", flat=True)) == set(before) - {urgent.pk}
        assert (
            not Loop.objects.exclude(kind="RESUME")
            .exclude(subject_id=urgent.subject_id)
            .filter(closed_at__isnull=True, due_at__isnull=False)
        )
        campaign.wait(days=10)
        resume(campaign)
        assert {row.pk: row.due_at for row in Deadline.objects.filter(state="RUNNING")} == before
        row = Deadline.objects.filter(pk__in=before).exclude(pk=urgent.pk).first()
        assert (row.rests, row.paused_at, row.paused_for) == (False, None, timedelta(days=10))

    def test_a_counted_clock_goes_on_with_what_was_left(self, campaign):
        campaign.carry_to("ALIGN")
        campaign.submit("F03", samples.consensus(campaign.cast, campaign.start))
        due = Deadline.objects.filter(rule="T29", state="RUNNING").first().due_at
        suspend(campaign)
        campaign.wait(days=14)
        resume(campaign)
        assert Deadline.objects.filter(rule="T29", state="RUNNING").first().due_at == due + timedelta(days=14)

    def test_one_clock_does_not_go_on_alone(self, resting):
        row = Deadline.objects.filter(state="PAUSED", rests=True).first()
        with refused(RestsWithMatter):
            deadlines.resume(row, seen_revision=row.revision, actor=resting.actor("PMO专员"), at=resting.at)


class TestMeanwhile:
    def test_nothing_is_acted_upon(self, resting):
        task = Task.objects.select_related("collaboration").first()
        with refused(IsSuspended):
            plans.start_task(task, seen_revision=task.revision, actor=resting._owner(task), at=resting.at)
        with refused(IsSuspended):
            resting.reach_milestone("需求确认")
        with refused(Refused, "collaborations.open_resume"):
            resting.go_on()

    def test_no_week_opens(self, resting):
        resting.wait(days=7)
        assert progress.matters_without_week(resting.at) == []

    def test_risks_are_reported_and_people_change_all_the_same(self, resting):
        finder = resting.actor("开发组长")
        risk = issues.start_risk(resting.refreshed(), actor=finder, at=resting.at)
        draft = samples.risk(resting.cast, resting.start, resting.at.isoformat())
        risk = records.save_draft(risk, body=draft, seen_revision=risk.revision, actor=finder, at=resting.at)
        records.submit(risk, seen_revision=risk.revision, actor=finder, at=resting.at)
        operations.change_lead(
            resting.refreshed(), lead_id=resting.company["开发组长"].pk, reason="调岗",
            actor=resting.actor("产品经理"), at=resting.at,
        )  # fmt: skip
        assert queries.suspension_of(resting.collaboration.pk).owner == resting.company.principal("开发组长")

    def test_it_is_asked_for_longer_and_ended_early(self, resting):
        suspend(resting, 40)
        assert Loop.objects.get(kind="RESUME").params["until"] == (resting.today + timedelta(days=40)).isoformat()
        resting.submit("F28", {"reason": "预算不再批复，无法继续", "reached": "完成需求调研"})
        resting.decide("F28", "EARLY_END", EXECUTIVE, opinion="同意")
        assert (resting.step, queries.suspension_of(resting.collaboration.pk)) == ("RETRO", None)
        assert not Deadline.objects.filter(rests=True, state="PAUSED").exists()

    def test_lists_know_it_and_only_for_readers(self, resting):
        def found(post):
            page = portfolio(resting.actor(post), Filters(state="resting"), before=None, at=resting.at)
            return [(row.collaboration.pk, row.is_resting) for row in page.rows]

        assert found("产品经理") == [(resting.collaboration.pk, True)]
        assert found("财务专员") == []


class TestResuming:
    def test_who_carries_it_says_why_and_its_clocks_go_on(self, resting):
        before = last_entry()
        resting.wait(days=3)
        resume(resting)
        assert names_since(before) == ["collaborations.collaboration.resumed"]
        assert facts_since(before)[0] == {
            "name": "collaborations.collaboration.resumed", "rested_days": 3, "note": "预算已批复",
        }  # fmt: skip
        assert "RESUME" not in {loop.kind for loop in loops_of(resting.collaboration.pk)}
        assert queries.rested(resting.collaboration.pk, resting.at) == timedelta(days=3)
        with refused(NotSuspended):
            resume(resting)

    def test_others_do_not_and_not_without_a_word(self, resting):
        with refused(NotTheLead):
            resume(resting, post="市场部负责人")
        with refused(Refused, "collaborations.reason_missing"):
            resume(resting, note=" ")

    @pytest.mark.parametrize("post", ["PMO专员", EXECUTIVE, "产品部负责人"])
    def test_so_do_pmo_executive_and_head(self, resting, post):
        resume(resting, post=post)
        assert queries.suspension_of(resting.collaboration.pk) is None

    def test_on_the_day_its_lead_is_told_once(self, resting):
        resting.wait(days=DAYS - 1)
        assert operations.suspensions_to_recall(resting.at) == []
        resting.wait(days=1, hours=1)
        told = Notice.objects.count()
        (loop_id,) = operations.suspensions_to_recall(resting.at)
        for _ in range(2):
            operations.recall_suspension(loop_id, at=resting.at)
        assert operations.suspensions_to_recall(resting.at) == []
        assert Notice.objects.count() == told + 1


def test_a_request_sent_after_the_end_asks_nobody(campaign):
    campaign.carry_to("ARCHIVE")
    record = campaign.fill("F29", body(campaign))
    campaign.release_needs()
    campaign.archive()
    with refused(HasEnded):
        records.submit(record, seen_revision=record.revision, actor=campaign.actor("产品经理"), at=campaign.at)
