"""The inbox in the browser, and the bell on every page."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.kernel.subjects import SubjectRef
from bihuan.notifications import operations, registry
from bihuan.notifications.enums import Urgency
from bihuan.notifications.models import Hours, Notice
from bihuan.web.live import sight
from bihuan.web.live.hub import Event

pytestmark = pytest.mark.django_db
POST = "开发组长"


@pytest.fixture
def told(company, at):
    """Somebody is told so many things; what is said is told by a room of the product."""

    def told(count, office=POST, urgency=Urgency.NORMAL, start=0):
        root = SubjectRef("collaboration", 77)
        for number in range(start, start + count):
            news = operations.News(
                kind="commitments.ended", principals=[company.principal(office)], subject=root, root=root,
                scope_id=None,
                params={"fact": "commitments.commitment.verified", "what": f"第{number}件<b>"}, urgency=urgency,
                key=str(number),
            )  # fmt: skip
            operations.notify_all([news], at=at)

    return told


def bells(page) -> list[str]:
    return re.findall(r'id="bell-\w+"[^>]*><span class="count">([^<]+)<', page.content.decode())


def test_every_page_shows_how_many_wait_and_nothing_when_none_do(company, client_for, told):
    client = client_for(company[POST])
    assert bells(client.get("/")) == []
    told(3)
    assert bells(client.get("/")) == ["3", "3"]
    assert bells(client.get("/inbox/bell")) == ["3", "3"]
    assert bells(client_for(company.outsider).get("/")) == []


def test_many_are_counted_no_further_than_a_hundred(company, client_for, told):
    told(101)
    assert bells(client_for(company[POST]).get("/departments/")) == ["99+", "99+"]


def test_an_empty_inbox_says_what_will_stand_there(company, client_for):
    page = client_for(company[POST]).get("/inbox/").content.decode()
    assert "没有未读通知。" in page
    assert "全部标为已读" not in page


def test_what_somebody_wrote_is_shown_as_text(company, client_for, told):
    told(1)
    page = client_for(company[POST]).get("/inbox/").content.decode()
    assert "已确认完成：第0件&lt;b&gt;" in page


def test_a_read_notice_leaves_the_unread_ones_and_stays_among_all(company, client_for, told):
    told(2)
    client = client_for(company[POST])
    notice = Notice.objects.get(key="0")
    answer = client.post(f"/inbox/{notice.pk}/read")
    assert (answer.status_code, answer["Location"]) == (302, "/inbox/")
    assert "第0件" not in client.get("/inbox/").content.decode()
    assert "第0件" in client.get("/inbox/?show=all").content.decode()


def test_the_notice_of_somebody_else_does_not_exist(company, client_for, told):
    told(1)
    notice = Notice.objects.get()
    assert client_for(company.outsider).post(f"/inbox/{notice.pk}/read").status_code == 404
    assert Notice.objects.get().read_at is None


def test_all_are_read_at_once_up_to_the_newest_one_seen(company, client_for, told):
    told(2)
    client = client_for(company[POST])
    newest = Notice.objects.order_by("-pk")[0].pk
    told(1, start=2)
    client.post("/inbox/read", {"newest": newest})
    assert list(Notice.objects.filter(read_at=None).values_list("key", flat=True)) == ["2"]
    assert client.post("/inbox/read", {"newest": "x"}).status_code == 302
    assert Notice.objects.filter(read_at=None).count() == 1


def test_nothing_is_read_by_looking_at_it(company, client_for, told):
    told(1)
    client = client_for(company[POST])
    for address in ("/inbox/", "/inbox/?show=all", "/inbox/bell", "/"):
        client.get(address)
    notice = Notice.objects.get()
    assert client.get(f"/inbox/{notice.pk}/read").status_code == 405
    assert Notice.objects.get().read_at is None


def test_a_long_inbox_goes_on_by_key(company, client_for, told):
    told(51)
    client = client_for(company[POST])
    first = client.get("/inbox/").content.decode()
    following = re.search(r'href="(\?before=\d+)" rel|href="(\?before=\d+)"', first)
    assert following
    second = client.get("/inbox/" + (following[1] or following[2])).content.decode()
    assert (first.count("data-row"), second.count("data-row")) == (50, 1)
    assert "第0件" in second


@pytest.mark.parametrize("address", ["?before=x", "?matter=99999999999999999999", "?kind=no.such", "?show=some"])
def test_an_odd_address_shows_a_page(company, client_for, address):
    assert client_for(company[POST]).get(f"/inbox/{address}").status_code == 200


def test_an_inbox_of_three_costs_as_many_queries_as_one_of_one(company, client_for, told):
    client = client_for(company[POST])
    told(1)
    with CaptureQueriesContext(connection) as one:
        client.get("/inbox/")
    told(2, start=1)
    with CaptureQueriesContext(connection) as three:
        client.get("/inbox/")
    assert len(three) == len(one)


def test_that_something_came_is_told_to_its_person_alone(company, client_for, monkeypatch):
    monkeypatch.setattr(sight, "close_old_connections", lambda: None)  # the test's own is one of them
    event = Event(id=f"inbox:{company[POST].pk}", scope_id=None, person_id=company[POST].pk)
    mine, other = client_for(company[POST]), client_for(company.outsider)
    assert sight.visible_ids(mine.session.session_key, [event]) == [event.id]
    assert sight.visible_ids(other.session.session_key, [event]) == []


def test_hours_that_cannot_be_are_refused_and_stay_as_they_were_typed(company, client_for):
    client = client_for(company[POST])
    answer = client.post("/settings/notices", {"revision": 0, "opens": "25 Uhr", "closes": "20:00", "wanted": []})
    assert answer.status_code == 422
    assert 'value="25 Uhr"' in answer.content.decode()
    assert not Hours.objects.exists()


def test_a_kind_that_is_not_ticked_no_longer_comes(company, client_for, told):
    told(1)
    client = client_for(company[POST])
    others = [f"{kind.key}/inbox" for kind in registry.kinds() if kind.key != "commitments.ended"]
    answer = client.post("/settings/notices", {"revision": 0, "opens": "09:00", "closes": "18:00", "wanted": others})
    assert (answer.status_code, answer["Location"]) == (302, "/settings/notices")
    assert bells(client.get("/")) == []
    assert client.post("/settings/notices", {"revision": 0, "opens": "10:00", "closes": "18:00"}).status_code == 409
