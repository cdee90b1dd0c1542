"""One typed text to one value. Each reader returns the clean value or raises `Unreadable` with a code."""

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from bihuan.clock.errors import ClockError
from bihuan.clock.zones import from_us
from bihuan.clock.zones import zone as zone_called
from bihuan.records.schema import Kind

LONGEST_NUMBER = 24
GREATEST_MONEY = Decimal(10) ** 15
YEARS = range(1900, 2201)
MULTIPLES = {"": 0, "百": 2, "千": 3, "万": 4, "萬": 4, "十万": 5, "百万": 6, "千万": 7, "亿": 8, "億": 8, "万亿": 12}
YES = {"yes", "true", "on", "1", "是"}
NO = {"no", "false", "off", "0", "否"}

NUMBER = re.compile(
    r"(?P<sign>[+-]?)(?P<whole>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<part>\d+))?(?P<unit>[百千十万萬亿億]{0,2})"
)
DATE = re.compile(r"(?:(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2}))")
TIME = re.compile(r"(\d{1,2})[:时点](?:(\d{1,2})分?)?(?::(\d{1,2})(?:\.\d{1,6})?)?\s*(Z|[+-]\d{2}:?\d{2})?")


class Unreadable(Exception):
    """What was typed is no value of the kind."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def flat(value: Any) -> str:
    """Any single value as text with half-width characters and no blanks at the ends."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return ""
    text = unicodedata.normalize("NFKC", str(value)).replace("\u2212", "-")
    return text.strip()


def plain(number: Decimal) -> str:
    """Exact decimal text without exponent, trailing zeros or a signed zero."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def decimal_of(text: str) -> Decimal | None:
    """`1,200.5`, `15万`, `1.2亿`; None when it is no number."""
    match = NUMBER.fullmatch(re.sub(r"\s", "", text))
    if not match or match["unit"] not in MULTIPLES:
        return None
    whole, part = match["whole"].replace(",", ""), match["part"] or ""
    if len(whole) + len(part) > LONGEST_NUMBER:
        return None
    return Decimal(f"{match['sign']}{whole}.{part or '0'}").scaleb(MULTIPLES[match["unit"]])


def read_number(value: Any) -> str:
    number = decimal_of(flat(value).removesuffix("%"))
    if number is None:
        raise Unreadable("records.not_a_number")
    return plain(number)


def read_integer(value: Any) -> int:
    number = decimal_of(flat(value))
    if number is None or number != number.to_integral_value():
        raise Unreadable("records.not_an_integer")
    return int(number)


def read_money(value: Any) -> str:
    """Yuan with two decimals: `15万` → `150000.00`."""
    text = re.sub(r"\s", "", flat(value)).upper()
    text = re.sub(r"^(?:¥|CNY|RMB|人民币)", "", text)
    text = re.sub(r"(?:元整?|CNY|RMB|人民币)$", "", text)
    number = decimal_of(text)
    if number is None:
        raise Unreadable("records.not_money")
    if number < 0:
        raise Unreadable("records.too_small", limit=0)
    if number >= GREATEST_MONEY:
        raise Unreadable("records.too_large", limit=plain(GREATEST_MONEY))
    if number * 100 != (number * 100).to_integral_value():
        raise Unreadable("records.too_precise")
    return format(number.quantize(Decimal("0.01")), "f")


def day_of(match: re.Match[str]) -> date:
    year, month, day = (int(part) for part in match.groups()[:6] if part is not None)
    if year not in YEARS:
        raise ValueError(year)
    return date(year, month, day)


def read_date(value: Any) -> str:
    match = DATE.fullmatch(re.sub(r"\s", "", flat(value)))
    try:
        if match:
            return day_of(match).isoformat()
    except ValueError:
        pass
    raise Unreadable("records.not_a_date")


def instant_reader(zone: ZoneInfo) -> Callable[[Any], str]:
    def read_instant(value: Any) -> str:
        text = flat(value)
        day = DATE.match(text)
        clock = TIME.fullmatch(text[day.end() :].lstrip("T ").strip()) if day else None
        try:
            if day and clock:
                return at_zone(day_of(day), clock, zone).astimezone(UTC).isoformat(timespec="seconds")
        except (ValueError, OverflowError):
            pass
        raise Unreadable("records.not_an_instant")

    return read_instant


def at_zone(day: date, clock: re.Match[str], zone: ZoneInfo) -> datetime:
    hour, minute, second = (int(part or 0) for part in clock.groups()[:3])
    offset = clock[4]
    if offset:
        offset = offset.replace("Z", "+00:00")
        return datetime.fromisoformat(f"{day.isoformat()}T{hour:02}:{minute:02}:{second:02}{offset}")
    wall = datetime.combine(day, time(hour, minute, second))
    try:
        return from_us(zone_called(zone.key).exact(wall))
    except ClockError as refused:  # the clocks are put forward over it, or back
        raise Unreadable(refused.code, **refused.params) from None


def read_bool(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = flat(value).lower()
    if word in YES:
        return True
    if word in NO:
        return False
    raise Unreadable("records.not_yes_or_no")


def read_id(value: Any) -> int:
    """The row id in `12`, `"12"` or `{"id": 12, "name": …}`."""
    inner = value.get("id") if isinstance(value, dict) else value
    text = flat(inner)
    if not text.isascii() or not text.isdecimal() or len(text) > 18:
        raise Unreadable("records.not_in_directory")
    return int(text)


def readers(zone: ZoneInfo) -> dict[Kind, Callable[[Any], Any]]:
    return {
        Kind.INTEGER: read_integer,
        Kind.NUMBER: read_number,
        Kind.MONEY: read_money,
        Kind.DATE: read_date,
        Kind.INSTANT: instant_reader(zone),
        Kind.BOOL: read_bool,
    }
