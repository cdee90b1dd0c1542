"""AS25, AS26: other hours, other zones and monthly figures, as far as the clock and the deadlines carry them."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bihuan import clock
from bihuan.clock.asking import calendar_for
from bihuan.clock.cadences import close_of_nth_working_day, daily
from bihuan.deadlines import operations
from bihuan.deadlines.models import Deadline
from bihuan.kernel.subjects import SubjectRef
from bihuan.notifications.models import Notice
from bihuan.organisation.queries import schedule_of_site
from tests.approvals.cast import ROOT, Cast, facts_named, make_cast

SHANGHAI = ZoneInfo("Asia/Shanghai")
HEADQUARTERS = calendar_for("Asia/Shanghai", "CN", "09:00-12:00,13:00-18:00")
BERLIN = calendar_for("Europe/Berlin", "DE", "09:00-18:00")
URUMQI = calendar_for("Asia/Shanghai", "CN", "10:00-14:00,15:30-19:30")  # its hours are told in Beijing time
HALF = timedelta(minutes=30)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def windows(day: str, *places) -> list[str]:
    """The half hours of a day in which people work everywhere, joined."""
    begins = [at(day) + number * HALF for number in range(48)]
    common = [begin for begin in begins if all(clock.is_working(place, begin) for place in places)]
    opens = [begin for begin in common if begin - HALF not in common]
    closes = [begin + HALF for begin in common if begin + HALF not in common]
    return [f"{opened:%H:%M}-{closed:%H:%M}" for opened, closed in zip(opens, closes, strict=True)]


@pytest.mark.parametrize(("friday", "there", "works"), [("2026-10-23", 9, True), ("2026-10-30", 8, False)])
def test_the_meeting_of_friday_afternoon_leaves_the_hours_of_berlin_when_summer_time_ends(friday, there, works):
    meeting = at(f"{friday} 15:00")
    assert meeting.astimezone(ZoneInfo("Europe/Berlin")).hour == there
    assert clock.is_working(BERLIN, meeting) is works
    assert clock.is_working(BERLIN, at(f"{friday} 16:00"))
    assert windows(friday, HEADQUARTERS, BERLIN) == [f"{15 if works else 16}:00-18:00"]


def test_the_hours_of_urumqi_and_of_headquarters_have_three_windows_in_common():
    assert not clock.is_working(URUMQI, at("2026-10-23 09:00"))
    assert windows("2026-10-23", HEADQUARTERS, URUMQI) == ["10:00-12:00", "13:00-14:00", "15:30-18:00"]
    update = daily(URUMQI, date(2026, 10, 23))
    assert (update, clock.is_working(URUMQI, update)) == (at("2026-10-23 17:00"), True)


@pytest.fixture
def cast(db) -> Cast:
    return make_cast()


def test_monthly_figures_are_due_on_the_third_working_day_and_once_however_often_the_period_is_opened(cast):
    september = {"year": 2026, "month": 10}
    figures, whole = (close_of_nth_working_day(schedule_of_site(None), **september, number=day) for day in (3, 5))
    assert (figures, whole) == (at("2026-10-10 18:00"), at("2026-10-13 18:00"))
    parts = {"区域销售": cast.head_key, "供应链库存": cast.other_key}
    wanted = [
        operations.Start(subject=SubjectRef("period", 9), part=part, owner=owner, what=part, due_at=figures)
        for part, owner in parts.items()
    ]
    by = {"root": ROOT, "actor": cast.actor("author")}
    for _run in range(2):
        operations.start("T21", wanted, scope_id=cast.scope_id, at=at("2026-10-01 00:05"), **by)
    assert Deadline.objects.count() == 2
    given = {"rules": ["T21"], "at": at("2026-10-10 16:00"), **by}
    operations.fulfil(SubjectRef("period", 9), parts=["区域销售"], **given)
    operations.scan(at=at("2026-10-10 18:01"))
    (late,) = facts_named("deadlines.deadline.warned")
    assert (late["what"], late["owner"], late["level"]) == ("供应链库存", cast.other_key, 4)
    assert cast.other_head in {notice.person for notice in Notice.objects.select_related("person")}
