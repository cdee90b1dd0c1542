"""How long: `2h` elapsed hours, `4wh` working hours, `3wd` working days, `5d` calendar days."""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from bihuan.clock.errors import ClockError
from bihuan.clock.zones import HOUR_US

LIMIT = re.compile(r"\s*([+-]?\d+(?:\.\d+)?)\s*(wh|wd|h|d)\s*", re.IGNORECASE | re.ASCII)
LONGEST_TEXT = 30
SHORT_HOURS = 8  # playbooks.md 3.9: up to here a limit in hours is meant in working hours


class Unit(StrEnum):
    HOURS = "h"
    WORKING_HOURS = "wh"
    WORKING_DAYS = "wd"
    DAYS = "d"

    @property
    def counts_days(self) -> bool:
        return self in {Unit.WORKING_DAYS, Unit.DAYS}


MOST = {Unit.HOURS: 87_600, Unit.WORKING_HOURS: 20_000, Unit.WORKING_DAYS: 2_500, Unit.DAYS: 3_650}  # ten years


class Profile(StrEnum):
    """What an hour is (Q1): what it says, or time at work."""

    LITERAL = "literal"
    WORK_AWARE = "work-aware"


@dataclass(frozen=True, slots=True)
class Limit:
    """A number of one unit; days are whole. Raises ClockError for nothing, less, or more than ten years."""

    amount: Decimal
    unit: Unit

    def __post_init__(self) -> None:
        if self.amount <= 0:
            raise ClockError("clock.limit_not_positive", "limit", limit=str(self))
        if self.amount > MOST[self.unit]:
            raise ClockError("clock.limit_too_long", "limit", limit=str(self), most=f"{MOST[self.unit]}{self.unit}")
        if self.counts_days and self.amount != int(self.amount):
            raise ClockError("clock.days_not_whole", "limit", limit=str(self))
        if not self.us:
            raise ClockError("clock.limit_not_positive", "limit", limit=str(self))

    @property
    def counts_days(self) -> bool:
        return self.unit.counts_days

    @property
    def days(self) -> int:
        return int(self.amount)

    @property
    def us(self) -> int:
        """Hours as microseconds."""
        return int(self.amount * HOUR_US)

    def __str__(self) -> str:
        return f"{spell(self.amount)}{self.unit}"


def spell(amount: Decimal) -> str:
    """A number as people write it: no exponent, no needless noughts."""
    return f"{amount:f}".rstrip("0").rstrip(".") if "." in f"{amount:f}" else f"{amount:f}"


def parse_limit(text: str) -> Limit:
    """A limit from text. Raises ClockError."""
    return Limit(*split_limit(text))


def split_limit(text: str) -> tuple[Decimal, Unit]:
    """The number and the unit of a limit, however large it is. Raises ClockError."""
    match = LIMIT.fullmatch(text) if len(text) <= LONGEST_TEXT else None
    if match is None:
        raise ClockError("clock.limit_unreadable", "limit", limit=text[:LONGEST_TEXT])
    return Decimal(match[1]), Unit(match[2].lower())


def parse_profile(text: str) -> Profile:
    cleaned = text.strip().lower().replace("_", "-")
    if cleaned not in set(Profile):
        raise ClockError("clock.profile_unknown", "profile", profile=text[:LONGEST_TEXT])
    return Profile(cleaned)


def profile_for(usual: Profile, *, override: Profile | None = None, urgent: bool = False) -> Profile:
    """Which profile holds for a rule: urgent matters always run on elapsed hours (4.1), else the rule's own choice."""
    if urgent:
        return Profile.LITERAL
    return override or usual
