"""Days that a country declares: holidays and make-up days.

Mainland China 2004 to 2026 is built in as published. A later year is not known before its notice: until that is loaded,
the thirteen days fixed by law stand in, and whatever touches the year is provisional. Other countries go by rule, as
far as their rules are known.
"""

import warnings
from collections.abc import Mapping
from datetime import date
from functools import cache

from bihuan.clock.days import DayKind, Names, SpecialDay
from bihuan.clock.errors import ClockError

CHINA = "CN"
FIRST_YEAR, LAST_YEAR = 2004, 2026  # of the notices built in
ENGLISH, CHINESE = "en_US", "zh_CN"

Days = Mapping[date, SpecialDay]


class Official:
    """The official days of a country: loaded ones first, then built in, then by law.

    `days` are loaded from a notice, `years` are the years whose notice is loaded; nothing else counts in those.
    """

    def __init__(self, country: str, days: Days | None = None, years: frozenset[int] = frozenset()) -> None:
        self.country = country
        self._days = days or {}
        self._years = years
        check_country(country)

    def day(self, day: date) -> SpecialDay | None:
        found = self._days.get(day)
        if found is not None or day.year in self._years:
            return found
        return _built_in(self.country, day.year)[0].get(day)

    def is_published(self, year: int) -> bool:
        return year in self._years or _built_in(self.country, year)[1]


@cache
def official(country: str) -> Official:
    return Official(country)


@cache
def _built_in(country: str, year: int) -> tuple[Days, bool]:
    """The days of a year, and whether they are certain."""
    if country == CHINA and FIRST_YEAR <= year <= LAST_YEAR:
        return _china().get(year, {}), True
    return _by_rule(country, year)


@cache
def _china() -> Mapping[int, Days]:
    from chinese_calendar.constants import Holiday, holidays, workdays  # noqa: PLC0415  few questions need it

    chinese: dict[str, str] = {entry.value: entry.chinese for entry in Holiday}
    years: dict[int, dict[date, SpecialDay]] = {}
    for kind, days in ((DayKind.HOLIDAY, holidays), (DayKind.MAKE_UP, workdays)):
        for day, name in days.items():
            years.setdefault(day.year, {})[day] = SpecialDay(kind, (chinese[name], name))
    return years


def _by_rule(country: str, year: int) -> tuple[Days, bool]:
    """Days fixed by law. China's are never certain; elsewhere those that wait for the sight of the moon are not, and
    the years that the rules do not reach."""
    name, _, part = country.partition("-")
    english = _names(name, part, year, ENGLISH)
    chinese = _names(name, part, year, CHINESE)
    estimated = any("estimated" in text for text in english.values())
    certain = country != CHINA and _is_known(name, year) and not estimated
    return {day: SpecialDay(DayKind.HOLIDAY, _both(chinese[day], text)) for day, text in english.items()}, certain


def _is_known(country: str, year: int) -> bool:
    import holidays  # noqa: PLC0415  slow to load, and few need it

    known = type(holidays.country_holidays(country))
    return known.start_year <= year <= known.end_year


def _both(chinese: str, english: str) -> Names:
    return chinese.partition(";")[0].strip(), english.partition(";")[0].strip()


def _names(country: str, part: str, year: int, language: str) -> dict[date, str]:
    import holidays  # noqa: PLC0415  slow to load, and few need it

    kind = type(holidays.country_holidays(country))
    spoken = next((known for known in (language, ENGLISH) if known in kind.supported_languages), kind.default_language)
    with warnings.catch_warnings():  # that it knows no days of the year: then they are provisional
        warnings.simplefilter("ignore", UserWarning)
        found = holidays.country_holidays(
            country, subdiv=part or None, years=year, expand=False, observed=country != CHINA, language=spoken
        )
    return {day: text for day, text in found.items() if isinstance(day, date)}


def days_by_law(year: int) -> frozenset[date]:
    """The days that the law of mainland China makes free in a year, before anybody shifts anything."""
    return frozenset(_by_rule(CHINA, year)[0])


@cache
def check_country(country: str) -> None:
    """Raises ClockError for a country, or a part of one, whose holidays nobody knows."""
    name, _, part = country.partition("-")
    if country == CHINA:
        return
    import holidays  # noqa: PLC0415  slow to load, and few need it

    known = holidays.list_supported_countries()
    if name not in known or (part and part not in known[name]):
        raise ClockError("clock.country_unknown", "country", country=country[:20])
