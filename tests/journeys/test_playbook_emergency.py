"""EMERGENCY by the green channel, a batch complaint on a Saturday night (AS15): work first, papers within 24 hours."""

from datetime import datetime, timedelta

import pytest

from bihuan.approvals.enums import Decision
from bihuan.collaborations import operations, queries
from bihuan.collaborations.errors import NotThisStep
from bihuan.collaborations.notices import waits
from bihuan.collaborations.queries.steps import findings_to_leave
from bihuan.commitments.models import Commitment
from bihuan.deadlines.models import Deadline
from bihuan.kernel.actor import SYSTEM
from bihuan.kernel.errors import NotAllowed, Refused
from bihuan.knowledge.models import Lesson
from bihuan.notifications.models import Notice
from tests import forms_samples as samples
from tests.emergency import DUTY, OPENED, OTHERS, RECEIVED, SHANGHAI, Emergency
from tests.problem import HEAD, REPORTER
from tests.witness import facts_since, last_entry, refused

STEPS = ["KICKOFF", "PLAN", "EXECUTE", "ACCEPT", "RETRO", "ARCHIVE", "CLOSED"]


@pytest.fixture
def night(company, playbooks) -> Emergency:
    return Emergency.at_night(company)


def test_the_way_from_the_alarm_to_the_closed_loop(night):
    before = last_entry()
    night.open()
    assert night.step == "KICKOFF"
    assert [night.due(rule).due_at for rule in ("T03", "T34")] == [
        RECEIVED + timedelta(hours=2), OPENED + timedelta(hours=24),
    ]  # fmt: skip
    assert night.refreshed().lead_department.name == "运营部"
    night.meet()
    assert night.step == "PLAN"
    assert [row.text for row in Commitment.objects.filter(kind="ACTION")] == ["现场排查"]
    night.at = RECEIVED + timedelta(hours=1, minutes=55)
    night.solve()
    assert (night.step, night.due("T03").state) == ("EXECUTE", "KEPT")
    with refused(Refused, "collaborations.open_commitment"):
        night.lead_goes_on()

    night.at = OPENED + timedelta(hours=20)
    night.make_up()
    assert night.due("T34").state == "KEPT"
    night.keep_promises()
    night.submit("F14", samples.paper(night.today) | {"none": True}, REPORTER)
    night.answer()
    night.at = datetime(2026, 11, 26, 9, tzinfo=SHANGHAI)
    night.lead_goes_on()
    night.accept_effect("97")
    for post in (HEAD, *OTHERS):
        night.decide("F16", "ACCEPTANCE", post)
    assert (night.step, {code for code, _ in night.in_the_way()}) == ("ACCEPT", {"collaborations.open_signoff"})
    night.sign_afterwards()
    assert (night.step, len(Commitment.objects.filter(text="现场排查"))) == ("RETRO", 1)
    present = {"participants": night.draft("F17", REPORTER).draft["participants"]}
    night.submit("F17", samples.review(night.cast, night.today) | present, REPORTER)
    night.archive()
    assert (night.step, night.refreshed().ending) == ("", "CLOSED")
    assert [fact["step"] for fact in facts_since(before, "collaborations.step.entered")] == STEPS
    filed = [row["form_type"] for row in night.latest("F20").data["checklist"]]
    assert filed == ["F25", "F07", "F15", "F14", "F32", "F16", "F17", "F13", "F02"]


def test_without_a_customer_nobody_owes_an_answer_and_a_report_is_enough_for_a_review(night):
    """RETRO asks for F17 or F18, T22 only where a customer waits: what the channel says decides."""
    with refused(Refused, "records.required"):
        night.open(customer="")
    night.open(customer="NO")
    assert not Deadline.objects.filter(root_id=night.collaboration.pk, rule="T22").exists()
    night.meet()
    night.solve()
    assert night.desk(REPORTER) == [("FORM", "F02"), ("FORM", "F13"), ("FORM", "F14"), ("OBLIGATION", "BACKFILL")]
    assert not [finding for finding in findings_to_leave(night.refreshed(), night.at) if finding.place == "form.F32"]
    night.at = OPENED + timedelta(hours=20)
    night.make_up()
    night.keep_promises()
    night.submit("F14", samples.paper(night.today) | {"none": True}, REPORTER)
    night.at = datetime(2026, 11, 26, 9, tzinfo=SHANGHAI)
    night.lead_goes_on()
    night.accept_effect("97")
    night.confirm()
    night.sign_afterwards()
    waiting = night.collaboration.loops.get(kind="FORM", closed_at=None)
    assert (night.step, waiting.part, waiting.params["one_of"]) == ("RETRO", "F17", ["F17", "F18"])
    notice = Notice.objects.get(subject_kind="loop", subject_id=waiting.pk)
    assert waits(notice.params) == "请填写：复盘报告 或 问题解决报告"
    night.report()
    waiting.refresh_from_db()
    assert (night.step, waiting.closed_at, night.due("T31").state) == ("ARCHIVE", night.at, "KEPT")
    night.archive()
    assert night.refreshed().ending == "CLOSED"
    filed = [row["form_type"] for row in night.latest("F20").data["checklist"]]
    assert filed == ["F25", "F07", "F15", "F14", "F16", "F18", "F13", "F02"]
    lessons = Lesson.objects.filter(archive__collaboration=night.collaboration).values_list("kind", "text", "cause")
    assert list(lessons) == [
        ("PROBLEM", night.latest("F18").data["problem"], "接口升级后字段缺失，同步任务静默失败"),
        ("GOOD", "接口变更须提前通知仓储", ""),
        ("IMPROVEMENT", "为接口同步增加监控告警", ""),
    ]


def reopened(night, post=DUTY):
    """The paper of the channel is open again, for who opened it."""
    actor = night.actor(post)
    return operations.revise_form(night.refreshed(), form_code="F25", reason="客户情况有变", actor=actor, at=night.at)


def corrected(night, **said):
    reopened(night)
    return night.submit("F25", night.channel(**said), DUTY)


@pytest.mark.parametrize("since", [timedelta(hours=3), None])
def test_a_customer_who_turns_up_later_is_owed_an_answer_too(night, since):
    """A no put right: F32 is asked for, T22 runs since the customer complained, else since it was received."""
    night.open(customer="NO")
    night.meet()
    night.solve()
    assert (night.step, "F32" in [form for _, form in night.desk(REPORTER)]) == ("EXECUTE", False)
    solved = night.due("T03")
    night.at = RECEIVED + timedelta(hours=5)
    begun = RECEIVED + (since or timedelta())
    corrected(night, customer="YES", **({"customer_since": begun.isoformat()} if since else {}))
    owed = night.due("T22")
    assert (night.step, owed.state, owed.due_at) == ("EXECUTE", "RUNNING", begun + timedelta(hours=24))
    asked = night.collaboration.loops.get(part="F32", closed_at=None)
    assert (asked.gate, asked.due_at) == ("leave:EXECUTE", owed.due_at)
    assert (night.due("T03").pk, night.due("T03").state) == (solved.pk, solved.state)
    with refused(Refused, "collaborations.form_missing"):
        night.lead_goes_on()
    night.answer()
    assert night.due("T22").state == "KEPT"


def test_a_yes_put_right_before_the_work_owes_nobody_an_answer(night):
    night.open()
    night.meet()
    corrected(night, customer="NO")
    assert night.due("T22").state == "CANCELLED"
    night.solve()
    assert (night.step, "F32" in [form for _, form in night.desk(REPORTER)]) == ("EXECUTE", False)


def test_of_an_open_channel_only_the_customer_is_put_right_and_by_who_opened_it(night):
    night.open(customer="NO")
    night.meet()
    with refused(NotAllowed):
        reopened(night, "财务部负责人")
    reopened(night)
    earlier, ahead = RECEIVED - timedelta(hours=1), night.at + timedelta(hours=1)
    with refused(Refused, "issues.channel_is_open"):
        night.submit("F25", night.channel(received_at=earlier.isoformat()), DUTY)
    with refused(Refused, "issues.no_customer"):
        night.submit("F25", night.channel(customer="NO", customer_since=RECEIVED.isoformat()), DUTY)
    with refused(Refused, "issues.received_ahead"):
        night.submit("F25", night.channel(customer_since=ahead.isoformat()), DUTY)


def test_once_the_work_is_over_the_channel_is_not_put_right_any_more(night):
    night.open(customer="NO")
    night.carry_to("EXECUTE")
    night.keep_promises()
    night.submit("F14", samples.paper(night.today) | {"none": True}, REPORTER)
    night.at = datetime(2026, 11, 26, 9, tzinfo=SHANGHAI)
    night.lead_goes_on()
    with refused(NotThisStep):
        reopened(night)


def test_who_may_open_it_and_within_which_money(company, playbooks):
    """G17: neither whoever comes along, nor beyond the limit, nor for one department alone."""
    night = Emergency.at_night(company, REPORTER, department="运营部")
    with refused(Refused, "issues.may_not_open"):
        night.open(REPORTER)
    night = Emergency.at_night(company)
    own = [{"id": "r1", "dept": night.department("运营部")}]
    wrong = {
        "issues.spending_over_limit": {"spending": "20000.01"},
        "issues.received_ahead": {"received_at": "2026-11-21 23:51"},
        "collaborations.one_department_only": {"related_depts": own},
        "records.required": {"urgent_because": ""},
    }
    for code, said in wrong.items():
        night.fill("F25", night.channel(**said), DUTY)
        with refused(Refused, code):
            night.open(**said)


def test_whoever_owes_papers_beyond_their_time_opens_no_other_channel(company, night):
    """AS15: the minute after, and until they are there; somebody else opens the next one meanwhile."""
    night.open()
    on_time = Emergency.at_night(company, at=OPENED + timedelta(hours=24))
    on_time.open()
    late = Emergency.at_night(company, at=OPENED + timedelta(hours=24, minutes=1))
    with refused(Refused, "issues.opener_barred"):
        late.open()
    other = Emergency.at_night(company, HEAD, late.at, "运营部")
    other.open(HEAD)
    assert other.step == "KICKOFF"
    night.at = late.at
    night.make_up()
    assert night.due("T34").state == "LATE"
    late.open()
    assert late.step == "KICKOFF"


def test_papers_are_made_up_for_only_once_the_channel_is_open(night):
    with refused(Refused):
        night.go_on_as(DUTY)
    assert night.desk(DUTY) == [("FORM", "F25")]
    night.open()
    assert night.desk(REPORTER) == [("FORM", "F02"), ("FORM", "F07"), ("FORM", "F13"), ("OBLIGATION", "BACKFILL")]


def test_what_nobody_signs_is_made_up_for_when_it_is_handed_in(company, playbooks):
    body = dict(queries.newest("EMERGENCY").body)
    owed = {"key": "LATER", "opens": "F25", "hours": 4, "gate": "enter:ACCEPT"}
    body["obligations"] = [*body["obligations"], owed | {"forms": [{"code": "F12", "filler": "LEAD"}]}]
    operations.publish_playbook(body, actor=SYSTEM, at=OPENED)
    night = Emergency.at_night(company)
    night.open()
    assert ("OBLIGATION", "LATER") in night.desk(REPORTER)
    night.submit("F12", samples.paper(night.today) | {"none": True}, REPORTER)
    assert night.desk(REPORTER) == [("FORM", "F02"), ("FORM", "F07"), ("FORM", "F13"), ("OBLIGATION", "BACKFILL")]


def test_a_no_afterwards_undoes_nothing_and_asks_for_the_paper_anew(night):
    night.open()
    night.meet()
    night.decide("F07", "MINUTES", HEAD, decision=Decision.REFUSE, opinion="排查范围写窄了")
    assert (night.step, night.refreshed().ended_at) == ("PLAN", None)
    assert ("FORM", "F07") in night.desk(REPORTER)
    assert Commitment.objects.get(kind="ACTION").state == "OPEN"
    assert night.collaboration.loops.get(part="F07", closed_at=None).gate == "enter:RETRO"
