"""Values as the reader's language and zone write them."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, TypeVar

from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext
from markupsafe import Markup, escape

from bihuan.kernel.now import now
from bihuan.records.policy.values import Unreadable, read_money
from bihuan.web.words import said as _

WEEKDAYS = {"zh": "一二三四五六日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
Parsed = TypeVar("Parsed")
WIDE_STOPS = ("。", "？", "！", "；", "”", "」")
MINUTE, QUARTER, HOUR, DAY = 60, 900, 3600, 86400


def date_text(value: date | datetime | str | None, *, weekday: bool = True) -> str:
    """11月20日 周五 · Fri 20 Nov; with the year when it is not this one. Text that is no date stays as it is."""
    day = as_day(value)
    return str(value or "") if day is None else day_text(day, get_language() or "zh", this_year(), weekday)


@lru_cache(maxsize=2048)
def day_text(day: date, language: str, this_year: int, weekday: bool) -> str:  # noqa: FBT001 - a cache key
    if language.startswith("zh"):
        year = "" if day.year == this_year else f"{day.year}年"
        return f"{year}{day.month}月{day.day}日" + (f" 周{WEEKDAYS['zh'][day.weekday()]}" if weekday else "")
    year = "" if day.year == this_year else f" {day.year}"
    return (f"{WEEKDAYS['en'][day.weekday()]} " if weekday else "") + f"{day.day} {MONTHS[day.month - 1]}{year}"


def month_text(day: date) -> str:
    """2026年11月 · Nov 2026."""
    if (get_language() or "zh").startswith("zh"):
        return f"{day.year}年{day.month}月"
    return f"{MONTHS[day.month - 1]} {day.year}"


def today() -> date:
    return timezone.localtime(now()).date()


def this_year() -> int:
    return year_of_quarter(timezone.get_current_timezone(), int(now().timestamp()) // QUARTER)


@lru_cache(maxsize=256)
def year_of_quarter(zone: tzinfo, quarter: int) -> int:
    """The year of a quarter of an hour: no zone changes it in between."""
    return datetime.fromtimestamp(quarter * QUARTER, zone).year


def as_day(value: date | datetime | str | None) -> date | None:
    if isinstance(value, datetime):
        return timezone.localtime(value).date()
    if isinstance(value, str):
        return parsed(value, date.fromisoformat)
    return value


def as_instant(value: datetime | str | None) -> datetime | None:
    found = parsed(value, datetime.fromisoformat) if isinstance(value, str) else value
    if found is not None and found.tzinfo is None:
        return timezone.make_aware(found)
    return found


def is_day(text: str) -> bool:
    """Whether a date field of the browser can hold it."""
    return len(text) == 10 and parsed(text, date.fromisoformat) is not None


def is_local(text: str) -> bool:
    return len(text) == 16 and parsed(text, datetime.fromisoformat) is not None


def parsed(text: str, parse: Callable[[str], Parsed]) -> Parsed | None:
    try:
        return parse(text)
    except ValueError:
        return None


def instant_text(value: datetime | str | None, *, weekday: bool = True) -> str:
    """11月20日 周五 18:00, in the reader's zone."""
    instant = as_instant(value)
    if instant is None:
        return str(value or "")
    language, zone = get_language() or "zh", timezone.get_current_timezone()
    return text_of_instant(instant, zone, language, this_year(), weekday)


@lru_cache(maxsize=2048)
def text_of_instant(instant: datetime, zone: tzinfo, language: str, this_year: int, weekday: bool) -> str:  # noqa: FBT001 - a cache key
    local = instant.astimezone(zone)
    return f"{day_text(local.date(), language, this_year, weekday)} {local:%H:%M}"


def clock_text(value: datetime) -> str:
    return timezone.localtime(value).strftime("%H:%M")


def money_text(value: Decimal | str | float | None) -> str:
    """¥50,000.00. Text that is no number stays as it is."""
    amount = as_decimal(value)
    if amount is None:
        return str(value or "")
    return f"{'-' if amount < 0 else ''}¥{abs(amount):,.2f}"


def listed_text(names: Iterable[object]) -> str:
    """Names one after the other: 甲、乙 · A, B."""
    return ("、" if (get_language() or "zh").startswith("zh") else ", ").join(map(str, names))


def yuan_text(typed: str) -> str:
    """What a typed amount is in yuan, to be confirmed beside it: 15万 is ¥150,000.00; nothing for what is no amount."""
    try:
        return money_text(read_money(typed))
    except Unreadable:
        return ""


def number_text(value: Decimal | str | float | None) -> str:
    amount = as_decimal(value)
    return str(value or "") if amount is None else f"{amount:,f}"


def as_decimal(value: Decimal | str | float | None) -> Decimal | None:
    if value is None or value == "":
        return None
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None


def bytes_text(size: int) -> str:
    if size < 1024:
        return f"{size} B"
    for unit, weight in (("KB", 1024), ("MB", 1024**2), ("GB", 1024**3)):
        if size < weight * 1024 or unit == "GB":
            return f"{size / weight:.1f} {unit}"
    return f"{size} B"


def span_text(span: timedelta) -> str:
    """The two largest units of a span: 2 days 3 hours."""
    return minutes_text(int(abs(span).total_seconds()) // MINUTE, get_language() or "")


@lru_cache(maxsize=4096)
def minutes_text(minutes: int, _language: str) -> str:
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    if days >= 10:
        return days_text(days)
    parts = [days_text(days), hours_text(hours)] if days else [hours_text(hours), short_text(rest)]
    return " ".join(part for part in parts if part) or gettext("less than a minute")


def exact_text(minutes: int) -> str:
    """All of a span, to the minute: 2 days 3 hours 15 minutes."""
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    return " ".join(filter(None, (days_text(days), hours_text(hours), short_text(rest))))


def days_text(count: int) -> str:
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count} if count else ""


def hours_text(count: int) -> str:
    return ngettext("%(count)d hour", "%(count)d hours", count) % {"count": count} if count else ""


def short_text(count: int) -> str:
    return ngettext("%(count)d minute", "%(count)d minutes", count) % {"count": count} if count else ""


def ago_text(value: datetime, at: datetime | None = None) -> str:
    passed = (at or now()) - value
    if passed < timedelta(minutes=1):
        return gettext("just now")
    if passed > timedelta(days=7):
        return date_text(value, weekday=False)
    return gettext("%(span)s ago") % {"span": rough_span(passed)}


def rough_span(span: timedelta) -> str:
    """Only the largest unit."""
    seconds = int(span.total_seconds())
    return days_text(seconds // DAY) or hours_text(seconds // HOUR) or short_text(seconds // MINUTE)


def left_text(value: datetime, at: datetime | None = None) -> str:
    """Elapsed time until an instant: `2 days 3 hours left`, `5 hours overdue`."""
    rest = value - (at or now())
    pattern = _("%(span)s left") if rest >= timedelta(0) else _("%(span)s overdue")
    return pattern % {"span": span_text(rest)}


def typed_value(value: Any, kind: str) -> str:
    """A stored value as an input field shows it; what is not understood stays as it was typed."""
    if value is None:
        return ""
    if kind == "INSTANT":
        instant = as_instant(value if isinstance(value, str | datetime) else str(value))
        return timezone.localtime(instant).strftime("%Y-%m-%dT%H:%M") if instant else str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return str(value.get("name", ""))
    return str(value)


def joined_text(*parts: object) -> str:
    """Sentences after each other: a Chinese full stop leaves its own room, others need a space."""
    text = ""
    for part in filter(None, map(str, parts)):
        text += part if not text or text.endswith(WIDE_STOPS) else f" {part}"
    return text


def place_id(path: str) -> str:
    """The element id of a field: `metrics.0.target` → `f-metrics-0-target`."""
    return "f-" + path.replace(".", "-").replace("/", "-")


def digest_text(value: str) -> str:
    """A digest as people compare it: the first sixteen characters in groups of four."""
    short = value.removeprefix("sha256:")[:16]
    return " ".join(short[start : start + 4] for start in range(0, len(short), 4))


def json_attribute(value: Any) -> Markup:
    """JSON for a data attribute in double quotes."""
    return Markup(escape(json.dumps(value, ensure_ascii=False, default=as_json)))  # noqa: S704 - escaped right here


def as_json(value: Any) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)


def yes_no(value: Any) -> str:
    if value is None or value == "":
        return ""
    return gettext("Yes") if value in (True, "true") else gettext("No")
