"""Secret addresses for calendar programs: who makes them, what they show, when they end."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from icalendar import Calendar

from bihuan.agenda import operations, queries
from bihuan.agenda.errors import NotOfTheDepartment
from bihuan.agenda.models import Feed
from bihuan.collaborations.models import Collaboration, Loop, Milestone
from bihuan.kernel.errors import NotFound, Refused, Stale
from bihuan.organisation import operations as organisation
from bihuan.organisation.models import Person, SignInAttempt
from bihuan.web import middleware
from tests.campaign import Campaign
from tests.witness import facts_since, last_entry, names_since, refused

SHANGHAI = ZoneInfo("Asia/Shanghai")
DUE = datetime(2027, 3, 10, 18, 0, tzinfo=SHANGHAI)
pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> Campaign:
    campaign.request()
    monkeypatch.setattr(middleware, "now", lambda: campaign.at)
    return campaign


@pytest.fixture
def issue(campaign: Campaign) -> Callable[..., str]:
    def make(kind: str = "MINE", office: str = "市场部负责人", **about: int) -> str:
        return operations.issue_feed(kind, actor=campaign.actor(office), at=campaign.at, **about)[1]

    return make


def read(secret: str, **headers: str) -> Any:
    return Client().get(f"/calendar/feed/{secret}.ics", headers=headers)


def events_of(secret: str) -> dict[str, Any]:
    """What a calendar client makes of the address: its events by identity."""
    response = read(secret)
    assert (response.status_code, response["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    return {str(event["uid"]): event for event in Calendar.from_ical(response.content).events}


def due_loop(campaign: Campaign, department: str = "市场部") -> Loop:
    found = Loop.objects.filter(closed_at=None, owner=campaign.company.head(department)).first()
    assert found is not None
    Loop.objects.filter(pk=found.pk).update(due_at=DUE)
    return found


def test_the_address_shows_what_is_due_to_whoever_has_it(campaign: Campaign, issue: Callable[..., str]) -> None:
    loop = due_loop(campaign)
    entry = last_entry()
    secret = issue()
    feed = Feed.objects.get()
    assert (feed.kind, feed.digest, feed.prefix) == ("MINE", queries.secret_digest(secret), secret[:8])
    assert facts_since(entry) == [
        {
            "name": "agenda.feed.issued", "feed_id": feed.pk, "kind": "MINE", "department_id": None,
            "collaboration_id": None, "prefix": secret[:8],
        }
    ]  # fmt: skip
    event = events_of(secret)[f"loop-{loop.pk}@localhost"]
    assert (event.start, event.end) == (DUE - timedelta(minutes=30), DUE)
    assert str(event["summary"]) == "签署《跨部门协作需求申请表》（代表市场部） · 用户增长"
    assert campaign.refreshed().title in str(event["description"])
    assert str(event["url"]).startswith("http://testserver/")


def test_a_milestone_is_a_whole_day_and_special_characters_come_through(
    campaign: Campaign, issue: Callable[..., str]
) -> None:
    milestone = Milestone.objects.filter(collaboration=campaign.collaboration).first()
    assert milestone is not None
    odd = "验收；甲,乙\\丙\n第二行 🎯 " + "长" * 90
    Milestone.objects.filter(pk=milestone.pk).update(due_on=date(2027, 2, 28), name=odd.replace("行 ", "行\x1f"))
    secret = issue(office="产品经理")
    event = events_of(secret)[f"milestone-{campaign.collaboration.pk}-{milestone.line_id}@localhost"]
    assert (event.start, event.end) == (date(2027, 2, 28), date(2027, 3, 1))
    assert odd in str(event["summary"])
    assert all(len(line) <= 75 for line in read(secret).content.split(b"\r\n"))


def test_the_instant_stands_in_the_owners_zone_with_its_rules(campaign: Campaign, issue: Callable[..., str]) -> None:
    loop = due_loop(campaign)
    Person.objects.filter(pk=campaign.company["市场部负责人"].pk).update(time_zone="Europe/Berlin", language="en")
    response = read(issue())
    calendar = Calendar.from_ical(response.content)
    event = next(each for each in calendar.events if str(each["uid"]).startswith(f"loop-{loop.pk}@"))
    assert event["dtend"].params["TZID"] == "Europe/Berlin"
    assert event.end == DUE
    assert [str(zone["tzid"]) for zone in calendar.timezones] == ["Europe/Berlin"]
    assert "Decide on" in str(event["summary"])
    again = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)  # half past one comes twice that day in New York
    Loop.objects.filter(pk=loop.pk).update(due_at=again)
    Person.objects.filter(pk=campaign.company["市场部负责人"].pk).update(time_zone="America/New_York")
    content = read(issue()).content
    assert next(each for each in Calendar.from_ical(content).events if "loop" in str(each["uid"])).end == again
    assert b"DTEND:20261101T063000Z" in content
    empty = Calendar.from_ical(read(issue(office="财务专员")).content)
    assert [str(each["tzid"]) for each in empty.subcomponents] == ["Asia/Shanghai"]


def test_a_change_of_the_matter_raises_the_sequence_and_keeps_the_identity(
    campaign: Campaign, issue: Callable[..., str]
) -> None:
    loop, secret = due_loop(campaign), issue()
    before = events_of(secret)[f"loop-{loop.pk}@localhost"]
    assert events_of(secret)[f"loop-{loop.pk}@localhost"]["sequence"] == before["sequence"]
    campaign.decide("F01", "OPINIONS", "技术部负责人", opinion="同意")
    Loop.objects.filter(pk=loop.pk).update(due_at=DUE + timedelta(days=1))
    after = events_of(secret)[f"loop-{loop.pk}@localhost"]
    assert after["sequence"] > before["sequence"]
    assert after.end == DUE + timedelta(days=1)


def test_what_did_not_change_is_not_sent_again(campaign: Campaign, issue: Callable[..., str]) -> None:
    secret = issue()
    first = read(secret)
    again = read(secret, if_none_match=first["ETag"])
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")


def test_a_revoked_a_rotated_and_an_unknown_address_are_the_same_404(
    campaign: Campaign, issue: Callable[..., str]
) -> None:
    secret = issue()
    feed, actor = Feed.objects.get(), campaign.actor("市场部负责人")
    entry = last_entry()
    other = operations.rotate_feed(feed, seen_prefix=feed.prefix, actor=actor, at=campaign.at)
    assert (read(secret).status_code, read(other).status_code) == (404, 200)
    with refused(Stale):
        operations.rotate_feed(feed, seen_prefix=feed.prefix, actor=actor, at=campaign.at)
    operations.revoke_feed(Feed.objects.get(), actor=actor, at=campaign.at)
    assert names_since(entry) == ["agenda.feed.rotated", "agenda.feed.revoked"]
    with refused(Stale):
        operations.revoke_feed(Feed.objects.get(), actor=actor, at=campaign.at)
    assert Feed.objects.get().revoked_at == campaign.at
    answers = {(answer.status_code, answer.content) for answer in (read(secret), read(other), read("bf_unknown-one"))}
    assert len(answers) == 1
    assert answers.pop()[0] == 404


def test_who_has_left_is_read_no_more_at_once(campaign: Campaign, issue: Callable[..., str]) -> None:
    secret = issue(office="财务专员")
    assert read(secret).status_code == 200
    Person.objects.filter(pk=campaign.company["财务专员"].pk).update(is_active=False)
    assert read(secret).status_code == 404


def test_a_matter_that_may_no_longer_be_read_is_gone_at_the_next_reading(
    campaign: Campaign, issue: Callable[..., str]
) -> None:
    due_loop(campaign)
    secret = issue("MATTER", office="市场部负责人", collaboration_id=campaign.collaboration.pk)
    mine = issue("MINE", office="市场部负责人")
    assert len(events_of(secret)) > 0
    assert len(events_of(mine)) > 0
    who = {"actor": campaign.company.administrator, "at": campaign.at}
    for post in campaign.company["市场部负责人"].posts.all():
        held = {"department_id": post.department_id, "kind": post.kind, "title": post.title}
        organisation.appoint(person_id=campaign.company.outsider.pk, **held, **who)
        organisation.end_post(post.pk, **who)
    later = campaign.at + timedelta(days=1)
    campaign.at = later
    assert read(secret).status_code == 404
    assert events_of(mine) == {}


def test_a_departments_feed_is_for_who_speaks_for_it_as_long_as_he_does(
    campaign: Campaign, issue: Callable[..., str]
) -> None:
    loop = due_loop(campaign)
    market = campaign.company.departments["市场部"].pk
    for office in ("市场专员", "PMO专员", "技术部负责人"):
        with refused(NotOfTheDepartment):
            issue("DEPARTMENT", office=office, department_id=market)
    secrets = [
        issue("DEPARTMENT", office=office, department_id=market) for office in ("市场部负责人", "推广经理", "分管副总")
    ]
    assert all(f"loop-{loop.pk}@localhost" in events_of(secret) for secret in secrets[:1])
    assert all(read(secret).status_code == 200 for secret in secrets)
    organisation.end_post(
        campaign.company["推广经理"].posts.get().pk, actor=campaign.company.administrator, at=campaign.at
    )
    campaign.at += timedelta(days=1)
    assert read(secrets[1]).status_code == 404


def test_what_is_not_there_or_not_to_be_read_gets_no_address(campaign: Campaign, issue: Callable[..., str]) -> None:
    with refused(NotFound):
        issue("MATTER", office="财务专员", collaboration_id=campaign.collaboration.pk)
    with refused(NotFound):
        issue("DEPARTMENT", department_id=999999)
    for kind in ("", "DEPARTMENT", "MATTER", "ALL"):
        with refused(Refused, "agenda.feed_kind"):
            issue(kind)


def test_of_a_secret_matter_a_calendar_program_learns_only_that_something_is_due(
    campaign: Campaign, issue: Callable[..., str]
) -> None:
    loop = due_loop(campaign)
    Collaboration.objects.filter(pk=campaign.collaboration.pk).update(secrecy="SECRET", title="并购甲公司")
    for secret in (issue(), issue("MATTER", collaboration_id=campaign.collaboration.pk)):
        event = events_of(secret)[f"loop-{loop.pk}@localhost"]
        assert str(event["summary"]) == "一件保密协作有事项到期"
        assert "description" not in event
        assert "并购" not in read(secret).content.decode()


def test_nobody_has_more_than_twenty(campaign: Campaign, issue: Callable[..., str]) -> None:
    for _number in range(20):
        issue()
    with refused(Refused, "agenda.feeds_too_many"):
        issue()


def test_an_address_read_without_end_is_answered_429_and_opens_again(
    campaign: Campaign, issue: Callable[..., str]
) -> None:
    secret, other = issue(), issue(office="推广经理")
    assert [read(secret).status_code for _number in range(61)][-2:] == [200, 429]
    refusal = read(secret)
    assert (refusal.status_code, refusal["Retry-After"], refusal.content) == (429, "900", b"")
    assert read(other).status_code == 200
    campaign.at += timedelta(minutes=6)
    assert read(secret).status_code == 200


def test_guessing_addresses_is_slowed_down_and_does_not_close_the_sign_in(campaign: Campaign) -> None:
    assert {read(f"bf_guess-number-{number}").status_code for number in range(30)} == {404}
    assert read("bf_guess-one-more").status_code == 429
    assert not SignInAttempt.objects.filter(failed=True).exists()


def test_others_feeds_do_not_exist(campaign: Campaign, issue: Callable[..., str], client_for: Any) -> None:
    issue()
    feed, entry = Feed.objects.get(), last_entry()
    other = client_for(campaign.company["技术部负责人"])
    for act in ("rotate", "revoke"):
        assert other.post(f"/calendar/feeds/{feed.pk}/{act}").status_code == 404
    assert feed.prefix not in other.get("/calendar/feeds/").content.decode()
    assert last_entry() == entry


def test_the_page_shows_the_address_once(campaign: Campaign, client_for: Any) -> None:
    client = client_for(campaign.company["市场部负责人"])
    market = campaign.company.departments["市场部"].pk
    assert f'name="department" value="{market}"' in client.get("/calendar/feeds/").content.decode()
    page = client.post("/calendar/feeds/issue", {"kind": "DEPARTMENT", "department": market})
    assert page.status_code == 201
    feed = Feed.objects.get()
    text = page.content.decode()
    address = text.partition('id="feed-address" value="')[2].partition('"')[0]
    assert Client().get(address).status_code == 200
    assert address not in client.get("/calendar/feeds/").content.decode()
    again = client.post(f"/calendar/feeds/{feed.pk}/rotate", {"seen_prefix": feed.prefix})
    assert (again.status_code, Client().get(address).status_code) == (201, 404)
    assert client.post(f"/calendar/feeds/{feed.pk}/revoke").status_code == 302
    assert Feed.objects.get().revoked_at == campaign.at


def test_what_is_refused_is_said_on_the_page(campaign: Campaign, client_for: Any) -> None:
    answer = client_for(campaign.company["市场部负责人"]).post("/calendar/feeds/issue", {"kind": "EVERYTHING"})
    assert answer.status_code == 422
    assert "没有说明日历软件要读取什么" in answer.content.decode()
    assert not Feed.objects.exists()
