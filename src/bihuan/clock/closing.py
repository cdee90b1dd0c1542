"""Why an instant is then that is not counted by the calendar as it is: a day or an instant that somebody typed, so long
ahead of another one, by a former calendar. As a sentence in Chinese and in English.

Nobody moves a typed day: on a day of rest it is over at the hour at which the place usually closes (`Calendar.close`).
"""

from datetime import date, datetime

from bihuan.clock.arithmetic import Due
from bihuan.clock.calendars import Schedule, check_reach, month_of
from bihuan.clock.days import Names
from bihuan.clock.explaining import (
    EN,
    RECEIVED,
    ZH,
    day_in_chinese,
    day_in_english,
    limit_words,
    place_of,
    runs_of,
    time_in_chinese,
    time_in_english,
    worked_in_chinese,
    worked_in_english,
)
from bihuan.clock.explaining import days_in_chinese as zh_days
from bihuan.clock.explaining import days_in_english as en_days


def close_on(schedule: Schedule, day: date) -> datetime:
    """Close of business of a day, worked or not. Raises ClockError out of the reach of the clock."""
    ordinal = day.toordinal()
    check_reach(month_of(ordinal))
    calendar = schedule.calendar_on(ordinal)
    return calendar.zone.local(calendar.close_instant(ordinal))


def explain_close(schedule: Schedule, day: date) -> dict[str, str]:
    """By language: “the day that was named: Thu 24 Dec 2026 → 12:00, close of business in Berlin; …”."""
    ordinal = day.toordinal()
    closes, (zh_place, en_place) = _time(close_on(schedule, day), day), place_of(schedule.calendar_on(ordinal))
    runs = tuple(runs_of(schedule, range(ordinal, ordinal + 1)))
    is_worked = bool(schedule.calendar_on(ordinal).plan(day).shifts)
    zh, en = (
        [f"所定的日子：{day.year}年{day_in_chinese(day)} → {closes}，{zh_place}下班时"],
        [f"the day that was named: {day_in_english(day)} {day.year} → {closes}, close of business in {en_place}"],
    )
    if is_worked:
        zh += worked_in_chinese(runs)
        en += worked_in_english(runs)
    else:
        zh += [*zh_days(runs), f"所定的日子不顺延，按{zh_place}平时下班的时间"]
        en += [*en_days(runs), f"a day that was named stays, so it is the hour at which {en_place} usually closes"]
    return {ZH: "；".join(zh), EN: "; ".join(en)}


def _time(closes: datetime, day: date) -> str:
    """Midnight ends the day itself."""
    return f"{closes:%H:%M}" if closes.date() == day else "24:00"


def explain_named(schedule: Schedule, instant: datetime) -> dict[str, str]:
    """By language, of an instant that is no close of business: “named by people: … in Berlin; no calendar moves it”."""
    calendar = schedule.calendar_on(instant.toordinal())
    local, (zh_place, en_place) = instant.astimezone(calendar.zone.info), place_of(calendar)
    return {
        ZH: f"由人约定：{time_in_chinese(local)}（{zh_place}）；日历不移动它",
        EN: f"named by people: {time_in_english(local)} in {en_place}; no calendar moves it",
    }


def explain_ahead(schedule: Schedule, due: Due) -> dict[str, str]:
    """Of what is due so long before something promised; `due` counts from it to what was promised."""
    place = place_of(schedule.calendar_on(due.start.toordinal()))
    promised, told = due.at, due.start
    zh, en = limit_words(due)
    return {
        ZH: f"约定的时点 {time_in_chinese(promised)} 之前 {zh} → {time_in_chinese(told, promised)}（{place[0]}）",
        EN: f"{en} ahead of the promised {time_in_english(promised)} → {time_in_english(told, promised)} in {place[1]}",
    }


def explain_former(
    schedule: Schedule, instant: datetime, counted: Due | None = None, *, begun: Names = RECEIVED
) -> dict[str, str]:
    """Of an instant that the calendar of now would not give: that it is by the former one. `counted` is what the one of
    now makes of the same start and limit."""
    calendar = schedule.calendar_on(instant.toordinal())
    local, (zh_place, en_place) = instant.astimezone(calendar.zone.info), place_of(calendar)
    zh, en = "", ""
    if counted is not None:
        zh_limit, en_limit = limit_words(counted)
        zh = f"{time_in_chinese(counted.start)} {begun[0]} + {zh_limit} → "
        en = f"{begun[1]} {time_in_english(counted.start)} + {en_limit} → "
    return {
        ZH: f"{zh}{time_in_chinese(local)}（{zh_place}），按当时的日历",
        EN: f"{en}{time_in_english(local)} in {en_place}, by the calendar of that time",
    }
