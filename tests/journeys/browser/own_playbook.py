"""A playbook made in the browser alone, out of one that is shipped, and a matter carried on it to its end."""

import re
from datetime import date, timedelta
from typing import Any

from playwright.sync_api import Locator, expect

from tests import forms_samples as samples
from tests.journeys.browser.carried import CAST, Carried
from tests.journeys.browser.conftest import Stage
from tests.journeys.browser.someone import Someone

KEY, NAME, TITLE = "OURS_LIGHT", "小改进（轻量）", "会议室预定改造"
STEPS = ["需求", "审批", "执行", "验收", "复盘", "归档"]


def build(stage: Stage) -> None:
    """Copied from SEED_C: no kick-off, a review that the manager approves, a clock beside the way, a field more."""
    office = stage("何静")
    office.go("/playbooks/SEED_C/")
    office.press(office.page.get_by_role("link", name="修改或复制"))
    for name, text in {"key": KEY, "name": NAME, "name_en": "Small improvement"}.items():
        office.put(name, text)
    drawn = office.page.locator("#checked")
    _act(office, office.page.get_by_role("button", name="去掉 启动"))
    office.page.locator("[name=add]").select_option("RETRO")
    _act(office, office.page.get_by_role("button", name="添加此步骤"))
    expect(drawn.locator("ol.rows strong")).to_have_text([*_numbered([*STEPS[:4], "归档", "复盘", "闭环"])])
    _act(office, office.page.get_by_role("button", name="上移 复盘"))
    expect(drawn.locator("ol.rows strong")).to_have_text([*_numbered([*STEPS, "闭环"])])
    _steps(office)
    _owed(office)
    _added_field(office)
    expect(drawn.locator("svg").first).to_be_visible()
    expect(drawn).to_contain_text("这是一本新手册")
    office.look("own-playbook-1-fields")
    office.put("note", "小事不开启动会，但要复盘")
    office.press(office.page.get_by_role("button", name="发布"))
    expect(office.page.locator("h1")).to_have_text(NAME)


def _numbered(names: list[str]) -> list[str]:
    return [f"{number}. {name}" for number, name in enumerate(names, 1)]


def _act(office: Someone, button: Locator) -> None:
    office.press(button)


def _looked(office: Someone, place: str, value: Any) -> None:
    """Choose one thing, and see it checked and drawn at once."""
    with office.page.expect_response(lambda answer: answer.url.endswith("/playbooks/check")):
        office.put(place, value)


def _open(office: Someone, step: str) -> str:
    row = office.page.locator("section[aria-labelledby=edit-steps] li").filter(has=office.page.get_by_text(step)).first
    row.locator("summary").first.click()
    found = re.search(r"steps\.\d+", row.locator("select").first.get_attribute("name") or "")
    assert found
    return found.group()


def _steps(office: Someone) -> None:
    """The forms, the route and the guard of the new step; the trackers are taken from the work."""
    work = _open(office, "EXECUTE")
    for row in (0, 1):
        office.put(f"{work}.forms.{row}.code", "")
    review = _open(office, "RETRO")
    office.put(f"{review}.forms.0.code", "F17")
    office.put(f"{review}.forms.0.filler", "LEAD")
    office.put(f"{review}.routes.0.code", "COLLAB_MANAGER")
    drawn = office.page.locator("#checked")
    _looked(office, f"{review}.routes.0.form", "F18")
    expect(drawn).to_contain_text("第 5 步 复盘")  # the form no step asks for, told at its step
    _looked(office, f"{review}.routes.0.form", "F17")
    office.page.locator(f"[name='{review}.auto']").check()
    with office.page.expect_response(lambda answer: answer.url.endswith("/playbooks/check")):
        office.page.locator(f"[name='{review}.guards'][value=G25]").check()
    expect(drawn).to_contain_text("G25")


def _owed(office: Someone) -> None:
    """A workspace within two days, which the acceptance does not begin without."""
    office.page.locator("[name=opens]").select_option("F01")
    _act(office, office.page.get_by_role("button", name="添加补办事项"))
    expect(office.page.locator("#checked")).to_contain_text("没有任何事能使它停止")
    for word, value in {"key": "CHANNEL", "gate": "enter:ACCEPT", "forms.0.code": "F23"}.items():
        office.put(f"obligations.0.{word}", value)
    office.put("obligations.0.forms.0.filler", "LEAD")
    _looked(office, "obligations.0.hours", "48")
    expect(office.page.locator("#checked")).to_contain_text("48 小时内办完")


def _added_field(office: Someone) -> None:
    office.page.locator("[name=form]").last.select_option("F01")
    _act(office, office.page.get_by_role("button", name="添加栏目"))
    for word, text in {"key": "cost_code", "label": "成本编号", "label_en": "Cost code"}.items():
        office.put(f"extra_fields.0.{word}", text)
    with office.page.expect_response(lambda answer: answer.url.endswith("/playbooks/check")):
        office.page.locator("[name='extra_fields.0.required']").check()


def try_out(stage: Stage) -> None:
    """Who would fill in what, who would sign, and by when."""
    office = stage("何静").go(f"/playbooks/{KEY}/try")
    office.put("person", "林晓彤")
    office.page.locator("[name=department]").select_option(label="产品部")
    office.page.locator("summary", has_text="涉及部门").click()
    office.page.get_by_label("市场部", exact=True).check()
    office.press(office.page.get_by_role("button", name="走一遍"))
    way = office.page.locator(".beside[aria-live=polite]")
    for words in (*STEPS, "复盘报告", "林晓彤", "周建国", "协作空间"):
        expect(way).to_contain_text(words)
    office.look("own-playbook-2-dry-run")


def begin(stage: Stage) -> Carried:
    lead = stage("林晓彤").go("/matters/new")
    lead.put("title", TITLE)
    lead.page.get_by_label(NAME).check()
    lead.press(lead.page.get_by_role("button", name="发起"))
    found = re.search(r"/matters/(\d+)/", lead.page.locator("#main .pagehead a").first.get_attribute("href") or "")
    assert found, lead.page.url
    return Carried(stage, int(found.group(1)), TITLE, stage.house.today)


def _request(today: date) -> dict[str, Any]:
    soon = (today + timedelta(days=21)).isoformat()
    metric = {
        "name": "空置率",
        "definition": "预定后无人使用的时长占比，取自门禁",
        "direction": "AT_MOST",
        "target": "10",
        "unit": "PCT_LEVEL",
        "baseline": "35",
        "baseline_at": today.isoformat(),
        "deadline": today.isoformat(),
    }
    result = {"name": "预定规则", "qty": "1", "unit": "份", "criterion": "全员可查，三天无人投诉", "due": soon}
    return {
        "title": TITLE, "short_name": "会议室", "scene_type": "PROJECT", "contact": "6001",
        "background": "会议室预定后常常空着，真正要用的团队又订不到，需要一起改规则。",
        "goal_text": "会议室空置率不高于百分之十。", "metrics": [metric], "scope_in": "总部会议室",
        "involved_depts": [{"dept": "市场部", "expected_role": "SUPPORT", "contact_person": "赵思远"}],
        "milestones": [{"name": "新规则试行", "date": soon, "owner_dept": "产品部"}], "expected_finish": soon,
        "resources_none_reason": "不需要另外的人和钱", "expected_results": [result], "visibility": "RELATED_DEPTS",
        "cost_code": "CB-2026-17",
    }  # fmt: skip


def ask(carried: Carried) -> None:
    """The request, with the field that is asked besides, and its approval."""
    lead, stage = carried.lead, carried.stage
    expect(lead.page.locator("#main")).to_contain_text("本手册另加的栏目")
    lead.fill(_request(carried.start))
    lead.submit()
    expect(lead.page.locator("#main")).to_contain_text("CB-2026-17")
    assert carried.step() == "审批"
    stage("周建国").decide(TITLE)
    assert carried.step() == "执行"
    lead.look("own-playbook-3-work")


def make_up(carried: Carried) -> None:
    """The paper owed beside the way, with its file."""
    lead, matter = carried.lead, carried.matter
    lead.begin_form("F23", matter)
    lead.fill(samples.paper(carried.start))
    letter = {"name": "群聊.txt", "mimeType": "text/plain", "buffer": "会议室改造群".encode()}
    lead.page.locator("#file-i").set_input_files(letter)
    lead.press(lead.page.get_by_role("button", name="附上", exact=True))
    lead.submit()


def reach(carried: Carried) -> None:
    """The work is left once its milestone is reached."""
    lead, matter = carried.lead, carried.matter
    lead.go(f"/matters/{matter}/")
    row = lead.page.locator("li[data-row]:has(form[action$='/reach'])").first
    row.locator("summary").first.click()
    row.locator("[name=day]").fill(carried.start.isoformat())
    row.locator("[name=evidence]").fill("门禁记录")
    with lead.page.expect_response(lambda answer: answer.url.endswith("/reach")) as heard:
        row.locator("form[action$='/reach'] button[type=submit]").click()
    assert heard.value.status == 200
    lead.desk()
    lead.press(lead.page.locator(f"form[action='/matters/{matter}/advance'] button").first)
    assert carried.step() == "验收"


def end(carried: Carried) -> None:
    """Accepted by both heads, looked back at, the review approved, everything put away."""
    lead, matter, stage = carried.lead, carried.matter, carried.stage
    lead.begin_form("F16", matter)
    lead.fill({"meeting_on": carried.start.isoformat(), "conclusion": "PASS"})
    lead.fill({"actual": "1", "verdict": "MET", "judged_by": "林晓彤", "evidence": "公告栏"}, "items.0.")
    lead.fill({"actual": "8", "evidence": "门禁记录"}, "items.1.")
    lead.submit()
    for name in ("周建国", "王敏"):
        stage(name).decide(TITLE)
    assert carried.step() == "复盘"
    review = samples.review(CAST, carried.start)
    lead.hand_in("F17", matter, {key: review[key] for key in ("meeting_on", "went_well", "problems", "improvements")})
    stage("周建国").decide(TITLE)
    assert carried.step() == "归档"
    lead.begin_form("F20", matter)
    put_away = samples.archive(CAST, [])
    lead.fill(
        {key: put_away[key] for key in ("library", "tags", "retention", "original_with", "read_right", "secrecy")}
    )
    lead.submit()
    assert carried.step() == "已关闭"
    assert "项未闭环" in lead.page.locator("header.matterhead .nextline").inner_text(), "its improvement is owed still"
    lead.look("own-playbook-4-closed")
