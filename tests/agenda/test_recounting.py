"""A calendar changes: what would move is shown first, what was shown is what is done, and typed instants stay."""

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from bihuan.access import operations as access
from bihuan.access.enums import Level, Role
from bihuan.agenda import operations, queries
from bihuan.agenda.errors import PreviewStale
from bihuan.agenda.models import Recount
from bihuan.agenda.operations import Change
from bihuan.agenda.queries import OfRule
from bihuan.collaborations.enums import LoopKind
from bihuan.collaborations.operations.loops import Wanted, open_loops
from bihuan.deadlines import operations as deadlines
from bihuan.deadlines.models import Deadline
from bihuan.deadlines.notices import said_of_moved
from bihuan.deadlines.operations import Start
from bihuan.kernel import principals
from bihuan.kernel.actor import SYSTEM
from bihuan.kernel.errors import NotAllowed, Refused
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger.verification import verify
from bihuan.notifications.models import Notice
from bihuan.organisation import operations as organisation
from bihuan.organisation.models import CalendarDay, OfficialYear
from bihuan.organisation.operations import DayValues
from bihuan.outbox import operations as outbox
from bihuan.outbox.models import Delivery
from bihuan.worker import jobs
from tests.api.conftest import program  # noqa: F401  a program that calls the API
from tests.campaign import Campaign
from tests.web.test_calendars import NOTICE
from tests.witness import everything, facts_since, last_entry, names_since, refused

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 18)
WORDS = {"day": "2026-11-18", "kind": "CLOSED", "name": "盘点", "revision": "0"}


@pytest.fixture
def campaign(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> Campaign:
    scope_id, at = campaign.collaboration.scope_id, campaign.at
    access.admit(scope_id, principals.PMO, role=Role.PMO, level=Level.READ, via="office", at=at)
    monkeypatch.setattr("bihuan.web.middleware.now", lambda: campaign.at)
    return campaign


def begin(campaign: Campaign, number: int = 1, limit_at: datetime | None = None, **about: Any) -> Deadline:
    """A decision asked of the head of the marketing department within two working days."""
    start = Start(
        subject=SubjectRef("signoff", number), owner=campaign.company.head("市场部"), what=f"会签 {number}",
        **({"due_at": limit_at} if limit_at else {}), **about,
    )  # fmt: skip
    (made,) = deadlines.start(
        "T29", [start], root=SubjectRef("collaboration", campaign.collaboration.pk),
        scope_id=campaign.collaboration.scope_id, actor=campaign.actor("产品经理"), at=campaign.at,
    )  # fmt: skip
    return made


def closing(campaign: Campaign, day: date = DAY) -> Change:
    def act() -> None:
        organisation.set_day(
            None, day=day, values=DayValues(kind="CLOSED", name="盘点"), seen_revision=0,
            actor=campaign.actor("PMO专员"), at=campaign.at,
        )  # fmt: skip

    return Change(act, {"day": day.isoformat()}, None, f"{day} CLOSED 盘点")


def work_off(campaign: Campaign) -> None:
    """What the worker does with the deliveries of this room."""
    assert jobs.recount is not None
    for _number in range(20):
        open_ones = Delivery.objects.filter(topic=operations.RECOUNT, state="PENDING")
        if not open_ones.exists():
            return
        outbox.run_once(at=campaign.at, limit=50)


def test_the_preview_says_what_moves_from_where_to_where_and_keeps_nothing(campaign: Campaign) -> None:
    deadline = begin(campaign)
    before = everything()
    found = operations.preview_change(closing(campaign), actor=campaign.actor("PMO专员"), at=campaign.at)
    assert everything() == before
    (moved,) = found.shown
    assert (found.count, found.hidden, moved.deadline.pk, moved.before) == (1, 0, deadline.pk, deadline.due_at)
    assert moved.after - moved.before == timedelta(days=1)


def test_what_was_previewed_is_what_happens_and_both_stand_in_the_ledger(campaign: Campaign) -> None:
    deadline, actor = begin(campaign), campaign.actor("PMO专员")
    found = operations.preview_change(closing(campaign), actor=actor, at=campaign.at)
    entry = last_entry()
    recount = operations.change_calendar(closing(campaign), seen=found.digest, actor=actor, at=campaign.at)
    assert recount is not None
    assert names_since(entry) == ["organisation.calendar.day_set", "agenda.recount.begun"]
    assert facts_since(entry, "agenda.recount.begun")[0]["preview"] == found.digest
    assert Deadline.objects.get().due_at == deadline.due_at
    work_off(campaign)
    assert Deadline.objects.get().due_at == found.shown[0].after
    (told,) = facts_since(entry, "deadlines.deadlines.moved")
    assert [each["deadline_id"] for each in told["deadlines"]] == [deadline.pk]
    recount.refresh_from_db()
    assert (recount.total, recount.done, recount.moved, recount.finished_at) == (1, 1, 1, campaign.at)
    assert names_since(entry)[-1] == "agenda.recount.finished"
    assert verify().problems == []


def test_the_loop_of_a_decision_and_whoever_owes_it_follow_the_calendar(campaign: Campaign) -> None:
    collaboration = campaign.collaboration
    (slot,) = open_loops(
        collaboration,
        [Wanted(LoopKind.FORM, SubjectRef("signoff", 1), campaign.company.head("市场部"), due_at=campaign.at)],
        at=campaign.at,
    )
    deadline = begin(campaign)
    operations.change_calendar(closing(campaign), seen=None, actor=SYSTEM, at=campaign.at)
    work_off(campaign)
    deadline.refresh_from_db()
    slot.refresh_from_db()
    assert slot.due_at == deadline.due_at
    (notice,) = Notice.objects.filter(kind="deadlines.moved")
    assert notice.person == campaign.company.people["市场部负责人"]
    moved = timezone.localtime(deadline.due_at)
    assert f"{moved:%Y-%m-%d %H:%M}" in said_of_moved(notice.params)


def test_a_typed_instant_never_moves(campaign: Campaign) -> None:
    begin(campaign, limit_at=datetime.fromisoformat("2026-11-18T17:00+08:00"))
    found = operations.preview_change(closing(campaign), actor=campaign.actor("PMO专员"), at=campaign.at)
    assert (found.count, found.shown) == (0, ())
    assert operations.change_calendar(closing(campaign), seen=None, actor=SYSTEM, at=campaign.at) is None
    assert not Recount.objects.exists()


def test_a_preview_that_is_overtaken_saves_nothing(campaign: Campaign) -> None:
    begin(campaign)
    found = operations.preview_change(closing(campaign), actor=campaign.actor("PMO专员"), at=campaign.at)
    begin(campaign, 2)
    with refused(PreviewStale):
        operations.change_calendar(
            closing(campaign), seen=found.digest, actor=campaign.actor("PMO专员"), at=campaign.at
        )
    with refused(PreviewStale):
        operations.change_calendar(
            closing(campaign, DAY + timedelta(days=30)), seen=found.digest, actor=campaign.actor("PMO专员"),
            at=campaign.at,
        )  # fmt: skip


def test_a_preview_tells_no_more_than_the_reader_may_read(campaign: Campaign) -> None:
    begin(campaign)
    found = operations.preview_change(closing(campaign), actor=campaign.company.actor("财务专员"), at=campaign.at)
    assert (found.count, found.shown, found.hidden) == (1, (), 1)


def test_what_may_not_be_done_is_not_previewed_either(campaign: Campaign) -> None:
    def act() -> None:
        organisation.set_day(
            None, day=DAY, values=DayValues(kind="CLOSED"), seen_revision=0, actor=campaign.actor("产品经理"),
            at=campaign.at,
        )  # fmt: skip

    with refused(NotAllowed):
        operations.preview_change(Change(act, {}, None, ""), actor=campaign.actor("产品经理"), at=campaign.at)


def test_a_chunk_carried_out_twice_moves_nothing_twice(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bihuan.agenda.operations.recounting.CHUNK", 2)
    for number in range(1, 6):
        begin(campaign, number)
    recount = operations.change_calendar(closing(campaign), seen=None, actor=SYSTEM, at=campaign.at)
    assert recount is not None
    work = {"id": recount.pk, "after": 0}
    assert operations.follow_recount(work, actor=SYSTEM, at=campaign.at) == 2
    entry = last_entry()
    assert operations.follow_recount(work, actor=SYSTEM, at=campaign.at) == 0
    assert last_entry() == entry
    work_off(campaign)
    recount.refresh_from_db()
    assert (recount.done, recount.moved) == (5, 5)
    assert queries.recounts()[0].finished_at == campaign.at
    assert facts_since(entry, "agenda.recount.finished") == [
        {"name": "agenda.recount.finished", "recount_id": recount.pk, "counted": 5, "moved": 5}
    ]


def test_a_calendar_without_a_working_hour_is_refused_before_anybody_looks(campaign: Campaign) -> None:
    begin(campaign)

    def act() -> None:
        organisation.set_hours(
            None, starts_on=DAY, values=organisation.HoursValues(hours="Mon 09:00-09:00", country="CN"),
            seen_revision=0, actor=campaign.actor("PMO专员"), at=campaign.at,
        )  # fmt: skip

    with refused(Refused):
        operations.preview_change(Change(act, {}, None, ""), actor=campaign.actor("PMO专员"), at=campaign.at)


def test_the_page_shows_what_moves_and_saves_what_was_looked_at(campaign: Campaign, client_for: Any) -> None:
    deadline = begin(campaign)
    pmo: Client = client_for(campaign.company["PMO专员"])
    looked = pmo.post("/calendars/0/day", WORDS)
    page = looked.content.decode()
    assert (looked.status_code, CalendarDay.objects.exists(), "审批与签署：会签 1" in page) == (200, False, True)
    assert campaign.refreshed().title in page
    assert "11月18日 周三 18:00" in page or "11月19日 周四 18:00" in page
    seen = page.partition('name="previewed" value="')[2].partition('"')[0]
    assert pmo.post("/calendars/0/day", WORDS | {"previewed": seen}).status_code == 302
    assert CalendarDay.objects.get().day == DAY
    assert "重新计算的时限" in pmo.get("/calendars/").content.decode()
    work_off(campaign)
    assert Deadline.objects.get().due_at == deadline.due_at + timedelta(days=1)


def test_the_page_says_when_others_would_move_by_now_and_keeps_what_was_typed(
    campaign: Campaign, client_for: Any
) -> None:
    begin(campaign)
    pmo: Client = client_for(campaign.company["PMO专员"])
    seen = (
        pmo.post("/calendars/0/day", WORDS).content.decode().partition('name="previewed" value="')[2].partition('"')[0]
    )
    begin(campaign, 2)
    again = pmo.post("/calendars/0/day", WORDS | {"previewed": seen})
    page = again.content.decode()
    assert (again.status_code, CalendarDay.objects.exists()) == (409, False)
    assert "与您看到的不同" in page
    assert ("会签 2" in page, 'name="name" value="盘点"' in page) == (True, True)


def test_of_very_many_so_many_are_looked_at_and_the_next_ones_behind_the_last(
    campaign: Campaign, client_for: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two are looked at and one is listed at a time; what is saved is bound to all looks, and moves all."""
    monkeypatch.setattr("bihuan.agenda.operations.recounting.LOOKED", 2)
    monkeypatch.setattr("bihuan.agenda.operations.recounting.SHOWN", 1)
    made = [begin(campaign, number) for number in range(1, 4)]
    actor = campaign.actor("PMO专员")
    found = operations.preview_change(closing(campaign), actor=actor, at=campaign.at)
    listed, digests = list[int](), list[str]()
    for looked, rest in ((2, 1), (2, 0), (1, 0)):
        assert (found.looked, found.rest, found.hidden) == (looked, rest, 0)
        listed += [each.deadline.pk for each in found.shown]
        digests.append(found.digest)
        following = found.following
        found = operations.preview_change(
            closing(campaign), actor=actor, at=campaign.at, after=following or 0, previewed=found.digest
        )
    assert (listed, following, found.digest) == ([each.pk for each in made], None, digests[0])
    assert ([each.partition(".")[0] for each in digests], len(set(digests))) == (["1", "2", "3"], 3)
    assert (found.count, len(found.shown), found.unlisted) == (2, 1, 1)
    assert found.rules == (OfRule("T29", 2, 0),)

    pmo: Client = client_for(campaign.company["PMO专员"])
    page = pmo.post("/calendars/0/day", WORDS).content.decode()
    assert ("会签 1" in page, "会签 2" in page, "看了 2 个进行中的时限" in page) == (True, False, True)
    assert ("包括没有列出和尚未查看的" in page, "下面列出 1 个" in page, "按规则汇总" in page) == (True, True, True)
    assert "什么都不保存" in page
    seen = page.partition('name="previewed" value="')[2].partition('"')[0]
    after = page.partition('name="after" value="')[2].partition('"')[0]
    further = pmo.post("/calendars/0/day", WORDS | {"previewed": seen, "after": after})
    page = further.content.decode()
    assert (further.status_code, "会签 1" in page, "会签 2" in page) == (200, False, True)
    both = page.partition('name="previewed" value="')[2].partition('"')[0]
    assert (both != seen, CalendarDay.objects.exists()) == (True, False)
    Deadline.objects.filter(pk=made[2].pk).update(due_at=made[2].due_at - timedelta(hours=1))
    stale = pmo.post("/calendars/0/day", WORDS | {"previewed": both})
    assert (stale.status_code, CalendarDay.objects.exists()) == (409, False)
    Deadline.objects.filter(pk=made[2].pk).update(due_at=made[2].due_at)
    assert pmo.post("/calendars/0/day", WORDS | {"previewed": both}).status_code == 302
    work_off(campaign)
    moved = Deadline.objects.order_by("pk")
    assert [row.due_at - old.due_at for row, old in zip(moved, made, strict=True)] == [timedelta(days=1)] * 3


@pytest.mark.parametrize("seen", ["", "x", "0.", "2.", "999.ab", "1." + "0" * 64])
def test_what_is_no_digest_of_a_look_binds_nothing(campaign: Campaign, seen: str) -> None:
    begin(campaign)
    before = everything()
    with pytest.raises(PreviewStale):
        operations.change_calendar(closing(campaign), seen=seen, actor=campaign.actor("PMO专员"), at=campaign.at)
    assert everything() == before


def test_where_nothing_moved_so_far_and_more_run_all_are_counted_anew(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bihuan.agenda.operations.recounting.LOOKED", 1)
    short = begin(campaign)
    Deadline.objects.filter(pk=short.pk).update(counts="1wd", due_at=campaign.at.replace(hour=10))
    short.refresh_from_db()
    late = begin(campaign, 2)
    change = closing(campaign)
    found = operations.preview_change(change, actor=campaign.actor("PMO专员"), at=campaign.at)
    assert (found.rest, found.is_nothing) == (1, False)
    assert operations.change_calendar(change, seen=found.digest, actor=SYSTEM, at=campaign.at) is not None
    work_off(campaign)
    assert Deadline.objects.get(pk=late.pk).due_at == late.due_at + timedelta(days=1)


def test_a_year_that_is_loaded_counts_provisional_deadlines_anew(campaign: Campaign, client_for: Any) -> None:
    campaign.at = datetime.fromisoformat("2027-01-04T10:00+08:00")
    assert begin(campaign).is_provisional
    pmo: Client = client_for(campaign.company["PMO专员"])
    words = {"country": "CN", "text": json.dumps(NOTICE)}
    page = pmo.post("/calendars/official", words).content.decode()
    assert not OfficialYear.objects.exists()
    seen = page.partition('name="previewed" value="')[2].partition('"')[0]
    assert pmo.post("/calendars/official", words | {"previewed": seen}).status_code == 302
    work_off(campaign)
    assert Deadline.objects.get().is_provisional is False


def test_the_api_previews_and_binds_the_change_to_it(campaign: Campaign, program: Any) -> None:  # noqa: F811
    begin(campaign)
    caller = program("PMO专员")
    change = {"day": "2026-11-18", "kind": "CLOSED", "name": "盘点", "seen_revision": 0}
    found = caller.post("/calendars/0/preview", {"day": change}).json()
    assert (found["count"], [each["what"] for each in found["moved"]], found["hidden"]) == (1, ["会签 1"], 0)
    begin(campaign, 2)
    assert caller.post("/calendars/0/days", change | {"previewed": found["previewed"]}).status_code == 409
    again = caller.post("/calendars/0/preview", {"day": change}).json()
    assert (again["looked"], again["rest"], again["next"]) == (2, 0, None)
    more = {"day": change, "after": 2**62, "previewed": again["previewed"]}
    further = caller.post("/calendars/0/preview", more).json()
    assert further["previewed"].startswith("2.")
    assert (further["looked"], further["count"]) == (0, 0)
    assert caller.post("/calendars/0/days", change | {"previewed": again["previewed"]}).status_code == 200
    assert Recount.objects.get().total == 2
    assert caller.post("/calendars/0/preview", {}).status_code == 422
