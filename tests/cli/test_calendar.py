"""`bihuan calendar`."""

import json
from pathlib import Path

import pytest
from django.utils import translation

from bihuan.cli.main import main
from bihuan.organisation.models import OfficialDay, OfficialYear
from tests.organisation.test_calendars import LAW
from tests.witness import everything, facts_since, last_entry

pytestmark = pytest.mark.django_db
Output = pytest.CaptureFixture[str]
ICS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:tests
BEGIN:VEVENT
UID:1
SUMMARY:元旦假期
DTSTART;VALUE=DATE:20270101
DTEND;VALUE=DATE:20270104
END:VEVENT
BEGIN:VEVENT
UID:2
SUMMARY:上班(补元旦假期)
DTSTART;VALUE=DATE:20261227
DTEND;VALUE=DATE:20261228
END:VEVENT
END:VCALENDAR
"""


EVERY_DAY_OFF = ICS.replace("20270104", "20280101").replace("上班(补元旦假期)", "放假")


def run(capsys: Output, *words: str) -> tuple[int, str, str]:
    with translation.override("en"):
        code = main(["calendar", *words])
    said = capsys.readouterr()
    return code, said.out, said.err


def written(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


def table(*more: str) -> str:
    return "\n".join(["date,is_workday,name", *(f"{day},0,节日" for day in LAW), *more]) + "\n"


def test_a_year_is_loaded_once_and_said_again_changes_nothing(capsys: Output, company, tmp_path: Path) -> None:
    file, before = written(tmp_path, "2027.csv", table("2027-01-02,1,元旦")), last_entry()
    assert run(capsys, "load", file) == (0, "2027: created, 13 days off, 1 worked to make up\n", "")
    assert (OfficialYear.objects.get().year, OfficialDay.objects.count()) == (2027, 14)
    assert [fact["name"] for fact in facts_since(before)] == ["organisation.official_year.loaded"]
    assert run(capsys, "load", file)[1] == "2027: unchanged, 13 days off, 1 worked to make up\n"
    code, out, _ = run(capsys, "list", "--json")
    (year,) = json.loads(out)["official_years"]
    assert (code, year["country"], year["days_worked"]) == (0, "CN", 1)
    assert run(capsys, "list")[1].splitlines()[-1] == "CN 2027: 13 days off, 1 worked to make up"


def test_an_icalendar_file_says_whole_days_and_the_december_before(capsys: Output, company, tmp_path: Path) -> None:
    code, out, _ = run(capsys, "load", written(tmp_path, "a.ics", ICS), "--country", "de", "--json")
    assert (code, json.loads(out)["years"]) == (
        0,
        [{"year": 2027, "result": "created", "days_off": 3, "days_worked": 1}],
    )
    days = [(row.day.isoformat(), row.is_off) for row in OfficialDay.objects.order_by("day")]
    assert days == [("2026-12-27", False), ("2027-01-01", True), ("2027-01-02", True), ("2027-01-03", True)]


def test_a_dry_run_writes_nothing(capsys: Output, company, tmp_path: Path) -> None:
    before = everything()
    code, out, _ = run(capsys, "load", written(tmp_path, "a.csv", table()), "--dry-run")
    assert (code, out.splitlines()[-1]) == (0, "Nothing was written.")
    assert everything() == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (table("2027-01-01,0,元旦"), "2027-01-01 is said twice."),
        (table("2027-03-06,0,"), "The table of 2027 lacks days:"),
        (table().replace("2027-10-01,0,节日\n", ""), "2027 lacks days that the law makes free: 2027-10-01."),
        (table("2027-13-01,0,x"), "“2027-13-01”"),
        (EVERY_DAY_OFF, "By this file nobody works on any day of 2027."),
        ('{"year": 2027, "days": []}', "is not announced yet"),
        ('{"year": "x"}', "is no list of official days"),
        ("", "is no list of official days"),
        ("x" * 1_000_001, "larger than 1000 kB"),
        (ICS.replace("20270104", "19000101"), "is no list of official days"),
    ],
)
def test_a_file_that_is_not_whole_is_refused_in_words(capsys: Output, company, tmp_path: Path, text, said) -> None:
    before = everything()
    code, out, err = run(capsys, "load", written(tmp_path, "bad", text))
    assert (code, out, said in err) == (1, "", True), err
    assert everything() == before


def test_a_file_that_is_not_there_is_said(capsys: Output, tmp_path: Path) -> None:
    code, _, err = run(capsys, "load", str(tmp_path / "none.json"))
    assert (code, "No such file" in err) == (1, True)
