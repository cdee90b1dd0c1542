"""When somebody may be told: pure rules."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bihuan.notifications.enums import Urgency
from bihuan.notifications.policy import Reach, findings_of_hours, speaks_at


def never(day: date) -> bool:
    return False


def weekend(day: date) -> bool:
    return day.weekday() >= 5


SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")


def instant(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("urgency", "noted", "by", "told"),
    [
        (Urgency.NORMAL, "2026-11-20T19:00", None, "2026-11-20T19:00"),
        (Urgency.NORMAL, "2026-11-20T20:00", None, "2026-11-23T08:00"),
        (Urgency.NORMAL, "2026-11-21T10:00", None, "2026-11-23T08:00"),
        (Urgency.DIGEST, "2026-11-20T10:00", None, "2026-11-23T08:00"),
        (Urgency.DIGEST, "2026-11-23T07:00", None, "2026-11-23T08:00"),
        (Urgency.URGENT, "2026-11-21T22:10", None, "2026-11-21T22:10"),
        (Urgency.NORMAL, "2026-11-21T10:00", "2026-11-23T18:00", "2026-11-23T08:00"),
        (Urgency.NORMAL, "2026-11-21T10:00", "2026-11-23T08:00", "2026-11-21T10:00"),
        (Urgency.NORMAL, "2026-11-21T22:00", "2026-11-22T16:00", "2026-11-22T08:00"),
        (Urgency.DIGEST, "2026-11-21T10:00", "2026-11-22T16:00", "2026-11-22T08:00"),
    ],
)
def test_a_day_of_rest_is_quiet_unless_waiting_for_its_end_would_make_it_useless(urgency, noted, by, told):
    reach = Reach(time(8), time(20), SHANGHAI, weekend)
    assert speaks_at(urgency, instant(noted), reach, by=instant(by) if by else None) == instant(told)


def test_who_rests_for_ever_is_told_at_the_next_opening():
    reach = Reach(time(8), time(20), SHANGHAI, lambda day: True)
    assert speaks_at(Urgency.NORMAL, instant("2026-11-17T10:00"), reach) == instant("2026-11-18T08:00")


@pytest.mark.parametrize(
    ("urgency", "noted", "told"),
    [
        (Urgency.NORMAL, "2026-11-17T10:00", "2026-11-17T10:00"),
        (Urgency.NORMAL, "2026-11-17T08:00", "2026-11-17T08:00"),
        (Urgency.NORMAL, "2026-11-17T07:59:59", "2026-11-17T08:00"),
        (Urgency.NORMAL, "2026-11-17T20:00", "2026-11-18T08:00"),
        (Urgency.NORMAL, "2026-11-17T19:59:59", "2026-11-17T19:59:59"),
        (Urgency.URGENT, "2026-11-21T22:10", "2026-11-21T22:10"),
        (Urgency.DIGEST, "2026-11-17T10:00", "2026-11-18T08:00"),
        (Urgency.DIGEST, "2026-11-17T06:00", "2026-11-17T08:00"),
        (Urgency.DIGEST, "2026-11-17T08:00", "2026-11-18T08:00"),
    ],
)
def test_what_is_not_urgent_waits_for_the_hours_and_a_digest_for_the_next_opening(urgency, noted, told):
    reach = Reach(time(8), time(20), SHANGHAI, never)
    assert speaks_at(urgency, instant(noted), reach) == instant(told)


def test_the_clock_is_that_of_the_receivers_site():
    noon_in_shanghai = instant("2026-11-17T12:00")
    at_home = Reach(time(8), time(20), BERLIN, never)
    assert speaks_at(Urgency.NORMAL, noon_in_shanghai, at_home) == instant("2026-11-17T08:00", BERLIN)


def test_the_day_the_clock_is_put_forward_opens_at_the_same_hour_on_the_wall():
    reach = Reach(time(8), time(20), BERLIN, never)
    told = speaks_at(Urgency.NORMAL, instant("2026-03-28T21:00", BERLIN), reach)
    assert (told, told.utcoffset().total_seconds()) == (instant("2026-03-29T08:00", BERLIN), 7200)


@pytest.mark.parametrize(
    ("opens", "closes", "codes"),
    [
        (time(8), time(20), []),
        (time(8), time(9), []),
        (time(8), time(8, 59), ["notifications.hours_too_short"]),
        (time(20), time(8), ["notifications.hours_too_short"]),
        (None, time(8), ["notifications.hours_unreadable"]),
    ],
)
def test_hours_leave_at_least_one_hour(opens, closes, codes):
    assert [finding.code for finding in findings_of_hours(opens, closes)] == codes
