"""SEED_A from the request to the closed loop: talks, a kick-off whose minutes all heads sign, criteria as yardstick."""

import pytest

from bihuan.collaborations.errors import NotThisStep
from bihuan.collaborations.models import Loop, StepRun
from bihuan.kernel.errors import Refused
from bihuan.resources.models import Need
from tests import forms_samples as samples
from tests.seeds import Seed
from tests.witness import facts_since, last_entry, refused

STEPS = ["REQUEST", "FIRST_REVIEW", "ALIGN", "KICKOFF", "EXECUTE", "ACCEPT", "RETRO", "ARCHIVE", "CLOSED"]


@pytest.fixture
def matter(company, at) -> Seed:
    return Seed.on("SEED_A", company, at)


def test_the_way_from_the_request_to_the_closed_loop(matter):
    before = last_entry()
    matter.carry_to("KICKOFF")
    minutes = matter.paper("F07", **samples.kickoff(matter.cast, matter.start))
    matter.paper("F23")
    assert matter.actions() == []
    matter.promise_needs()
    assert {code for code, _what in matter.in_the_way()} == {"collaborations.open_signoff"}
    matter.sign_minutes()
    assert (matter.step, minutes.record.form_code) == ("EXECUTE", "F07")
    assert sorted(one.text for one in matter.actions()) == ["完成推广素材", "完成活动页面"]
    held = {code for code, _what in matter.in_the_way()}
    assert held == {
        "collaborations.form_missing",
        "collaborations.open_commitment",
        "collaborations.open_need_in_place",
    }
    with refused(Refused):
        matter.go_on()
    matter.carry_to("")
    assert [fact["step"] for fact in facts_since(before, "collaborations.step.entered")] == STEPS[1:]
    matter.refreshed()
    assert matter.collaboration.ending == "CLOSED"
    left = Loop.objects.filter(collaboration=matter.collaboration, closed_at__isnull=True).exclude(gate="")
    assert not left.exists()
    assert set(Need.objects.values_list("state", flat=True)) == {"RELEASED"}
    filed = [row["form_type"] for row in matter.latest("F20").data["checklist"]]
    assert filed == ["F01", "F03", "F07", "F23", "F08", "F12", "F16", "F17"]


def test_the_own_head_sends_a_request_back_with_his_reason(matter):
    matter.request()
    assert matter.step == "FIRST_REVIEW"
    with refused(NotThisStep):
        matter.draft("F03", "产品经理")
    matter.return_request()
    assert matter.step == "REQUEST"
    runs = StepRun.objects.filter(collaboration=matter.collaboration).order_by("pk")
    assert [(run.step, run.round, run.outcome) for run in runs] == [
        ("REQUEST", 1, "DONE"), ("FIRST_REVIEW", 1, "RETURNED"), ("REQUEST", 2, ""),
    ]  # fmt: skip
    body = samples.request(matter.cast, matter.start)
    body["resources"][0]["qty"] = "2"
    matter.submit("F01", body)
    matter.review_request()
    assert matter.step == "ALIGN"


def test_acceptance_is_held_against_the_agreed_criteria_alone(matter):
    """AS05 of SEED_A: exactly the two criteria of the list, and no way to drop one."""
    matter.carry_to("ACCEPT")
    record = matter.draft("F16", "产品经理")
    assert [row["id"] for row in record.draft["items"]] == ["c-c1", "c-c2"]
    version = matter.judge()
    assert version.data["consensus_ref"]["number"].endswith("-F03-01")
    assert (version.data["plan_ref"], version.data["request_ref"]) == (None, None)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"risks_discussed": False}, "collaborations.kickoff_unsettled"),
        ({"actions": []}, "collaborations.kickoff_without_action"),
        ({"made_on": "2027-01-01"}, "collaborations.paper_not_yet"),
    ],
)
def test_minutes_that_settle_too_little_are_not_filed(matter, change, code):
    matter.carry_to("KICKOFF")
    with refused(Refused, code):
        matter.paper("F07", **samples.kickoff(matter.cast, matter.start) | change)


def test_something_that_did_not_happen_is_said_and_needs_no_file(matter):
    matter.carry_to("EXECUTE")
    said = samples.paper(matter.today)
    with refused(Refused, "collaborations.paper_without_file"):
        matter.submit("F08", said)
    with refused(Refused, "collaborations.paper_contradicts"):
        matter.paper("F12", none=True)
