"""The calendar: what is due on which day, for me, for a department, in one matter."""

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bihuan.collaborations.models import Loop, Milestone
from bihuan.organisation import operations as organisation
from bihuan.organisation.operations import DayValues
from tests.witness import everything

SHANGHAI = ZoneInfo("Asia/Shanghai")
pytestmark = pytest.mark.django_db


def page_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def cell_of(page: str, day: str) -> str:
    """What stands in the cell of a day."""
    found = re.search(rf'<td class="[^"]*"><div class="dayno"><a href="[^"]*day={day}".*?</td>', page, re.DOTALL)
    assert found is not None, day
    return found[0]


@pytest.fixture
def planned(campaign: Any) -> Any:
    campaign.carry_to("EXECUTE")
    return campaign


@pytest.fixture
def lead(campaign: Any, client_for: Any) -> Client:
    return client_for(campaign.company["产品经理"])


def due(loop: Loop, at: datetime) -> Loop:
    Loop.objects.filter(pk=loop.pk).update(due_at=at)
    return loop


def loop_of(campaign: Any, office: str) -> Loop:
    found = Loop.objects.filter(closed_at=None, owner=campaign.company.principal(office)).first()
    assert found is not None
    return found


def test_what_i_owe_stands_on_its_day_and_that_of_others_does_not(planned: Any, client_for: Any) -> None:
    due(loop_of(planned, "推广经理"), datetime(2027, 3, 10, 18, 0, tzinfo=SHANGHAI))
    address = "/calendar/?day=2027-03-01"
    cell = cell_of(page_of(client_for(planned.company["推广经理"]), address), "2027-03-10")
    assert '<span class="when">18:00</span>' in cell
    assert 'class="entry"' not in cell_of(page_of(client_for(planned.company["开发组长"]), address), "2027-03-10")


def test_a_milestone_of_my_matter_stands_on_its_day(planned: Any, lead: Client) -> None:
    milestone = Milestone.objects.filter(collaboration=planned.collaboration, form_code="F04").first()
    assert milestone is not None
    for shape in ("month", "week"):
        page = page_of(lead, f"/calendar/?shape={shape}&day={milestone.due_on}")
        assert milestone.name in cell_of(page, str(milestone.due_on))
    assert milestone.name in page_of(lead, f"/calendar/?shape=day&day={milestone.due_on}")
    assert milestone.name not in page_of(lead, "/calendar/?day=2020-01-15")


def test_days_of_rest_and_days_worked_for_them_are_drawn_with_their_names(campaign: Any, lead: Client) -> None:
    page = page_of(lead, "/calendar/?day=2026-10-01")
    assert "rest" in cell_of(page, "2026-10-01")
    assert "国庆节" in cell_of(page, "2026-10-01")
    assert ("rest" in cell_of(page, "2026-10-10"), "班" in cell_of(page, "2026-10-10")) == (False, True)
    assert "rest" in cell_of(page, "2026-10-11")
    assert "班" not in cell_of(page, "2026-10-12")


def test_a_day_closed_at_the_company_is_a_day_of_rest_at_once(campaign: Any, lead: Client, at: Any) -> None:
    values = DayValues(kind="CLOSED", name="盘点")
    organisation.set_day(
        None, day=at.date(), values=values, seen_revision=0, actor=campaign.actor("PMO专员"), at=campaign.at
    )
    cell = cell_of(page_of(lead, f"/calendar/?day={at.date()}"), str(at.date()))
    assert ("盘点" in cell, "today" in cell, "rest" in cell) == (True, True, True)


def test_a_year_that_is_not_published_is_said_to_be_provisional(campaign: Any, lead: Client) -> None:
    assert "暂按法定" in page_of(lead, "/calendar/?shape=day&day=2030-05-01")
    assert "暂按法定" not in page_of(lead, "/calendar/?shape=day&day=2026-05-01")


def test_what_is_overdue_stands_above_the_days(planned: Any, client_for: Any) -> None:
    due(loop_of(planned, "推广经理"), planned.at - timedelta(days=40))
    page = page_of(client_for(planned.company["推广经理"]), "/calendar/")
    assert '<details class="overdue">' in page
    assert '<details class="overdue">' not in page_of(
        client_for(planned.company["PMO专员"]), "/calendar/?day=2020-01-01"
    )


def test_a_department_shows_what_its_people_and_its_head_owe(planned: Any, client_for: Any) -> None:
    due(loop_of(planned, "推广经理"), datetime(2027, 3, 10, 18, 0, tzinfo=SHANGHAI))
    reader = client_for(planned.company["PMO专员"])
    market, finance = (planned.company.departments[name].pk for name in ("市场部", "财务部"))
    assert 'class="entry"' in cell_of(page_of(reader, f"/calendar/departments/{market}?day=2027-03-01"), "2027-03-10")
    other = cell_of(page_of(reader, f"/calendar/departments/{finance}?day=2027-03-01"), "2027-03-10")
    assert 'class="entry"' not in other
    assert client_for(planned.company["PMO专员"]).get("/calendar/departments/999999").status_code == 404


def test_nobody_sees_in_a_departments_calendar_what_he_may_not_read(planned: Any, client_for: Any) -> None:
    due(loop_of(planned, "推广经理"), datetime(2027, 3, 10, 18, 0, tzinfo=SHANGHAI))
    market = planned.company.departments["市场部"].pk
    page = page_of(client_for(planned.company.outsider), f"/calendar/departments/{market}?day=2027-03-01")
    assert 'class="entry"' not in page
    assert planned.refreshed().title not in page


def test_the_calendar_of_a_matter_is_for_its_readers(planned: Any, lead: Client, client_for: Any) -> None:
    due(loop_of(planned, "推广经理"), datetime(2027, 3, 10, 18, 0, tzinfo=SHANGHAI))
    address = f"/calendar/matters/{planned.collaboration.pk}?day=2027-03-01"
    assert 'class="entry"' in cell_of(page_of(lead, address), "2027-03-10")
    assert client_for(planned.company.outsider).get(address).status_code == 404


@pytest.mark.parametrize("asked", ["day=nonsense", "day=0001-01-01", "day=9999-12-31", "shape=%00", "day=2026-02-30"])
def test_what_is_no_day_is_passed_over_and_nothing_is_written(campaign: Any, lead: Client, asked: str) -> None:
    before = everything()
    assert page_of(lead, f"/calendar/?{asked}")
    assert everything() == before


def test_the_queries_of_a_calendar_do_not_grow_with_its_rows(planned: Any, lead: Client) -> None:
    day = planned.at + timedelta(days=1)
    due(loop_of(planned, "产品经理"), day)
    counts = []
    lead.get("/calendar/")
    for number in (1, 2, 3):
        twin = Loop.objects.get(pk=loop_of(planned, "产品经理").pk)
        twin.pk, twin.part, twin.due_at = None, f"twin {number}", day
        twin.save(force_insert=True)
        counts.append(queries_of(lead, f"/calendar/?shape=day&day={day.date()}"))
    assert counts[0] == counts[1] == counts[2]


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        page_of(client, address)
    return len(caught)


@pytest.mark.parametrize(
    ("asked", "said", "unsaid"),
    [
        ("day=2026-11-20", ["11月20日 周五", "从今天起第 3 个工作日"], ["休"]),
        ("day=2026-11-21", ["11月21日 周六", "休息日"], ["个工作日"]),
        ("day=2026-10-10", ["10月10日 周六", "班", "调休上班"], ["个工作日"]),
        ("day=2027-01-01", ["元旦", "暂定"], ["个工作日"]),
    ],
)
def test_what_a_day_is_is_said_under_its_field(
    campaign: Any, lead: Client, asked: str, said: list[str], unsaid: list[str]
) -> None:
    page = page_of(lead, f"/calendar/day?{asked}")
    assert [text for text in said if text not in page] == []
    assert [text for text in unsaid if text in page] == []


def test_the_day_is_that_of_the_department_of_the_line(campaign: Any, lead: Client) -> None:
    site = organisation.add_site(
        name="柏林", time_zone="Europe/Berlin", actor=campaign.company.administrator, at=campaign.at
    )
    market = campaign.company.departments["市场部"]
    type(market).objects.filter(pk=market.pk).update(site=site)
    assert "休息日" in page_of(lead, f"/calendar/day?day=2026-10-10&department={market.pk}")
    assert "班" in page_of(lead, "/calendar/day?day=2026-10-10")


@pytest.mark.parametrize("asked", ["", "day=", "day=2026-02-30", "day=0001-01-01", "day=9999-12-31", "day=%00"])
def test_of_what_is_no_day_nothing_is_said(campaign: Any, lead: Client, asked: str) -> None:
    assert lead.get(f"/calendar/day?{asked}").status_code == 204
