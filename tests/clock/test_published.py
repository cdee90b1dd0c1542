"""Files of official days, as people and programs hand them in."""

from datetime import date

import pytest

from bihuan.clock import ClockError
from bihuan.clock.published import read_notices

ROWS = ("date,is_workday,name", "2027-05-01,0,Labour Day", "2027-05-08,1,make-up")
MAY = [(date(2027, 5, 1), True), (date(2027, 5, 8), False)]


def event(*lines: str) -> str:
    return "\r\n".join(("BEGIN:VEVENT", "UID:1", "SUMMARY:Labour Day", *lines, "END:VEVENT"))


def calendar(*events: str) -> bytes:
    return "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", *events, "END:VCALENDAR", "")).encode()


def table(text: str = "\n".join(ROWS), encoding: str = "utf-8") -> bytes:
    return text.encode(encoding)


def days_of(content: bytes) -> list[tuple[date, bool]]:
    (notice,) = read_notices(content, country="DE")
    return [(day.day, day.is_off) for day in notice.days]


@pytest.mark.parametrize(
    "content",
    [
        table(),
        table("\n".join(ROWS).replace(",", ";")),
        table("\r\n".join(ROWS).replace(",", "\t") + "\r\n\t\t\r\n"),
        table("\n".join(ROWS).replace("2027-05-0", "2027/5/")),
        table("\n".join(ROWS), "gb18030"),
        b'{"year": 2027, "days": [{"date": "2027-05-01", "isOffDay": true}, {"date": "2027/5/8", "isOffDay": false}]}',
        calendar(
            event("DTSTART;VALUE=DATE:20270501", "DTEND;VALUE=DATE:20270502"),
            event("DTSTART;VALUE=DATE:20270508").replace("Labour Day", "上班(补五一)"),
            event("DTSTART;VALUE=DATE:20270509", "STATUS:CANCELLED"),
        ),
    ],
)
def test_the_shapes_of_a_file_say_the_same(content):
    assert days_of(content) == MAY


def test_an_event_with_a_duration_is_all_its_days():
    content = calendar(event("DTSTART;VALUE=DATE:20270501", "DURATION:P3D"))
    assert days_of(content) == [(date(2027, 5, day), True) for day in (1, 2, 3)]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (calendar(event("DTSTART;VALUE=DATE:20200501", "RRULE:FREQ=YEARLY")), "RRULE"),
        (calendar(event("DTSTART;VALUE=DATE:garbage")), "DTSTART"),
        (calendar(event("DTSTART;VALUE=DATE:20270501", "DTSTART;VALUE=DATE:20270502")), "DTSTART"),
        (calendar(event("DTSTART;VALUE=DATE:20270501", "DTEND:garbage")), "DTEND"),
        (calendar(event("DTSTART;VALUE=DATE:20270501", "DURATION:garbage")), ""),
        (calendar(event()), "DTSTART"),
        (table("date,is_workday,isOffDay\n2027-05-01,1,1"), "2027-05-01, 1, 1"),
        (table("date,is_workday\n2027-05-011,0"), "“2027-05-011”"),
        (table("date,is_workday\n2027-W17-6,0"), "“2027-W17-6”"),
        (table("date,is_workday\n2027-02-30,0"), "“2027-02-30”"),
        (b'{"year": 2027, "days": [{"date": "2027-05-01x", "isOffDay": true}]}', "“2027-05-01x”"),
    ],
)
def test_a_day_that_cannot_be_read_is_refused_with_what_stands_there(content, why):
    with pytest.raises(ClockError) as refused:
        read_notices(content, country="DE")
    assert refused.value.code == "clock.notice_unreadable"
    assert why in refused.value.params["why"]
