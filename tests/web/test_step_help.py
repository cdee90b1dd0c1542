"""What a step is for and who acts in it is said of the playbook at hand, not of some other."""

import json
from importlib.resources import files

import pytest
from django.utils import translation

from bihuan.collaborations.operations.playbooks import SHIPPED
from bihuan.collaborations.policy.playbook import FINAL, PlaybookPlan, read_playbook
from bihuan.web.collaborations.steps import HELP, help_of


def plan_of(name: str) -> PlaybookPlan:
    return read_playbook(json.loads((files("bihuan.collaborations") / "playbooks" / name).read_text(encoding="utf-8")))


def said(plan: PlaybookPlan, key: str) -> str:
    return "".join(map(str, help_of(plan.step(key), plan)))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_step_of_every_shipped_playbook_says_what_it_is_for_and_who_acts(language):
    with translation.override(language):
        for name in SHIPPED:
            plan = plan_of(name)
            for step in plan.steps:
                purpose, who = map(str, help_of(step, plan))
                assert purpose, (name, step.key)
                assert who or step.key == FINAL, (name, step.key)


def test_what_a_playbook_does_not_ask_for_is_not_spoken_of():
    """The duty table, the weeks, the opinions and the signatures are those of other playbooks."""
    strange = {
        "F05": ("职责分工表", "每周"), "F06": ("责任矩阵", "标为 R"), "F19": ("借调",), "F25": ("绿色通道",),
        "F10": ("诉求的责任人",),
    }  # fmt: skip
    for name in SHIPPED:
        plan = plan_of(name)
        told = "".join(said(plan, step.key) for step in plan.steps)
        for form, words in strange.items():
            if not plan.asks_for(form):
                assert [word for word in words if word in told] == [], name
    assert "意见" not in said(plan_of("seed_a.json"), "REQUEST")
    assert "意见" in said(plan_of("seed_b.json"), "REQUEST")


def test_in_an_emergency_nobody_is_told_to_sign_first():
    plan = plan_of("emergency.json")
    assert "无须先签字" in said(plan, "ASSESS")
    assert "两小时" in said(plan, "PLAN")
    assert "补齐" in said(plan, "EXECUTE")
    assert "必须复盘" in said(plan, "RETRO")


def test_no_help_stands_behind_another_that_always_fits_before_it():
    found = [help_of(step, plan) for plan in map(plan_of, SHIPPED) for step in plan.steps]
    hidden = [
        each.marks for each in HELP
        if not any((each.purpose or purpose, each.who or who) == (purpose, who) for purpose, who in found)
    ]  # fmt: skip
    assert hidden == [frozenset()], "only what a company's own playbook may need is met in none that is shipped"
