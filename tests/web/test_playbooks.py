"""Playbooks in the browser: looked at by everybody, written, checked and published by the PMO."""

import re
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bihuan.collaborations import operations, queries
from bihuan.collaborations.models import Collaboration, PlaybookVersion
from bihuan.collaborations.policy.playbook_text import (
    AskedText,
    CadenceText,
    ClockText,
    FieldText,
    FormText,
    ObligationText,
    PlaybookText,
    RouteText,
    StepText,
    SuitsText,
    ThresholdText,
    write_text,
)
from bihuan.kernel.actor import SYSTEM
from tests.campaign import Campaign
from tests.forms_samples import request
from tests.witness import everything, facts_since, last_entry

HTMX = {"HX-Request": "true"}


@pytest.fixture
def pmo(company, client_for) -> Client:
    return client_for(company["PMO专员"])


@pytest.fixture
def staff(company, client_for) -> Client:
    return client_for(company.outsider)


@pytest.fixture
def shipped(playbooks) -> str:
    """The text of the playbook that comes with the product."""
    return write_text(queries.newest("SEED_B").body)


def shorter(text: str) -> str:
    """A playbook of the company's own: without filing and without a review."""
    own = text.replace("key: SEED_B", "key: OURS").replace("name: 项目合作（方案审批与备案）", "name: 小项目")
    kept = [part for part in own.split("\n- key: ") if not part.startswith(("FILING", "RETRO"))]
    return "\n- key: ".join(kept)


def page_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def publish(client: Client, text: str, note: str = "先试一个月", seen: int = 1):
    return client.post("/playbooks/publish", {"text": text, "note": note, "seen_version": seen})


def test_everybody_looks_at_the_playbooks_and_only_the_pmo_writes_one(shipped, staff, pmo):
    page = page_of(staff, "/playbooks/")
    assert "项目合作（方案审批与备案）" in page
    assert "/playbooks/write" not in page
    one = page_of(staff, "/playbooks/SEED_B/")
    assert "职责分工表" in one
    assert "/playbooks/write" not in one
    assert 'href="/playbooks/write?from=SEED_B"' in page_of(pmo, "/playbooks/SEED_B/")
    before = everything()
    assert staff.get("/playbooks/write").status_code == 403
    assert staff.post("/playbooks/check", {"text": shipped}).status_code == 403
    assert publish(staff, shorter(shipped)).status_code == 403
    assert staff.get("/playbooks/NOBODY/").status_code == 404
    assert staff.get("/playbooks/SEED_B/9").status_code == 404
    assert everything() == before


def test_the_pmo_copies_a_playbook_and_a_matter_can_begin_on_it(shipped, pmo, company, at):
    assert "key: SEED_B" in page_of(pmo, "/playbooks/write?from=SEED_B")
    before = last_entry()
    response = publish(pmo, shorter(shipped))
    assert (response.status_code, response["Location"]) == (302, "/playbooks/OURS/")
    version = queries.newest("OURS")
    assert (version.version, version.note, version.published_by) == (1, "先试一个月", company["PMO专员"])
    (fact,) = facts_since(before)
    assert (fact["key"], fact["version"], fact["note"]) == ("OURS", 1, "先试一个月")
    page = page_of(pmo, "/playbooks/OURS/")
    assert "先试一个月" in page
    assert "备案" not in page.split('id="versions"')[0].split("<h1>")[1]
    assert "OURS" in [one.playbook.key for one in queries.startable()]


def test_the_next_version_says_what_it_changes_and_the_one_before_stays(shipped, pmo):
    changed = shipped.replace("guards: [G06]", "guards: []")
    seen = pmo.post("/playbooks/check", {"text": changed}, headers=HTMX).content.decode()
    assert "检查项：去掉 G06" in seen
    publish(pmo, changed, "不再检查分工")
    page = page_of(pmo, "/playbooks/SEED_B/")
    assert "检查项：去掉 G06" in page
    assert "不再检查分工" in page
    assert "这是较早的版本" in page_of(pmo, "/playbooks/SEED_B/1")
    assert PlaybookVersion.objects.filter(playbook__key="SEED_B").count() == 2


def test_what_is_shipped_does_not_undo_what_the_company_made_of_it(shipped, pmo, at):
    publish(pmo, shipped.replace("guards: [G06]", "guards: []"))
    operations.publish_shipped_playbooks(at=at)
    assert queries.newest("SEED_B").version == 2


class Filled(HTMLParser):
    """What a browser would send of a page: every field with what stands in it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self.select = self.area = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        if tag == "select":
            self.select = said["name"]
            self.sent.setdefault(self.select, [])
        elif tag == "option" and self.select and ("selected" in said or not self.sent[self.select]):
            self.sent[self.select] = [said["value"]]
        elif tag == "textarea":
            self.area = said["name"]
            self.sent[self.area] = [""]
        elif tag == "input" and "name" in said and (said.get("type") != "checkbox" or "checked" in said):
            self.sent.setdefault(said["name"], []).append(said.get("value", ""))

    def handle_data(self, data):
        if self.area:
            self.sent[self.area][0] += data

    def handle_endtag(self, tag):
        if tag in {"select", "textarea"}:
            self.select = self.area = ""


def sent_by(page: str, **more) -> dict[str, list[str]]:
    fields = page.split('<form class="deskgrid"')[1].split("</form>", maxsplit=1)[0]
    return Filled(f"<form {fields}").sent | {name.replace("__", "."): value for name, value in more.items()}


def test_the_pmo_builds_a_playbook_in_fields_alone(shipped, pmo):
    before = everything()
    page = page_of(pmo, "/playbooks/write?from=SEED_B")
    assert pmo.post("/playbooks/check", sent_by(page), headers=HTMX).content.decode().count("与最新版本相同") == 1

    def act(what: str, **more) -> None:
        nonlocal page
        response = pmo.post("/playbooks/arrange", sent_by(page, act=what, note="为小项目", **more))
        assert response.status_code == 200
        page = response.content.decode()
        assert 'value="为小项目"' in page

    act("step_remove:4", key="OURS", name="小项目", name_en="Small project")
    act("step_add", add="KICKOFF")
    act("step_up:9", steps__2__guards=[], steps__4__auto=["1"])
    assert everything() == before
    assert pmo.post("/playbooks/publish", sent_by(page)).status_code == 302
    plan = queries.plan_in(queries.newest("OURS"))
    assert [step.key for step in plan.steps][-4:] == ["RETRO", "KICKOFF", "ARCHIVE", "CLOSED"]
    assert not plan.has("FILING")
    copied = queries.plan_in(queries.newest("SEED_B")).step("PLAN")
    assert (plan.step("PLAN").guards, plan.step("PLAN").forms) == ((), copied.forms)


def test_every_word_of_the_format_has_a_field(shipped, pmo):
    """A word that comes later is missed here until somebody can set it without writing YAML."""
    page = page_of(pmo, "/playbooks/write?from=EMERGENCY")
    page = pmo.post("/playbooks/arrange", sent_by(page, act="field_add", form="F02")).content.decode()
    page = pmo.post("/playbooks/arrange", sent_by(page, act="clock_add", rule="T03")).content.decode()
    page = pmo.post("/playbooks/arrange", sent_by(page, act="threshold_add", of="G25.improvements")).content.decode()
    page = pmo.post("/playbooks/arrange", sent_by(page, act="cadence_add", reported="F09")).content.decode()
    shown = {re.sub(r"\.\d+", "", name) for name in re.findall(r'name="([a-z_.0-9]+)"', page)}
    lists = {"obligations": ObligationText, "steps": StepText, "extra_fields": FieldText, "suits": SuitsText}
    lists |= {"clocks": ClockText, "thresholds": ThresholdText, "cadences": CadenceText}
    parts = {"forms": FormText, "routes": RouteText}
    words = PlaybookText.model_fields.keys() - lists.keys()
    for name, part in lists.items():
        words |= {f"{name}.{word}" for word in part.model_fields if word not in parts}
        for word in part.model_fields.keys() & parts.keys():
            row = AskedText if (name, word) == ("steps", "forms") else parts[word]
            words |= {f"{name}.{word}.{inner}" for inner in row.model_fields}
    moved_and_added_by_buttons = {"steps.key"}
    assert words - shown == moved_and_added_by_buttons


def test_what_a_form_is_enough_for_and_depends_on_is_set_in_fields(shipped, pmo):
    page = page_of(pmo, "/playbooks/write?from=EMERGENCY")
    sent = sent_by(page, note="不问客户", key="OURS")
    assert pmo.post("/playbooks/publish", sent | {"steps.3.forms.1.only_if": ""}).status_code == 302
    plan = queries.plan_in(queries.newest("OURS"))
    assert [(form.code, form.only_if) for form in plan.step("EXECUTE").forms] == [("F14", ""), ("F32", "")]
    assert [(form.code, form.instead_of) for form in plan.step("RETRO").forms] == [("F17", ""), ("F18", "F17")]
    wrong = pmo.post("/playbooks/publish", sent | {"key": "THEIRS", "steps.5.forms.1.instead_of": "F14"})
    assert (wrong.status_code, "不能代替" in wrong.content.decode()) == (422, True)
    assert "THEIRS" not in {version.playbook.key for version in queries.published()}


def test_what_it_suits_is_judged_by_archived_and_made_up_for_is_set_in_fields(shipped, pmo):
    page = page_of(pmo, "/playbooks/write?from=SEED_B")
    more = {"key": "OURS", "suits__what": ["ROUTINE"], "suits__agree": [], "archive": ["F04", "F01"]}
    sent = sent_by(page, act="owed_add", opens="F01", **more)
    page = pmo.post("/playbooks/arrange", sent | {"acceptance": ["F04"]}).content.decode()
    assert "补办 OWED_1" in page  # nothing stops its clock as yet
    chosen = {"obligations.0.hours": "48", "obligations.0.gate": "enter:ACCEPT", "obligations.0.forms.0.code": "F31"}
    owed = chosen | {"obligations.0.key": "MAIL", "obligations.0.forms.0.filler": "LEAD"}
    assert pmo.post("/playbooks/publish", sent_by(page, note="事后补") | owed).status_code == 302
    body = queries.newest("OURS").body
    assert body["suits"] == {"what": ["ROUTINE"]}
    assert (body["acceptance"], body["archive"]) == (["F04"], ["F04", "F01"])
    assert body["obligations"] == [
        {"key": "MAIL", "opens": "F01", "hours": 48, "gate": "enter:ACCEPT",
         "forms": [{"code": "F31", "filler": "LEAD"}]}
    ]  # fmt: skip
    page = page_of(pmo, "/playbooks/write?from=OURS")
    assert sent_by(page)["archive"] == ["F04", "F01"]
    gone = pmo.post("/playbooks/arrange", sent_by(page, act="owed_remove:0", archive=[])).content.decode()
    text = sent_by(gone)["text"][0]
    assert ("obligations" in text, "archive" in text, "acceptance" in text) == (False, False, True)


def test_clocks_are_set_moved_and_taken_out_in_fields(shipped, pmo):
    page = page_of(pmo, "/playbooks/write?from=SEED_B")
    for rule in ("T29", "T31"):
        page = pmo.post("/playbooks/arrange", sent_by(page, act="clock_add", rule=rule)).content.decode()
    assert "时限 T29" in page  # nothing is said of it as yet
    said = {"clocks.0.kind": "EXECUTIVE", "clocks.0.limit": "1wd", "clocks.1.limit": "两天"}
    before = everything()
    wrong = pmo.post("/playbooks/publish", sent_by(page, note="更快") | said)
    assert (wrong.status_code, everything()) == (422, before)
    page = wrong.content.decode()
    assert "“两天”不是期限" in page
    page = pmo.post("/playbooks/arrange", sent_by(page, act="clock_up:1", clocks__1__limit="2wd")).content.decode()
    assert "T31 验收后复盘" in pmo.post("/playbooks/check", sent_by(page)).content.decode().split('id="clocks"')[1]
    assert pmo.post("/playbooks/publish", sent_by(page, note="更快")).status_code == 302
    assert queries.newest("SEED_B").body["clocks"] == [
        {"rule": "T31", "limit": "2wd"}, {"rule": "T29", "kind": "EXECUTIVE", "limit": "1wd"}
    ]  # fmt: skip
    assert "1 个工作日（通常为3 个工作日）" in page_of(pmo, "/playbooks/SEED_B/")
    gone = pmo.post("/playbooks/arrange", sent_by(page_of(pmo, "/playbooks/write?from=SEED_B"), act="clock_remove:0"))
    assert "T31" not in sent_by(gone.content.decode())["text"][0]


def test_how_often_reports_fall_due_is_set_in_fields(shipped, pmo):
    page = page_of(pmo, "/playbooks/write?from=SEED_B")
    page = pmo.post("/playbooks/arrange", sent_by(page, act="cadence_add", reported="F09")).content.decode()
    said = {"cadences.0.every": "MONTH", "cadences.0.day": "MON", "cadences.0.number": "5"}
    before = everything()
    wrong = pmo.post("/playbooks/publish", sent_by(page, note="每月") | said)
    assert (wrong.status_code, everything()) == (422, before)
    page = wrong.content.decode()
    assert "F09 的频率" in page
    assert pmo.post("/playbooks/publish", sent_by(page, cadences__0__day="")).status_code == 302
    assert queries.newest("SEED_B").body["cadences"] == [{"form": "F09", "every": "MONTH", "number": "5"}]
    assert "每月，第 5 个工作日 17:00" in page_of(pmo, "/playbooks/SEED_B/")


def test_thresholds_are_set_in_fields(shipped, pmo):
    page = page_of(pmo, "/playbooks/write?from=SEED_C")
    assert "COLLAB_MANAGER 金额（元）（通常为 100000）" in page
    page = pmo.post("/playbooks/arrange", sent_by(page, act="threshold_add", of="COLLAB_MANAGER.amount"))
    before = everything()
    wrong = pmo.post("/playbooks/publish", sent_by(page.content.decode(), thresholds__0__value="很多", note="放宽"))
    assert (wrong.status_code, everything()) == (422, before)
    assert "门槛 COLLAB_MANAGER amount" in wrong.content.decode()
    right = sent_by(wrong.content.decode(), thresholds__0__value="200000")
    assert pmo.post("/playbooks/publish", right).status_code == 302
    assert queries.newest("SEED_C").body["thresholds"] == [
        {"of": "COLLAB_MANAGER", "name": "amount", "value": "200000"}
    ]  # fmt: skip
    assert "200000" in page_of(pmo, "/playbooks/SEED_C/").split('id="thresholds"')[1]


def test_a_clock_that_is_no_number_stays_as_it_was_typed(playbooks, pmo):
    page = page_of(pmo, "/playbooks/write?from=EMERGENCY")
    before = everything()
    wrong = pmo.post("/playbooks/publish", sent_by(page, obligations__0__hours="一天", note="放宽"))
    page = wrong.content.decode()
    assert (wrong.status_code, sent_by(page)["obligations.0.hours"]) == (422, ["一天"])
    assert "补办 BACKFILL" in page
    assert everything() == before


def test_a_copy_under_the_key_of_another_playbook_is_no_version_of_that(shipped, pmo):
    page = page_of(pmo, "/playbooks/write?from=SEED_B")
    before = everything()
    assert pmo.post("/playbooks/publish", sent_by(page, key="SEED_C", note="照抄")).status_code == 409
    assert everything() == before


def test_fields_keep_what_is_wrong_and_lead_to_the_text_and_back(shipped, pmo):
    page = page_of(pmo, "/playbooks/write?from=SEED_B")
    wrong = pmo.post("/playbooks/publish", sent_by(page, name="", note="试一试"))
    page = wrong.content.decode()
    assert (wrong.status_code, sent_by(page)["mode"], sent_by(page)["name"]) == (422, ["fields"], [""])
    assert "<b>名称</b> “名称”" in page
    keyed = pmo.post("/playbooks/check", sent_by(page, key="small", name="小", steps__0__forms__0__code="?"))
    assert "<b>编号</b> “编号”的写法不对。编号（key）由大写字母" in keyed.content.decode()
    assert "<b>第 1 步 需求 · 单据</b> “单据”的写法不对。" in keyed.content.decode()
    page = pmo.post("/playbooks/arrange", sent_by(page, act="text")).content.decode()
    assert sent_by(page)["mode"] == ["text"]
    assert "name: ''" in sent_by(page)["text"][0]
    page = pmo.post("/playbooks/arrange", sent_by(page, act="fields", text="key: [")).content.decode()
    assert (sent_by(page)["mode"], sent_by(page)["text"]) == (["text"], ["key: ["])
    assert "第 1 行无法读懂" in page


def test_what_is_wrong_is_told_with_its_line_while_it_is_typed(shipped, pmo):
    before = everything()
    wrong = shipped.replace("filler: INITIATOR", "filler: BOSS", 1).replace("back_to: PLAN", "back_to: RETRO")
    answer = pmo.post("/playbooks/check", {"text": wrong}, headers=HTMX).content.decode()
    assert "<html" not in answer
    line = wrong[: wrong.index("BOSS")].count("\n") + 1
    assert f"第 {line} 行" in answer
    assert "BOSS" in answer
    assert f"第 {wrong[: wrong.index('back_to: RETRO')].count(chr(10)) + 1} 行" in answer
    broken = pmo.post("/playbooks/check", {"text": "key: ["}, headers=HTMX).content.decode()
    assert "第 1 行无法读懂" in broken
    assert everything() == before


@pytest.mark.parametrize(
    ("text", "note", "seen", "status", "said"),
    [
        ("key: [", "为什么", 1, 422, "第 1 行无法读懂"),
        (None, "", 1, 422, "没有说明这一版改了什么"),
        (None, "为什么", 0, 409, ""),
    ],
)
def test_a_refused_text_stays_as_it_was_typed(shipped, pmo, text, note, seen, status, said):
    wanted = text or shipped.replace("guards: [G06]", "guards: []")
    before = everything()
    response = publish(pmo, wanted, note, seen)
    page = response.content.decode()
    assert response.status_code == status
    assert said in page
    assert wanted.split("\n")[-2 if "\n" in wanted else 0] in page
    assert f'value="{note}"' in page
    assert everything() == before


def test_two_who_write_at_once_do_not_undo_each_other(shipped, pmo):
    assert publish(pmo, shipped.replace("guards: [G06]", "guards: []"), seen=1).status_code == 302
    late = publish(pmo, shipped.replace("guards: [G24]", "guards: []"), seen=1)
    assert late.status_code == 409
    begun = page_of(pmo, "/playbooks/write?from=SEED_B")
    assert publish(pmo, shipped.replace("guards: [G26]", "guards: []"), seen=2).status_code == 302
    late = pmo.post("/playbooks/publish", sent_by(begun, name="改了的名称", archive=["F04"], note="慢一步"))
    kept = sent_by(late.content.decode())
    assert (late.status_code, kept["name"], kept["archive"]) == (409, ["改了的名称"], ["F04"])
    assert queries.newest("SEED_B").version == 3


def test_matters_under_way_go_on_by_the_newest_version_where_nothing_contradicts(shipped, pmo, staff, campaign):
    campaign.request()
    matter = campaign.collaboration
    publish(pmo, "\n- key: ".join(one for one in shipped.split("\n- key: ") if not one.startswith("RETRO")), "不再复盘")
    address = "/playbooks/SEED_B/matters"
    preview = page_of(pmo, address)
    assert "可以改用</span>" in preview
    assert "第 2 版与第 1 版有哪些不同" in preview
    assert "<strong>复盘</strong> 删去步骤" in preview
    asked = {"matter": matter.pk, "seen_version": 2, "reason": "与财务部商定"}
    before = everything()
    assert staff.get(address).status_code == 403
    assert staff.post(address, asked).status_code == 403
    assert pmo.post(address, {**asked, "seen_version": 1}).status_code == 409
    assert pmo.post(address, {**asked, "matter": 10**9}).status_code == 404
    refused = pmo.post(address, {**asked, "reason": " "})
    assert (refused.status_code, "没有说明这些事项为什么改用另一版" in refused.content.decode()) == (422, True)
    assert "checked" in refused.content.decode()
    assert "没有选择事项" in pmo.post(address, {**asked, "matter": ""}).content.decode()
    assert everything() == before
    entry = last_entry()
    assert pmo.post(address, asked).status_code == 302
    matter.refresh_from_db()
    assert matter.playbook_version.version == 2
    (fact,) = facts_since(entry, "collaborations.collaboration.migrated")
    assert (fact["before"], fact["after"], fact["step"], fact["reason"]) == (1, 2, "REQUEST", "与财务部商定")
    assert "没有事项按较早的版本走" in page_of(pmo, address)


def test_a_matter_whose_way_so_far_differs_stays_on_its_version(shipped, pmo, campaign):
    campaign.request()
    matter = campaign.collaboration
    without = shipped.replace("  routes:\n  - {code: OPINIONS, form: F01}\n", "").replace("[G01, G05]", "[G01]")
    publish(pmo, without, "不征求意见")
    page = page_of(pmo, "/playbooks/SEED_B/matters")
    assert "办理时用的是别的表单或路线" in page
    line = without.split("\n").index("- key: REQUEST") + 1
    assert f"第 2 版，第 {line} 行" in page
    assert "第 1 步" in page
    assert 'name="reason"' not in page
    before = everything()
    response = pmo.post("/playbooks/SEED_B/matters", {"matter": matter.pk, "seen_version": 2, "reason": "试"})
    assert response.status_code == 422
    assert everything() == before


def test_a_version_is_taken_along_as_text_and_as_bpmn(shipped, staff):
    text = staff.get("/playbooks/SEED_B/1/text")
    assert text.content.decode() == shipped
    assert text["Content-Disposition"] == 'attachment; filename="SEED_B-v1.yaml"'
    drawn = staff.get("/playbooks/SEED_B/1/bpmn")
    assert drawn["Content-Disposition"] == 'attachment; filename="SEED_B-v1.bpmn"'
    assert '<bpmn:userTask id="RETRO" name="复盘' in drawn.content.decode()


def test_the_matters_behind_cost_the_same_for_one_and_for_three(shipped, pmo, campaign, company):
    def cost() -> int:
        with CaptureQueriesContext(connection) as caught:
            page_of(pmo, "/playbooks/SEED_B/matters")
        return len(caught)

    campaign.request()
    publish(pmo, shipped.replace("guards: [G24]", "guards: []"))
    page_of(pmo, "/playbooks/SEED_B/matters")
    one = cost()
    for title in ("会员月", "门店焕新"):
        begun = Campaign.begin(company, campaign.at)
        begun.submit("F01", {**request(begun.cast, begun.start), "title": title})
        Collaboration.objects.filter(pk=begun.collaboration.pk).update(
            playbook_version=campaign.collaboration.playbook_version
        )
    assert cost() == one


def test_the_list_costs_the_same_for_two_playbooks_and_for_four(shipped, pmo, at):
    def cost() -> int:
        with CaptureQueriesContext(connection) as caught:
            page_of(pmo, "/playbooks/")
        return len(caught)

    page_of(pmo, "/playbooks/")
    two = cost()
    for key in ("OURS", "THEIRS"):
        operations.write_playbook(shorter(shipped).replace("OURS", key), note="新", actor=SYSTEM, at=at)
    assert cost() == two


def walked(client: Client, company, key: str = "SEED_B", **more) -> str:
    lead, involved = company.departments["产品部"].pk, [company.departments["市场部"].pk]
    asked = {"person": company["产品经理"].name, "department": lead, "involved": involved, "amount": "5万", **more}
    response = client.get(f"/playbooks/{key}/try", asked)
    assert response.status_code == 200
    return response.content.decode()


def test_a_dry_run_walks_through_every_step_with_fillers_signers_and_instants(shipped, company, staff):
    before = everything()
    page = walked(staff, company)
    for words in ("跨部门协作需求申请表", "职责分工表", company["产品经理"].name, company["市场部负责人"].name):
        assert words in page
    assert page.index("签完") < page.index(company["分管副总"].name)
    beside = walked(staff, company, "EMERGENCY").split("并行补办")[1].split("</li>")[0]
    assert "“复盘”开始" in beside
    assert "问题初步评估表" in beside
    assert company["产品部负责人"].name in walked(staff, company, "EMERGENCY")
    assert everything() == before
    assert "没有这个人" in walked(staff, company, person="查无此人")
    assert "在本事项中没有签署人" in walked(staff, company, involved=[]), "said, no page of errors"


def test_a_dry_run_costs_the_same_for_one_department_and_for_three(shipped, company, staff):
    def cost(*names: str) -> int:
        with CaptureQueriesContext(connection) as queries_made:
            walked(staff, company, involved=[company.departments[name].pk for name in names])
        return len(queries_made)

    cost("市场部")
    assert cost("市场部") == cost("市场部", "技术部", "运营部")


def test_what_is_made_up_for_is_shown_and_kept_while_fields_are_worked_on(pmo, playbooks):
    assert "并行补办" in page_of(pmo, "/playbooks/EMERGENCY/")
    text = write_text(queries.newest("EMERGENCY").body)
    looked = pmo.post("/playbooks/check", {"text": text}, headers=HTMX).content.decode()
    assert "CONFIRM_AFTER" in looked


def test_a_draft_is_tried_out_by_the_pmo_before_it_is_published(shipped, company, pmo, staff):
    """With the same rules as a published one; what was typed stays, on the way there and back."""
    text = write_text({**queries.newest("SEED_B").body, "key": "OURS", "name": "小项目", "clocks": [SOON]})
    page = pmo.post("/playbooks/arrange", {"text": text, "act": "fields", "note": "试一试"}).content.decode()
    before = everything()
    begun = pmo.post("/playbooks/rehearse", sent_by(page)).content.decode()
    assert "小项目" in begun
    assert "草稿推演" in begun
    assert staff.post("/playbooks/rehearse", {"text": text}).status_code == 403
    wrong = pmo.post("/playbooks/rehearse", {"text": text.replace("G06", "G99")})
    assert wrong.status_code == 422
    assert "G99" in wrong.content.decode()
    carried = stack_of(begun)
    asked = {"person": company["产品经理"].name, "department": company.departments["产品部"].pk, "amount": "5万"}
    walked_through = pmo.post("/playbooks/rehearse", {**carried, **asked}).content.decode()
    for words in ("职责分工表", company["分管副总"].name, "本手册规定", "3 个自然日"):
        assert words in walked_through
    back = pmo.post("/playbooks/arrange", {**stack_of(walked_through), "act": "fields"}).content.decode()
    assert typed_in(back) == typed_in(page)
    assert everything() == before
    assert "OURS" not in [one.playbook.key for one in queries.published()]


SOON = {"rule": "T31", "limit": "3d"}


def typed_in(page: str) -> dict[str, list[str]]:
    return {name: value for name, value in sent_by(page).items() if name != "csrfmiddlewaretoken"}


def stack_of(page: str) -> dict[str, list[str]]:
    fields = page.split('<form class="stack"')[1].split("</form>", maxsplit=1)[0]
    return Filled(f"<form {fields}").sent
