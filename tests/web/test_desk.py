"""The desk: what waits for me, what I wait for, my week."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bihuan.collaborations import operations
from bihuan.collaborations.models import Loop
from bihuan.records.models import Record
from bihuan.web.desk import views
from tests.campaign import Campaign
from tests.witness import everything, facts_since, last_entry

HTMX = {"HX-Request": "true"}


def page_of(client: Client, address: str = "/") -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def waiting_of(page: str) -> list[str]:
    """What stands in the left column, row by row."""
    mine = page[page.index('id="mine"') : page.index('id="others"')]
    return re.findall(r'<a class="what" href="[^"]*">([^<]*)</a>', mine)


@pytest.fixture
def lead(campaign, client_for) -> Client:
    return client_for(campaign.company["产品经理"])


def test_a_form_to_fill_in_is_begun_from_the_desk_without_javascript(campaign, lead):
    page = page_of(lead)
    assert waiting_of(page) == ["填写《跨部门协作需求申请表》"]
    assert "<title>工作台 (1)</title>" in page
    address = f"/matters/{campaign.collaboration.pk}/forms/F01/start"
    assert f'<form method="post" action="{address}">' in page
    response = lead.post(address)
    record = Record.objects.get(root_id=campaign.collaboration.pk)
    assert (response.status_code, response["Location"]) == (302, f"/records/{record.pk}/edit")
    assert lead.post(address)["Location"] == f"/records/{record.pk}/edit"
    assert Record.objects.count() == 1


def test_a_head_is_asked_to_decide_in_place_and_by_link(campaign, client_for):
    campaign.request()
    loop = Loop.objects.get(kind="SIGNOFF", owner=campaign.company.head("市场部"), closed_at__isnull=True)
    page = page_of(client_for(campaign.company["市场部负责人"]))
    assert "签署《跨部门协作需求申请表》（代表市场部）" in waiting_of(page)
    slot = loop.params["slot"]
    assert f'hx-get="/sign/{slot}/decision" hx-target="#open-{loop.pk}"' in page
    assert f'href="/sign/{slot}/"' in page
    assert f'id="open-{loop.pk}"' in page
    assert campaign.company["产品经理"].name in page
    assert f'data-ids="collaboration:{campaign.collaboration.pk}"' in page


def test_what_is_decided_leaves_the_desk(campaign, client_for):
    campaign.request()
    head = client_for(campaign.company["市场部负责人"])
    before = waiting_of(page_of(head))
    campaign.decide("F01", "OPINIONS", "市场部负责人", opinion="同意")
    assert sorted(set(before) - set(waiting_of(page_of(head)))) == ["签署《跨部门协作需求申请表》（代表市场部）"]


def test_the_most_pressing_stands_first_and_what_has_no_day_last(campaign, lead):
    campaign.carry_to("PLAN")
    loops = list(Loop.objects.filter(kind="FORM", closed_at__isnull=True).order_by("pk"))
    Loop.objects.filter(pk=loops[1].pk).update(due_at=campaign.at + timedelta(hours=2))
    page = page_of(lead)
    assert waiting_of(page) == ["填写《合作方案》", "填写《职责分工表》"]
    assert "还剩工作时间 2 小时" in page
    assert "未定期限" in page


def test_whoever_waits_urges_and_at_most_once_in_four_hours(campaign, lead):
    campaign.request()
    loop = Loop.objects.filter(kind="SIGNOFF", closed_at__isnull=True).order_by("pk").first()
    assert f'action="/loops/{loop.pk}/urge"' in page_of(lead)
    before = last_entry()
    response = lead.post(f"/loops/{loop.pk}/urge", headers=HTMX)
    assert response.status_code == 200
    assert "已催办 1 次" in response.content.decode()
    assert "notice" in response["HX-Trigger"]
    loop.refresh_from_db()
    assert (loop.urged, loop.urged_at) == (1, campaign.at)
    (fact,) = facts_since(before)
    assert (fact["name"], fact["loop_id"], fact["times"]) == ("collaborations.loop.urged", loop.pk, 1)

    state = everything()
    again = lead.post(f"/loops/{loop.pk}/urge")
    assert again.status_code == 429
    assert "4 小时" in again.content.decode()
    assert everything() == state

    campaign.wait(hours=4)
    response = lead.post(f"/loops/{loop.pk}/urge")
    assert (response.status_code, response["Location"]) == (302, "/")
    loop.refresh_from_db()
    assert loop.urged == 2


def waited_of(page: str) -> list[str]:
    """What stands under "I wait for others", row by row."""
    others = page[page.index('id="waited"') :]
    return re.findall(r'<a class="what" href="[^"]*">([^<]*)</a>', others[: others.index("</section>")])


def test_the_first_of_what_i_wait_for_stands_on_the_desk_and_all_of_it_on_a_page(campaign, lead, monkeypatch):
    campaign.request()
    whole = waited_of(page_of(lead, "/waited/"))
    assert len(whole) > 2
    assert waited_of(page_of(lead)) == whole
    assert 'hx-get="/waited/"' not in page_of(lead)
    monkeypatch.setattr(views, "FIRST_WAITED", 2)
    page = page_of(lead)
    assert waited_of(page) == whole[:2]
    assert f'<span class="count soft">{len(whole)}</span>' in page
    assert f"另有 {len(whole) - 2} 项" in page
    assert 'href="/waited/" hx-get="/waited/" hx-select="#waited"' in page


def test_whoever_waits_for_nobody_finds_that_said(campaign, client_for):
    assert "没有等待他人的事项。" in page_of(client_for(campaign.company.outsider), "/waited/")


def test_the_urged_one_sees_it(campaign, client_for):
    campaign.request()
    loop = Loop.objects.get(kind="SIGNOFF", owner=campaign.company.head("市场部"), closed_at__isnull=True)
    operations.urge(loop, actor=campaign.actor("产品经理"), at=campaign.at)
    assert "已催办 1 次" in page_of(client_for(campaign.company["市场部负责人"]))


def test_urging_is_a_post_with_a_token_and_only_for_those_who_read_the_matter(campaign, client_for):
    campaign.request()
    loop = Loop.objects.filter(kind="SIGNOFF", closed_at__isnull=True).first()
    stranger, strict = client_for(campaign.company.outsider), Client(enforce_csrf_checks=True)
    strict.force_login(campaign.company["产品经理"])
    state = everything()
    assert stranger.post(f"/loops/{loop.pk}/urge").status_code == 404
    assert stranger.post(f"/loops/{10**9}/urge").status_code == 404
    assert strict.post(f"/loops/{loop.pk}/urge").status_code == 403
    assert everything() == state
    assert client_for(campaign.company["产品经理"]).get(f"/loops/{loop.pk}/urge").status_code == 405


def test_an_empty_desk_says_what_will_stand_here_and_offers_to_begin(campaign, client_for):
    page = page_of(client_for(campaign.company.outsider))
    assert "没有等待他人的事项。" in page
    assert 'href="/matters/new"' in page
    assert waiting_of(page) == []
    assert "<title>工作台</title>" in page


def test_my_week_tells_what_is_due_in_seven_days(campaign, lead):
    campaign.request()
    page = page_of(lead)
    week = page[page.index('id="week"') :]
    assert "需求确认" in week
    assert "功能开发" not in week


def test_a_plan_replaces_the_milestones_of_the_request(campaign, lead):
    campaign.carry_to("PLAN")
    campaign.promise_needs()
    campaign.plan()
    page = page_of(lead)
    assert page[page.index('id="week"') :].count("需求确认") == 1


def test_drafts_that_nothing_asks_for_stand_apart(campaign, lead):
    campaign.request()
    assert 'id="drafts"' not in page_of(lead)
    lead.post(f"/matters/{campaign.collaboration.pk}/risks/report")
    page = page_of(lead)
    record = Record.objects.get(form_code="F11")
    assert f'href="/records/{record.pk}/edit"' in page[page.index('id="drafts"') :]


def test_the_desk_costs_the_same_for_one_row_and_for_three(company, campaign, lead):
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            page_of(lead)
        return len(caught)

    page_of(lead)
    one = cost()
    for _ in range(2):
        Campaign.begin(company, campaign.at)
    assert len(waiting_of(page_of(lead))) == 3
    assert cost() == one
