"""Going on by hand, urging, measuring and reaching."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from bihuan.collaborations import operations
from bihuan.collaborations.enums import Outcome
from bihuan.collaborations.errors import HasEnded, HasMovedOn, NotTheLead, NotThisStep, UrgedTooOften
from bihuan.collaborations.models import Loop, Measurement, Metric, Milestone
from bihuan.collaborations.queries import current_run, findings_to_leave, loop_for
from bihuan.kernel.errors import NotAllowed, NotFound, Refused, Stale
from bihuan.kernel.subjects import SubjectRef
from bihuan.records import operations as records
from tests.witness import facts_since, last_entry, refused


def advance(campaign, post="产品经理", seen=None):
    run = current_run(campaign.refreshed())
    return operations.advance(
        campaign.collaboration,
        seen_step_run_id=seen or (run.pk if run else 0),
        actor=campaign.actor(post),
        at=campaign.at,
    )


class TestAdvancing:
    def test_a_step_with_an_open_form_is_not_left_and_says_what_the_draft_lacks(self, campaign):
        campaign.draft("F01", "产品经理")
        with refused(Refused, "collaborations.form_missing") as caught:
            advance(campaign)
        first, *rest = caught.value.findings
        assert (first.place, first.params["form"]) == ("form.F01", "F01")
        assert rest

    def test_who_does_not_carry_the_matter_does_not_move_it(self, campaign):
        campaign.request()
        with refused(NotTheLead):
            advance(campaign, post="市场部负责人")

    def test_from_a_page_that_shows_another_step_it_is_refused(self, campaign):
        with refused(HasMovedOn):
            advance(campaign, seen=current_run(campaign.refreshed()).pk + 1)

    def test_an_ended_matter_does_not_move(self, campaign):
        operations.withdraw_collaboration(
            campaign.refreshed(), reason="不再需要", actor=campaign.actor("产品经理"), at=campaign.at
        )
        with refused(HasEnded):
            advance(campaign)
        assert [each.code for each in findings_to_leave(campaign.collaboration, campaign.at)] == [
            "collaborations.has_ended"
        ]

    def test_a_step_left_by_somebody_else_is_not_left_again(self, campaign):
        run = current_run(campaign.refreshed())
        operations.leave_step(
            campaign.collaboration, run, outcome=Outcome.DONE, actor=campaign.actor("产品经理"), at=campaign.at
        )
        with refused(HasMovedOn):
            operations.leave_step(
                campaign.collaboration,
                run,
                outcome=Outcome.DONE,
                actor=campaign.actor("产品经理"),
                at=campaign.at,
            )

    def test_a_form_of_a_later_step_cannot_be_begun(self, campaign):
        with refused(NotThisStep):
            campaign.draft("F04", "产品经理")

    def test_a_form_begun_twice_is_one_form(self, campaign):
        assert campaign.draft("F01", "产品经理") == campaign.draft("F01", "产品部负责人")

    def test_a_form_of_the_lead_is_not_for_others(self, campaign):
        campaign.carry_to("PLAN")
        with refused(NotAllowed):
            campaign.draft("F05", "市场部负责人")

    def test_the_plan_names_the_duty_table_it_was_made_for(self, campaign):
        campaign.carry_to("PLAN")
        campaign.plan()
        operations.revise_form(
            campaign.refreshed(),
            form_code="F05",
            reason="换负责人",
            actor=campaign.actor("产品经理"),
            at=campaign.at,
        )
        record = campaign.draft("F05", "产品经理")
        rows = [row | {"duty": f"{row['duty']}，每周通报"} for row in record.draft["rows"]]
        record = records.save_draft(
            record, body={"rows": rows}, seen_revision=record.revision, actor=campaign.actor("产品经理"), at=campaign.at
        )
        records.submit(record, seen_revision=record.revision, actor=campaign.actor("产品经理"), at=campaign.at)
        assert ("plans.duty_table_changed", "") in campaign.in_the_way()


class TestUrging:
    @pytest.fixture
    def loop(self, campaign):
        campaign.request()
        return Loop.objects.get(kind="SIGNOFF", owner=campaign.company.head("市场部"))

    def urge(self, campaign, loop):
        operations.urge(loop, actor=campaign.actor("产品经理"), at=campaign.at)

    def test_it_is_counted_and_told(self, campaign, loop):
        before = last_entry()
        self.urge(campaign, loop)
        loop.refresh_from_db()
        assert (loop.urged, loop.urged_at) == (1, campaign.at)
        (fact,) = facts_since(before)
        assert (fact["name"], fact["loop_id"], fact["times"]) == ("collaborations.loop.urged", loop.pk, 1)

    def test_within_four_hours_it_is_refused(self, campaign, loop):
        self.urge(campaign, loop)
        campaign.wait(hours=3, minutes=59)
        with refused(UrgedTooOften) as caught:
            self.urge(campaign, loop)
        assert caught.value.params == {"hours": 4}
        campaign.wait(minutes=1)
        self.urge(campaign, loop)
        loop.refresh_from_db()
        assert loop.urged == 2

    def test_what_is_closed_is_not_urged(self, campaign, loop):
        campaign.decide("F01", "OPINIONS", "市场部负责人", opinion="同意")
        with refused(Stale):
            self.urge(campaign, loop)


class TestLoops:
    def open(self, campaign, owner):
        return operations.open_loop(
            campaign.collaboration, kind="RISK", subject=SubjectRef("risk", 7), owner=owner, at=campaign.at
        )

    def test_opened_twice_it_is_one_and_moves_to_the_new_owner(self, campaign):
        first, second = self.open(campaign, "p:1"), self.open(campaign, "g:pmo")
        assert first.pk == second.pk
        assert Loop.objects.get(kind="RISK").owner == "g:pmo"

    def test_closing_twice_closes_once(self, campaign):
        self.open(campaign, "g:pmo")
        subject = SubjectRef("risk", 7)
        closed = [operations.close_loops(subject=subject, at=campaign.at) for _ in range(2)]
        assert closed == [1, 0]

    def test_opened_again_after_closing_it_is_a_new_one(self, campaign):
        first = self.open(campaign, "g:pmo")
        operations.close_loops(subject=SubjectRef("risk", 7), at=campaign.at)
        assert self.open(campaign, "g:pmo").pk != first.pk


class TestMeasuring:
    @pytest.fixture
    def metric(self, campaign):
        campaign.request()
        return Metric.objects.get(form_code="F01", name="新增用户数")

    @pytest.fixture
    def milestone(self, campaign, metric):
        return Milestone.objects.get(form_code="F01", name="需求确认")

    def measure(self, campaign, metric, post="产品经理", **changes):
        given = {"value": Decimal("1200.5"), "measured_on": campaign.today, "evidence": "数据平台", "at": campaign.at}
        return operations.measure_metric(metric, actor=campaign.actor(post), **given | changes)

    def reach(self, campaign, milestone, post="产品经理", **changes):
        given = {"reached_on": campaign.today, "evidence": "评审纪要", "at": campaign.at}
        operations.reach_milestone(milestone, actor=campaign.actor(post), **given | changes)

    @pytest.mark.parametrize("post", ["产品经理", "产品部负责人", "推广经理"])
    def test_who_carries_it_or_is_a_contact_writes_down_a_value(self, campaign, metric, post):
        before = last_entry()
        row = self.measure(campaign, metric, post)
        assert (row.value, row.measured_by_id) == (Decimal("1200.5"), campaign.company[post].pk)
        (fact,) = facts_since(before)
        assert (fact["metric"], fact["value"], fact["evidence"]) == ("新增用户数", "1200.5", "数据平台")

    def test_others_do_not(self, campaign, metric, milestone):
        with refused(NotAllowed):
            self.measure(campaign, metric, "市场专员")
        with refused(NotAllowed):
            self.reach(campaign, milestone, "市场专员")

    def test_without_evidence_or_for_tomorrow_it_is_refused(self, campaign, metric, milestone):
        tomorrow = campaign.today + timedelta(days=1)
        with refused(Refused, "collaborations.evidence_missing", "collaborations.day_in_future"):
            self.measure(campaign, metric, evidence=" ", measured_on=tomorrow)
        with refused(Refused, "collaborations.evidence_missing", "collaborations.day_in_future"):
            self.reach(campaign, milestone, evidence="", reached_on=tomorrow)

    def test_below_zero_it_is_refused_where_the_unit_has_no_meaning_there(self, campaign, metric):
        with refused(Refused, "collaborations.metric_below_zero"):
            self.measure(campaign, metric, value=Decimal(-1))

    def test_what_counts_for_each_part_is_measured_part_by_part(self, campaign, metric):
        Metric.objects.filter(pk=metric.pk).update(breakdown=["华东", "华南"], aggregation="EACH")
        metric.refresh_from_db()
        with refused(Refused, "collaborations.metric_part_missing"):
            self.measure(campaign, metric)
        with refused(Refused, "collaborations.metric_part_unknown"):
            self.measure(campaign, metric, part="华北")
        before = last_entry()
        assert self.measure(campaign, metric, part="华南").part == "华南"
        assert [fact["metric"] for fact in facts_since(before)] == ["新增用户数（华南）"]

    def test_what_breaks_down_into_nothing_has_no_parts(self, campaign, metric):
        with refused(Refused, "collaborations.metric_part_unknown"):
            self.measure(campaign, metric, part="华北")

    def test_today_is_the_day_of_the_head_office(self, campaign, metric, milestone):
        """At 07:00 in Shanghai the server's clock still shows yesterday."""
        early = datetime(2026, 11, 17, 23, 0, tzinfo=UTC)
        self.measure(campaign, metric, measured_on=early.date() + timedelta(days=1), at=early)
        self.reach(campaign, milestone, reached_on=early.date() + timedelta(days=1), at=early)
        assert Measurement.objects.get().measured_on == early.date() + timedelta(days=1)

    def test_a_milestone_is_reached_once(self, campaign, milestone):
        before = last_entry()
        self.reach(campaign, milestone)
        milestone.refresh_from_db()
        assert (milestone.reached_on, milestone.evidence) == (campaign.today, "评审纪要")
        assert [fact["milestone"] for fact in facts_since(before)] == ["需求确认"]
        with refused(Stale):
            self.reach(campaign, milestone)

    def test_after_the_end_nothing_is_measured(self, campaign, metric, milestone):
        operations.withdraw_collaboration(
            campaign.refreshed(), reason="不再需要", actor=campaign.actor("产品经理"), at=campaign.at
        )
        metric, milestone = Metric.objects.get(pk=metric.pk), Milestone.objects.get(pk=milestone.pk)
        with refused(HasEnded):
            self.measure(campaign, metric)
        with refused(HasEnded):
            self.reach(campaign, milestone)


def test_a_loop_is_found_only_by_who_reads_the_matter(campaign):
    loop = Loop.objects.get()
    assert loop_for(campaign.actor("产品经理"), loop.pk, at=campaign.at) == loop
    with pytest.raises(NotFound):
        loop_for(campaign.actor("财务专员"), loop.pk, at=campaign.at)
