"""The page of a task and the acts that move it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.plans.models import Task
from tests.witness import facts_since, last_entry

ACTS = ("start", "report", "block", "resume", "finish", "cancel", "hand-over")


@pytest.fixture
def task(campaign) -> Task:
    campaign.carry_to("EXECUTE")
    return Task.objects.get(collaboration=campaign.collaboration, owner=campaign.company["开发组长"])


@pytest.fixture
def owner(campaign, client_for):
    return client_for(campaign.company["开发组长"])


def seen(task: Task, **data: object) -> dict[str, object]:
    return {"seen_revision": task.revision, **data}


def offered(page: str, task: Task) -> set[str]:
    return {act for act in ACTS if f'action="/tasks/{task.pk}/{act}"' in page}


def test_everybody_in_the_matter_reads_a_task_and_gets_the_acts_that_are_his(campaign, task, client_for):
    owned = {"start", "block", "finish"}
    expected = {
        "开发组长": owned,
        "技术部负责人": owned | {"hand-over"},
        "产品经理": owned | {"hand-over", "cancel"},
        "市场部负责人": set(),
        "推广经理": set(),
        "PMO专员": set(),
    }
    pages = {office: client_for(campaign.company[office]).get(f"/tasks/{task.pk}") for office in expected}
    assert {page.status_code for page in pages.values()} == {200}
    assert {office: offered(page.content.decode(), task) for office, page in pages.items()} == expected


def test_the_owner_starts_reports_and_finishes(task, owner):
    before = last_entry()
    assert owner.post(f"/tasks/{task.pk}/start", seen(task)).status_code == 302
    task.refresh_from_db()
    assert (task.state, task.percent) == ("IN_PROGRESS", 0)
    assert owner.post(f"/tasks/{task.pk}/report", seen(task, percent="40")).status_code == 302
    task.refresh_from_db()
    assert (task.state, task.percent, task.new_due_on) == ("IN_PROGRESS", 40, None)
    assert owner.post(f"/tasks/{task.pk}/finish", seen(task, output="测试报告在协作空间")).status_code == 302
    task.refresh_from_db()
    assert (task.state, task.percent, task.output) == ("DONE", 100, "测试报告在协作空间")
    names = [fact["name"] for fact in facts_since(before)]
    assert names == ["plans.task.started", "plans.task.reported", "plans.task.done"]
    assert offered(owner.get(f"/tasks/{task.pk}").content.decode(), task) == set()


def test_a_blocked_task_says_what_is_in_the_way_until_it_goes_on(campaign, task, owner, client_for):
    before = last_entry()
    owner.post(f"/tasks/{task.pk}/block", seen(task, blocker="等待\x00接口文档"))
    task.refresh_from_db()
    page = client_for(campaign.company["PMO专员"]).get(f"/tasks/{task.pk}").content.decode()
    assert (task.state, "等待接口文档" in page) == ("BLOCKED", True)
    owner.post(f"/tasks/{task.pk}/resume", seen(task))
    task.refresh_from_db()
    assert (task.state, task.blocker) == ("IN_PROGRESS", "")
    assert [fact["name"] for fact in facts_since(before)] == ["plans.task.blocked", "plans.task.resumed"]


def test_a_late_task_asks_for_a_new_day_and_a_cause(campaign, task, owner, refuses):
    owner.post(f"/tasks/{task.pk}/start", seen(task))
    task.refresh_from_db()
    campaign.wait_until(task.due_on)
    campaign.wait(days=2)
    page = refuses(422, owner, f"/tasks/{task.pk}/report", seen(task, percent="60"), of=Task)
    assert page.count("has-error") == 2
    assert 'value="60"' in page
    day = campaign.today.replace(day=28).isoformat()
    data = seen(task, percent="60", new_due_on=day, reason="设计稿晚到两天")
    before = last_entry()
    assert owner.post(f"/tasks/{task.pk}/report", data).status_code == 302
    task.refresh_from_db()
    assert (task.percent, task.new_due_on.isoformat(), task.reason) == (60, day, "设计稿晚到两天")
    (fact,) = facts_since(before)
    assert (fact["name"], fact["new_due_on"], fact["reason"]) == ("plans.task.reported", day, "设计稿晚到两天")


def test_what_is_missing_is_told_in_place(task, owner, refuses):
    owner.post(f"/tasks/{task.pk}/start", seen(task))
    task.refresh_from_db()
    for act, data in (
        ("report", {"percent": ""}),
        ("report", {"percent": "100"}),
        ("report", {"percent": "viel"}),
        ("report", {"percent": "10", "new_due_on": "2023-14-05", "reason": "晚"}),
        ("report", {"percent": "10", "new_due_on": "2024-01-05", "reason": "晚"}),
        ("block", {"blocker": " "}),
        ("finish", {"output": ""}),
    ):
        page = refuses(422, owner, f"/tasks/{task.pk}/{act}", seen(task, **data), of=Task)
        assert page.count("has-error") == 1, data


def test_what_is_said_of_a_form_that_is_not_on_the_page_is_said_above(task, owner, refuses):
    page = refuses(422, owner, f"/tasks/{task.pk}/report", seen(task, percent="100"), of=Task)
    assert (page.count('class="notice error'), "has-error" in page) == (1, False)


def test_the_lead_hands_a_task_over_and_cancels_another(campaign, task, client_for, refuses):
    lead = client_for(campaign.company["产品经理"])
    hand_over, cancel = f"/tasks/{task.pk}/hand-over", f"/tasks/{task.pk}/cancel"
    chief = campaign.company["技术部负责人"]
    assert "has-error" in refuses(422, lead, hand_over, seen(task, owner=chief.pk), of=Task)
    assert "has-error" in refuses(422, lead, hand_over, seen(task, owner__text="查无此人", reason="调岗"), of=Task)
    assert "has-error" in refuses(422, lead, cancel, seen(task), of=Task)
    before = last_entry()
    assert lead.post(hand_over, seen(task, owner__text=chief.name, reason="调岗")).status_code == 302
    task.refresh_from_db()
    assert task.owner_id == chief.pk
    assert lead.post(cancel, seen(task, reason="不再需要")).status_code == 302
    task.refresh_from_db()
    assert (task.state, task.reason) == ("CANCELLED", "不再需要")
    assert [fact["name"] for fact in facts_since(before)] == ["plans.task.handed_over", "plans.task.cancelled"]


def test_other_departments_are_refused_and_outsiders_learn_nothing(campaign, task, client_for, refuses):
    for office in ("推广经理", "市场部负责人"):
        other = client_for(campaign.company[office])
        for act in ACTS:
            data = seen(task, percent="10", blocker="x", output="x", reason="x", owner=campaign.company["开发组长"].pk)
            refuses(403, other, f"/tasks/{task.pk}/{act}", data, of=Task)
    outsider = client_for(campaign.company.outsider)
    mine, free = outsider.get(f"/tasks/{task.pk}"), outsider.get("/tasks/999999999")
    assert (mine.status_code, mine.content) == (404, free.content)
    for act in ACTS:
        refuses(404, outsider, f"/tasks/{task.pk}/{act}", seen(task), of=Task)


def test_the_owner_alone_neither_cancels_nor_hands_over(campaign, task, owner, refuses):
    refuses(403, owner, f"/tasks/{task.pk}/cancel", seen(task, reason="x"), of=Task)
    data = seen(task, reason="x", owner=campaign.company["技术部负责人"].pk)
    refuses(403, owner, f"/tasks/{task.pk}/hand-over", data, of=Task)


def test_what_was_typed_on_an_old_page_is_kept_and_told(campaign, task, owner, client_for, refuses):
    client_for(campaign.company["技术部负责人"]).post(f"/tasks/{task.pk}/start", seen(task))
    page = refuses(409, owner, f"/tasks/{task.pk}/finish", seen(task, output="很长的成果说明"), of=Task)
    assert "很长的成果说明" in page
    task.refresh_from_db()
    client_for(campaign.company["产品经理"]).post(f"/tasks/{task.pk}/cancel", seen(task, reason="并入他项"))
    page = refuses(409, owner, f"/tasks/{task.pk}/block", seen(task, blocker="缺少测试机"), of=Task)
    assert "缺少测试机" in page  # the form is gone, the sentence is not


def test_before_the_plan_is_filed_nothing_begins(campaign, client_for, refuses):
    campaign.carry_to("FILING")
    task = Task.objects.get(collaboration=campaign.collaboration, owner=campaign.company["开发组长"])
    owner = client_for(campaign.company["开发组长"])
    page = owner.get(f"/tasks/{task.pk}").content.decode()
    assert offered(page, task) == set()
    assert "备案" in page
    page = refuses(409, owner, f"/tasks/{task.pk}/start", seen(task), of=Task)
    assert page.count('class="notice') == 1


def test_htmx_gets_the_part_alone_with_its_next_act(task, owner):
    headers = {"HX-Request": "true"}
    response = owner.post(f"/tasks/{task.pk}/start", seen(task), headers=headers)
    page = response.content.decode()
    assert (response.status_code, "<html" in page, f'id="task-{task.pk}"' in page) == (200, False, True)
    assert "notice" in response["HX-Trigger"]
    task.refresh_from_db()
    assert offered(page, task) == {"report", "block", "finish"}
    refused = owner.post(f"/tasks/{task.pk}/block", seen(task), headers=headers)
    assert (refused.status_code, "<html" in refused.content.decode()) == (422, False)


def test_reading_changes_nothing_and_acts_are_posts(task, owner):
    before = last_entry()
    for act in ACTS:
        assert owner.get(f"/tasks/{task.pk}/{act}").status_code == 405
    assert owner.post(f"/tasks/{task.pk}").status_code == 405
    assert last_entry() == before


def test_a_page_without_the_token_acts_on_nothing(task, owner):
    owner.handler.enforce_csrf_checks = True
    assert owner.post(f"/tasks/{task.pk}/start", seen(task)).status_code == 403
    task.refresh_from_db()
    assert task.state == "NOT_STARTED"


def test_the_page_asks_the_same_few_questions_whatever_the_matter_holds(campaign, task, owner):
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert owner.get(f"/tasks/{task.pk}").status_code == 200
        return len(queries)

    asked()
    few = asked()
    for number in range(3):
        Task.objects.create(
            collaboration=task.collaboration, line_id=f"x{number}", department=task.department, duty="再做一项",
            deliverable="无", owner=task.owner, due_on=task.due_on,
        )  # fmt: skip
    assert asked() == few <= 16
