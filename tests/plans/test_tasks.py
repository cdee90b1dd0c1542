"""Working on tasks: every verb, its fact, and what it refuses."""

from datetime import timedelta

import pytest

from bihuan.collaborations.models import Loop
from bihuan.kernel.errors import NotAllowed, NotFound, Refused
from bihuan.organisation.models import Person
from bihuan.plans import operations as plans
from bihuan.plans.enums import TaskState
from bihuan.plans.errors import NotTheOwner, NotUnderWay, StaleTask
from bihuan.plans.models import Task
from bihuan.plans.queries import shown, task_for, tasks_of
from tests.witness import facts_since, last_entry, refused

OWNER = "开发组长"


@pytest.fixture
def at_work(campaign):
    campaign.carry_to("EXECUTE")
    return campaign


def task_of(campaign, post=OWNER):
    return Task.objects.select_related("collaboration").get(collaboration=campaign.collaboration, post=post)


def act(campaign, verb, post=OWNER, task=None, seen=None, **said):
    task = task or task_of(campaign)
    return getattr(plans, f"{verb}_task")(
        task,
        seen_revision=task.revision if seen is None else seen,
        actor=campaign.actor(post),
        at=campaign.at,
        **said,
    )


def loop_of(task):
    return Loop.objects.filter(kind="TASK", subject_id=task.pk, closed_at=None).first()


def test_from_begin_to_end_each_act_is_one_fact(at_work):
    before, due = last_entry(), task_of(at_work).due_on
    task = act(at_work, "start")
    assert (task.state, task.started_at, task.revision) == ("IN_PROGRESS", at_work.at, 2)
    assert act(at_work, "report", percent=40).percent == 40
    task = act(at_work, "block", blocker=" 缺设计稿 ")
    assert (task.state, task.blocker) == ("BLOCKED", "缺设计稿")
    task = act(at_work, "resume")
    assert (task.state, task.blocker) == ("IN_PROGRESS", "")
    later = due + timedelta(days=2)
    task = act(at_work, "report", percent=60, new_due_on=later, reason="设计稿晚到")
    assert (task.new_due_on, task.reason, loop_of(task).due_at.date()) == (later, "设计稿晚到", later)
    task = act(at_work, "finish", output="活动页面链接")
    assert (task.state, task.percent, task.output, task.finished_at) == ("DONE", 100, "活动页面链接", at_work.at)
    assert loop_of(task) is None
    facts = facts_since(before)
    assert [fact["name"].removeprefix("plans.task.") for fact in facts] == [
        "started", "reported", "blocked", "resumed", "reported", "done",
    ]  # fmt: skip
    assert (facts[4]["before"], facts[4]["percent"], facts[4]["new_due_on"]) == (40, 60, later.isoformat())
    assert (facts[5]["output"], facts[5]["days_late"]) == ("活动页面链接", 0)


def test_what_an_act_must_say_is_asked_for(at_work):
    past = at_work.today - timedelta(days=1)
    with refused(Refused, "plans.output_missing"):
        act(at_work, "finish", output=" ")
    with refused(Refused, "plans.blocker_missing"):
        act(at_work, "block", blocker="")
    for percent in (-1, 100):
        with refused(Refused, "plans.percent_out_of_range"):
            act(at_work, "report", percent=percent)
    with refused(Refused, "plans.delay_without_reason"):
        act(at_work, "report", percent=10, new_due_on=at_work.today)
    with refused(Refused, "plans.new_day_in_past"):
        act(at_work, "report", percent=10, new_due_on=past, reason="误填")
    with refused(Refused, "plans.reason_missing"):
        act(at_work, "cancel", post="产品经理", reason="")
    with refused(Refused, "plans.reason_missing"):
        act(at_work, "hand_over", post="产品经理", owner_id=at_work.company["市场专员"].pk, reason="")


def test_a_task_past_its_day_needs_a_cause_and_a_new_day(at_work):
    """G14: whatever was chosen, it is delayed."""
    act(at_work, "start")
    at_work.wait_until(task_of(at_work).due_on + timedelta(days=3))
    row = shown(task_of(at_work), at_work.at)
    assert (row.state, row.days_late) == (TaskState.DELAYED, 3)
    with refused(Refused, "plans.delay_without_new_day", "plans.delay_without_reason"):
        act(at_work, "report", percent=80)
    task = act(at_work, "report", percent=80, new_due_on=at_work.today + timedelta(days=2), reason="测试返工")
    assert (shown(task, at_work.at).state, shown(task, at_work.at).days_late) == (TaskState.DELAYED, 0)
    before = last_entry()
    act(at_work, "finish", output="活动页面链接")
    assert [fact["days_late"] for fact in facts_since(before, "plans.task.done")] == [3]
    assert shown(task_of(at_work), at_work.at).state == TaskState.DONE


def test_a_blocked_task_stays_blocked_on_the_page(at_work):
    act(at_work, "block", blocker="缺设计稿")
    at_work.wait_until(task_of(at_work).due_on + timedelta(days=1))
    row = shown(task_of(at_work), at_work.at)
    assert (row.state, row.days_late) == (TaskState.BLOCKED, 1)


def test_who_may_report_and_who_may_not(at_work):
    for post in ("技术部负责人", "产品部负责人"):
        act(at_work, "report", post=post, percent=5)
    for post in ("推广经理", "市场专员", "PMO专员", "分管副总"):
        with refused(NotTheOwner):
            act(at_work, "report", post=post, percent=5)
        with refused(NotAllowed):
            act(at_work, "cancel", post=post, reason="不再需要")
        with refused(NotAllowed):
            act(at_work, "hand_over", post=post, owner_id=at_work.company["市场专员"].pk, reason="换人")


def test_from_a_page_that_is_behind_it_is_refused(at_work):
    seen = task_of(at_work).revision
    act(at_work, "start")
    with refused(StaleTask):
        act(at_work, "report", percent=5, seen=seen)
    with refused(StaleTask):
        act(at_work, "start")
    with refused(StaleTask):
        act(at_work, "resume")
    act(at_work, "finish", output="链接")
    with refused(StaleTask):
        act(at_work, "report", percent=5)
    with refused(StaleTask):
        act(at_work, "cancel", post="产品经理", reason="不再需要")


def test_who_carries_it_cancels_the_task_of_another_but_not_his_own(at_work):
    before = last_entry()
    task = act(at_work, "cancel", post="产品经理", reason="改用现成页面")
    assert (task.state, task.reason, loop_of(task)) == ("CANCELLED", "改用现成页面", None)
    assert [fact["name"] for fact in facts_since(before)] == ["plans.task.cancelled"]
    own = task_of(at_work, "产品经理")
    with refused(NotAllowed):
        act(at_work, "cancel", post="产品经理", task=own, reason="不想做")


def test_handed_over_it_waits_for_the_new_owner(at_work):
    before, heir = last_entry(), at_work.company["技术部负责人"]
    task = act(at_work, "hand_over", post="技术部负责人", owner_id=heir.pk, reason="休假")
    assert (task.owner_id, loop_of(task).owner) == (heir.pk, f"p:{heir.pk}")
    (fact,) = facts_since(before)
    assert (fact["name"], fact["after"], fact["reason"]) == ("plans.task.handed_over", heir.pk, "休假")
    Person.objects.filter(username="shan").update(is_active=False)
    with refused(Refused, "plans.owner_unknown"):
        act(at_work, "hand_over", post="产品经理", owner_id=at_work.company["市场专员"].pk, reason="换人")


def test_before_execution_it_is_handed_over_without_being_asked_for(campaign):
    campaign.carry_to("RESOURCE")
    heir = campaign.company["技术部负责人"]
    task = act(campaign, "hand_over", post="产品经理", owner_id=heir.pk, reason="休假")
    assert (task.owner_id, loop_of(task)) == (heir.pk, None)
    with refused(NotUnderWay):
        act(campaign, "finish", output="链接", post="技术部负责人")


def test_the_last_finished_task_lets_the_matter_go_on(at_work):
    assert ("collaborations.open_task", "开发并测试活动页面") in at_work.in_the_way()
    at_work.finish_tasks()
    assert not any(code == "collaborations.open_task" for code, _ in at_work.in_the_way())


def test_after_execution_no_task_moves(campaign):
    campaign.carry_to("ACCEPT")
    with refused(NotUnderWay):
        act(campaign, "report", percent=5)


def test_a_task_is_found_only_by_who_reads_the_matter(at_work):
    task = task_of(at_work)
    assert task_for(at_work.actor("市场专员"), task.pk, at=at_work.at) == task
    with pytest.raises(NotFound):
        task_for(at_work.actor("财务专员"), task.pk, at=at_work.at)


def test_the_tasks_of_a_matter_are_one_query(at_work, django_assert_num_queries):
    with django_assert_num_queries(1):
        four = [(row.task.department.name, row.task.owner.name) for row in tasks_of(at_work.collaboration, at_work.at)]
    assert len(four) == 4
