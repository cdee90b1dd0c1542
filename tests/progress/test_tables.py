"""The table of a problem (F10) comes round: daily, every second day of a routine one, as its playbook says (T11)."""

import json
from datetime import datetime, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from bihuan.clock.zones import MICROSECOND
from bihuan.collaborations import operations
from bihuan.collaborations.models import Loop, Problem
from bihuan.collaborations.operations import problems
from bihuan.collaborations.policy.playbook import read_playbook
from bihuan.collaborations.policy.playbook_cadences import rhythm_of, turns_after
from bihuan.deadlines import operations as deadlines
from bihuan.deadlines.models import Deadline
from bihuan.deadlines.queries import Left, cards_of, explained
from bihuan.kernel.actor import SYSTEM
from bihuan.notifications.enums import Urgency
from bihuan.notifications.models import Notice
from bihuan.organisation import operations as organisation
from bihuan.organisation.queries import schedule_of_site
from bihuan.progress import operations as progress
from bihuan.progress.errors import FiledAsForm
from bihuan.progress.models import Period, Report
from bihuan.progress.queries import late_updates
from bihuan.progress.timing import weeks_moved
from bihuan.web import middleware
from tests.campaign import open_weeks
from tests.problem import HEAD, REPORTER, SeedD
from tests.witness import facts_since, last_entry, refused

SHANGHAI = ZoneInfo("Asia/Shanghai")
SEED_D = json.loads((files("bihuan.collaborations") / "playbooks" / "seed_d.json").read_text(encoding="utf-8"))


def begin(company, at, playbook="SEED_D", **said) -> SeedD:
    matter = SeedD.begin(company, at, playbook)
    matter.assess(**said)
    matter.sign()
    matter.all_acknowledge()
    matter.carry_to("EXECUTE")
    return matter


@pytest.fixture
def at_work(company, at) -> SeedD:
    operations.publish_shipped_playbooks(at=at)
    return begin(company, at)


def owed(state="RUNNING"):
    rows = Deadline.objects.filter(rule="T11", state=state).order_by("due_at")
    return [f"{row.due_at.astimezone(SHANGHAI):%m-%d %H:%M}" for row in rows]


def bring_up_to_date(matter: SeedD) -> None:
    operations.revise_form(
        matter.refreshed(), form_code="F10", reason="今日更新", actor=matter.actor(REPORTER), at=matter.at
    )
    matter.paper("F10", REPORTER)


@pytest.mark.parametrize(
    ("urgency", "said", "dues"),
    [
        ("IMPORTANT", {}, ["09-28 17:00", "09-29 17:00", "09-30 17:00"]),
        ("ROUTINE", {}, ["09-28 17:00", "09-30 17:00", "10-09 17:00"]),
        ("URGENT", {}, ["09-25 17:00", "09-26 17:00", "09-27 17:00"]),
        ("URGENT", {"every": "TWO_DAYS", "at": "09:30"}, ["09-25 09:30", "09-26 09:30", "09-27 09:30"]),
        ("IMPORTANT", {"every": "WEEK", "day": "WED"}, ["09-23 17:00", "09-30 17:00", "10-14 17:00"]),
    ],
)
def test_an_urgent_table_comes_every_calendar_day_a_routine_one_every_second_day_worked(db, urgency, said, dues):
    """25 to 27 September 2026 are days of rest, and so are 1 to 7 October."""
    cadences = [{"form": "F10", **said}] if said else []
    rhythm = rhythm_of(read_playbook({**SEED_D, "cadences": cadences}), "F10", urgency)
    begins = datetime(2026, 9, 25, 8, tzinfo=SHANGHAI)
    turns = turns_after(rhythm, begins, begins.date(), schedule_of_site(None), count=3)
    assert [f"{turn.due_at:%m-%d %H:%M}" for turn in turns] == dues


def test_the_table_of_a_problem_is_asked_for_with_the_work_and_filed_in_its_turn(at_work):
    (period,) = Period.objects.all()
    (report,) = period.reports.all()
    assert (period.form, report.department.name, report.reporter.name) == (
        "F10", "运营部", at_work.company[REPORTER].name,
    )  # fmt: skip
    asked = Loop.objects.get(kind="REPORT", closed_at=None)
    assert (asked.owner, asked.due_at, owed()) == (at_work.company.principal(REPORTER), period.due_at, ["11-17 17:00"])
    assert progress.open_table(at_work.refreshed(), actor=SYSTEM, at=at_work.at) is None
    assert open_weeks(at_work.at) == 0

    at_work.at = period.due_at + timedelta(minutes=1)
    before = last_entry()
    version = at_work.paper("F10", REPORTER)
    report.refresh_from_db()
    assert (report.version, report.submitted_at, report.late_by) == (version, at_work.at, timedelta(minutes=1))
    (fact,) = facts_since(before, "progress.table.filed")
    assert (fact["report_id"], fact["version"], fact["late_seconds"]) == (report.pk, 1, 60)
    assert (owed("LATE"), owed(), late_updates(at_work.collaboration, at_work.at)) == (["11-17 17:00"], [], 1)
    assert not Loop.objects.filter(kind="REPORT", closed_at=None).exists()


def test_each_turn_opens_once_and_what_nobody_filed_in_it_is_missed(at_work):
    at_work.wait(days=1)
    before = last_entry()
    assert (open_weeks(at_work.at), open_weeks(at_work.at)) == (1, 0)
    (locked,) = facts_since(before, "progress.table.locked")
    assert locked["missing"] == [at_work.department("运营部")]
    assert (owed("LATE"), owed()) == (["11-17 17:00"], ["11-18 17:00"])
    at_work.paper("F10", REPORTER)
    at_work.wait(days=1)
    open_weeks(at_work.at)
    bring_up_to_date(at_work)
    assert (owed("KEPT"), owed()) == (["11-18 17:00", "11-19 17:00"], [])
    assert [row.version.version for row in Report.objects.exclude(version=None).order_by("pk")] == [1, 2]


def test_another_urgency_is_the_rhythm_of_the_next_turn(at_work):
    at_work.wait(days=4)
    assert (at_work.today.weekday(), open_weeks(at_work.at)) == (5, 0)
    problems.reclassify_problem(
        at_work.refreshed(), urgency="URGENT", reason="客户升级投诉", actor=at_work.actor(REPORTER), at=at_work.at
    )
    assert (open_weeks(at_work.at), owed()) == (1, ["11-21 17:00"])
    Problem.objects.update(urgency="ROUTINE")
    at_work.wait(days=2)
    assert (at_work.today.weekday(), open_weeks(at_work.at)) == (0, 1)
    at_work.wait(days=1)
    assert open_weeks(at_work.at) == 0


def classed(matter: SeedD, urgency: str) -> list[dict]:
    before = last_entry()
    problems.reclassify_problem(
        matter.refreshed(), urgency=urgency, reason="客户升级投诉", actor=matter.actor(REPORTER), at=matter.at
    )
    return facts_since(before, "deadlines.deadlines.reclassed")


def test_the_turn_that_is_open_is_due_by_the_new_class_and_told(company, at):
    """Weekly until Wednesday; urgent today, every calendar day; then until Wednesday again."""
    operations.publish_shipped_playbooks(at=at)
    weekly = {**SEED_D, "key": "SEED_D_WEEKLY", "cadences": [{"form": "F10", "every": "WEEK", "day": "WED"}]}
    operations.publish_playbook(weekly, actor=SYSTEM, at=at)
    matter = begin(company, at, "SEED_D_WEEKLY")
    calm = Deadline.objects.get(rule="T11")
    assert owed() == ["11-18 17:00"]
    (fact,) = classed(matter, "URGENT")
    row = Deadline.objects.get(rule="T11")
    assert (row.pk, row.is_urgent, owed(), fact["deadlines"][0]["deadline_id"]) == (
        calm.pk, True, ["11-17 17:00"], calm.pk,
    )  # fmt: skip
    (period,) = Period.objects.all()
    assert (period.starts_on, period.ends_on, period.due_at) == (matter.today, matter.today, row.due_at)
    loop = Loop.objects.get(kind="REPORT", closed_at=None)
    assert (loop.due_at, loop.params["week"]) == (row.due_at, matter.today.isoformat())
    assert "每个自然日，节假日照计" in explained(row)["zh-hans"]
    notice = Notice.objects.get(kind="deadlines.moved", subject_id=row.pk)
    assert (notice.person, notice.urgency) == (company[REPORTER], Urgency.URGENT)
    assert (open_weeks(matter.at), weeks_moved(matter.at)) == (0, [])

    assert len(classed(matter, "IMPORTANT")) == 1
    row.refresh_from_db()
    assert (row.is_urgent, row.due_at, row.rungs, owed()) == (False, calm.due_at, calm.rungs, ["11-18 17:00"])
    assert "周三的最后一个工作日" in explained(row)["zh-hans"]
    matter.at = row.due_at + timedelta(minutes=1)
    assert len(classed(matter, "URGENT")) == 0  # over already: it stays, and tomorrow's is the next


def test_a_table_of_a_day_of_rest_is_asked_for_no_more_when_nothing_is_urgent(at_work):
    at_work.wait(days=4)
    classed(at_work, "URGENT")
    assert (open_weeks(at_work.at), owed()) == (1, ["11-21 17:00"])
    late = late_updates(at_work.collaboration, at_work.at)
    before = last_entry()
    classed(at_work, "ROUTINE")
    (locked,) = facts_since(before, "progress.table.locked")
    assert (locked["missing"], owed(), owed("CANCELLED"), open_weeks(at_work.at)) == ([], [], ["11-21 17:00"], 0)
    assert not Loop.objects.filter(kind="REPORT", closed_at=None).exists()
    assert late_updates(at_work.collaboration, at_work.at) == late


def test_the_table_of_an_urgent_problem_is_approached_day_and_night_and_nothing_stops_it(company, at):
    """Domain §4.1, §4.3: urgent is elapsed always, never paused, long overdue after two hours, told at night too."""
    operations.publish_shipped_playbooks(at=at)
    matter = begin(company, at, urgency="URGENT")
    signed = Deadline.objects.filter(rule="T29", root_id=matter.collaboration.pk)
    assert set(signed.values_list("kind", "limit", "is_urgent")) == {("URGENT", "1wd", True)}
    matter.wait(days=4)
    assert (matter.today.weekday(), open_weeks(matter.at)) == (5, 1)
    turn = Deadline.objects.get(rule="T11", state="RUNNING")
    due = turn.due_at
    whole = due - turn.started_at
    assert (turn.is_urgent, [(level.name, instant) for level, instant in turn.rungs]) == (
        True,
        [
            ("YELLOW", turn.started_at + whole * 0.7), ("ORANGE", turn.started_at + whole * 0.85),
            ("RED", due + MICROSECOND), ("RED_PLUS", due + timedelta(hours=2) + MICROSECOND),
        ],
    )  # fmt: skip
    (card,) = cards_of([turn], matter.at)
    assert card.left == Left(due - matter.at)
    deadlines.stop_clocks(turn.root, reason="等待客户", actor=SYSTEM, at=matter.at)
    turn.refresh_from_db()
    assert (turn.state, turn.due_at) == ("RUNNING", due)
    deadlines.scan(at=due + timedelta(hours=2, seconds=1))
    told = Notice.objects.filter(subject_kind="deadline", subject_id=turn.pk)
    assert set(told.values_list("urgency", flat=True)) == {Urgency.URGENT}


def test_a_resting_problem_owes_no_table_and_one_that_left_its_work_neither(at_work):
    Loop.objects.create(
        collaboration=at_work.collaboration, kind="RESUME", subject_kind="collaboration",
        subject_id=at_work.collaboration.pk, owner="g:pmo", opened_at=at_work.at,
    )  # fmt: skip
    at_work.wait(days=1)
    assert open_weeks(at_work.at) == 0
    Loop.objects.filter(kind="RESUME").delete()
    assert open_weeks(at_work.at) == 1
    at_work.keep_asks()
    at_work.paper("F10", REPORTER)
    at_work.wait(days=1)
    assert open_weeks(at_work.at) == 1
    at_work.go_on()
    assert (at_work.step, owed(), open_weeks(at_work.at)) == ("ACCEPT", [], 0)


def test_who_carries_the_problem_next_is_asked_for_the_table_and_owes_it(at_work):
    operations.change_lead(
        at_work.refreshed(),
        lead_id=at_work.company[HEAD].pk,
        reason="轮岗",
        actor=at_work.actor(REPORTER),
        at=at_work.at,
    )
    owner = at_work.company.principal(HEAD)
    assert Report.objects.get().reporter == at_work.company[HEAD]
    assert Loop.objects.get(kind="REPORT", closed_at=None).owner == owner
    assert Deadline.objects.get(rule="T11", state="RUNNING").owner == owner


def test_a_table_is_not_filed_department_by_department(at_work):
    report, before = Report.objects.select_related("period__collaboration").get(), last_entry()
    with refused(FiledAsForm):
        progress.submit_report(
            report, told={}, next_plan="", seen_revision=report.revision, actor=at_work.actor(REPORTER), at=at_work.at
        )
    assert last_entry() == before


def test_a_turn_whose_day_becomes_a_day_of_rest_stays_as_it_was_opened(at_work):
    values = organisation.DayValues(kind="CLOSED", name="盘点")
    organisation.set_day(None, day=at_work.today, values=values, seen_revision=0, actor=SYSTEM, at=at_work.at)
    assert (weeks_moved(at_work.at), owed()) == ([], ["11-17 17:00"])


def test_the_page_leads_to_the_form_and_says_so_in_both_languages(at_work, client_for, monkeypatch):
    monkeypatch.setattr(middleware, "now", lambda: at_work.at)
    client = client_for(at_work.company[REPORTER])
    report = Report.objects.get()
    page = client.get(reverse("progress:report", args=[report.pk])).content.decode()
    assert "问题解决进度跟踪表" in page
    assert reverse("collaborations:start_form", args=[at_work.collaboration.pk, "F10"]) in page
    version = at_work.paper("F10", REPORTER)
    at_work.wait(days=1)
    open_weeks(at_work.at)
    page = client.get(reverse("progress:report", args=[report.pk])).content.decode()
    assert reverse("records:read", args=[version.record_id]) in page
    turn = Report.objects.latest("pk")
    page = client.get(reverse("progress:report", args=[turn.pk])).content.decode()
    assert reverse("collaborations:revise_form", args=[at_work.collaboration.pk, "F10"]) in page
    section = client.get(reverse("collaborations:section", args=[at_work.collaboration.pk, "progress"]))
    assert section.content.decode().count("问题解决进度跟踪表") >= 2
    assert "更新：问题解决进度跟踪表" in client.get("/").content.decode()
    running = Deadline.objects.get(rule="T11", state="RUNNING")
    said = explained(running)
    assert said == {
        "zh-hans": "按周期到来：每个工作日 → 2026年11月18日 周三 17:00（上海）",
        "en": "comes round: every day worked → Wed 18 Nov 2026 17:00 in Shanghai",
    }
    assert said["zh-hans"] in client.get(reverse("deadlines:show", args=[running.pk])).content.decode()
