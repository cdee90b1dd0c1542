"""SEED_D from the assessment to the closed loop: minutes signed, the solution confirmed by every head."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bihuan.collaborations import operations
from bihuan.kernel.errors import Refused
from tests.problem import HEAD, REPORTER, Trouble
from tests.witness import facts_since, last_entry, refused

STEPS = ["REQUEST", "APPROVAL", "KICKOFF", "PLAN", "EXECUTE", "ACCEPT", "RETRO", "ARCHIVE", "CLOSED"]
HEADS = (HEAD, "技术部负责人", "市场部负责人", "财务部负责人")


@pytest.fixture
def trouble(company, at) -> Trouble:
    operations.publish_shipped_playbooks(at=at)
    return Trouble.begin(company, at, "SEED_D")


def everybody_signs(trouble: Trouble, form: str, route: str) -> None:
    for post in HEADS:
        trouble.decide(form, route, post, opinion="同意")


def test_the_way_from_the_assessment_to_the_closed_loop(trouble):
    before = last_entry()
    with refused(Refused):
        trouble.lead_goes_on()
    trouble.tell()
    trouble.all_acknowledge()
    trouble.apply()
    assert trouble.step == "APPROVAL"
    trouble.approve()

    trouble.paper("F07", REPORTER)
    assert (trouble.step, trouble.in_the_way()[0][0]) == ("KICKOFF", "collaborations.open_signoff")
    everybody_signs(trouble, "F07", "MINUTES")

    trouble.solution()
    for post in HEADS[:-1]:
        trouble.decide("F15", "WRITTEN_CONFIRM", post, opinion="确认")
    assert (trouble.step, len(trouble.in_the_way())) == ("PLAN", 1)
    with refused(Refused, "collaborations.open_signoff"):
        trouble.lead_goes_on()
    trouble.decide("F15", "WRITTEN_CONFIRM", HEADS[-1], opinion="确认")
    assert trouble.step == "EXECUTE"

    trouble.keep_asks()
    trouble.paper("F10", REPORTER)
    trouble.at = datetime(2026, 11, 20, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
    trouble.lead_goes_on()
    trouble.accept_effect("97")
    everybody_signs(trouble, "F16", "ACCEPTANCE")
    trouble.report()
    trouble.archive()
    assert trouble.refreshed().ending == "CLOSED"
    assert [fact["step"] for fact in facts_since(before, "collaborations.step.entered")] == STEPS
    filed = [row["form_type"] for row in trouble.latest("F20").data["checklist"]]
    assert filed == ["F13", "F02", "F07", "F15", "F10", "F16", "F18"]
