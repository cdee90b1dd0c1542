"""The facts of a matter start, keep, move and end its deadlines; the open loops say their instants."""

from datetime import timedelta

import pytest
from django.db import transaction

from bihuan.approvals.enums import Decision
from bihuan.approvals.policy import Condition
from bihuan.collaborations import operations as collaborations
from bihuan.collaborations.enums import Outcome
from bihuan.collaborations.models import Loop
from bihuan.collaborations.operations import steps
from bihuan.commitments import operations as commitments
from bihuan.commitments.models import Commitment
from bihuan.deadlines import operations
from bihuan.deadlines.models import Deadline
from bihuan.issues import operations as issues
from bihuan.kernel import principals
from bihuan.organisation.duties import HandOver
from bihuan.plans import operations as plans
from bihuan.plans.models import Task
from bihuan.progress import operations as progress
from bihuan.progress.models import Report
from tests.issues.test_risks import file
from tests.witness import facts_since, last_entry


def running(rule: str, state: str = "RUNNING"):
    return Deadline.objects.filter(rule=rule, state=state).order_by("pk")


def states(rule: str) -> list[str]:
    return list(Deadline.objects.filter(rule=rule).order_by("pk").values_list("state", flat=True))


@pytest.fixture
def asked(campaign):
    """Three departments are asked for their opinion."""
    campaign.request()
    return campaign


def test_a_question_gives_each_signatory_two_working_days_and_his_loop_says_so(asked):
    found = list(running("T29"))
    heads = {asked.company.head(name) for name in ("市场部", "技术部", "运营部")}
    assert {row.owner for row in found} == heads
    assert {row.limit for row in found} == {"2wd"}
    loops = {loop.part: loop.due_at for loop in Loop.objects.filter(kind="SIGNOFF", closed_at__isnull=True)}
    assert {row.part: row.due_at for row in found} == loops


def test_an_answer_keeps_the_deadline_of_who_answered_and_of_nobody_else(asked):
    before = last_entry()
    asked.wait(days=30)
    asked.decide("F01", "OPINIONS", "市场部负责人", opinion="同意")
    late = Deadline.objects.get(rule="T29", owner=asked.company.head("市场部"))
    assert (late.state, late.kept_at, late.late_minutes > 0) == ("LATE", asked.at, True)
    left = {row.part: row.due_at for row in running("T29")}
    assert len(left) == 2
    assert left == dict(Loop.objects.filter(kind="SIGNOFF", closed_at__isnull=True).values_list("part", "due_at"))
    (kept,) = facts_since(before, "deadlines.deadlines.kept")
    assert [(each["deadline_id"], each["late_minutes"]) for each in kept["deadlines"]] == [(late.pk, late.late_minutes)]


def test_a_refusal_lets_nobody_else_owe_an_answer(asked):
    asked.decide("F01", "OPINIONS", "市场部负责人", decision=Decision.REFUSE, opinion="预算不明")
    assert sorted(states("T29")) == ["CANCELLED", "CANCELLED", "KEPT"]


def test_a_matter_that_is_withdrawn_has_no_deadline_left(asked):
    collaborations.withdraw_collaboration(
        asked.refreshed(), reason="不再需要", actor=asked.actor("产品经理"), at=asked.at
    )
    assert set(states("T29")) == {"CANCELLED"}
    assert not Deadline.objects.filter(state__in=["RUNNING", "PAUSED"]).exists()


def test_a_condition_without_a_day_is_no_deadline_until_the_day_is_typed(asked):
    asked.decide(
        "F01", "OPINIONS", "市场部负责人", decision=Decision.APPROVE_WITH_CONDITION, conditions=(Condition("先定渠道"),)
    )
    assert states("T38") == []
    owed = Commitment.objects.get()
    day = asked.today + timedelta(days=7)
    commitments.set_owner_and_due(
        owed, owner_id=owed.owner_id, due_on=day, seen_revision=owed.revision,
        actor=asked.actor("市场部负责人"), at=asked.at,
    )  # fmt: skip
    made = running("T38").get()
    loop = Loop.objects.get(kind="COMMITMENT", closed_at__isnull=True)
    assert (made.due_at, made.owner, made.counts, made.what) == (
        loop.due_at, principals.person(owed.owner_id), "", "先定渠道",
    )  # fmt: skip
    owed.refresh_from_db()
    commitments.set_owner_and_due(
        owed, owner_id=owed.owner_id, due_on=day + timedelta(days=3), seen_revision=owed.revision,
        actor=asked.actor("市场部负责人"), at=asked.at,
    )  # fmt: skip
    made.refresh_from_db()
    assert made.due_at == loop.due_at + timedelta(days=3)
    owed.refresh_from_db()
    commitments.claim(owed, evidence="渠道表", actor=asked.actor("产品经理"), at=asked.at)
    assert states("T38") == ["KEPT"]
    owed.refresh_from_db()
    commitments.verify(owed, accepted=False, note="缺一列", actor=asked.actor("市场部负责人"), at=asked.at)
    assert states("T38") == ["KEPT", "RUNNING"]


def test_a_risk_filed_late_is_marked_and_the_pmo_has_a_working_day(asked):
    found = (asked.at - timedelta(hours=25, minutes=5)).isoformat()
    risk = file(asked, probability=3, impact=3, discovered_at=found)
    filing, response = Deadline.objects.get(rule="T18"), running("T28").get()
    assert (filing.state, filing.late_minutes, filing.owner) == ("LATE", 65, f"d:{risk.department_id}")
    assert (response.owner, response.limit) == ("g:pmo", "1wd")
    assert Loop.objects.get(kind="RISK").due_at == response.due_at
    issues.close_risk(risk, outcome="替补已到位", actor=asked.actor("PMO专员"), at=asked.at)
    assert states("T28") == ["KEPT"]


def test_a_low_risk_waits_for_the_weekly_meeting_by_no_instant(asked):
    file(asked, probability=1, impact=1)
    assert (states("T18"), states("T28"), Loop.objects.get(kind="RISK").due_at) == (["KEPT"], [], None)


@pytest.fixture
def executing(campaign):
    campaign.carry_to("EXECUTE")
    return campaign


def test_tasks_and_weekly_reports_run_from_the_start_of_execution(executing):
    tasks = Task.objects.filter(collaboration=executing.collaboration)
    assert {row.subject_id: row.owner for row in running("T21")} == {
        task.pk: principals.person(task.owner_id) for task in tasks
    }
    reports = Report.objects.filter(period__collaboration=executing.collaboration)
    assert {row.subject_id: row.due_at for row in running("T13")} == {
        report.pk: report.period.due_at for report in reports
    }
    loops = Loop.objects.filter(kind__in=["TASK", "REPORT"], closed_at__isnull=True)
    assert {(loop.subject_kind, loop.subject_id): loop.due_at for loop in loops} == {
        (row.subject_kind, row.subject_id): row.due_at for row in Deadline.objects.filter(state="RUNNING")
        if row.rule in {"T13", "T21"}
    }  # fmt: skip


def test_a_told_delay_moves_a_task_and_being_done_late_is_marked(executing):
    task = Task.objects.filter(collaboration=executing.collaboration).order_by("due_on").first()
    owner = executing._owner(task)
    before = running("T21").get(subject_id=task.pk).due_at
    plans.report_task(
        task, percent=10, new_due_on=task.due_on + timedelta(days=4), reason="等待设计稿",
        seen_revision=task.revision, actor=owner, at=executing.at,
    )  # fmt: skip
    made = running("T21").get(subject_id=task.pk)
    assert made.due_at == before + timedelta(days=4)
    told = Deadline.objects.get(rule="T35")
    assert (told.state, told.due_at, told.kept_at) == ("KEPT", before - timedelta(hours=4), executing.at)
    task.refresh_from_db()
    executing.at = made.due_at + timedelta(minutes=90)
    plans.finish_task(task, output="已交付", seen_revision=task.revision, actor=owner, at=executing.at)
    made.refresh_from_db()
    assert (made.state, made.late_minutes) == ("LATE", 90)
    unsaid = Deadline.objects.get(rule="T35", state="LATE")
    assert (unsaid.due_at, unsaid.kept_at) == (made.due_at - timedelta(hours=4), None)
    assert (unsaid.late_minutes, unsaid.owner) == (330, made.owner)


def test_a_delay_told_two_hours_before_is_told_late_and_an_earlier_day_is_no_delay(executing):
    task = Task.objects.filter(collaboration=executing.collaboration).order_by("due_on").first()
    owner, day = executing._owner(task), task.due_on
    executing.at = running("T21").get(subject_id=task.pk).due_at - timedelta(hours=2)
    for days in (4, 3):
        plans.report_task(
            task, percent=10, new_due_on=day + timedelta(days=days), reason="等待设计稿",
            seen_revision=task.revision, actor=owner, at=executing.at,
        )  # fmt: skip
        task.refresh_from_db()
    told = Deadline.objects.get(rule="T35")
    assert (told.state, told.late_minutes) == ("LATE", 120)


def test_outside_of_execution_no_task_is_due_and_when_it_comes_back_what_is_open_begins_again(executing):
    owed = running("T21").count()
    assert owed
    matter, by = executing.refreshed(), {"actor": executing.actor("产品经理"), "at": executing.at}
    run = matter.step_runs.get(left_at=None)
    with transaction.atomic():
        steps.leave_step(matter, run, outcome=Outcome.RETURNED, reason="方案要改", **by)
    assert states("T21") == ["CANCELLED"] * owed
    with transaction.atomic():
        steps.enter_step(matter, "EXECUTE", **by)
    assert states("T21") == ["CANCELLED"] * owed + ["RUNNING"] * owed


def test_a_task_that_changes_hands_takes_its_deadline_along(executing):
    task = Task.objects.filter(collaboration=executing.collaboration).order_by("pk").first()
    after = executing.company["财务专员"].pk
    plans.pass_on(
        task.pk,
        HandOver(
            before=task.owner_id, after=after, reason="离职", actor=executing.company.administrator, at=executing.at
        ),
    )
    assert running("T21").get(subject_id=task.pk).owner == principals.person(after)


def test_a_week_that_nobody_reported_is_missed_for_good(executing):
    first = list(running("T13").values_list("pk", flat=True))
    executing.wait(days=7)
    progress.open_due_week(executing.collaboration.pk, actor=executing.actor("产品经理"), at=executing.at)
    missed = Deadline.objects.filter(pk__in=first)
    assert {(row.state, row.kept_at, row.late_minutes > 0) for row in missed} == {("LATE", None, True)}
    assert running("T13").count() == len(first)


def test_the_last_steps_give_five_working_days_each(executing):
    executing.carry_to("RETRO")
    review = running("T31").get()
    assert (review.part, review.limit, review.subject) == ("F17", "5wd", executing.root)
    assert Loop.objects.get(kind="FORM", part="F17", closed_at__isnull=True).due_at == review.due_at


def test_a_lead_who_changes_owes_the_form_that_waits(executing):
    executing.carry_to("RETRO")
    after = executing.company["推广经理"].pk
    collaborations.change_lead(
        executing.refreshed(), lead_id=after, reason="换人", actor=executing.actor("产品经理"), at=executing.at
    )
    assert running("T31").get().owner == principals.person(after)


def test_the_system_that_scans_tells_it_in_the_matter(asked):
    before = last_entry()
    assert operations.scan(at=running("T29").first().due_at + timedelta(seconds=1)) == 3
    warned = facts_since(before, "deadlines.deadline.warned")
    assert [fact["level"] for fact in warned] == [4, 4, 4]
