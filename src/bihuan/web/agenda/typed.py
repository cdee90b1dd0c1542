"""What people type into a field for a day: a day in one of the usual spellings, or how far ahead it is."""

import re
from datetime import date, timedelta

from bihuan.clock import Limit, parse_limit

LONGEST = 40
NUMBER = r"(\d{1,4}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])"
AFTER = r"\s*(?:之?[后内])?"
WORKING_DAYS = re.compile(rf"第?\s*{NUMBER}(?:st|nd|rd|th)?\s*个?\s*(?:工作日|wd|working\s+days?){AFTER}")
DAYS = re.compile(rf"{NUMBER}\s*(?:天|日|d|days?){AFTER}")
WHOLE = re.compile(r"(\d{4})\s*(?:[-/.]|年)\s*(\d{1,2})\s*(?:[-/.]|月)\s*(\d{1,2})\s*[日号]?")
CLOSE = re.compile(r"(\d{4})(\d{2})(\d{2})")
WITHIN_YEAR = re.compile(r"(\d{1,2})\s*(?:[-/.]|月)\s*(\d{1,2})\s*[日号]?")
WORDS = {"今天": 0, "明天": 1, "后天": 2, "today": 0, "tomorrow": 1}
DIGITS = {sign: value for value, sign in enumerate("一二三四五六七八九", start=1)} | {"两": 2}
HALF_A_YEAR = timedelta(days=183)


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
