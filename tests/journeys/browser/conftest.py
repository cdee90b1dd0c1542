"""One demo company is founded for all journeys; the journeys of a module share a copy of it and its server."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys.browser.house import House, seconds_to_tuesday
from tests.journeys.browser.someone import DESK, Someone, arrive
from tests.tables import migrated, one_at_a_time, shared


@dataclass
class Stage:
    """The company and whoever sits at a browser. Leaving it, nobody may have seen an error."""

    house: House
    browser: Browser
    people: list[Someone] = field(default_factory=list)

    def __call__(self, name: str, size: tuple[int, int] = DESK) -> Someone:
        for someone in self.people:
            if someone.name == name:
                someone.shrink(size)
                return someone
        self.people.append(arrive(self.browser, self.house.address, name, size=size))
        return self.people[-1]

    def wait(self, days: int) -> None:
        """Move the company's clock, as the demo's own page does it."""
        someone = self.people[0]
        weeks, rest = divmod(days, 7)
        for hours, times in (("168", weeks), ("24", rest)):
            for _time in range(times):
                someone.go("/signin/demo")
                someone.press(someone.page.locator(f"button[name=hours][value='{hours}']"))

    @property
    def problems(self) -> list[str]:
        return [said for someone in self.people for said in someone.problems]


@pytest.fixture(scope="session")
def founded() -> House:
    """By the first process that asks; the others find the folder and the clock it was founded by."""
    empty, folder, clock = migrated(), shared() / "founded", shared() / "founded.clock"
    with one_at_a_time():
        if clock.exists():
            return House(folder, int(clock.read_text()))
        folder.mkdir()
        house = House(folder, seconds_to_tuesday())
        shutil.copyfile(empty, folder / "bihuan.sqlite3")
        ran = house.command("init")
        assert ran.returncode == 0, ran.stderr
        clock.write_text(str(house.offset))
        return house


@contextmanager
def opened(founded: House, folder: Path) -> Iterator[House]:
    shutil.copytree(founded.folder, folder)
    copy = House(folder, founded.offset)
    copy.open()
    try:
        yield copy
    finally:
        copy.close()


@pytest.fixture(scope="module")
def house(founded: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Its journeys stay out of each other's way: a matter, a paper or a field of a form for each."""
    with opened(founded, tmp_path_factory.mktemp("house") / "data") as copy:
        yield copy


@pytest.fixture
def stage(house: House, chromium: Browser) -> Iterator[Stage]:
    opened = Stage(house, chromium)
    yield opened
    for someone in opened.people:
        someone.page.context.close()
    assert opened.problems == []
