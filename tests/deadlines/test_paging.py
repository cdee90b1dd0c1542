"""Long lists go on by key, soonest first."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.access import operations as access
from bihuan.access.enums import Level, Role
from bihuan.api import deadlines as api
from bihuan.deadlines import queries
from bihuan.deadlines.models import Deadline
from bihuan.kernel.subjects import SubjectRef
from bihuan.web.deadlines import views
from tests.approvals.cast import AT
from tests.deadlines.running import begin, instant

DUE = instant("2026-12-01 18:00")


@pytest.fixture
def five(cast):
    """Two of them due at the same instant."""
    access.admit(cast.scope_id, cast.head_key, role=Role.HEAD, level=Level.READ, via="head", at=AT)
    root = SubjectRef("collaboration", 987)
    for number, hours in enumerate((3, 1, 1, 2, 4)):
        at = DUE.replace(hour=10 + hours)
        begin(cast, "T21", root=root, subject=SubjectRef("task", number), due_at=at, what=f"任务 {number}")
    return cast


def test_what_is_behind_a_key_goes_on_and_what_is_no_key_begins_anew(five):
    actor = five.actor("head")
    rows = list(queries.watched_by(actor, at=AT))
    assert [row.what for row in rows] == ["任务 1", "任务 2", "任务 3", "任务 0", "任务 4"]
    for seen in range(1, 5):
        key = queries.key_of(rows[seen - 1])
        assert list(queries.watched_by(actor, at=AT, after=key)) == rows[seen:]
    for odd in ("x", "-", "20261201T000000.000000Z", f"20261201T000000.000000Z-{'9' * 19}", "²-1", "\x00-3"):
        assert list(queries.watched_by(actor, at=AT, after=odd)) == rows


def test_the_page_and_the_api_show_the_rest_on_the_next_ones(five, client_for, monkeypatch):
    monkeypatch.setattr(views, "SHOWN", 2)
    monkeypatch.setattr(api, "MOST", 2)
    client, counts = client_for(five.head), []
    client.get("/deadlines/")
    shown, address = [], "/deadlines/"
    while address:
        with CaptureQueriesContext(connection) as made:
            page = client.get(address).content.decode()
        counts.append(len(made))
        shown.append(page.count("data-row"))
        address = page.partition('class="btn small plain" href="')[2].partition('" rel="next"')[0].replace("&amp;", "&")
        address = f"/deadlines/{address}" if address else ""
    assert (shown, len(set(counts))) == ([2, 2, 1], 1)
    found, key = [], ""
    for _page in range(3):
        said = client.get("/api/v1/deadlines", {"before": key} if key else {}).json()
        found += [each["id"] for each in said["items"]]
        key = said["next"]
    assert (found, key) == (list(Deadline.objects.order_by("due_at", "pk").values_list("pk", flat=True)), None)
