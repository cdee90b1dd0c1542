"""What people type into a field for a day, or a day and a time: one of the usual spellings, or how far ahead it is."""

import re
from datetime import date, time, timedelta

from bihuan.clock import Limit, parse_limit

LONGEST = 40
NUMBER = r"(\d{1,4}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])"
AFTER = r"\s*(?:之?[后内])?"
WORKING_DAYS = re.compile(rf"第?\s*{NUMBER}(?:st|nd|rd|th)?\s*个?\s*(?:工作日|wd|working\s+days?){AFTER}")
DAYS = re.compile(rf"{NUMBER}\s*(?:天|日|d|days?){AFTER}")
WORKING_HOURS = re.compile(rf"{NUMBER}\s*个?\s*(?:工作小时|wh|working\s+hours?){AFTER}")
HOURS = re.compile(rf"{NUMBER}\s*个?\s*(?:小时|h|hours?){AFTER}")
CLOCK = re.compile(r"(.*?)[\sT]*(?<!\d)(\d{1,2})(?:[:：](\d{2})|[点时](?:(\d{1,2})分?)?)(?:之?前)?", re.DOTALL)
WHOLE = re.compile(r"(\d{4})\s*(?:[-/.]|年)\s*(\d{1,2})\s*(?:[-/.]|月)\s*(\d{1,2})\s*[日号]?")
CLOSE = re.compile(r"(\d{4})(\d{2})(\d{2})")
WITHIN_YEAR = re.compile(r"(\d{1,2})\s*(?:[-/.]|月)\s*(\d{1,2})\s*[日号]?")
WORDS = {"今天": 0, "今日": 0, "明天": 1, "明日": 1, "后天": 2, "today": 0, "tomorrow": 1}
DIGITS = {sign: value for value, sign in enumerate("一二三四五六七八九", start=1)} | {"两": 2}
HALF_A_YEAR = timedelta(days=183)
LAST_HOUR, LAST_MINUTE = 23, 59


def meant(text: str, today: date) -> date | Limit | None:
    """A day, or a limit from today; None when it is neither. Raises ClockError for a limit nobody can keep."""
    said = text.strip().lower()
    if not said or len(said) > LONGEST:
        return None
    if said in WORDS:
        return today + timedelta(days=WORDS[said])
    for pattern, unit in ((WORKING_DAYS, "wd"), (DAYS, "d")):
        if found := pattern.fullmatch(said):
            return parse_limit(f"{_number(found[1])}{unit}")
    return _day(said, today)


def meant_with_time(text: str, today: date) -> tuple[date | Limit | None, time | None]:
    """The same for a field with a time: how many hours ahead, or a day and the time said behind it. Raises ClockError
    for a limit nobody can keep."""
    said = text.strip().lower()
    for pattern, unit in ((WORKING_HOURS, "wh"), (HOURS, "h")):
        if len(said) <= LONGEST and (found := pattern.fullmatch(said)):
            return parse_limit(f"{_number(found[1])}{unit}"), None
    clock = CLOCK.fullmatch(text.strip()) if len(text) <= LONGEST else None
    if clock is None:
        return meant(text, today), None
    hour, minute = int(clock[2]), int(clock[3] or clock[4] or 0)
    if hour > LAST_HOUR or minute > LAST_MINUTE:
        return None, None
    return meant(clock[1], today) if clock[1].strip() else today, time(hour, minute)


def _number(text: str) -> int:
    """Up to ninety-nine in Chinese: 三, 十二, 二十, 二十一."""
    if text.isascii():
        return int(text)
    tens, is_tens, ones = text.rpartition("十")
    return (10 * DIGITS.get(tens, 1) if is_tens else 0) + DIGITS.get(ones, 0)


def _day(said: str, today: date) -> date | None:
    try:
        if found := WHOLE.fullmatch(said) or CLOSE.fullmatch(said):
            return date(*map(int, found.groups()))
        if found := WITHIN_YEAR.fullmatch(said):
            return _nearest(int(found[1]), int(found[2]), today)
    except ValueError:  # the 30th of February
        return None
    return None


def _nearest(month: int, day: int, today: date) -> date:
    """Of this year, or of the one before or after when that is nearer."""
    here = date(today.year, month, day)
    if abs(here - today) <= HALF_A_YEAR:
        return here
    return date(today.year + (1 if here < today else -1), month, day)
