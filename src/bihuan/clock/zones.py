"""From wall clocks to instants and back, right in the hour that does not exist and in the one that comes twice.

Instants inside the room are whole microseconds since 1970, UTC: adding is then exact and quick.
"""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo, available_timezones

from bihuan.clock.errors import ClockError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_DAY = date(1970, 1, 1).toordinal()
ABBREVIATED = {"CET", "EET", "EST", "HST", "MET", "MST", "WET"}  # of no country, whatever they are linked to
MICROSECOND = timedelta(microseconds=1)
SECOND_US = 1_000_000
MINUTE_US = 60 * SECOND_US
HOUR_US = 60 * MINUTE_US
DAY_US = 24 * HOUR_US


def to_us(instant: datetime) -> int:
    return (instant - EPOCH) // MICROSECOND


def from_us(instant: int) -> datetime:
    return EPOCH + timedelta(microseconds=instant)


class Zone:
    """A time zone by its name. Raises ClockError for a name nobody gave."""

    def __init__(self, name: str) -> None:
        if name not in known_zones():
            raise ClockError("clock.zone_unknown", "zone", zone=name[:60])
        self.name = name
        self.info = ZoneInfo(name)
        self._offsets: dict[int, int] = {}
        self._steady: dict[int, int | None] = {}

    @property
    def city(self) -> str:
        return self.name.rpartition("/")[2].replace("_", " ")

    def local(self, instant: int) -> datetime:
        return from_us(instant).astimezone(self.info)

    def ordinal(self, instant: int) -> int:
        """The day it is at an instant."""
        guess = instant // DAY_US + EPOCH_DAY
        offset = self._offset_of_day(guess)
        return self.local(instant).toordinal() if offset is None else (instant + offset) // DAY_US + EPOCH_DAY

    def instant(self, ordinal: int, minute: int) -> int:
        """The first instant at which the clocks read this minute of this day, or later where they skip it."""
        offset = self._offset_of_day(ordinal)
        if offset is not None:
            return (ordinal - EPOCH_DAY) * DAY_US + minute * MINUTE_US - offset
        wall = datetime.fromordinal(ordinal) + timedelta(minutes=minute)
        return self._first_at_or_after(wall)

    def exact(self, wall: datetime) -> int:
        """The one instant of a wall time. Raises ClockError when the clocks skip it or show it twice."""
        first, second = (self._read(wall, fold) for fold in (0, 1))
        said = {"zone": self.name, "time": wall.isoformat(sep=" ", timespec="minutes")}
        if self._wall(first) != wall:
            after = self.local(self._first_at_or_after(wall))
            raise ClockError("clock.time_skipped", "start", **said, after=after.strftime("%H:%M"))
        if first != second:
            early, late = (self.local(instant).isoformat(timespec="minutes") for instant in (first, second))
            raise ClockError("clock.time_twice", "start", **said, first=early, second=late)
        return first

    def _offset_of_day(self, ordinal: int) -> int | None:
        """How far the clocks are ahead all around this day; None when they are changed near it."""
        if ordinal not in self._steady:
            around = {self._offset_at_midnight(near) for near in range(ordinal - 1, ordinal + 3)}
            self._steady[ordinal] = around.pop() if len(around) == 1 else None
        return self._steady[ordinal]

    def _offset_at_midnight(self, ordinal: int) -> int:
        offset = self._offsets.get(ordinal)
        if offset is None:
            local = self.local((ordinal - EPOCH_DAY) * DAY_US)
            offset = self._offsets[ordinal] = (local.utcoffset() or timedelta()) // MICROSECOND
        return offset

    def _read(self, wall: datetime, fold: int) -> int:
        return to_us(wall.replace(tzinfo=self.info, fold=fold).astimezone(UTC))

    def _wall(self, instant: int) -> datetime:
        return self.local(instant).replace(tzinfo=None)

    def _first_at_or_after(self, wall: datetime) -> int:
        first, second = self._read(wall, 0), self._read(wall, 1)
        if self._wall(first) == wall:
            return min(first, second)
        before, there = min(first, second) - SECOND_US, max(first, second)
        while there - before > SECOND_US:
            middle = (before + there) // 2 // SECOND_US * SECOND_US
            before, there = (before, middle) if self._wall(middle) >= wall else (middle, there)
        return there


@cache
def zone(name: str) -> Zone:
    return Zone(name)


@cache
def known_zones() -> frozenset[str]:
    return frozenset(available_timezones()) - {"localtime", "posixrules", "Factory"}


def country_of(zone_name: str) -> str:
    """The country whose holidays count in a zone by default; empty for zones that belong to none (UTC)."""
    return _countries().get(zone_name, "")


@cache
def _countries() -> dict[str, str]:
    """From the tables that come with the zones: country, position, zone; and what zones were called before."""
    rows = (line.split("\t") for line in _table("zone.tab") if line and not line.startswith("#"))
    found = {row[2]: row[0] for row in rows}
    links = (line.split() for line in _table("tzdata.zi") if line.startswith("L "))
    former = {link: found[name] for _, name, link in links if name in found and link not in ABBREVIATED}
    return former | found


def _table(name: str) -> list[str]:
    return resources.files("tzdata").joinpath("zoneinfo", name).read_text(encoding="utf-8").splitlines()
