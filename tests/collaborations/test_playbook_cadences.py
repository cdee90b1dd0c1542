"""How often reports fall due in the matters of a playbook: refused where nobody could keep it, and what it changes."""

import json
from datetime import date, datetime, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest

from bihuan.collaborations import operations, queries
from bihuan.collaborations.policy.playbook import read_playbook
from bihuan.collaborations.policy.playbook_cadences import check_cadences, rhythm_of, turn_of, turns_after
from bihuan.collaborations.policy.playbook_diff import Change, Changed, changes
from bihuan.collaborations.policy.playbook_text import read_text, shaped, write_text
from bihuan.collaborations.queries.rehearsing import Supposed
from bihuan.collaborations.queries.walking_through import walk_through
from bihuan.deadlines.models import Deadline
from bihuan.kernel.errors import Refused
from bihuan.organisation.queries import schedule_of_site
from bihuan.progress.models import Period
from bihuan.progress.timing import weeks_moved
from tests.campaign import Campaign, open_weeks
from tests.witness import everything

SEED_B, SEED_C, SEED_D = (
    json.loads((files("bihuan.collaborations") / "playbooks" / f"{name}.json").read_text(encoding="utf-8"))
    for name in ("seed_b", "seed_c", "seed_d")
)


BEGINS = datetime(2026, 9, 23, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


def found(*cadences, body=SEED_B):
    said = check_cadences(read_playbook({**body, "cadences": list(cadences)}))
    return [(each.code.removeprefix("collaborations.playbook_cadence_"), each.place) for each in said]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"form": "F16", "every": "WEEK"}, ("form", "form")),
        ({"form": "F09", "every": "HOUR"}, ("every", "every")),
        ({"form": "F09", "every": "DAY", "day": "MON"}, ("stray", "day")),
        ({"form": "F09", "every": "WEEK", "number": "3"}, ("stray", "number")),
        ({"form": "F09", "every": "WEEK", "day": "FREITAG"}, ("day", "day")),
        ({"form": "F09", "every": "MONTH", "number": "0"}, ("number", "number")),
        ({"form": "F09", "every": "MONTH", "number": "-16"}, ("number", "number")),
        ({"form": "F09", "every": "MONTH", "number": "last"}, ("number", "number")),
        ({"form": "F09", "every": "DAY", "at": "24:00"}, ("time", "at")),
        ({"form": "F09", "every": "DAY", "at": "5pm"}, ("time", "at")),
    ],
)
def test_a_rhythm_nobody_could_keep_is_refused_at_its_place(said, told):
    assert found(said) == [(told[0], f"cadences.0.{told[1]}")]


def test_a_rhythm_is_said_once_and_where_something_is_reported():
    daily = {"form": "F09", "every": "DAY"}
    assert found(daily) == []
    assert found(daily, daily) == [("twice", "cadences.1.form")]
    assert found(daily, body=SEED_C) == [("never", "cadences.0.form")]
    table = {"form": "F10", "every": "TWO_DAYS"}
    assert (found(table, body=SEED_D), found(table)) == ([], [("never", "cadences.0.form")])


def test_a_rhythm_is_written_read_and_compared():
    body = {**SEED_B, "cadences": [{"form": "F09", "every": "WEEK", "day": "THU", "at": "12:00"}]}
    assert shaped(read_text(write_text(body)).body) == (body, [])
    assert changes(SEED_B, body) == [Change(Changed.SET, word="cadences", after="F09 WEEK THU 12:00")]
    (finding,) = shaped({**SEED_B, "cadences": [{"form": "F09"}]})[1]
    assert (finding.code, finding.place) == ("collaborations.playbook_word_missing", "cadences.0.every")


@pytest.mark.parametrize(
    ("said", "dues"),
    [
        ({}, ["2026-09-24 17:00", "2026-09-30 17:00", "2026-10-09 17:00"]),
        ({"every": "WEEK", "day": "WED", "at": "12:00"}, ["2026-09-23 12:00", "2026-09-30 12:00", "2026-10-14 12:00"]),
        ({"every": "DAY", "at": "09:30"}, ["2026-09-23 09:30", "2026-09-24 09:30", "2026-09-28 09:30"]),
        ({"every": "TWO_DAYS"}, ["2026-09-23 17:00", "2026-09-28 17:00", "2026-09-30 17:00"]),
        ({"every": "MONTH"}, ["2026-09-30 17:00", "2026-10-30 17:00", "2026-11-30 17:00"]),
        ({"every": "MONTH", "number": "3"}, ["2026-10-10 17:00", "2026-11-04 17:00", "2026-12-03 17:00"]),
    ],
)
def test_reports_fall_due_on_days_worked(company, said, dues):
    """Around the holidays of 2026: Mid-Autumn 25 to 27 September, National Day 1 to 7 October, 10 October is worked."""
    plan = read_playbook({**SEED_B, "cadences": [{"form": "F09", **said}] if said else []})
    turns = turns_after(rhythm_of(plan), BEGINS, date(2026, 9, 23), schedule_of_site(None), count=3)
    assert [f"{turn.due_at:%Y-%m-%d %H:%M}" for turn in turns] == dues
    assert all(turn.starts_on <= turn.due_at.date() <= turn.ends_on for turn in turns)


def test_a_month_with_too_few_days_worked_asks_for_nothing(company):
    rhythm = rhythm_of(read_playbook({**SEED_B, "cadences": [{"form": "F09", "every": "MONTH", "number": "15"}]}))
    schedule = schedule_of_site(None)
    assert turn_of(rhythm, date(2026, 2, 3), schedule).due_at.date() == date(2026, 2, 27)
    short = rhythm_of(read_playbook({**SEED_B, "cadences": [{"form": "F09", "every": "MONTH", "number": "17"}]}))
    assert turn_of(short, date(2026, 2, 3), schedule) is None


def published(company, at, *cadences):
    body = {**queries.newest("SEED_B").body, "cadences": list(cadences)}
    return operations.write_playbook(write_text(body), note="更勤", actor=company.actor("PMO专员", at), at=at)


def test_a_rhythm_that_is_none_is_refused_with_its_line_and_nothing_is_written(company, at, playbooks):
    before = everything()
    with pytest.raises(Refused) as refusal:
        published(company, at, {"form": "F09", "every": "SOMETIMES"})
    (finding,) = refusal.value.findings
    assert (finding.code, finding.place) == ("collaborations.playbook_cadence_every", "cadences.0.every")
    assert finding.params["line"] > 1
    assert everything() == before


def test_a_matter_reports_every_day_where_its_playbook_says_so(company, at, playbooks):
    published(company, at, {"form": "F09", "every": "DAY", "at": "16:00"})
    begun = Campaign.begin(company, at)
    begun.carry_to("EXECUTE")
    (first,) = Period.objects.all()
    assert (first.starts_on, first.ends_on) == (begun.today, begun.today)
    running = Deadline.objects.filter(rule="T13", state="RUNNING")
    assert {row.due_at for row in running} == {first.due_at}
    assert running.count() == 4
    assert open_weeks(begun.at) == 0
    begun.wait(days=1)
    assert (begun.today.weekday(), open_weeks(begun.at)) == (5, 0)
    begun.wait(days=2)
    assert open_weeks(begun.at) == 1
    second, again = Period.objects.all()
    assert (second.starts_on - again.starts_on, again.locked_at) == (timedelta(days=3), begun.at)
    assert {row.due_at for row in running.all()} == {second.due_at}
    assert weeks_moved(begun.at) == []
    begun.wait(days=1, hours=6)
    assert (f"{begun.at:%H:%M}", open_weeks(begun.at)) == ("16:00", 0)


def test_a_matter_that_goes_on_by_another_rhythm_keeps_the_week_that_is_open(company, at, playbooks):
    begun = Campaign.begin(company, at)
    begun.carry_to("EXECUTE")
    (week,) = Period.objects.all()
    published(company, begun.at, {"form": "F09", "every": "MONTH"})
    actor = company.actor("PMO专员", begun.at)
    operations.migrate_collaborations(
        "SEED_B", [begun.collaboration.pk], seen_version=2, reason="约定", actor=actor, at=begun.at
    )
    assert Period.objects.get() == week
    assert weeks_moved(begun.at) == []
    assert open_weeks(begun.at) == 0


def test_a_dry_run_says_when_the_first_reports_are_due(company, at, playbooks):
    supposed = Supposed(company["产品经理"].pk, company.departments["产品部"].pk)
    published(company, at, {"form": "F09", "every": "WEEK", "day": "TUE", "at": "10:00"})
    way = {one.step.key: one for one in walk_through(queries.newest("SEED_B"), supposed, at)}
    assert {key for key, one in way.items() if one.turns} == {"EXECUTE"}
    ((form, turns),) = way["EXECUTE"].turns
    assert (form, len(turns)) == ("F09", 3)
    assert {(turn.due_at.weekday(), f"{turn.due_at:%H:%M}") for turn in turns} == {(1, "10:00")}
