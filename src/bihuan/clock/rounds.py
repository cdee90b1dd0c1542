"""How the instant of what comes round came about, as a sentence in Chinese and in English."""

from dataclasses import dataclass
from datetime import date, datetime

from bihuan.clock.calendars import Schedule
from bihuan.clock.days import DayKind, Names
from bihuan.clock.explaining import EN, ZH, place_of, runs_of
from bihuan.clock.explaining import days_in_chinese as zh_days
from bihuan.clock.explaining import days_in_english as en_days
from bihuan.clock.explaining import time_in_chinese as zh_time
from bihuan.clock.explaining import time_in_english as en_time


@dataclass(frozen=True, slots=True)
class Asked:
    """What comes round, in words, and between which days its day was looked for."""

    words: Names
    first: date
    last: date


def explain_round(schedule: Schedule, asked: Asked, due: datetime) -> dict[str, str]:
    """By language: “comes round: the last day worked up to Friday → Thu 24 Sep 2026 17:00; Fri 25 Sep is off …”.

    Named are the days off that were passed over between the first and the last day, but for that of the instant.
    """
    before, behind = (
        range(asked.first.toordinal(), due.toordinal()),
        range(due.toordinal() + 1, asked.last.toordinal() + 1),
    )
    passed = [
        run
        for days in (before, behind)
        for run in runs_of(schedule, days)
        if run.kind not in {DayKind.MAKE_UP, DayKind.HALF_DAY}
    ]
    zh, en = asked.words
    where = place_of(schedule.calendar_on(due.toordinal()))
    return {
        ZH: "；".join([f"按周期到来：{zh} → {zh_time(due)}（{where[0]}）", *zh_days(passed)]),
        EN: "; ".join([f"comes round: {en} → {en_time(due)} in {where[1]}", *en_days(passed)]),
    }
