"""What is due on a typed day is over at close of business where its owner works, and stays there (domain §4.1)."""

from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from bihuan.collaborations.models import Loop
from bihuan.collaborations.operations.loops import root_of
from bihuan.collaborations.policy.lines import NeedLine
from bihuan.commitments import operations as commitments
from bihuan.commitments.enums import CommitmentKind
from bihuan.deadlines import queries
from bihuan.deadlines.models import Deadline
from bihuan.kernel import principals
from bihuan.kernel.errors import Refused
from bihuan.organisation.models import Calendar, CalendarDay, Department, Site, WorkingHours
from bihuan.plans import operations as plans
from bihuan.plans.models import Task
from bihuan.plans.queries import shown
from bihuan.resources import operations as resources
from tests.witness import facts_since, last_entry, refused

OWNER = "开发组长"


@pytest.fixture
def abroad(campaign):
    """At work; from now on the technology department is in Berlin, open until five and on Christmas Eve until noon."""
    campaign.carry_to("EXECUTE")
    site = Site.objects.create(name="柏林", time_zone="Europe/Berlin")
    calendar = Calendar.objects.create(site=site)
    WorkingHours.objects.create(
        calendar=calendar, starts_on="2020-01-01", hours="08:00-12:00,13:00-17:00", country="DE"
    )
    CalendarDay.objects.create(calendar=calendar, day="2026-12-24", kind="HALF_DAY", hours="08:00-12:00", name="圣诞夜")
    Department.objects.filter(name="技术部").update(site=site)
    return campaign


def open_loop(kind, pk):
    return Loop.objects.get(kind=kind, subject_id=pk, closed_at=None)


def local(instant, zone="Europe/Berlin"):
    return f"{instant.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def test_a_task_is_due_where_its_owner_works_when_its_day_is_typed(abroad):
    task = Task.objects.get(collaboration=abroad.collaboration, post=OWNER)
    owed = Deadline.objects.get(rule="T21", subject_id=task.pk)
    before = owed.due_at
    assert (open_loop("TASK", task.pk).due_at, local(before, "Asia/Shanghai")[11:]) == (before, "18:00")

    def say(**values):
        task.refresh_from_db()
        plans.report_task(
            task, percent=40, seen_revision=task.revision, actor=abroad.actor(OWNER), at=abroad.at, **values
        )
        owed.refresh_from_db()
        return owed.due_at

    assert say() == before  # another calendar moves no day that was typed
    assert local(say(new_due_on=date(2026, 12, 24), reason="设计稿晚到")) == "2026-12-24 12:00"
    assert open_loop("TASK", task.pk).due_at == owed.due_at
    assert "12:00，柏林下班时" in queries.explained(owed)["zh-hans"]
    task.refresh_from_db()
    for later, is_late in ((timedelta(), False), (timedelta(microseconds=1), True), (timedelta(days=1), True)):
        row = shown(task, owed.due_at + later)
        assert (row.is_late, row.days_late) == (is_late, int(is_late))
    heir = abroad.company["产品经理"]
    plans.hand_over_task(
        task, owner_id=heir.pk, reason="休假", seen_revision=task.revision, actor=abroad.actor("产品经理"), at=abroad.at
    )
    owed.refresh_from_db()
    loop = open_loop("TASK", task.pk)
    assert (owed.owner, loop.owner, local(owed.due_at), loop.due_at) == (
        principals.person(heir.pk), principals.person(heir.pk), "2026-12-24 12:00", owed.due_at,
    )  # fmt: skip
    assert "12:00，柏林下班时" in queries.explained(owed)["zh-hans"]  # of who handed it over
    with refused(Refused, "clock.out_of_reach"):
        plans.report_task(
            task, percent=50, new_due_on=date(2999, 1, 1), reason="误填", seen_revision=task.revision,
            actor=abroad.actor("产品经理"), at=abroad.at,
        )  # fmt: skip
    owed.refresh_from_db()
    task.refresh_from_db()
    assert (task.percent, local(owed.due_at)) == (40, "2026-12-24 12:00")


def test_a_task_is_late_when_its_day_is_over_there_for_the_page_the_act_and_the_record(abroad):
    """Beside midnight in the head office: eleven in the evening is before the close of business in New York."""
    site = Site.objects.create(name="纽约", time_zone="America/New_York")
    Department.objects.filter(name="技术部").update(site=site)
    task = Task.objects.get(collaboration=abroad.collaboration, post=OWNER)

    def act(verb, at, **values):
        task.refresh_from_db()
        return getattr(plans, verb)(task, seen_revision=task.revision, actor=abroad.actor(OWNER), at=at, **values)

    act("report_task", abroad.at, percent=10, new_due_on=date(2026, 12, 23), reason="设计稿晚到")
    owed = Deadline.objects.get(rule="T21", subject_id=task.pk)
    assert local(owed.due_at, "Asia/Shanghai") == "2026-12-24 07:00"
    assert act("report_task", owed.due_at, percent=20).percent == 20
    late = owed.due_at + timedelta(minutes=1)
    with refused(Refused, "plans.delay_without_new_day", "plans.delay_without_reason"):
        act("report_task", late, percent=30)
    with refused(Refused, "plans.new_day_in_past"):
        act("report_task", late, percent=30, new_due_on=date(2026, 12, 23), reason="返工")
    act("report_task", late, percent=30, new_due_on=date(2026, 12, 24), reason="返工")
    before = last_entry()
    Task.objects.filter(pk=task.pk).update(due_on=date(2026, 12, 22))
    act("finish_task", late, output="活动页面链接")
    assert [fact["days_late"] for fact in facts_since(before, "plans.task.done")] == [2]


def test_a_promise_is_due_where_its_owner_works_until_it_is_verified(abroad):
    matter, at = abroad.collaboration, abroad.at
    made = commitments.promise(
        kind=CommitmentKind.ACTION, text="接口联调", owner_id=abroad.company[OWNER].pk, due_on=date(2026, 12, 23),
        department_id=Department.objects.get(name="技术部").pk, gate="", source=root_of(matter), root=root_of(matter),
        scope_id=matter.scope_id, asked_by=principals.person(abroad.company["产品经理"].pk),
        verifier=principals.person(abroad.company["产品经理"].pk), actor=abroad.actor("产品经理"), at=at,
    )  # fmt: skip
    owed = Deadline.objects.get(rule="T38", subject_id=made.pk)
    assert local(owed.due_at) == "2026-12-23 17:00"
    assert open_loop("COMMITMENT", made.pk).due_at == owed.due_at
    CalendarDay.objects.filter(day="2026-12-24").update(day="2026-12-23")
    commitments.claim(made, evidence="联调记录", actor=abroad.actor(OWNER), at=at + timedelta(hours=1))
    assert local(open_loop("VERIFY", made.pk).due_at) == "2026-12-23 17:00"  # as it was promised
    made.refresh_from_db()
    commitments.verify(made, accepted=False, note="缺日志", actor=abroad.actor("产品经理"), at=at + timedelta(hours=2))
    again = Deadline.objects.get(rule="T38", subject_id=made.pk, state="RUNNING")
    assert local(again.due_at) == "2026-12-23 17:00"
    made.refresh_from_db()
    commitments.set_owner_and_due(
        made, owner_id=abroad.company[OWNER].pk, due_on=date(2026, 12, 26), seen_revision=made.revision,
        actor=abroad.actor("产品经理"), at=at + timedelta(hours=3),
    )  # fmt: skip
    again.refresh_from_db()
    assert local(again.due_at) == "2026-12-26 17:00"  # a Saturday stays one


def test_a_need_is_there_when_its_day_is_over_at_the_place_of_the_department_that_gives_it(abroad):
    technology, marketing = (Department.objects.get(name=name) for name in ("技术部", "市场部"))
    lines = [
        NeedLine(
            row=f"n-{provider.pk}", department=provider, type="PEOPLE", spec="测试", quantity=Decimal(1), unit="人",
            amount=None, start=date(2026, 12, 24), end=None, purpose="联调",
        )
        for provider in (technology, marketing)
    ]  # fmt: skip
    resources.ask_for_needs(
        abroad.collaboration, lines, form_code="F04", version=1, actor=abroad.actor("产品经理"), at=abroad.at
    )
    asked = {need.provider_id: open_loop("NEED_ANSWER", need.pk).due_at for need in abroad.collaboration.needs.filter(
        line_id__in=[line.row for line in lines])}  # fmt: skip
    assert (local(asked[technology.pk]), local(asked[marketing.pk], "Asia/Shanghai")) == (
        "2026-12-24 12:00", "2026-12-24 18:00",
    )  # fmt: skip
