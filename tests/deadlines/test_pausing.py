"""A decision waits for somebody outside: its clock is stopped, shown, told, and goes on."""

from datetime import timedelta

import pytest

from bihuan.collaborations.models import Loop
from bihuan.deadlines import errors, operations
from bihuan.deadlines.models import Deadline
from bihuan.deadlines.operations.pausing import REASON_LIMIT
from bihuan.kernel.errors import Refused
from bihuan.notifications.models import Notice
from bihuan.notifications.registry import kind_called
from tests.approvals.cast import AT
from tests.deadlines.running import begin, instant
from tests.witness import facts_since, last_entry, refused

HEAD, PEER = "市场部负责人", "技术部负责人"
REASON = "等供应商报价"


@pytest.fixture
def asked(campaign, monkeypatch):
    """The head of marketing has two working days to answer; the pages live at the campaign's instant."""
    campaign.request()
    monkeypatch.setattr("bihuan.web.middleware.now", lambda: campaign.at)
    return campaign


def mine(asked) -> Deadline:
    return Deadline.objects.get(rule="T29", owner=asked.company.head("市场部"))


def test_who_must_decide_stops_his_clock_and_everybody_concerned_sees_why(asked, client_for):
    made, before = mine(asked), last_entry()
    client = client_for(asked.company[HEAD])
    address = f"/deadlines/{made.pk}/"
    assert f'action="{address}pause"' in client.get(address).content.decode()
    typed = {"reason": REASON, "seen_revision": made.revision}
    assert client.post(f"{address}pause", typed, follow=True).redirect_chain == [(address, 302)]
    made.refresh_from_db()
    assert (made.state, made.pause_reason, made.next_at) == ("PAUSED", REASON, None)
    assert facts_since(before, "deadlines.deadline.paused") == [
        {
            "name": "deadlines.deadline.paused", "deadline_id": made.pk, "rule": "T29", "what": made.what,
            "reason": REASON,
        }
    ]  # fmt: skip
    assert Loop.objects.get(kind="SIGNOFF", owner=made.owner).due_at is None
    told = list(Notice.objects.filter(kind="deadlines.paused"))
    speaker = asked.collaboration.parties.get(department=asked.company.departments["市场部"]).contact
    assert {notice.person for notice in told} == {asked.company["产品经理"], speaker}
    assert all(REASON in kind_called(notice.kind).say(notice.params) for notice in told)
    Notice.objects.all().delete()
    for days, heard in ((6, 0), (7, 3), (7, 3), (14, 6)):
        operations.remind_of_pauses(at=asked.at + timedelta(days=days, minutes=1))
        assert Notice.objects.filter(kind="deadlines.paused").count() == heard
    reminders = Notice.objects.filter(person=speaker).order_by("pk")
    assert [kind_called(each.kind).say(each.params)[:9] for each in reminders] == ["已暂停计时 1 周", "已暂停计时 2 周"]
    asked.wait(days=3)
    for post in (HEAD, "产品经理"):
        shown = client_for(asked.company[post]).get(address).content.decode()
        assert (REASON in shown, "累计暂停" in shown, "3 天" in shown) == (True, True, True)
    desk = client.get("/").content.decode()
    mark = desk[desk.index(f'href="{address}"') :][:300]
    assert "暂停" in mark
    assert "暂停" in client.get(f"/matters/{asked.collaboration.pk}/timeline").content.decode()


def test_who_waits_lets_it_go_on_and_the_desk_says_the_new_instant(asked, client_for):
    made = operations.pause(mine(asked), reason=REASON, seen_revision=0, actor=asked.actor(HEAD), at=asked.at)
    asked.wait(days=7)
    before = last_entry()
    address = f"/deadlines/{made.pk}/"
    client = client_for(asked.company["产品经理"])
    assert f'action="{address}resume"' in client.get(address).content.decode()
    assert client.post(f"{address}resume", {"seen_revision": made.revision}).status_code == 302
    on = mine(asked)
    assert (on.state, on.paused_for, on.pause_reason, on.due_at > made.due_at) == (
        "RUNNING", timedelta(days=7), "", True,
    )  # fmt: skip
    assert Loop.objects.get(kind="SIGNOFF", owner=made.owner).due_at == on.due_at
    assert [fact["paused_minutes"] for fact in facts_since(before, "deadlines.deadline.resumed")] == [7 * 1440]
    notice = Notice.objects.filter(kind="deadlines.paused", person=asked.company[HEAD]).get()
    assert "计时已恢复" in kind_called(notice.kind).say(notice.params)


def test_the_pmo_lets_a_clock_go_on_but_does_not_stop_one(asked):
    pmo = asked.actor("PMO专员")
    with refused(errors.NotYoursToPause, "deadlines.not_yours_to_pause"):
        operations.pause(mine(asked), reason=REASON, seen_revision=0, actor=pmo, at=asked.at)
    made = operations.pause(mine(asked), reason=REASON, seen_revision=0, actor=asked.actor(HEAD), at=asked.at)
    with refused(errors.NotYoursToPause, "deadlines.not_yours_to_pause"):
        operations.resume(made, seen_revision=1, actor=asked.actor(PEER), at=asked.at)
    assert operations.resume(made, seen_revision=1, actor=pmo, at=asked.at).state == "RUNNING"


def test_what_was_typed_stays_when_the_clock_cannot_be_stopped(asked, client_for):
    made = mine(asked)
    client = client_for(asked.company[HEAD])
    empty = client.post(f"/deadlines/{made.pk}/pause", {"reason": " ", "seen_revision": made.revision})
    assert (empty.status_code, "没有写明在等待什么" in empty.content.decode()) == (422, True)
    stale = client.post(f"/deadlines/{made.pk}/pause", {"reason": REASON, "seen_revision": 9})
    assert (stale.status_code, REASON in stale.content.decode()) == (409, True)
    made.refresh_from_db()
    assert made.state == "RUNNING"
    peer = client_for(asked.company[PEER])
    assert "/pause" not in peer.get(f"/deadlines/{made.pk}/").content.decode()


def test_the_api_stops_a_clock_and_lets_it_go_on(asked, client_for):
    made = mine(asked)
    client = client_for(asked.company[HEAD])
    address = f"/api/v1/deadlines/{made.pk}"

    def sent(act, key, said):
        headers = {"idempotency-key": key * 16}
        return client.post(f"{address}/{act}", said, content_type="application/json", headers=headers)

    assert sent("pause", "a", {"reason": REASON, "seen_revision": 0}).json() == {
        "kind": "deadline", "id": made.pk, "href": address, "state": "PAUSED", "revision": 1,
    }  # fmt: skip
    assert sent("pause", "b", {"reason": REASON, "seen_revision": 0}).status_code == 409
    asked.wait(days=1)
    on = sent("resume", "c", {"seen_revision": 1})
    assert (on.status_code, on.json()["state"]) == (200, "RUNNING")
    whole = client.get(address).json()
    assert (whole["paused_seconds"], whole["pause_reason"], whole["counts"]) == (86400, "", "2wd")


@pytest.mark.django_db
def test_a_reason_has_room_for_five_hundred_characters(cast):
    made = begin(cast)
    with refused(Refused, "deadlines.reason_too_long"):
        operations.pause(made, reason="等" * (REASON_LIMIT + 1), seen_revision=0, actor=cast.actor("head"), at=AT)
    operations.pause(made, reason="等" * REASON_LIMIT, seen_revision=0, actor=cast.actor("head"), at=AT)
    with refused(errors.DeadlineStale, "deadlines.stale"):
        operations.pause(made, reason=REASON, seen_revision=0, actor=cast.actor("head"), at=AT)
    operations.resume(made, seen_revision=1, actor=cast.actor("head"), at=instant("2026-11-20 12:00"))
    with refused(errors.DeadlineStale, "deadlines.stale"):
        operations.resume(made, seen_revision=2, actor=cast.actor("head"), at=instant("2026-11-20 12:00"))
