"""Deadlines in the browser and through the API."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.deadlines.models import Deadline

HEAD, OTHER = "市场部负责人", "财务专员"


@pytest.fixture
def asked(campaign):
    campaign.request()
    return campaign


def mine(asked) -> Deadline:
    return Deadline.objects.get(rule="T29", owner=asked.company.head("市场部"))


def test_who_must_decide_sees_how_his_instant_came_about(asked, client_for):
    made = mine(asked)
    client = client_for(asked.company[HEAD])
    shown = client.get("/deadlines/").content.decode()
    assert f"/deadlines/{made.pk}/" in shown
    assert shown.count("data-row") == 1
    assert "审批与签署：跨部门协作需求申请表 · " in shown
    page = client.get(f"/deadlines/{made.pk}/").content.decode()
    assert "时点的由来" in page
    assert "2 个工作日" in page
    english = client.get(f"/deadlines/{made.pk}/", headers={"accept-language": "en"}).content.decode()
    assert "How this came about" in english


def test_the_desk_and_the_matter_say_what_is_left_in_working_time_and_lead_to_why(asked, client_for, monkeypatch):
    made = mine(asked)
    monkeypatch.setattr("bihuan.web.middleware.now", lambda: asked.at)
    client = client_for(asked.company[HEAD])
    mark = f'href="/deadlines/{made.pk}/"'
    for page in ("/", f"/matters/{asked.collaboration.pk}/loops"):
        shown = client.get(page).content.decode()
        assert mark in shown
        assert "剩 2 个工作日" in shown[shown.index(mark) :][:400]


def test_the_api_tells_the_same_with_its_way_in_both_languages(asked, client_for):
    made = mine(asked)
    client = client_for(asked.company[HEAD])
    (item,) = client.get("/api/v1/deadlines").json()["items"]
    assert (item["id"], item["rule"], item["limit"], item["owner"], item["state"]) == (
        made.pk, "T29", "2wd", asked.company.head("市场部"), "RUNNING",
    )  # fmt: skip
    whole = client.get(f"/api/v1/deadlines/{made.pk}").json()
    assert set(whole["explanation"]) == {"zh-hans", "en"}
    assert "2 working days" in whole["explanation"]["en"]
    assert [rung["level"] for rung in whole["ladder"]][-2:] == ["RED", "RED_PLUS"]
    matter = client.get(f"/api/v1/collaborations/{asked.collaboration.pk}/deadlines").json()["items"]
    assert len(matter) == 3
    assert len(client.get("/api/v1/deadlines?everybody=true").json()["items"]) == 3


def test_nobody_else_learns_that_there_is_one(asked, client_for):
    made = mine(asked)
    client = client_for(asked.company[OTHER])
    assert client.get(f"/deadlines/{made.pk}/").status_code == 404
    assert client.get(f"/api/v1/deadlines/{made.pk}").status_code == 404
    assert client.get("/api/v1/deadlines?everybody=true").json()["items"] == []
    assert "data-row" not in client.get("/deadlines/?show=all").content.decode()


def test_what_is_overdue_has_a_list_of_its_own_and_a_late_answer_stays_marked(asked, client_for):
    made = mine(asked)
    client = client_for(asked.company[HEAD])
    assert client.get("/deadlines/?show=overdue").content.decode().count("data-row") == 3
    asked.at = made.due_at + timedelta(minutes=95)
    asked.decide("F01", "OPINIONS", HEAD, opinion="同意")
    assert client.get("/deadlines/?show=overdue").content.decode().count("data-row") == 2
    assert "迟到 1 小时 35 分钟" in client.get(f"/deadlines/{made.pk}/").content.decode()


def test_the_list_costs_the_same_for_one_and_for_three(asked, client_for):
    client = client_for(asked.company[HEAD])
    client.get("/deadlines/")

    def cost(address):
        with CaptureQueriesContext(connection) as made:
            assert client.get(address).status_code == 200
        return len(made)

    assert cost("/deadlines/") == cost("/deadlines/?show=all")
