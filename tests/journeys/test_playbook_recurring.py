"""RECURRING from the request to the closed loop: four months, a review each quarter, an archive each year."""

import pytest

from tests.recurring import BEGUN, Monthly
from tests.witness import facts_since, last_entry


@pytest.fixture
def monthly(company, at) -> Monthly:
    return Monthly.on("RECURRING", company, BEGUN)


def test_the_way_from_the_request_to_the_closed_loop(monthly):
    before = last_entry()
    monthly.ask()
    assert (monthly.step, dict(monthly.desk("财务专员"))) == ("REQUEST", {"FORM": "F27"})
    monthly.say()
    monthly.approve()
    monthly.kick_off()
    monthly.do_actions()
    assert monthly.stands() == ("EXECUTE", "2026-09")
    assert monthly.in_the_way() == [("collaborations.period_running", "")]
    assert monthly.come_to(2026, 10, 1) == 1
    monthly.come_to(2026, 10, 8)
    monthly.finish("2026-09")
    assert monthly.stands() == ("RETRO", "2026-09")
    monthly.review()
    assert monthly.stands() == ("EXECUTE", "2026-10")
    for month, key in ((11, "2026-10"), (12, "2026-11")):
        assert monthly.come_to(2026, month, 1) == 1
        monthly.finish(key)
    assert monthly.come_to(2027, 1, 4) == 1
    monthly.finish("2026-12")
    assert monthly.stands() == ("RETRO", "2026-12")
    monthly.review()
    assert monthly.stands() == ("ARCHIVE", "2026-12")
    monthly.archive()
    assert monthly.stands() == ("EXECUTE", "2027-01")
    steps = [fact["step"] for fact in facts_since(before, "collaborations.step.entered")]
    month = ["EXECUTE", "ACCEPT"]
    assert steps == ["APPROVAL", "KICKOFF", *month, "RETRO", *month, *month, *month, "RETRO", "ARCHIVE", "EXECUTE"]
