"""Red, yellow, green: how matters fare, as filter, as column, in files; and what each filter costs."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.collaborations import queries
from bihuan.collaborations.models import Loop
from bihuan.issues.models import Risk
from bihuan.progress.models import Row
from bihuan.records.models import Record
from tests import forms_samples as samples
from tests.campaign import Campaign
from tests.web.test_portfolio_shapes import SECRET, lines_of, page_of, titles_of

ASKED = ("red", "yellow", "green")


def found(client: Any) -> list[int]:
    """How many matters are shown as red, as yellow, as green."""
    return [len(titles_of(page_of(client, f"/matters/?health={health}"))) for health in ASKED]


def file_risk(campaign: Any, level: str) -> Risk:
    record = Record.objects.filter(form_code="F01").get()
    return Risk.objects.create(
        collaboration=campaign.collaboration, record=record, number="R-1", title="雨", category="SCHEDULE", level=level,
        department_id=campaign.cast.product, finder=campaign.company.lead, discovered_at=campaign.at,
        filed_at=campaign.at,
    )  # fmt: skip


def test_a_matter_is_red_while_something_is_overdue(campaign: Any, client_for: Any) -> None:
    campaign.request()
    lead = client_for(campaign.company.lead)
    assert found(lead) == [0, 0, 1]
    Loop.objects.filter(closed_at=None).update(due_at=campaign.at - timedelta(days=400))
    assert found(lead) == [1, 0, 0]


@pytest.mark.parametrize(("level", "shown"), [("HIGH", [1, 0, 0]), ("MEDIUM", [0, 1, 0]), ("LOW", [0, 0, 1])])
def test_an_open_risk_counts_until_it_is_closed(campaign: Any, client_for: Any, level: str, shown: list[int]) -> None:
    campaign.request()
    lead = client_for(campaign.company.lead)
    risk = file_risk(campaign, level)
    assert found(lead) == shown
    Risk.objects.filter(pk=risk.pk).update(state="CLOSED", closed_by=campaign.company.lead, outcome="x")
    assert found(lead) == [0, 0, 1]


def test_a_week_behind_plan_makes_a_matter_yellow(campaign: Any) -> None:
    campaign.carry_to("EXECUTE")
    campaign.report_week()
    Loop.objects.filter(closed_at=None).update(due_at=None)
    pk = campaign.collaboration.pk
    Row.objects.update(planned_percent=20, percent=20)
    assert queries.health_of([pk], campaign.at) == {pk: "green"}
    Row.objects.filter(pk=Row.objects.order_by("pk").values("pk")[:1]).update(percent=10)
    assert queries.health_of([pk], campaign.at) == {pk: "yellow"}
    assert queries.health_of([pk], campaign.at + timedelta(days=30)) == {pk: "green"}


def test_the_column_and_the_file_say_it_too_but_not_of_an_outline(campaign: Any, client_for: Any) -> None:
    campaign.submit("F01", {**samples.request(campaign.cast, campaign.start), **SECRET})
    Loop.objects.filter(closed_at=None).update(due_at=campaign.at - timedelta(days=400))
    lead, pmo = client_for(campaign.company.lead), client_for(campaign.company["PMO专员"])
    shown = page_of(lead, "/matters/?columns=health")
    assert re.search(r'class="mark lv-red"[^>]*>.*?红', shown[shown.index('id="matters"') :], re.DOTALL)
    assert lines_of(lead, "/matters/export.csv?columns=health")[1][-1] == "红"
    assert lines_of(pmo, "/matters/export.csv?columns=health")[1][-1] == ""
    assert "lv-red" not in page_of(pmo, "/matters/?columns=health")
    assert [len(lines_of(pmo, f"/matters/export.csv?health={health}")) - 1 for health in ASKED] == [0, 0, 0]


FILTERS = (
    "health=red", "health=yellow", "health=green", "due=overdue", "due=none", "mine=1", "mine=contact", "mine=head",
    "step=REQUEST", "playbook=SEED_B", "programme=1", "q=增长", "state=all", "columns=health,programme",
)  # fmt: skip


def test_no_filter_asks_more_for_three_matters_than_for_one(campaign: Any, client_for: Any) -> None:
    lead = client_for(campaign.company.lead)

    def cost(asked: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            page_of(lead, f"/matters/?{asked}")
        return len(captured)

    campaign.request()
    cost("state=all")  # the first page of a session reads what is kept afterwards
    alone = {asked: cost(asked) for asked in FILTERS}
    for title in ("增长之二", "增长之三"):
        other = Campaign.begin(campaign.company, campaign.at)
        other.submit("F01", {**samples.request(other.cast, other.start), "title": title})
    assert {asked: cost(asked) for asked in FILTERS} == alone
