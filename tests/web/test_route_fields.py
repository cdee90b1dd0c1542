"""A route written by fields: every word of the format, nothing typed lost, and the same checks as the text."""

import pytest
from django.test import Client

from bihuan.approvals import routing
from bihuan.approvals.operations import publish_route
from bihuan.collaborations.policy.playbook_text import write_text
from bihuan.kernel.actor import SYSTEM
from tests.web.test_playbooks import sent_by
from tests.witness import everything, facts_since, last_entry

HTMX = {"HX-Request": "true"}


@pytest.fixture
def pmo(company, playbooks, client_for) -> Client:
    return client_for(company["PMO专员"])


def begun(client: Client, key: str = "COLLAB_MANAGER") -> str:
    response = client.get(f"/routes/write?from={key}")
    assert response.status_code == 200
    return response.content.decode()


def acted(client: Client, page: str, act: str, **more) -> str:
    response = client.post("/routes/arrange", sent_by(page, act=act, note="为小项目", **more))
    assert response.status_code == 200
    assert 'value="为小项目"' in response.content.decode()
    return response.content.decode()


@pytest.mark.parametrize("key", ["COLLAB_MANAGER", "LOAN_FOUR", "SUSPENSION", "CONSENSUS", "ACCEPTANCE", "HEAD_REVIEW"])
def test_what_fields_show_says_the_same_as_the_text_it_came_from(pmo, key):
    page = begun(pmo, key)
    assert sent_by(page)["mode"] == ["fields"]
    before = everything()
    text = sent_by(acted(pmo, page, "text"))["text"][0]
    assert text == write_text(routing.newest_version(key).body)
    assert everything() == before


def test_the_pmo_builds_a_route_in_fields_alone(pmo, company):
    page = begun(pmo)
    finance = company.departments["财务部"].pk
    page = acted(pmo, page, "step_add", key="OURS", name="我们的", name_en="Ours", empty="WAIT")
    before = everything()
    more = {
        "steps.2.key": "finance", "steps.2.name": "财务", "steps.2.beside": "1", "steps.2.rule.kind": "COUNT",
        "steps.2.rule.count": "1", "steps.2.slots.0.whom": "HEAD", "steps.2.slots.0.department": str(finance),
        "steps.2.slots.0.veto": "1", "steps.2.copies.0.whom": "PERSON", "steps.2.tests": ["goal_ok"],
        "steps.2.copies.0.person": company["财务专员"].name, "steps.2.copies.0.at": "ENDED",
        "steps.2.when.joint": "all", "steps.2.when.0.field": "conclusion", "steps.2.when.0.is": "NONE_OF",
        "steps.2.when.0.value": "不通过、", "steps.0.parts": [],
    }  # fmt: skip
    page = pmo.post("/routes/arrange", {**sent_by(page), **more, "act": "rows"}).content.decode()
    more = {
        "steps.2.slots.1.whom": "POST", "steps.2.slots.1.department": str(finance), "steps.2.slots.1.title": "会计",
        "steps.2.when.1.field": "amount", "steps.2.when.1.is": "AT_LEAST", "steps.2.when.1.value": "500.50",
    }  # fmt: skip
    page = pmo.post("/routes/arrange", {**sent_by(page), **more, "act": "step_up:2"}).content.decode()
    page = acted(pmo, page, "step_remove:2", steps__1__slots__2__whom="CHAIN:LEAD", steps__1__slots__2__levels="2")
    assert f'value="{company["财务专员"].name} #{company["财务专员"].pk}"' in page
    assert everything() == before
    since = last_entry()
    looked = pmo.post("/routes/check", sent_by(page), headers=HTMX).content.decode()
    assert ("<svg" in looked, "需要修正" in looked) == (True, False)
    assert pmo.post("/routes/publish", sent_by(page)).status_code == 302
    (fact,) = facts_since(since, "approvals.route.published")
    assert fact["text"]["steps"][1] == {
        "key": "finance", "name": "财务", "beside": True, "rule": {"kind": "COUNT", "count": 1}, "tests": ["goal_ok"],
        "when": {"all": [{"field": "conclusion", "is": "NONE_OF", "value": ["FAIL"]},
                         {"field": "amount", "is": "AT_LEAST", "value": "500.50"}]},
        "slots": [{"who": "HEAD", "department": finance, "veto": True},
                  {"who": "POST", "department": finance, "title": "会计"},
                  {"who": "CHAIN", "of": "LEAD", "levels": 2}],
        "copies": [{"who": "PERSON", "person": company["财务专员"].pk, "at": "ENDED"}],
    }  # fmt: skip
    assert [step["key"] for step in fact["text"]["steps"]] == ["manager", "finance"]
    assert (fact["text"]["empty"], fact["text"]["name_en"]) == ("WAIT", "Ours")


def test_what_is_wrong_stays_as_typed_and_is_told_by_its_place(pmo, playbooks):
    page = begun(pmo)
    before = everything()
    wrong = {
        "steps.0.slots.2.whom": "PERSON", "steps.0.slots.2.person": "查无此人", "steps.1.rule.kind": "COUNT",
        "steps.1.rule.count": "许多", "steps.1.when.0.value": "十万", "steps.1.copies.0.whom": "ROLE:PMO",
        "steps.1.copies.0.at": "NEVER", "note": "试一试",
    }  # fmt: skip
    response = pmo.post("/routes/publish", {**sent_by(page), **wrong})
    page = response.content.decode()
    kept = sent_by(page)
    assert response.status_code == 422
    assert {name: kept[name][0] for name in wrong} == wrong
    for place in ("第 1 步，部门总监或PMO，第 3 个签核人", "第 2 步，分管领导，第 1 个抄送", "第 2 步 分管领导"):
        assert f"<b>{place}</b>" in page
    assert everything() == before


def test_two_who_write_at_once_and_a_copy_under_a_foreign_key_are_refused_with_all_that_was_typed(pmo):
    page = begun(pmo)
    newest = routing.newest_version("COLLAB_MANAGER")
    publish_route({**newest.body, "name": "别人改过"}, note="先", actor=SYSTEM, at=newest.published_at)
    before = everything()
    for more in ({"name": "我的名字"}, {"key": "OPINIONS", "name": "照抄"}):
        late = pmo.post("/routes/publish", sent_by(page, note="后", **more))
        assert (late.status_code, sent_by(late.content.decode())["name"]) == (409, [more["name"]])
    assert everything() == before


def test_a_text_that_fields_cannot_show_stays_text_and_unknown_words_stay(pmo):
    for text in ("key: [", "key: OURS\nname: 甲\nsteps: 5\n", "key: OURS\nname: 甲\nsteps:\n- {key: a, slots: [x]}\n"):
        page = pmo.post("/routes/arrange", {"text": text, "mode": "text", "act": "fields"}).content.decode()
        assert (sent_by(page)["mode"], sent_by(page)["text"]) == (["text"], [text])
    step = "- key: a\n  name: 甲\n  tone: loud\n  slots: [{who: EACH, of: ALL, x: y}]\n"
    text = f"key: OURS\nname: 甲\ncolour: red\nsteps:\n{step}"
    page = pmo.post("/routes/arrange", {"text": text, "mode": "text", "act": "fields"}).content.decode()
    assert sent_by(page)["mode"] == ["fields"]
    back = sent_by(acted(pmo, page, "text"))["text"][0]
    assert ("colour: red" in back, "tone: loud" in back, "x: y" in back) == (True, True, True)
