"""Routes in the browser: looked at and tried out by everybody, written, checked and published by the PMO."""

import pytest
from django.test import Client

from bihuan.approvals import routing
from bihuan.approvals.models import RouteVersion
from bihuan.collaborations import operations, queries
from bihuan.collaborations.models import Collaboration
from bihuan.collaborations.policy.playbook_text import write_text
from bihuan.kernel.actor import SYSTEM
from bihuan.organisation.models import Person
from tests.witness import everything, facts_since, last_entry

HTMX = {"HX-Request": "true"}
OVER_NINE = "{field: amount, is: MORE_THAN, value: 9}"
ONE_STEP = "key: OURS\nname: 我们的\nsteps:\n- key: a\n  name: 甲\n  slots: [{who: EACH, of: ALL}]\n"


@pytest.fixture
def pmo(company, client_for) -> Client:
    return client_for(company["PMO专员"])


@pytest.fixture
def staff(company, client_for) -> Client:
    return client_for(company.outsider)


@pytest.fixture
def shipped(playbooks) -> str:
    """The text of a route that comes with the product."""
    return write_text(routing.newest_version("COLLAB_MANAGER").body)


def page_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def publish(client: Client, text: str, note: str = "提高门槛", seen: int = 1):
    return client.post("/routes/publish", {"text": text, "note": note, "seen_version": seen})


def test_everybody_looks_at_the_routes_and_only_the_pmo_writes_one(shipped, staff, pmo):
    page = page_of(staff, "/routes/")
    assert "协作管理负责人审批" in page
    assert "/routes/write" not in page
    one = page_of(staff, "/routes/COLLAB_MANAGER/")
    assert "金额（元）超过¥100,000.00 或 部门数超过3 或 办公地点数超过1" in one
    assert "一人签署即可（或签）" in one
    assert "<svg" in one
    assert 'href="/routes/write?from=COLLAB_MANAGER"' in page_of(pmo, "/routes/COLLAB_MANAGER/")
    before = everything()
    assert staff.get("/routes/write").status_code == 403
    assert publish(staff, shipped.replace("100000", "200000")).status_code == 403
    assert staff.post("/routes/check", {"text": shipped}).status_code == 403
    assert everything() == before


def test_a_new_version_is_published_with_its_note_and_told_as_one_fact(shipped, pmo, staff):
    since = last_entry()
    assert publish(pmo, shipped.replace("100000", "200000")).status_code == 302
    (fact,) = facts_since(since, "approvals.route.published")
    assert (fact["key"], fact["version"], fact["note"]) == ("COLLAB_MANAGER", 2, "提高门槛")
    assert fact["text"]["steps"][1]["when"]["any"][0]["value"] == "200000"
    page = page_of(staff, "/routes/COLLAB_MANAGER/")
    assert "超过¥200,000.00" in page
    assert "提高门槛" in page
    assert "超过¥100,000.00" in page_of(staff, "/routes/COLLAB_MANAGER/1")


def test_two_who_write_at_once_do_not_overwrite_each_other_and_what_was_typed_stays(shipped, pmo):
    publish(pmo, shipped.replace("100000", "200000"))
    before = everything()
    late = publish(pmo, shipped.replace("100000", "300000"), note="另一种想法")
    assert late.status_code == 409
    assert "300000" in late.content.decode()
    assert "另一种想法" in late.content.decode()
    assert everything() == before


def test_what_is_wrong_is_told_with_its_line_and_nothing_is_written(shipped, pmo):
    wrong = shipped.replace("value: '3'", "value: many").replace("role: EXECUTIVE", "role: KING")
    before = everything()
    checked = pmo.post("/routes/check", {"text": wrong}, headers=HTMX).content.decode()
    assert "条件的值不是数字" in checked
    assert "PROJECT_LEAD" in checked
    refused = publish(pmo, wrong)
    assert refused.status_code == 422
    assert "value: many" in refused.content.decode()
    assert everything() == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("steps: [", "第 1 行"),
        ("[]", "key: MY_PROCESS"),
        ("key: OURS\nname: 我们的\nsteps: []\n", "路线没有任何步骤"),
        (
            "key: OURS\nname: 我们的\nsteps:\n- key: a\n  name: 甲\n  slots:\n  - who: PERSON\n    person: 999999\n",
            "不在组织中",
        ),
        (
            ONE_STEP
            + "  when: {all: [{field: amount, is: MORE_THAN, value: 9}, {field: amount, is: UP_TO, value: 9}]}\n",
            "条件互相矛盾",
        ),
    ],
)
def test_a_route_that_could_not_be_completed_is_not_published(shipped, pmo, text, said):
    before = RouteVersion.objects.count()
    refused = publish(pmo, text, seen=0)
    assert refused.status_code == 422
    assert said in refused.content.decode()
    assert RouteVersion.objects.count() == before


def tried(client: Client, company, key: str, **more) -> str:
    lead, involved = company.departments["产品部"].pk, [company.departments["市场部"].pk]
    asked = {"person": company["产品经理"].name, "department": lead, "involved": involved, "amount": "5万", **more}
    return client.get(f"/routes/{key}/try", asked).content.decode()


@pytest.mark.parametrize(("amount", "executive"), [("50000", False), ("10万", False), ("100000.01", True)])
def test_a_dry_run_says_who_signs_and_by_when(shipped, company, staff, amount, executive):
    before = everything()
    page = tried(staff, company, "COLLAB_MANAGER", amount=amount)
    assert company["产品部负责人"].name in page
    assert ("不征询" not in page) is executive
    assert "最迟" in page
    assert everything() == before


def test_a_dry_run_routes_ones_own_signature_to_the_next_superior(shipped, company, staff):
    own = tried(staff, company, "INITIATING_HEAD_CC", person=company["产品部负责人"].name)
    assert f"产品部 负责人 {company['产品部负责人'].name}" not in own
    assert company["分管副总"].name in own


def test_copies_stand_in_the_steps_the_picture_and_the_dry_run(shipped, company, pmo, staff):
    text = shipped.replace("  slots:", "  copies:\n  - {who: ROLE, role: INITIATOR, at: ENDED}\n  slots:", 1)
    looked = pmo.post("/routes/check", {"text": text}, headers=HTMX).content.decode()
    assert "发起人（全部签核结束后）" in looked
    assert "有抄送" in looked
    wrong = pmo.post("/routes/check", {"text": text.replace("ENDED", "NEVER")}, headers=HTMX).content.decode()
    assert "ASKED, PASSED, ENDED" in wrong
    publish(pmo, text)
    before = everything()
    assert f"抄送：{company['产品经理'].name}（全部签核结束后）" in tried(
        staff, company, "COLLAB_MANAGER", amount="50000"
    )
    assert everything() == before


@pytest.mark.parametrize(
    ("field", "value", "said"), [("person", "查无此人", "没有这个人"), ("amount", "许多", "不是金额")]
)
def test_a_dry_run_keeps_what_was_typed_and_says_what_is_wrong(shipped, company, staff, field, value, said):
    page = tried(staff, company, "COLLAB_MANAGER", **{field: value})
    assert said in page
    assert f'value="{value}"' in page


def test_an_exported_text_is_read_back_as_the_same_route(shipped, staff, pmo):
    answer = staff.get("/routes/COLLAB_MANAGER/1/text")
    assert answer["Content-Disposition"] == 'attachment; filename="COLLAB_MANAGER-v1.yaml"'
    before = RouteVersion.objects.count()
    assert publish(pmo, answer.content.decode()).status_code == 302
    assert RouteVersion.objects.count() == before


def test_who_left_is_outside_the_organisation(shipped, company, pmo):
    leaver = Person.objects.create(username="gone", name="已离职", is_active=False)
    text = f"key: OURS\nname: 我们的\nsteps:\n- key: a\n  name: 甲\n  slots: [{{who: PERSON, person: {leaver.pk}}}]\n"
    refused = publish(pmo, text, seen=0)
    assert refused.status_code == 422
    assert "已离职不在组织中" in refused.content.decode()


def test_a_route_is_retired_only_when_no_playbook_may_open_it_and_can_be_used_again(shipped, staff, pmo):
    text = "key: OURS\nname: 我们的\nsteps:\n- key: a\n  name: 甲\n  slots: [{who: ROLE, role: PMO}]\n"
    assert publish(pmo, text, seen=0).status_code == 302
    before = everything()
    assert staff.post("/routes/OURS/retire").status_code == 403
    assert staff.post("/routes/OURS/restore").status_code == 403
    assert pmo.post("/routes/NOBODY/retire").status_code == 404
    used = pmo.post("/routes/INITIATING_HEAD_CC/retire")
    assert (used.status_code, "仍有协作手册会用到这条审批路线：SEED_D 1。" in used.content.decode()) == (422, True)
    assert pmo.post("/routes/OURS/restore").status_code == 409
    assert everything() == before
    entry = last_entry()
    assert pmo.post("/routes/OURS/retire").status_code == 302
    assert [fact["name"] for fact in facts_since(entry)] == ["approvals.route.retired"]
    assert "OURS" not in routing.published_keys()
    assert "已停用" in page_of(staff, "/routes/OURS/")
    assert pmo.post("/routes/OURS/retire").status_code == 409
    assert pmo.post("/routes/OURS/restore").status_code == 302
    assert "OURS" in routing.published_keys()


def test_a_matter_under_way_keeps_the_routes_of_its_playbook(shipped, pmo, campaign, at):
    body = queries.newest("SEED_B").body
    unasked = [{**step, "routes": [], "guards": []} if step["key"] == "APPROVAL" else step for step in body["steps"]]
    unfiled = [step for step in unasked if step["key"] != "FILING"]
    text = write_text({**body, "steps": unfiled})
    operations.write_playbook(text, note="不再审批方案", actor=SYSTEM, at=at)
    assert "：PROJECT 1, SEED_B 1。" in pmo.post("/routes/EXECUTIVE_PLAN/retire").content.decode()
    campaign.collaboration.step_runs.update(left_at=at, outcome="DONE")
    Collaboration.objects.update(ended_at=at, ending="WITHDRAWN")
    assert "：PROJECT 1。" in pmo.post("/routes/EXECUTIVE_PLAN/retire").content.decode()
