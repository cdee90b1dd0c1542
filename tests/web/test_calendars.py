"""Working calendars in a browser without JavaScript."""

import json
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bihuan.kernel.actor import SYSTEM
from bihuan.organisation import operations
from bihuan.organisation.models import Calendar, CalendarDay, OfficialDay, OfficialYear, WorkingHours
from bihuan.organisation.operations import DayValues
from tests.cast import Company
from tests.organisation.test_calendars import LAW
from tests.witness import everything, facts_since, last_entry

pytestmark = pytest.mark.django_db

NOTICE = {
    "year": 2027,
    "papers": ["国办发明电"],
    "days": [{"name": "节日", "date": day, "isOffDay": True} for day in LAW]
    + [{"name": "元旦", "date": "2027-01-02", "isOffDay": False}],
}


@pytest.fixture
def pmo(company: Company, client_for) -> Client:
    return client_for(company["PMO专员"])


@pytest.fixture
def site(company: Company, at) -> int:
    return operations.add_site(name="柏林", time_zone="Europe/Berlin", actor=SYSTEM, at=at).pk


def text(response) -> str:
    return response.content.decode()


def test_everybody_sees_the_calendars_and_only_the_pmo_the_forms(company: Company, client_for, pmo, site) -> None:
    for client, may in ((client_for(company.nobody), False), (client_for(company["管理员"]), False), (pmo, True)):
        page = text(client.get("/calendars/"))
        assert ("柏林" in page, "/calendars/official" in page) == (True, may)
        assert ("set-hours" in text(client.get(f"/calendars/{site}/"))) is may


def test_a_year_that_is_not_published_is_marked(pmo, site) -> None:
    assert "暂定" not in text(pmo.get("/calendars/0/?year=2026"))
    assert "2027 年的官方日历尚未公布" in text(pmo.get("/calendars/0/?year=2027"))
    assert "尚未公布" not in text(pmo.get(f"/calendars/{site}/?year=2027"))
    assert pmo.get("/calendars/987654/").status_code == 404
    for year in ("0000", "99999", "x", "²⁰²⁶"):
        assert pmo.get("/calendars/0/", {"year": year}).status_code == 200


def test_a_day_is_set_shown_in_the_history_and_taken_back(pmo, site) -> None:
    words = {"day": "2026-12-24", "kind": "HALF_DAY", "hours": "09:00-12:00", "name": "圣诞前夕", "revision": "0"}
    answer = pmo.post(f"/calendars/{site}/day", words | {"year": "2026"})
    assert (answer.status_code, answer["Location"]) == (302, f"/calendars/{site}/?year=2026")
    row = CalendarDay.objects.get()
    assert (row.day, row.kind, row.hours, row.name) == (date(2026, 12, 24), "HALF_DAY", "09:00-12:00", "圣诞前夕")
    page = text(pmo.get(answer["Location"]))
    assert "2026-12-24：上班，按当天另定的时间 09:00-12:00 圣诞前夕" in page
    answer = pmo.post(f"/calendars/{site}/clear", {"day": "2026-12-24", "revision": "1"})
    assert (answer.status_code, CalendarDay.objects.count()) == (302, 0)


def test_the_hours_of_a_site_are_set_from_a_day_on(pmo, site) -> None:
    words = {"starts_on": "2026-12-01", "hours": "Mon-Thu 08:00-17:00; Fri 08:00-14:00", "country": "de-be"}
    answer = pmo.post(f"/calendars/{site}/hours", words | {"weekday": "4", "revision": "0"})
    assert answer.status_code == 302
    row = WorkingHours.objects.get()
    assert (row.hours, row.country, row.make_up_as) == (words["hours"], "DE-BE", 4)


@pytest.mark.parametrize(
    ("act", "words", "said"),
    [
        ("hours", {"starts_on": "2026-12-01", "hours": "18:00-09:00", "country": "DE"}, "结束不晚于开始"),
        ("hours", {"starts_on": "2026-12-01", "hours": "09:00-13:00,12:00-18:00", "country": "DE"}, "重叠"),
        ("hours", {"starts_on": "2026-12-01", "hours": "; ;", "country": "DE"}, "不是可以识别的工作时间"),
        ("hours", {"starts_on": "", "hours": "09:00-18:00", "country": "ZZ"}, "没有“ZZ”的节假日数据"),
        ("day", {"day": "2026-12-24", "kind": "HALF_DAY", "hours": "nine"}, "不是可以识别的工作时间"),
        ("day", {"day": "2026-12-24", "kind": "MAKE_UP", "name": "调休"}, "没有说明这一天按星期几的时间上班"),
        ("clear", {"day": "2026-12-24"}, "没有对这一天另作安排"),
    ],
)
def test_what_is_refused_keeps_what_was_typed_and_writes_nothing(pmo, site, act, words, said) -> None:
    before = everything()
    answer = pmo.post(f"/calendars/{site}/{act}", words | {"revision": "0"})
    assert answer.status_code == 422
    page = text(answer)
    assert said in page
    assert everything() == before
    if act != "clear":
        assert all(value in page for name, value in words.items() if name in {"hours", "name", "starts_on"})


def test_an_overtaken_page_is_told_so(pmo, site, at) -> None:
    operations.set_day(
        site, day=date(2026, 12, 31), values=DayValues(kind="CLOSED"), seen_revision=0, actor=SYSTEM, at=at
    )
    answer = pmo.post(
        f"/calendars/{site}/day", {"day": "2026-12-24", "kind": "CLOSED", "name": "早退", "revision": "0"}
    )
    assert (answer.status_code, "早退" in text(answer)) == (409, True)
    assert Calendar.objects.get().revision == 1


@pytest.mark.parametrize("way", ["file", "text"])
def test_an_official_year_is_loaded_from_a_file_or_its_text(pmo, way) -> None:
    before = last_entry()
    content = json.dumps(NOTICE, ensure_ascii=False)
    given = {"file": SimpleUploadedFile("2027.json", content.encode())} if way == "file" else {"text": content}
    answer = pmo.post("/calendars/official", {"country": "CN", **given})
    assert (answer.status_code, answer["Location"]) == (302, "/calendars/")
    assert OfficialYear.objects.values_list("country", "year", "source").get() == ("CN", 2027, "国办发明电")
    assert OfficialDay.objects.count() == 14
    assert [fact["name"] for fact in facts_since(before)] == ["organisation.official_year.loaded"]
    assert "尚未公布" not in text(pmo.get("/calendars/0/?year=2027"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "没有文件"),
        ("{]", "不是 JSON"),
        (json.dumps({"year": 2027, "days": []}), "尚未公布"),
        (json.dumps(NOTICE | {"days": NOTICE["days"][1:]}), "缺少法定节日：2027-01-01"),
        (json.dumps(NOTICE | {"days": NOTICE["days"] * 2}), "出现两次"),
        ("date,is_workday\n2027-01-01,maybe\n", "不是官方日历"),
        ("BEGIN:VCALENDAR\nnonsense", "不是官方日历"),
    ],
)
def test_a_file_that_is_not_whole_is_refused_whole(pmo, content, said) -> None:
    before = everything()
    answer = pmo.post("/calendars/official", {"country": "CN", "text": content})
    assert (answer.status_code, said in text(answer)) == (422, True)
    assert everything() == before
