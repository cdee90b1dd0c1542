"""What a step is for and who acts in it is said of the playbook at hand, not of some other."""

import json
from importlib.resources import files
from typing import Any

import pytest
from django.utils import translation

from bihuan.collaborations import operations
from bihuan.collaborations.operations.playbooks import SHIPPED
from bihuan.collaborations.policy.playbook import FINAL, PlaybookPlan, read_playbook
from bihuan.kernel.actor import SYSTEM
from bihuan.records import registry
from bihuan.web import middleware
from bihuan.web.collaborations.steps import HELP, help_of
from bihuan.web.records.in_time import NAMED, in_time
from tests.emergency import DUTY, OPENED, Emergency


def body_of(name: str) -> dict[str, Any]:
    found = files("bihuan.collaborations") / "playbooks" / name
    return dict(json.loads(found.read_text(encoding="utf-8")))


def plan_of(name: str) -> PlaybookPlan:
    return read_playbook(body_of(name))


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
    assert "接报后 2 小时内" in said(plan, "PLAN")
    assert "补齐" in said(plan, "EXECUTE")
    assert "必须复盘" in said(plan, "RETRO")


@pytest.mark.parametrize(
    ("cadence", "told"),
    [
        ({"every": "DAY"}, "各部门每个工作日填报进度"),
        ({"every": "TWO_DAYS"}, "各部门每两个工作日填报进度"),
        ({"every": "WEEK", "day": "TUE"}, "各部门每周填报进度"),
        ({"every": "MONTH", "number": "3"}, "各部门每月填报进度"),
    ],
)
def test_how_often_departments_report_is_told_as_the_playbook_says(cadence, told):
    plan = read_playbook({**body_of("seed_b.json"), "cadences": [{"form": "F09", **cadence}]})
    assert told in said(plan, "EXECUTE")
    assert "各部门每周填报进度" in said(plan_of("seed_b.json"), "EXECUTE")


def test_how_long_a_solution_may_take_is_told_as_the_playbook_says():
    plan = read_playbook({**body_of("emergency.json"), "clocks": [{"rule": "T03", "limit": "5h"}]})
    assert "接报后 5 小时内" in said(plan, "PLAN")


def test_no_help_stands_behind_another_that_always_fits_before_it():
    found = [help_of(step, plan) for plan in map(plan_of, SHIPPED) for step in plan.steps]
    hidden = [
        each.marks for each in HELP
        if not any(
            (str(each.purpose or purpose) % {"limit": "2 小时"}, each.who or who) == (str(purpose), who)
            for purpose, who in found
        )
    ]  # fmt: skip
    assert hidden == [frozenset()], "only what a company's own playbook may need is met in none that is shipped"


@pytest.mark.django_db
def test_the_help_of_a_form_says_the_limits_of_the_playbook_of_its_matter(company, playbooks, client, monkeypatch):
    quicker = [{"rule": rule, "limit": limit} for rule, limit in (("T22", "6h"), ("T18", "8h"))]
    operations.publish_playbook({**body_of("emergency.json"), "clocks": quicker}, note="更快", actor=SYSTEM, at=OPENED)
    matter = Emergency.at_night(company)
    monkeypatch.setattr(middleware, "now", lambda: OPENED)
    client.force_login(company[DUTY])
    record = matter.draft("F25", DUTY)
    page = client.get(f"/records/{record.pk}/edit").content.decode()
    assert ("收到后 6 小时内由各部门联合答复" in page, "答复的 6 小时从此算起" in page) == (True, True)
    assert "24 小时" not in page
    forms = {code: in_time(registry.form(code), record) for code in ("F11", "F13", "F32", "F07")}
    told = {code: "".join(str(field.help) for field in form.fields()) for code, form in forms.items()}
    assert ("6 小时内，不分昼夜" in told["F32"], "8 小时内上报" in told["F11"]) == (True, True)
    assert ("24 小时内答复" in told["F13"], "5 个工作日内解决" in told["F13"]) == (True, True)
    assert "24 小时内送达" in told["F07"]


def test_no_help_of_any_form_names_a_rule_that_there_is_not():
    named = {
        rule
        for kind in registry.registered().values()
        for field in kind.form.fields()
        for rule in NAMED.findall(str(field.help))
    }
    assert named == {"T04", "T06", "T07", "T08", "T18", "T22"}
