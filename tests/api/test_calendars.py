"""Working calendars through the API."""

import pytest

from bihuan.kernel.actor import SYSTEM
from bihuan.organisation import operations
from bihuan.organisation.models import Calendar, CalendarDay, OfficialYear, WorkingHours
from tests.api.conftest import codes
from tests.organisation.test_calendars import LAW
from tests.witness import facts_since, last_entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(company, at) -> int:
    return operations.add_site(name="柏林", time_zone="Europe/Berlin", actor=SYSTEM, at=at).pk


def test_a_limit_at_a_place_is_answered_with_why(program, site):
    asked = {"start": "2026-09-30T15:00+08:00", "limit": "3wd"}
    found = program("无岗位").post(f"/calendars/{site}/due", asked).json()
    assert (found["due"], found["provisional"]) == ("2026-10-05T18:00:00+02:00", False)
    assert found["explanation"]["en"].startswith("received Wed 30 Sep 2026 09:00 + 3 working days → Mon 5 Oct 18:00;")
    assert "柏林" in found["explanation"]["zh-hans"]
    here = program("无岗位").post(
        "/calendars/0/due", {"start": "2026-11-20T16:30", "limit": "2h", "profile": "work-aware"}
    )
    assert here.json()["due"] == "2026-11-23T09:30:00+08:00"


@pytest.mark.parametrize(
    ("asked", "code", "place"),
    [
        ({"start": "2026-11-20T16:30", "limit": "-2h"}, "clock.limit_not_positive", "limit"),
        ({"start": "2026-11-20T16:30", "limit": "999999999h"}, "clock.limit_too_long", "limit"),
        ({"start": "soon", "limit": "2h"}, "clock.start_unreadable", "start"),
        ({"start": "2026-03-29T02:30", "limit": "2h"}, "clock.time_skipped", "start"),
        ({"start": "2026-10-25T02:30", "limit": "2h"}, "clock.time_twice", "start"),
        ({"start": "2026-11-20T16:30", "limit": "2h", "profile": "fast"}, "clock.profile_unknown", "profile"),
    ],
)
def test_a_question_that_cannot_be_read_is_refused_with_the_way_out(program, refuses, site, asked, code, place):
    assert codes(refuses(422, program("无岗位").post, f"/calendars/{site}/due", asked)) == [(code, place)]
    refuses(404, program("无岗位").post, "/calendars/987654/due", asked)


def test_the_pmo_edits_a_calendar_and_everybody_reads_it(program, refuses, site):
    pmo, path, before = program("PMO专员"), f"/calendars/{site}", last_entry()
    hours = {"starts_on": "2026-01-01", "hours": "09:00-18:00", "country": "DE-BE", "seen_revision": 0}
    refuses(403, program("管理员").post, f"{path}/hours", hours)
    assert pmo.post(f"{path}/hours", hours).json()["revision"] == 1
    day = {"day": "2026-12-24", "kind": "HALF_DAY", "hours": "09:00-12:00", "name": "Heiligabend", "seen_revision": 1}
    assert pmo.post(f"{path}/days", day).json() == {
        "kind": "calendar", "id": site, "href": f"/api/v1{path}", "state": "SAVED", "revision": 2,
    }  # fmt: skip
    refuses(409, pmo.post, f"{path}/days", day | {"kind": "CLOSED"})
    assert codes(refuses(422, pmo.post, f"{path}/days", day | {"kind": "X", "seen_revision": 2})) == [
        ("organisation.value_unknown", "kind")
    ]
    found = program("无岗位").get(path, year=2026).json()
    assert (found["revision"], found["now"]["hours"], found["is_published"]) == (2, "09:00-18:00", True)
    assert {
        "day": "2026-12-24",
        "kind": "HALF_DAY",
        "name": "Heiligabend",
        "hours": "09:00-12:00",
        "is_worked": True,
    } in (found["days"])
    assert pmo.post(f"{path}/days/clear", {"day": "2026-12-24", "seen_revision": 2}).json()["revision"] == 3
    assert (WorkingHours.objects.count(), CalendarDay.objects.count()) == (1, 0)
    assert [fact["name"].rpartition(".")[2] for fact in facts_since(before) if "calendar" in fact["name"]] == [
        "hours_set", "day_set", "day_cleared",
    ]  # fmt: skip
    names = [card["name"] for card in program("无岗位").get("/calendars").json()["items"]]
    assert names == ["", "柏林"]


@pytest.mark.parametrize(
    ("hours", "code"),
    [
        ("09:00-18:00,12:00-13:00", "clock.shifts_overlap"),
        ("18:00-09:00", "clock.shift_backwards"),
        ("Mon 09:00-12:00; Mon 13:00-18:00", "clock.weekday_twice"),
        ("; ;", "clock.hours_unreadable"),
    ],
)
def test_hours_that_contradict_each_other_or_leave_nobody_at_work_are_refused(program, refuses, site, hours, code):
    asked = {"starts_on": "2026-01-01", "hours": hours, "country": "DE", "seen_revision": 0}
    assert codes(refuses(422, program("PMO专员").post, f"/calendars/{site}/hours", asked)) == [(code, "hours")]
    assert (WorkingHours.objects.count(), Calendar.objects.count()) == (0, 0)


def test_an_official_year_is_loaded_whole_or_not_at_all(program, refuses, company):
    pmo = program("PMO专员")
    days = [{"date": day, "isOffDay": True, "name": "节日"} for day in LAW]
    asked = {"country": "CN", "year": 2027, "days": days[1:]}
    assert codes(refuses(422, pmo.post, "/official-years", asked)) == [("clock.notice_legal_days", "file")]
    twice = refuses(422, pmo.post, "/official-years", asked | {"days": [*days, days[0]]})
    assert codes(twice) == [("clock.notice_day_twice", "file")]
    assert not OfficialYear.objects.exists()
    assert pmo.post("/official-years", asked | {"days": days}).json()["state"] == "created"
    assert OfficialYear.objects.get().year == 2027
    assert program("无岗位").get("/calendars/0", year=2027).json()["is_published"] is True
