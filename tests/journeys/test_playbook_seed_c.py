"""SEED_C from the request to the closed loop: the collaboration manager approves, no review, the goal as yardstick."""

import pytest

from bihuan.collaborations.models import Loop
from bihuan.kernel.errors import Refused
from tests.seeds import Seed
from tests.witness import facts_since, last_entry, refused

STEPS = ["REQUEST", "APPROVAL", "KICKOFF", "EXECUTE", "ACCEPT", "ARCHIVE", "CLOSED"]


@pytest.fixture
def matter(company, at) -> Seed:
    return Seed.on("SEED_C", company, at)


def test_the_way_from_the_request_to_the_closed_loop(matter):
    before = last_entry()
    matter.request()
    assert matter.in_the_way()[0][0] == "collaborations.open_signoff"
    matter.decide("F01", "COLLAB_MANAGER", "产品部负责人", opinion="同意")
    assert (matter.step, matter.desk("分管副总")) == ("APPROVAL", [("SIGNOFF", "executive")])
    matter.decide("F01", "COLLAB_MANAGER", "分管副总", opinion="同意")
    matter.promise_needs()
    matter.minutes()
    assert len(matter.actions()) == 2
    assert dict(matter.desk("产品经理")) == {"FORM": "F23"}
    with refused(Refused, "plans.department_without_letter"):
        matter.submit("F06", {"tasks": [], "cells": []})
    matter.matrix()
    matter.paper("F23")
    assert matter.step == "EXECUTE"
    with refused(Refused):
        matter.go_on()
    matter.carry_to("ACCEPT")
    items = [row["id"] for row in matter.draft("F16", "产品经理").draft["items"]]
    assert items == ["d-r1", "d-r2", "d-r3", "m-m1", "m-m2"]
    version = matter.judge(m1="102000", m2="15.8")
    assert version.data["request_ref"]["number"].endswith("-F01-01")
    matter.confirm_acceptance()
    matter.carry_to("")
    assert [fact["step"] for fact in facts_since(before, "collaborations.step.entered")] == STEPS[1:]
    left = Loop.objects.filter(collaboration=matter.collaboration, closed_at__isnull=True).exclude(gate="")
    assert not left.exists()
    filed = [row["form_type"] for row in matter.latest("F20").data["checklist"]]
    assert filed == ["F01", "F07", "F06", "F23", "F08", "F14", "F16"]
