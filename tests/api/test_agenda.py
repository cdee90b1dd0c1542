"""What is due, and feeds, through the API."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from bihuan.agenda.models import Feed
from bihuan.collaborations.models import Loop
from bihuan.ledger.models import Entry
from tests.api.conftest import codes
from tests.campaign import Campaign

pytestmark = pytest.mark.django_db


def test_what_is_due_is_told_with_the_days_unlike_their_weekday(campaign: Campaign, program: Any) -> None:
    campaign.request()
    day = campaign.at + timedelta(days=2)
    Loop.objects.filter(closed_at=None, owner=campaign.company.head("市场部")).update(due_at=day)
    found = program("市场部负责人").get("/agenda", first="2026-11-01", after="2027-01-10").json()
    assert {loop["owner"] for loop in found["loops"]} == {campaign.company.head("市场部")}
    assert (found["overdue"], found["is_cut"]) == ([], False)
    kinds = {day["day"]: (day["kind"], day["is_worked"], day["is_provisional"]) for day in found["days"]}
    assert kinds == {"2027-01-01": ("HOLIDAY", False, True)}


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"first": "2026-11-02", "after": "2026-11-02"}, "agenda.span_unreadable"),
        ({"first": "2026-11-02", "after": "2028-11-02"}, "agenda.span_unreadable"),
        ({"first": "0001-01-01"}, "api.no_day"),
        ({"first": "9999-12-31"}, "api.no_day"),
    ],
)
def test_days_that_do_not_follow_each_other_or_are_none_are_refused(
    campaign: Campaign, program: Any, asked: dict[str, str], code: str
) -> None:
    answer = program("市场部负责人").get("/agenda", **asked)
    assert (answer.status_code, {said for said, _place in codes(answer)}) == (400, {code})


def test_a_feed_gets_its_address_apart_from_its_receipt(campaign: Campaign, program: Any) -> None:
    caller = program("市场部负责人")
    made = caller.post("/feeds", {"kind": "MINE"}).json()
    feed = Feed.objects.get()
    assert (made["id"], made["state"]) == (feed.pk, "ISSUED")
    addresses = [caller.post(f"/feeds/{feed.pk}/address").json()["address"] for _time in range(2)]
    assert [Client().get(address).status_code for address in addresses] == [404, 200]
    assert [row["prefix"] for row in caller.get("/feeds").json()["items"]] == [Feed.objects.get().prefix]
    assert caller.post(f"/feeds/{feed.pk}/revoke").json()["state"] == "REVOKED"
    assert Client().get(addresses[1]).status_code == 404
    assert caller.get("/feeds").json()["items"] == []
    assert Entry.objects.filter(name__startswith="agenda.").count() == 4


def test_an_unknown_kind_is_refused_and_nothing_is_made(campaign: Campaign, program: Any) -> None:
    answer = program("市场部负责人").post("/feeds", {"kind": "EVERYTHING"})
    assert (answer.status_code, codes(answer)) == (422, [("agenda.feed_kind", "kind")])
    assert not Feed.objects.exists()
