"""AS26: the monthly financial report, whose region in another city is late with its sales."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from bihuan.collaborations import operations, queries
from bihuan.collaborations.errors import NotTheConsolidator, NotTheReceiver
from bihuan.collaborations.policy.recurrence import Checked
from bihuan.commitments import operations as commitments
from bihuan.commitments.errors import NotTheOwner
from bihuan.deadlines import operations as deadlines
from bihuan.deadlines.models import Deadline
from bihuan.deadlines.queries import explained
from bihuan.kernel.actor import SYSTEM
from bihuan.kernel.errors import NotAllowed, Refused
from bihuan.notifications.models import Notice
from bihuan.organisation import operations as organisation
from bihuan.organisation.models import Calendar as SiteCalendar
from bihuan.organisation.models import CalendarDay, Department, Site
from bihuan.records.models import Record
from tests.recurring import (
    BEGUN,
    COST,
    HEAD,
    HOLDS,
    LEAD,
    RECEIVER,
    SALES,
    SHANGHAI,
    STOCK,
    WHOLE,
    Monthly,
    open_periods,
)
from tests.witness import facts_since, last_entry, refused


@pytest.fixture
def monthly(company, at) -> Monthly:
    report = Monthly.on("RECURRING", company, BEGUN)
    report.carry_to_work()
    return report


def dues(report: Monthly) -> dict[str, str]:
    rows = Deadline.objects.filter(root_id=report.collaboration.pk, rule="T38", state="RUNNING").order_by("pk")
    return {row.what: f"{row.due_at.astimezone(SHANGHAI):%a %Y-%m-%d %H:%M}" for row in rows}


def test_when_september_ends_its_parts_are_owed_once_and_due_behind_the_holiday(monthly):
    report = monthly
    assert report.come_to(2026, 9, 30, hour=23, minute=59) == 0
    before = last_entry()
    assert report.come_to(2026, 10, 1, hour=0, minute=5) == 1
    assert open_periods(report.at) == 0
    assert operations.open_due_period(report.period("2026-09").pk, actor=SYSTEM, at=report.at) is None
    assert [fact["key"] for fact in facts_since(before, "collaborations.period.opened")] == ["2026-09"]
    assert len(facts_since(before, "commitments.commitment.made")) == 4
    assert dues(report) == {
        f"{SALES} 2026-09": "Sat 2026-10-10 18:00",
        f"{STOCK} 2026-09": "Sat 2026-10-10 18:00",
        f"{COST} 2026-09": "Sat 2026-10-10 18:00",
        f"{WHOLE} 2026-09": "Tue 2026-10-13 18:00",
    }
    due = Deadline.objects.get(root_id=report.collaboration.pk, what=f"{SALES} 2026-09")
    said = explained(due)
    assert said is not None
    assert all(part in said["zh-hans"] for part in ("3 个工作日", "10月10日 周六 18:00", "国庆节")), said


def test_a_region_elsewhere_gives_by_its_own_clock(monthly):
    report = monthly
    berlin = organisation.add_site(name="柏林", time_zone="Europe/Berlin", actor=report.actor("管理员"), at=report.at)
    market = report.company.departments["市场部"]
    organisation.change_department(
        market.pk, seen_revision=market.revision, site_id=berlin.pk, actor=report.actor("管理员"), at=report.at
    )
    report.come_to(2026, 10, 1)
    sales = report.owed("2026-09", SALES)
    assert f"{sales.due_at.astimezone(ZoneInfo('Europe/Berlin')):%Y-%m-%d %H:%M}" == "2026-10-05 18:00"
    assert str(sales.commitment.due_on) == "2026-10-05"
    assert dues(report)[f"{STOCK} 2026-09"] == "Sat 2026-10-10 18:00"
    loop = report.collaboration.loops.get(subject_kind="commitment", subject_id=sales.commitment_id)
    assert loop.due_at == sales.due_at


def test_a_region_is_missing_and_the_report_is_only_final_with_its_data_or_a_waiver(monthly):
    report = monthly
    report.come_to(2026, 10, 1)
    report.come_to(2026, 10, 9)
    for data in (STOCK, COST):
        report.give("2026-09", data)
        report.look_at("2026-09", data)
    gap = f"市场部 {report.company['推广经理'].name}"
    assert report.in_the_way() == [("collaborations.contribution_missing", SALES)]
    with refused(Refused, "collaborations.contribution_missing"):
        report.give("2026-09", WHOLE)
    with refused(Refused, "collaborations.still_in_time"):
        begin(report)
    with refused(Refused, "collaborations.gap_in_time"):
        ask_waiver(report)

    report.come_to(2026, 10, 10, hour=18, minute=1)
    deadlines.scan(at=report.at)
    told = Notice.objects.filter(person=report.company["市场部负责人"], kind__startswith="deadlines")
    assert any(SALES in str(notice.params) for notice in told)
    findings = queries.findings_to_leave(report.refreshed(), report.at)
    assert [(one.code, one.params["who"]) for one in findings] == [("collaborations.contribution_missing", gap)]

    before = last_entry()
    begin(report)
    assert report.stands() == ("ACCEPT", "2026-09")
    (gathered,) = facts_since(before, "collaborations.period.gathered")
    assert gathered["missing"] == [{"who": gap, "what": SALES, "due": "2026-10-10"}]
    assert report.period("2026-09").missing == gathered["missing"]
    report.give("2026-09", WHOLE)
    with refused(Refused, "collaborations.contribution_missing"):
        report.accept("2026-09")

    with refused(NotTheConsolidator):
        ask_waiver(report, post="推广经理")
    ask_waiver(report)
    assert dict(report.desk(HEAD)) == {"WAIVER": ""}
    (decision,) = Deadline.objects.filter(root_id=report.collaboration.pk, rule="T29", state="RUNNING")
    assert decision.owner == report.company.head("财务部")
    with refused(NotAllowed):
        answer(report, LEAD, granted=True)
    with refused(Refused, "collaborations.reason_missing"):
        answer(report, HEAD, granted=False)
    answer(report, HEAD, granted=True)
    assert not Deadline.objects.filter(pk=decision.pk, state="RUNNING").exists()
    assert SALES not in {loop.params["what"] for loop in report.collaboration.loops.filter(closed_at=None)}
    report.accept("2026-09")
    (accepted,) = facts_since(before, "collaborations.period.accepted")
    assert (accepted["waived"], accepted["late"]) == ([SALES], [])
    assert report.stands() == ("RETRO", "2026-09")
    assert "F01" not in {record.form_code for record in Record.objects.filter(status="RETURNED")}


def test_what_comes_late_is_taken_marked_and_ends_the_question_of_a_waiver(monthly):
    report = monthly
    report.come_to(2026, 10, 1)
    for data in (STOCK, COST):
        report.give("2026-09", data)
        report.look_at("2026-09", data)
    report.come_to(2026, 10, 12)
    begin(report)
    ask_waiver(report)
    before = last_entry()
    report.give("2026-09", SALES)
    report.look_at("2026-09", SALES, accepted=False, note="缺华东")
    assert report.owed("2026-09", SALES).waiver == "ASKED"
    report.give("2026-09", SALES)
    report.look_at("2026-09", SALES)
    given = facts_since(before, "collaborations.contribution.given")
    assert [(fact["file"], fact["late_minutes"] > 0) for fact in given] == [(f"{SALES}.xlsx", True)] * 2
    assert len(facts_since(before, "collaborations.waiver.dropped")) == 1
    assert report.desk(HEAD) == []
    report.give("2026-09", WHOLE)
    with refused(NotTheReceiver):
        report.accept("2026-09", post=HEAD)
    with refused(Refused, "collaborations.check_unanswered"):
        report.accept("2026-09", k1=HOLDS)
    with refused(Refused, "collaborations.check_failed"):
        report.accept("2026-09", k1=HOLDS, k2=Checked(holds=False))
    promise = report.owed("2026-09", WHOLE).commitment
    with refused(Refused, "collaborations.accepted_as_a_whole"):
        commitments.verify(promise, accepted=True, actor=report.actor(RECEIVER), at=report.at)
    report.accept("2026-09", k1=HOLDS, k2=Checked(holds=True, note="华东新店开业"))
    (accepted,) = facts_since(before, "collaborations.period.accepted")
    assert accepted["late"] == [SALES]
    assert [each["note"] for each in accepted["checks"]] == ["", "华东新店开业"]


def test_a_gap_is_not_called_off_a_file_is_a_file_and_where_all_wait_nothing_begins_without(company, at):
    report = Monthly.on("RECURRING", company, BEGUN)
    report.carry_to_work(gap_rule="WAIT")
    report.come_to(2026, 10, 1)
    sales = report.owed("2026-09", SALES)
    with refused(Refused, "collaborations.contribution_without_file"):
        operations.hand_in(sales, text="口头说过", actor=report.actor("推广经理"), at=report.at)
    with refused(Refused, "records.file_kind"):
        operations.hand_in(sales, handed=[("a.exe", [b"MZ"])], actor=report.actor("推广经理"), at=report.at)
    with refused(NotTheOwner):
        report.give("2026-09", SALES, post="市场部负责人")
    with refused(Refused, "collaborations.gap_needs_waiver"):
        commitments.cancel(sales.commitment, reason="不要了", actor=report.actor(LEAD), at=report.at)
    report.come_to(2026, 10, 12)
    with refused(Refused, "collaborations.waits_for_all"):
        begin(report)
    ask_waiver(report)
    answer(report, HEAD, granted=False, note="必须补齐")
    ask_waiver(report)
    answer(report, "PMO专员", granted=True)
    assert report.stands() == ("EXECUTE", "2026-09")
    for data in (STOCK, COST):
        report.give("2026-09", data)
    assert report.stands() == ("ACCEPT", "2026-09")
    assert report.in_the_way()[0] == ("collaborations.contribution_unchecked", STOCK)


def begin(report: Monthly, post: str = LEAD) -> None:
    period = report.period("2026-09")
    operations.begin_incomplete(period, seen_revision=period.revision, actor=report.actor(post), at=report.at)


def ask_waiver(report: Monthly, post: str = LEAD) -> None:
    row = report.owed("2026-09", SALES)
    operations.ask_waiver(row, reason="系统迁移，数据下月补", actor=report.actor(post), at=report.at)


def answer(report: Monthly, post: str, *, granted: bool, note: str = "") -> None:
    row = report.owed("2026-09", SALES)
    operations.answer_waiver(row, granted=granted, note=note, actor=report.actor(post), at=report.at)


def test_a_holiday_that_is_published_later_moves_what_is_owed_and_its_promise(monthly):
    """The deadline is counted, so that it follows the calendar; the promise and its loop say the same day."""
    report = monthly
    site = Site.objects.create(name="上海仓", time_zone="Asia/Shanghai")
    Department.objects.filter(name="运营部").update(site=site)
    report.come_to(2026, 10, 1)
    stock = report.owed("2026-09", STOCK)
    calendar = SiteCalendar.objects.create(site=site)
    CalendarDay.objects.create(calendar=calendar, day="2026-10-10", kind="CLOSED", name="临时放假")
    due = Deadline.objects.get(subject_kind="commitment", subject_id=stock.commitment_id)
    deadlines.recompute([due.pk], root=report.root, reason="临时放假", actor=SYSTEM, at=report.at)
    moved = report.owed("2026-09", STOCK)
    assert f"{moved.due_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" == "2026-10-12 18:00"
    assert str(moved.commitment.due_on) == "2026-10-12"
    loop = report.collaboration.loops.get(subject_kind="commitment", subject_id=stock.commitment_id)
    assert loop.due_at == moved.due_at


def test_another_day_and_another_owner_are_named_by_the_head(monthly):
    report = monthly
    report.come_to(2026, 10, 1)
    stock, head = report.owed("2026-09", STOCK), report.actor("运营部负责人")
    promise = stock.commitment
    commitments.set_owner_and_due(
        promise, owner_id=head.person_id, due_on=date(2026, 10, 9), seen_revision=promise.revision, actor=head,
        at=report.at,
    )  # fmt: skip
    assert dues(report)[f"{STOCK} 2026-09"] == "Fri 2026-10-09 18:00"
    assert f"{report.owed('2026-09', STOCK).due_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" == "2026-10-09 18:00"
    with refused(NotTheOwner):
        report.give("2026-09", STOCK)
    report.give("2026-09", STOCK, post="运营部负责人")
