"""A problem on its page: its urgency, who has acknowledged it, and what each reader may do about it."""

import re

import pytest

from bihuan.collaborations.models import Acknowledgement, Problem
from bihuan.deadlines.models import Deadline
from bihuan.web import middleware
from tests.collaborations.test_merging import report, second_of
from tests.problem import HEAD, REPORTER, Trouble
from tests.web.test_collaboration import page_of
from tests.witness import facts_since, last_entry

NOT_YET = "未确认接收</span>"


@pytest.fixture
def told(trouble: Trouble, monkeypatch) -> Trouble:
    trouble.tell()
    monkeypatch.setattr(middleware, "now", lambda: trouble.at)
    return trouble


def test_a_contact_acknowledges_on_the_page_and_everybody_sees_it(told, client_for):
    address = f"/matters/{told.collaboration.pk}/request"
    contact, clerk = client_for(told.company["开发组长"]), client_for(told.company["市场专员"])
    shown = page_of(contact, address)
    assert shown.count(f'action="/matters/{told.collaboration.pk}/acknowledge"') == 1
    assert shown.count(NOT_YET) == 3
    assert "/acknowledge" not in page_of(clerk, address)
    assert f"确认接收问题：{told.collaboration.title}" in page_of(contact, "/")
    answer = contact.post(f"/matters/{told.collaboration.pk}/acknowledge", {"department": told.department("技术部")})
    assert (answer.status_code, answer["Location"]) == (302, address)
    assert Acknowledgement.objects.get(department=told.department("技术部")).given_by == told.company["开发组长"]
    after = page_of(clerk, address)
    assert (after.count(NOT_YET), after.count("孙浩")) == (2, 1)


def test_who_silently_let_the_time_pass_is_shown(told, client_for):
    Acknowledgement.objects.filter(department=told.department("财务部")).update(passed_at=told.at)
    shown = page_of(client_for(told.company[REPORTER]), f"/matters/{told.collaboration.pk}/request")
    assert shown.count("到时未确认，已照常推进") == 1


def test_the_head_classes_it_anew_and_a_refusal_keeps_what_was_typed(told, client_for, refuses):
    head, address = client_for(told.company[HEAD]), f"/matters/{told.collaboration.pk}/urgency"
    page = refuses(422, head, address, {"urgency": "URGENT", "reason": " "}, of=Problem)
    assert '<option value="URGENT" selected>' in page
    refuses(422, head, address, {"urgency": "IMPORTANT", "look": "1"}, of=Problem)
    refuses(403, client_for(told.company["技术部负责人"]), address, {"urgency": "URGENT", "look": "1"}, of=Problem)
    before, running = last_entry(), list(Deadline.objects.order_by("pk").values())
    looked = head.post(address, {"urgency": "URGENT", "reason": "投诉激增", "look": "1"})
    assert (looked.status_code, facts_since(before)) == (200, [])
    assert (Problem.objects.get().urgency, list(Deadline.objects.order_by("pk").values())) == ("IMPORTANT", running)
    shown = " ".join(re.sub(r"<[^>]+>", " ", looked.content.decode()).split())
    solve, answer = (Deadline.objects.filter(rule=rule).first() for rule in ("T07", "T06"))
    assert (solve is not None, answer) == (True, None)
    assert '<option value="URGENT" selected>' in looked.content.decode()
    for said in ("已取消", "尚未开始", "紧急问题响应", "解决重要问题"):
        assert said in shown, shown
    assert head.post(address, {"urgency": "URGENT", "reason": "投诉激增"}).status_code == 302
    assert Problem.objects.get().urgency == "URGENT"
    timeline = page_of(head, f"/matters/{told.collaboration.pk}/timeline")
    assert "调整紧急程度：重要 → 紧急" in timeline
    assert "已将问题 XC20261117001 同步给：技术部、市场部、财务部" in timeline
    assert "调整级别" not in page_of(client_for(told.company["技术部负责人"]), address.replace("urgency", "request"))


def test_the_pmo_merges_on_the_page_and_both_lead_to_each_other(trouble, client_for, refuses, monkeypatch):
    trouble.assess()
    second = second_of(trouble)
    report(second)
    monkeypatch.setattr(middleware, "now", lambda: second.at)
    pmo, pk, into = client_for(second.company["PMO专员"]), second.collaboration.pk, trouble.collaboration.pk
    assert "判断是否与 XZ-2026-0001 为同一问题" in page_of(pmo, "/")
    mine = page_of(client_for(second.company["推广经理"]), f"/matters/{pk}/request")
    assert ("疑似与其他问题重复" in mine, f"/matters/{into}/" in mine, "/merge" in mine) == (True, False, False)
    page = refuses(422, pmo, f"/matters/{pk}/merge", {"into": into, "reason": " "}, of=Problem)
    assert f'<option value="{into}" selected>' in page
    assert "请从列表中选择" in refuses(422, pmo, f"/matters/{pk}/merge", {"into": "0", "reason": "同因"}, of=Problem)
    assert pmo.post(f"/matters/{pk}/merge", {"into": into, "reason": "同一接口故障"}).status_code == 302
    merged = page_of(client_for(second.company["推广经理"]), f"/matters/{pk}/request")
    assert ("同一问题，已并入" in merged, f'href="/matters/{into}/"' in merged) == (True, True)
    assert "同一问题的另一份报告已并入" in page_of(pmo, f"/matters/{into}/request")
    assert "同一问题的另一份报告已并入：XZ-2026-0002" in page_of(pmo, f"/matters/{into}/timeline")
    assert "已并入其他事项" in page_of(pmo, "/matters/?state=ended")
    assert "XZ-2026-0002" not in page_of(pmo, "/matters/")


def test_the_pmo_keeps_two_apart_on_the_page(trouble, client_for, refuses, monkeypatch):
    trouble.assess()
    second = second_of(trouble)
    report(second)
    monkeypatch.setattr(middleware, "now", lambda: second.at)
    pmo, address = client_for(second.company["PMO专员"]), f"/matters/{second.collaboration.pk}/apart"
    other = {"other": trouble.collaboration.pk}
    page = refuses(422, pmo, address, {**other, "reason": ""}, of=Problem)
    assert "<details open><summary>这是两个问题" in page
    assert pmo.post(address, {**other, "reason": "两处原因不同"}).status_code == 302
    assert "疑似与其他问题重复" not in page_of(pmo, address.replace("apart", "request"))


def test_before_the_signature_the_page_says_who_reads_it(trouble, client_for, monkeypatch):
    trouble.assess()
    monkeypatch.setattr(middleware, "now", lambda: trouble.at)
    address = f"/matters/{trouble.collaboration.pk}/request"
    assert "牵头部门负责人签字前，只有本部门能查看" in page_of(client_for(trouble.company[HEAD]), address)
    assert client_for(trouble.company["技术部负责人"]).get(address).status_code == 404


def test_who_types_the_same_problem_again_is_shown_the_first_one(told, client_for):
    second = Trouble.begin(told.company, told.at)
    record = second.fill("F13", second.assessment(), REPORTER)
    page = page_of(client_for(told.company[REPORTER]), f"/records/{record.pk}/edit")
    assert "与尚未解决的 XC20261117001（华东订单延迟）相似" in page


def test_the_application_shows_the_instant_that_words_mean_and_is_read_by_whom_it_asks(told, client_for):
    told.all_acknowledge()
    record = told.fill("F02", told.application(), REPORTER)
    edit = page_of(client_for(told.company[REPORTER]), f"/records/{record.pk}/edit")
    assert "11月18日 周三 10:00" in edit
    version = told.apply()
    reader = client_for(told.company["市场专员"])
    for address in (f"/records/{version.record_id}", f"/records/{version.record_id}/print"):
        shown = page_of(reader, address)
        assert "跨部门协作申请单" in shown
        assert "陈志远" in shown
