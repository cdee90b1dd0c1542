"""What kind of day a day is."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bihuan.clock.shifts import Shift

Names = tuple[str, str]  # Chinese, English
NO_NAME: Names = ("", "")


class DayKind(StrEnum):
    WORKING = "WORKING"
    REST = "REST"  # the week has no hours on it
    HOLIDAY = "HOLIDAY"
    MAKE_UP = "MAKE_UP"  # worked instead of another day
    HALF_DAY = "HALF_DAY"  # hours of its own
    SITE_HOLIDAY = "SITE_HOLIDAY"
    ABSENCE = "ABSENCE"


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day unlike its weekday: a make-up day has the hours of `weekday`, a half day `shifts` of its own."""

    kind: DayKind
    name: Names = NO_NAME
    weekday: int | None = None
    shifts: tuple[Shift, ...] = ()


@dataclass(frozen=True, slots=True)
class DayPlan:
    """One day as it is worked."""

    day: date
    kind: DayKind
    name: Names
    shifts: tuple[Shift, ...]
