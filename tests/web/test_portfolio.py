"""All matters: filters, pages by key, what is masked; and beginning a new one."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bihuan.collaborations.imports import ImportedMatter
from bihuan.collaborations.models import Collaboration, Loop
from bihuan.collaborations.operations.importing import import_collaborations
from bihuan.collaborations.queries import Filters, portfolio
from bihuan.kernel.actor import SYSTEM
from bihuan.records.models import Record
from bihuan.search import operations as search
from tests import forms_samples as samples
from tests.campaign import Campaign
from tests.witness import everything, last_entry, names_since

HTMX = {"HX-Request": "true"}
SECRET = {"secrecy": "SECRET", "goal_text": "并购前的客户数据核对，三十天内完成十万条。", "title": "密件甲"}


def page_of(client: Client, address: str = "/matters/") -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def titles_of(page: str) -> list[str]:
    return re.findall(r'class="title clamp-2" href="[^"]*">([^<]*)<', page)


def bring_in(count: int, at, *, start: int = 0) -> None:
    matters = [
        ImportedMatter(
            source_key=f"k{number}",
            raw="{}",
            digest=f"{number:064d}",
            title=f"旧事项之{number:03d}",
            number=f"OLD-{number}",
        )
        for number in range(start, start + count)
    ]
    import_collaborations(matters, actor=SYSTEM, at=at)
    search.follow_all(at=at)


@pytest.fixture
def lead(campaign, client_for) -> Client:
    return client_for(campaign.company["产品经理"])


def test_a_row_shows_number_title_lead_departments_step_and_next_due(campaign, lead):
    campaign.request()
    matter = campaign.refreshed()
    page = page_of(lead)
    assert titles_of(page) == [matter.title]
    for text in (matter.number, "林晓彤", "产品部、市场部、技术部、运营部", "需求", 'class="rg"', "剩 "):
        assert text in page
    assert f'href="/matters/{matter.pk}/"' in page


def test_filters_narrow_and_stay_in_the_form(campaign, lead):
    campaign.request()
    search.follow_all(at=campaign.at)
    title = campaign.refreshed().title
    department = campaign.company.departments
    found = {
        "q=用户增长": [title], "q=XZ-2026": [title], "q=没有这个": [], "step=REQUEST": [title], "step=PLAN": [],
        f"department={department['市场部'].pk}": [title], f"department={department['财务部'].pk}": [],
        "department=&department__text=市场部": [title], "playbook=SEED_B": [title], "playbook=OTHER": [],
        "mine=1": [title],
        "state=ended": [], "state=all": [title], "step=NONSENSE&before=x&state=?": [title],
    }  # fmt: skip
    assert {asked: titles_of(page_of(lead, f"/matters/?{asked}")) for asked in found} == found
    page = page_of(lead, f"/matters/?q=用户&step=REQUEST&state=all&mine=1&department={department['市场部'].pk}")
    assert 'value="用户"' in page
    assert 'value="REQUEST" selected' in page
    assert 'value="all" selected' in page
    assert 'value="市场部"' in page


def test_mine_are_those_i_lead_began_or_am_contact_of(campaign, client_for):
    campaign.request()
    title = campaign.refreshed().title
    company = campaign.company
    assert titles_of(page_of(client_for(company["推广经理"]), "/matters/?mine=1")) == [title]
    assert titles_of(page_of(client_for(company["PMO专员"]), "/matters/?mine=1")) == []


def test_a_matter_open_only_in_outline_is_masked_and_leaks_nothing(campaign, client_for):
    body = {**samples.request(campaign.cast, campaign.start), **SECRET}
    campaign.submit("F01", body)
    matter = campaign.refreshed()
    pmo, stranger = client_for(campaign.company["PMO专员"]), client_for(campaign.company.outsider)
    page = page_of(pmo)
    row = page[page.index('id="matters"') :]
    assert (matter.number in row, "仅对您开放概要" in row) == (True, True)
    for hidden in ("密件甲", "林晓彤", "产品部", "市场部", f"/matters/{matter.pk}/", 'class="rg"'):
        assert hidden not in row
    assert "密件" not in page_of(pmo, "/matters/?q=密件").replace('value="密件"', "")
    assert pmo.get(f"/matters/{matter.pk}/").status_code == 404
    assert pmo.get(f"/matters/{matter.pk}/timeline").content == stranger.get(f"/matters/{10**9}/").content
    assert matter.number not in page_of(stranger)


def test_pages_go_on_by_key_and_keep_the_filters(campaign, lead):
    bring_in(60, campaign.at)
    first = page_of(lead, "/matters/?q=旧事项&state=all")
    rows = titles_of(first)
    assert len(rows) == 50
    last = Collaboration.objects.get(title=rows[-1])
    assert f"before={last.pk}" in first
    second = page_of(lead, f"/matters/?q=旧事项&state=all&before={last.pk}")
    assert len(titles_of(second)) == 10
    assert set(titles_of(second)).isdisjoint(rows)
    assert "第一页" in second
    assert 'rel="next"' not in second


def test_htmx_gets_only_the_table_and_fifty_rows_are_light(campaign, lead):
    bring_in(50, campaign.at)
    Collaboration.objects.update(
        lead_department=campaign.company.departments["产品部"], lead=campaign.company["产品经理"], number=None
    )
    part = lead.get("/matters/?state=all", headers=HTMX)
    text = part.content.decode()
    assert text.strip().startswith('<div id="matters">')
    assert "<html" not in text
    assert len(titles_of(text)) == 50
    assert len(part.content) < 25 * 1024, len(part.content)


def test_the_portfolio_costs_the_same_for_one_row_and_for_three(company, campaign, lead):
    def cost() -> int:
        with CaptureQueriesContext(connection) as caught:
            page_of(lead)
        return len(caught)

    page_of(lead)
    one = cost()
    for _ in range(2):
        Campaign.begin(company, campaign.at)
    assert len(titles_of(page_of(lead))) == 3
    assert cost() == one


def test_a_matter_is_begun_for_one_of_my_departments_and_goes_to_its_first_form(campaign, lead):
    page = page_of(lead, "/matters/new")
    product = campaign.company.departments["产品部"].pk
    assert f'<option value="{product}">产品部</option>' in page
    assert "市场部" not in page[page.index('id="new-department"') :]
    before = last_entry()
    response = lead.post("/matters/new", {"title": " 年会筹备 ", "department": product, "playbook": "SEED_B"})
    matter = Collaboration.objects.get(title="年会筹备")
    record = Record.objects.get(root_id=matter.pk)
    assert (response.status_code, response["Location"]) == (302, f"/records/{record.pk}/edit")
    assert (matter.lead_department_id, matter.lead_id) == (product, campaign.company["产品经理"].pk)
    assert (record.form_code, record.draft["title"]) == ("F01", "年会筹备")
    assert names_since(before) == [
        "collaborations.collaboration.started", "collaborations.step.entered", "records.record.started",
    ]  # fmt: skip
    assert Loop.objects.filter(collaboration=matter, kind="FORM", part="F01", closed_at=None).count() == 1


def test_nobody_begins_on_a_playbook_he_did_not_choose(campaign, lead):
    """None is chosen beforehand; the answers choose while they are given, and at the latest when it is sent."""
    page = page_of(lead, "/matters/new")
    assert not re.search(r'name="playbook"[^>]*checked', page)
    assert 'hx-trigger="change"' in page
    typed = {"title": "年会筹备", "department": campaign.company.departments["产品部"].pk}
    before = everything()
    answers = {"what": "NEED", "agree": "EXECUTIVE", "size": "SMALL"}
    sent = lead.post("/matters/new", typed | answers)
    assert (sent.status_code, everything()) == (422, before)
    assert "没有说明按哪本协作手册走" in sent.content.decode()
    assert 'name="playbook" value="SEED_B" checked' in sent.content.decode()


def test_three_answers_suggest_a_playbook_begin_nothing_and_keep_what_was_typed(campaign, lead):
    product = campaign.company.departments["产品部"].pk
    typed = {"title": "保留的长名称", "department": product, "suggest": "1"}
    before = everything()
    fitting = lead.post(
        "/matters/new", typed | {"what": "NEED", "agree": "EXECUTIVE", "size": "SMALL", "playbook": "SEED_B"}
    )
    page = fitting.content.decode()
    assert (fitting.status_code, everything()) == (200, before)
    assert "保留的长名称" in page
    assert "需求 → 对齐 → 方案" in page
    assert page.count("符合您的回答") == 1
    for question, answer in (("what", "NEED"), ("agree", "EXECUTIVE"), ("playbook", "SEED_B")):
        assert f'name="{question}" value="{answer}" checked' in page
    other = lead.post("/matters/new", typed | {"what": "没有这个答案"}).content.decode()
    assert "没有同时符合这些回答的协作手册" in other


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"title": "  "}, "事项还没有"),
        ({"department": "market"}, "没有说明代表哪个部门发起。"),
        ({"department": ""}, "没有说明代表哪个部门发起。"),
        ({"playbook": "IMPORTED"}, "不能按这本协作手册发起协作。"),
        ({"playbook": ""}, "没有说明按哪本协作手册走。"),
    ],
)
def test_what_is_missing_is_told_at_its_field_and_the_text_stays(campaign, lead, changed, said):
    departments = campaign.company.departments
    data = {"title": "保留的长名称", "department": departments["产品部"].pk, "playbook": "SEED_B"} | changed
    if data["department"] == "market":
        data["department"] = departments["市场部"].pk
    before = everything()
    response = lead.post("/matters/new", data)
    page = response.content.decode()
    assert response.status_code == 422
    assert page.count("has-error") == 1
    assert said in page or "title" in changed
    assert str(data["title"]) in page
    assert everything() == before


def test_without_a_post_nothing_is_offered(campaign, client_for):
    page = page_of(client_for(campaign.company.nobody), "/matters/new")
    assert "您还没有部门岗位。" in page
    assert 'name="title"' not in page


def test_the_page_of_a_department_tells_what_it_leads_owes_and_waits_for(campaign, client_for):
    campaign.request()
    matter = campaign.refreshed()
    departments = campaign.company.departments
    head = client_for(campaign.company["市场部负责人"])
    product, market = (page_of(head, f"/departments/{departments[name].pk}/") for name in ("产品部", "市场部"))
    assert f"{matter.number} {matter.title}" in product[product.index('id="led"') : product.index('id="owed"')]
    assert "签署《跨部门协作需求申请表》" in product[product.index('id="waited"') :]
    assert "签署《跨部门协作需求申请表》" in market[market.index('id="owed"') : market.index('id="waited"')]
    assert "没有您可以查看的、正在进行的牵头协作。" in market
    stranger = page_of(client_for(campaign.company.outsider), f"/departments/{departments['产品部'].pk}/")
    assert (matter.number in stranger, matter.title in stranger) == (False, False)


def test_the_page_of_a_department_goes_on_by_page(campaign, client_for):
    bring_in(12, campaign.at)
    product = campaign.company.departments["产品部"]
    Collaboration.objects.filter(source_key__isnull=False).update(
        lead_department=product, expected_finish=date(2027, 1, 1)
    )
    stranger = client_for(campaign.company.outsider)
    page = page_of(stranger, f"/departments/{product.pk}/")
    following = page.partition('href="?led=')[2].partition("#")[0]
    assert page.count("旧事项之") == 10
    assert page_of(stranger, f"/departments/{product.pk}/?led={following}").count("旧事项之") == 2


def test_filters_tell_nothing_of_a_matter_known_only_in_outline(campaign, company, at):
    """AT05: whoever sees that a secret matter exists cannot find out by filtering who takes part in it."""
    campaign.submit("F01", {**samples.request(campaign.cast, campaign.start), "secrecy": "SECRET"})
    search.follow_all(at=at)
    pmo = company.actor("PMO专员", at)
    asked = {
        "everything": Filters(),
        "department": Filters(department_id=company.departments["市场部"].pk),
        "led by": Filters(led_by_id=company.departments["产品部"].pk),
        "playbook": Filters(playbook="SEED_B"),
        "title": Filters(text="用户增长"),
        "number": Filters(text=campaign.refreshed().number or ""),
    }
    found = {name: len(portfolio(pmo, filters, before=None, at=at).rows) for name, filters in asked.items()}
    assert found == {"everything": 1, "department": 0, "led by": 0, "playbook": 0, "title": 0, "number": 1}
