"""The growth campaign from the first word to the closed ring."""

import pytest

from bihuan.collaborations import queries
from bihuan.collaborations.models import StepRun
from bihuan.ledger.verification import verify
from tests.witness import facts_since

STEPS = [
    "REQUEST", "ALIGN", "PLAN", "APPROVAL", "FILING", "RESOURCE", "EXECUTE", "ACCEPT", "RETRO", "ARCHIVE", "CLOSED",
]  # fmt: skip


@pytest.fixture
def closed(campaign):
    campaign.carry_to("ARCHIVE")
    campaign.release_needs()
    campaign.archive()
    return campaign


def test_a_campaign_goes_through_every_step_once(closed):
    runs = StepRun.objects.filter(collaboration=closed.collaboration).order_by("pk")
    assert [(run.step, run.round) for run in runs] == [(step, 1) for step in STEPS]
    assert all(run.left_at is not None for run in runs)
    assert [fact["step"] for fact in facts_since(0, "collaborations.step.entered")] == STEPS


def test_at_its_end_only_the_improvement_is_still_open(closed):
    matter = closed.refreshed()
    assert (matter.ending, matter.ended_at) == ("CLOSED", closed.at)
    assert closed.desk("产品经理") == [("COMMITMENT", "")]
    assert [loop.kind for loop in queries.loops_of(matter.pk)] == ["COMMITMENT"]
    assert facts_since(0, "collaborations.collaboration.ended") == [
        {"name": "collaborations.collaboration.ended", "ending": "CLOSED", "reason": ""}
    ]


def test_its_ledger_verifies(closed):
    assert verify().problems == []
