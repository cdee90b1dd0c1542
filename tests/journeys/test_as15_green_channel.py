"""AS15: a batch complaint on a Saturday night: plan in two hours, one answer of all to the customer in twenty-four."""

from datetime import timedelta

import pytest

from bihuan.collaborations.enums import Ending
from bihuan.collaborations.operations.steps import end
from bihuan.deadlines.queries import explained
from bihuan.kernel.actor import SYSTEM
from bihuan.kernel.errors import Refused
from tests import forms_samples as samples
from tests.doors import Doors
from tests.emergency import OPENED, RECEIVED, Emergency
from tests.problem import REPORTER
from tests.witness import refused

UNTIL = RECEIVED + timedelta(hours=24)


@pytest.fixture
def night(company, playbooks) -> Emergency:
    return Emergency.at_night(company)


def under_way(night: Emergency) -> Emergency:
    night.open()
    night.meet()
    night.at = RECEIVED + timedelta(hours=1, minutes=55)
    night.solve()
    return night


def test_the_clocks_run_since_it_was_received_day_and_night_and_nothing_moves_them(night):
    night.open()
    dues = {rule: night.due(rule).due_at for rule in ("T03", "T22", "T34")}
    assert dues == {"T03": RECEIVED + timedelta(hours=2), "T22": UNTIL, "T34": OPENED + timedelta(hours=24)}
    assert explained(night.due("T34")) == {
        "zh-hans": "2026年11月21日 周六 23:50 开启通道 + 24 小时 → 11月22日 周日 23:50；"
        "按自然小时连续计算，夜间和休息日不停",
        "en": "channel opened Sat 21 Nov 2026 23:50 + 24 hours → Sun 22 Nov 23:50; "
        "hours run on through nights and days of rest",
    }
    owner = night.company.principal(REPORTER)
    assert (night.due("T22").owner, night.due("T22").part) == (owner, "F32")
    night.meet()
    assert night.due("T03").due_at == dues["T03"]


def test_the_answer_is_asked_of_one_person_with_the_instant_that_runs_already(night):
    under_way(night)
    assert (night.step, night.due("T03").state) == ("EXECUTE", "KEPT")
    loop = night.collaboration.loops.get(part="F32", closed_at=None)
    assert (loop.owner, loop.due_at, loop.gate) == (night.company.principal(REPORTER), UNTIL, "leave:EXECUTE")
    night.at = RECEIVED + timedelta(hours=23)
    night.answer()
    assert night.due("T22").state == "KEPT"
    assert not night.collaboration.loops.filter(part="F32", closed_at=None).exists()


def test_one_that_comes_late_is_accepted_and_marked(night):
    under_way(night)
    night.at = UNTIL + timedelta(minutes=1)
    night.answer()
    assert night.due("T22").state == "LATE"


def test_it_is_one_answer_of_all_that_was_given(night):
    under_way(night)
    own = [{"id": "j1", "dept": night.department("运营部"), "person": night.company[REPORTER].pk, "part": "致歉"}]
    wrong = {
        "collaborations.answer_without_owner": {"answered_by": None},
        "collaborations.answer_not_sent": {"sent_at": ""},
        "collaborations.answer_ahead": {"sent_at": (night.at + timedelta(hours=1)).isoformat()},
        "collaborations.answer_not_joint": {"joined_by": own},
        "collaborations.paper_without_file": {},
    }
    for code, said in wrong.items():
        body = samples.paper(night.today) | {
            "answered_by": night.company[REPORTER].pk, "sent_at": night.at.isoformat(),
            "joined_by": [{**own[0], "dept": night.department("技术部"), "person": night.company["开发组长"].pk}],
        }  # fmt: skip
        night.fill("F32", body | said, REPORTER)
        with refused(Refused, code):
            night.submit("F32", body | said, REPORTER)


def test_where_no_customer_is_concerned_that_is_said_and_the_clock_stops(night):
    under_way(night)
    night.submit("F32", samples.paper(night.today) | {"none": True}, REPORTER)
    assert night.due("T22").state == "KEPT"


def test_the_work_is_not_left_without_it_and_its_end_cancels_the_clock(night):
    under_way(night)
    night.keep_promises()
    night.submit("F14", samples.paper(night.today) | {"none": True}, REPORTER)
    with refused(Refused, "collaborations.form_missing"):
        night.lead_goes_on()
    end(night.refreshed(), Ending.TERMINATED, actor=SYSTEM, at=night.at)
    assert night.due("T22").state == "CANCELLED"


def test_its_page_shows_it_and_its_number(night, monkeypatch):
    monkeypatch.setattr("bihuan.web.middleware.now", lambda: night.at)
    under_way(night)
    version = night.answer()
    page = Doors(night).page(REPORTER).get(f"/records/{version.record_id}").content.decode()
    assert version.record.number in page
    assert "原因与修复" in page
