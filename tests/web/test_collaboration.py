"""The page of a matter: its head, its sections and every act on it."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bihuan.collaborations import queries
from bihuan.collaborations.imports import ImportedDate, ImportedMatter, ImportedMilestone
from bihuan.collaborations.models import Collaboration, ImportedSource, Loop, Measurement, Metric, Milestone, StepRun
from bihuan.collaborations.operations.importing import import_collaborations
from bihuan.kernel.actor import SYSTEM
from bihuan.kernel.facts import Fact
from bihuan.kernel.findings import warning
from bihuan.records.models import Record
from bihuan.web.collaborations.sections import SECTIONS
from bihuan.web.collaborations.timeline import TOLD
from tests.witness import everything, facts_since, last_entry, names_since

HTMX = {"HX-Request": "true"}
ROOMS = (
    "collaborations",
    "records",
    "approvals",
    "commitments",
    "deadlines",
    "plans",
    "resources",
    "progress",
    "issues",
    "knowledge",
    "evidence",
)


def page_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def addresses(matter: Collaboration) -> dict[str, str]:
    return {key: f"/matters/{matter.pk}/{'' if key == 'overview' else key}" for key in SECTIONS}


def words(page: str) -> str:
    """The text of a page without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


@pytest.fixture
def refuses():
    """Sends what must be refused with this status and checks that nothing at all was written. Answers the page."""

    def send(status: int, client: Client, address: str, data: dict[str, object] | None = None) -> str:
        before = everything()
        response = client.post(address, data or {})
        assert response.status_code == status, response.content.decode()[:600]
        assert everything() == before
        return response.content.decode()

    return send


@pytest.fixture
def lead(campaign, client_for) -> Client:
    return client_for(campaign.company["产品经理"])


def test_the_head_says_what_comes_next_by_whom_before_when(campaign, lead):
    campaign.carry_to("PLAN")
    matter = campaign.refreshed()
    page = page_of(lead, f"/matters/{matter.pk}/")
    need = Loop.objects.filter(collaboration=matter, kind="NEED_ANSWER", closed_at=None).order_by("due_at").first()
    line = words(page.partition('class="nextline next"')[2].partition("</header>")[0])
    assert f"下一步： 答复资源需求：{need.params['what']} · 技术部 负责人 陈志远" in line
    assert "前" in line
    assert matter.number in page
    assert "2/10" in page
    assert "接下来是「审批」。" in page
    assert f'data-live="collaboration:{matter.pk}"' in page
    assert "林晓彤" in page
    assert "起以“发起人”身份参与" in page


def test_every_reason_why_it_cannot_go_on_leads_to_where_it_is_mended(campaign, lead):
    campaign.carry_to("PLAN")
    matter = campaign.refreshed()
    page = page_of(lead, f"/matters/{matter.pk}/")
    reasons = page[page.index("为什么还不能进入下一步？") : page.index('class="tabs"')]
    needs = Loop.objects.filter(collaboration=matter, kind="NEED_ANSWER", closed_at=None)
    assert {f"/needs/{loop.subject_id}" for loop in needs} <= set(re.findall(r'href="([^"]*)"', reasons))
    assert reasons.count(f'href="/matters/{matter.pk}/plan"') == 2


def test_each_section_stands_alone_and_shows_its_own(campaign, lead):
    campaign.carry_to("EXECUTE")
    matter = campaign.refreshed()
    expected = {
        "overview": [
            "活动上线后三十天内新增十万用户",
            "新增用户数",
            "≥ 100,000 人",
            "活动转化率",
            "功能开发",
            "赵思远",
        ],
        "request": ["跨部门协作需求申请表", "需求共识清单", "通过", "市场部 同意", "3 方中 3 方已签署"],
        "plan": ["职责分工表", "合作方案", "备案记录", "开发并测试活动页面"],
        "resources": ["开发工程师 3 人", "推广预算 ¥50,000.00"],
        "progress": ["市场部", "赵思远"],
        "risks": ["上报风险"],
        "acceptance": ["成果验收确认单", "复盘报告", "未开始"],
        "archive": ["归档记录"],
        "changes": ["就事项本身提请决定", "提前终止申请单", "暂停申请单", "未结事项移交单"],
        "loops": ["完成任务：开发并测试活动页面", "孙浩", "未完成则不能结束「执行」"],
        "timeline": ["进入步骤「执行」", "签署《合作方案》：同意", "提交《合作方案》"],
    }
    assert set(expected) == set(SECTIONS) - {"papers"}  # this playbook asks for none
    for key, address in [(key, address) for key, address in addresses(matter).items() if key in expected]:
        page = page_of(lead, address)
        body = words(page[page.index('class="tabs"') :])
        missing = [text for text in expected[key] if text not in body]
        assert missing == [], key
        assert f'href="{address}" aria-current="page"' in page


def test_who_may_not_read_it_gets_the_same_404_for_every_section_and_act(campaign, client_for, refuses):
    campaign.request()
    matter = campaign.refreshed()
    stranger = client_for(campaign.company.outsider)
    free = stranger.get(f"/matters/{10**9}/").content
    for address in addresses(matter).values():
        response = stranger.get(address)
        assert (response.status_code, response.content) == (404, free)
    for act in ("advance", "withdraw", "lead", "adopt", "risks/report", "forms/F01/start", "forms/F01/revise"):
        refuses(404, stranger, f"/matters/{matter.pk}/{act}", {"reason": "看看"})
    for line in (*Metric.objects.all(), *Milestone.objects.all()):
        act = "metrics/{}/measure" if isinstance(line, Metric) else "milestones/{}/reach"
        refuses(404, stranger, "/" + act.format(line.pk), {"value": "1", "day": "2026-11-17", "evidence": "见报表"})


def test_a_draft_is_nobody_elses_business(campaign, client_for):
    for office in ("产品部负责人", "市场部负责人", "PMO专员"):
        assert client_for(campaign.company[office]).get(f"/matters/{campaign.collaboration.pk}/").status_code == 404


def test_reading_changes_nothing_and_acts_are_posts_with_a_token(campaign, lead):
    campaign.request()
    matter = campaign.refreshed()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(campaign.company["产品经理"])
    before = everything()
    for address in addresses(matter).values():
        page_of(lead, address)
    for act in ("advance", "withdraw", "lead", "adopt", "risks/report", "forms/F01/start", "forms/F01/revise"):
        assert lead.get(f"/matters/{matter.pk}/{act}").status_code == 405
        assert strict.post(f"/matters/{matter.pk}/{act}", {"reason": "x"}).status_code == 403
    assert everything() == before


def test_a_submitted_form_is_revised_with_a_reason(campaign, lead, refuses):
    campaign.request()
    matter = campaign.refreshed()
    address = f"/matters/{matter.pk}/forms/F01/revise"
    page = refuses(422, lead, address, {"reason": " "})
    assert page.count("has-error") == 1
    before = last_entry()
    response = lead.post(address, {"reason": "目标写错了"})
    assert (response.status_code, response["Location"]) == (302, f"/matters/{matter.pk}/request")
    assert Record.objects.get(form_code="F01").status == "RETURNED"
    assert [fact["reason"] for fact in facts_since(before, "records.record.returned")] == ["目标写错了"]
    page = page_of(lead, f"/matters/{matter.pk}/request")
    assert "继续填写" in page
    assert "《跨部门协作需求申请表》已重新打开，可以修改。" in page
    assert "目标写错了" in page_of(lead, f"/matters/{matter.pk}/timeline")


def test_forms_of_another_step_or_another_person_are_refused(campaign, lead, client_for, refuses):
    campaign.request()
    pk = campaign.collaboration.pk
    page = refuses(409, lead, f"/matters/{pk}/forms/F04/start")
    assert "属于步骤「方案」" in page
    refuses(403, client_for(campaign.company["市场部负责人"]), f"/matters/{pk}/forms/F01/start")
    refuses(404, lead, f"/matters/{pk}/forms/DROP/start")


def test_the_initiator_withdraws_with_a_reason_and_nothing_stays_open(campaign, lead, client_for, refuses):
    campaign.request()
    matter = campaign.refreshed()
    address = f"/matters/{matter.pk}/withdraw"
    refuses(403, client_for(campaign.company["产品部负责人"]), address, {"reason": "不做了"})
    assert refuses(422, lead, address, {"reason": ""}).count("has-error") == 1
    before = last_entry()
    response = lead.post(address, {"reason": "并入另一事项"}, headers=HTMX)
    assert response.status_code == 200
    assert "已撤回" in response.content.decode()
    matter.refresh_from_db()
    assert (matter.ending, matter.ended_at) == ("WITHDRAWN", campaign.at)
    assert queries.loops_of(matter.pk) == []
    assert facts_since(before, "collaborations.collaboration.ended") == [
        {"name": "collaborations.collaboration.ended", "ending": "WITHDRAWN", "reason": "并入另一事项"}
    ]


def test_an_act_that_came_too_late_says_so_and_keeps_what_was_typed(campaign, lead, refuses):
    campaign.carry_to("EXECUTE")
    page = refuses(409, lead, f"/matters/{campaign.collaboration.pk}/withdraw", {"reason": "很长的理由保留下来"})
    assert "很长的理由保留下来" in page
    assert f'action="/matters/{campaign.collaboration.pk}/withdraw"' not in page


def test_the_lead_hands_the_matter_to_somebody_by_pick_or_by_name(campaign, lead, refuses):
    campaign.request()
    matter = campaign.refreshed()
    address, heir = f"/matters/{matter.pk}/lead", campaign.company["推广经理"]
    page = refuses(422, lead, address, {"lead": "", "lead__text": "查无此人", "reason": "休假"})
    assert ("查无此人" in page, "休假" in page, page.count("has-error")) == (True, True, 1)
    refuses(422, lead, address, {"lead": "99999999", "reason": "休假"})
    refuses(422, lead, address, {"lead": str(heir.pk), "reason": ""})
    before = last_entry()
    assert lead.post(address, {"lead": "", "lead__text": heir.name, "reason": "休假"}).status_code == 302
    matter.refresh_from_db()
    assert matter.lead_id == heir.pk
    (fact,) = facts_since(before, "collaborations.lead.changed")
    assert (fact["after"], fact["reason"]) == (heir.pk, "休假")
    assert f"{campaign.company.lead.name} → {heir.name}" in page_of(lead, f"/matters/{matter.pk}/timeline")


def test_a_metric_is_measured_with_evidence_and_the_table_shows_it(campaign, lead, refuses):
    campaign.carry_to("EXECUTE")
    metric = Metric.objects.get(collaboration=campaign.collaboration, form_code="F04", name="活动转化率")
    address, good = f"/metrics/{metric.pk}/measure", {"value": "15.2%", "day": campaign.today, "evidence": "数据平台"}
    for wrong in (
        {"value": "很多"}, {"value": "NaN"}, {"value": "1e30"}, {"value": "0.00000001"}, {"day": "2026-14-05"},
        {"day": ""}, {"day": campaign.today + timedelta(days=2)}, {"evidence": " "},
    ):  # fmt: skip
        page = refuses(422, lead, address, good | wrong)
        assert page.count("has-error") == 1, wrong
        assert 'value="15.2%"' in page or "value" in wrong
    before = last_entry()
    assert lead.post(address, good).status_code == 302
    measured = Measurement.objects.get()
    assert (measured.value, measured.measured_on, measured.evidence) == (Decimal("15.2"), campaign.today, "数据平台")
    (fact,) = facts_since(before)
    assert (fact["name"], fact["value"]) == ("collaborations.metric.measured", "15.2")
    page = words(page_of(lead, f"/matters/{campaign.collaboration.pk}/"))
    assert "15.2%" in page
    assert "已达成" in page


def test_a_metric_measured_part_by_part_is_drawn_and_judged_when_all_are_there(campaign, lead, refuses):
    campaign.carry_to("EXECUTE")
    metric = Metric.objects.get(collaboration=campaign.collaboration, form_code="F04", name="活动转化率")
    Metric.objects.filter(pk=metric.pk).update(breakdown=["华东", "<华南>"], aggregation="EACH")
    address, good = f"/metrics/{metric.pk}/measure", {"value": "15.2%", "day": campaign.today, "evidence": "数据平台"}
    page = refuses(422, lead, address, good)
    assert page.count("has-error") == 1
    assert "请从中选择：华东、&lt;华南&gt;" in page
    overview = f"/matters/{campaign.collaboration.pk}/"
    assert lead.post(address, good | {"part": "华东"}).status_code == 302
    page = page_of(lead, overview)
    assert 'aria-label="活动转化率（华东）：基线 11.2%，目标 ≥ 15%' in page
    assert "<strong>15.2%</strong>" in page
    verdicts = words(page).count("已达成"), words(page).count(" 未达成")
    assert verdicts == (1, 0)
    assert lead.post(address, good | {"part": "<华南>", "value": "3"}).status_code == 302
    page = words(page_of(lead, overview))
    assert (page.count("已达成"), page.count(" 未达成")) == (1, 2)


def test_a_milestone_is_reached_once_by_those_who_report(campaign, lead, client_for, refuses):
    campaign.carry_to("EXECUTE")
    milestone = Milestone.objects.get(collaboration=campaign.collaboration, form_code="F04", name="需求确认")
    address, good = f"/milestones/{milestone.pk}/reach", {"day": campaign.today.isoformat(), "evidence": "会议纪要"}
    refuses(403, client_for(campaign.company["市场部负责人"]), address, good)
    assert refuses(422, lead, address, good | {"evidence": ""}).count("has-error") == 1
    before = last_entry()
    assert client_for(campaign.company["推广经理"]).post(address, good).status_code == 302
    milestone.refresh_from_db()
    assert (milestone.reached_on, milestone.evidence) == (campaign.today, "会议纪要")
    assert names_since(before) == ["collaborations.milestone.reached"]
    late = refuses(409, lead, address, good | {"evidence": "另一份说明文字"})
    assert "另一份说明文字" in late


def test_the_lead_goes_on_only_when_nothing_is_in_the_way(campaign, lead, client_for, refuses):
    campaign.carry_to("EXECUTE")
    pk = campaign.collaboration.pk
    run = StepRun.objects.get(collaboration=pk, left_at=None)
    address = f"/matters/{pk}/advance"
    page = refuses(422, lead, address, {"seen_step_run_id": run.pk})
    assert '<details class="findings" open>' in page
    refuses(409, lead, address, {"seen_step_run_id": run.pk - 1})
    refuses(409, lead, address)
    refuses(403, client_for(campaign.company["市场部负责人"]), address, {"seen_step_run_id": run.pk})
    campaign.work()
    desk = page_of(lead, "/")
    assert f'action="{address}"' in desk
    assert f'name="seen_step_run_id" value="{run.pk}"' in desk
    assert lead.post(address, {"seen_step_run_id": run.pk}).status_code == 302
    assert campaign.step == "ACCEPT"
    assert "事项进入下一步：验收。" in page_of(lead, f"/matters/{pk}/")


def test_whoever_reads_the_matter_begins_a_risk_report(campaign, client_for):
    campaign.request()
    head = client_for(campaign.company["市场部负责人"])
    response = head.post(f"/matters/{campaign.collaboration.pk}/risks/report")
    record = Record.objects.get(form_code="F11")
    assert (response.status_code, response["Location"]) == (302, f"/records/{record.pk}/edit")
    assert record.filler_id == campaign.company["市场部负责人"].pk


def test_a_closed_matter_is_read_only(campaign, lead, refuses):
    campaign.request()
    matter = campaign.refreshed()
    lead.post(f"/matters/{matter.pk}/withdraw", {"reason": "不做了"})
    for key, address in addresses(matter).items():
        page = page_of(lead, address)
        section = page[page.index('id="matter"') :].partition("</main>")[0]
        forms = re.findall(r'<form[^>]* action="([^"]*)"', section)
        beside = {"timeline": [f"/matters/{matter.pk}/dossier"], "overview": [f"/matters/{matter.pk}/follow-up"]}
        assert forms == beside.get(key, []), key
    for act in ("withdraw", "lead", "forms/F01/revise", "risks/report", "forms/F01/start"):
        data = {"reason": "再来", "lead": campaign.company["推广经理"].pk}
        assert "再来" in refuses(409, lead, f"/matters/{matter.pk}/{act}", data) or act != "withdraw"


@pytest.fixture
def imported(campaign) -> Collaboration:
    brought = ImportedMatter(
        source_key="k1", raw='{"id": "k1", "title": "<b>旧事项</b>"}', digest="1" * 64, title="<b>旧事项</b>",
        number="OLD-1",
        status_raw="待定/进行中", summary="统一报表口径", goals=("一致",), risks=("历史数据缺失",), external_ref="https://old.example/1",
        milestones=(ImportedMilestone("上线", ImportedDate(None, "2023-14-05")),),
        findings=(warning("integrations.not_a_day", "milestones.0.on", value="2023-14-05"),),
    )  # fmt: skip
    import_collaborations([brought], actor=SYSTEM, at=campaign.at)
    matter = Collaboration.objects.get(source_key="k1")
    Collaboration.objects.filter(pk=matter.pk).update(lead_department=campaign.company.departments["产品部"])
    matter.refresh_from_db()
    return matter


def test_an_imported_matter_shows_what_its_source_said_and_what_was_odd(campaign, imported, client_for):
    reader = client_for(campaign.company.outsider)
    page = page_of(reader, f"/matters/{imported.pk}/")
    for text in ("OLD-1", "待定/进行中", "统一报表口径", "历史数据缺失", "2023-14-05", "&lt;b&gt;旧事项"):
        assert text in page
    assert "<b>旧事项" not in page
    assert f'action="/matters/{imported.pk}/adopt"' not in page
    assert '<a href="https://old.example/1" rel="noreferrer">' in page
    for address in addresses(imported).values():
        page_of(reader, address)


def test_a_source_leads_nowhere_but_to_the_web(campaign, imported, client_for):
    source = ImportedSource.objects.get(collaboration=imported)
    ImportedSource.objects.filter(pk=source.pk).update(content=source.content | {"external_ref": "javascript:alert(1)"})
    page = page_of(client_for(campaign.company.outsider), f"/matters/{imported.pk}/")
    assert "javascript:alert(1)" in page
    assert 'href="javascript:' not in page


def test_who_leads_an_imported_matter_stands_by_name_in_the_form_of_adopting(campaign, imported, client_for):
    lead = campaign.company["产品经理"]
    Collaboration.objects.filter(pk=imported.pk).update(lead=lead)
    page = page_of(client_for(campaign.company["产品部负责人"]), f"/matters/{imported.pk}/")
    assert re.search(rf'name="lead" value="{lead.pk}">\s*<input[^>]* value="{lead.name}"', page)


def test_an_imported_matter_is_adopted_by_the_head_of_its_department(campaign, imported, client_for, refuses):
    head = client_for(campaign.company["产品部负责人"])
    address, heir = f"/matters/{imported.pk}/adopt", campaign.company["产品经理"]
    good = {"lead": heir.pk, "playbook": "SEED_B"}
    refuses(403, client_for(campaign.company["市场部负责人"]), address, good)
    assert refuses(422, head, address, good | {"lead": ""}).count("has-error") == 1
    assert "不能按这本协作手册发起协作。" in refuses(422, head, address, good | {"playbook": "IMPORTED"})
    before = last_entry()
    assert head.post(address, good).status_code == 302
    imported.refresh_from_db()
    assert (imported.lead_id, imported.initiator_id) == (heir.pk, campaign.company["产品部负责人"].pk)
    assert "collaborations.collaboration.adopted" in names_since(before)
    assert queries.current_run(imported).step == "REQUEST"
    refuses(409, head, address, good)


def test_an_imported_matter_is_adopted_where_it_stands(campaign, imported, client_for, refuses):
    head = client_for(campaign.company["产品部负责人"])
    address = f"/matters/{imported.pk}/adopt"
    assert "补办" in page_of(head, f"/matters/{imported.pk}/")
    good = {
        "lead": campaign.company["产品经理"].pk,
        "playbook": "SEED_B",
        "step": "EXECUTE",
        "ground": "会议纪要第 3 条",
    }
    assert "没有说明前面各步凭什么算已办理。" in refuses(422, head, address, good | {"ground": " "})
    assert "会议纪要第 3 条" in refuses(422, head, address, good | {"step": "ACCEPT"})
    assert head.post(address, good).status_code == 302
    page = page_of(head, f"/matters/{imported.pk}/timeline")
    assert "在“执行”接手了事项" in page
    assert "会议纪要第 3 条" in page
    assert "补填：" in page_of(head, f"/matters/{imported.pk}/loops")
    assert f'action="/matters/{imported.pk}/forms/F01/start"' in page_of(head, f"/matters/{imported.pk}/request")


def test_every_fact_of_a_matter_is_told_in_a_sentence():
    def all_facts(kind: type[Fact]) -> set[type[Fact]]:
        return {kind}.union(*(all_facts(each) for each in kind.__subclasses__()))

    told = {kind.name for kind in all_facts(Fact) if hasattr(kind, "name") and kind.name.split(".")[0] in ROOMS}
    assert told - set(TOLD) == {
        "collaborations.playbook.published", "collaborations.view.saved", "collaborations.view.removed",
        "deadlines.profile.chosen", "approvals.route.published", "approvals.route.retired", "approvals.route.restored",
    }  # fmt: skip
    assert set(TOLD) <= told


def test_the_timeline_goes_on_by_key(campaign, lead):
    campaign.carry_to("EXECUTE")
    first = page_of(lead, f"/matters/{campaign.collaboration.pk}/timeline")
    before = re.search(r'href="\?before=(\d+)"', first)
    assert before is not None
    second = page_of(lead, f"/matters/{campaign.collaboration.pk}/timeline?before={before[1]}")
    assert "发起事项" in second
    assert "发起事项" not in first


@pytest.mark.parametrize("section", ["overview", "loops", "request"])
def test_a_matter_costs_the_same_with_one_open_loop_and_with_three(campaign, lead, section):
    def cost() -> int:
        with CaptureQueriesContext(connection) as caught:
            page_of(lead, addresses(campaign.collaboration)[section])
        return len(caught)

    campaign.request()
    open_now = Loop.objects.filter(collaboration=campaign.collaboration, closed_at=None, kind="SIGNOFF")
    assert open_now.count() == 3
    cost()
    three = cost()
    Loop.objects.filter(pk__in=[loop.pk for loop in open_now.order_by("pk")[1:]]).update(closed_at=campaign.at)
    assert cost() == three


def test_english_pages_say_everything_in_english(campaign):
    campaign.request()
    client = Client(headers={"accept-language": "en"})
    client.force_login(campaign.company["产品经理"])
    page = words(page_of(client, f"/matters/{campaign.collaboration.pk}/timeline"))
    assert "Submitted Collaboration request" in page
    assert "Entered the step: request" in page
    assert date(2026, 11, 17) == campaign.today
