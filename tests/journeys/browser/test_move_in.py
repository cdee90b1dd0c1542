"""A company moves in from its workbooks: files handed in, columns looked at, every row checked, in, and adopted."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.integrations.books import write_book
from tests.journeys.browser.conftest import Stage, opened
from tests.journeys.browser.house import House
from tests.journeys.browser.someone import Someone

pytestmark = pytest.mark.browser
REAL = Path(__file__).resolve().parents[4] / "shared" / "data" / "open"
SECONDS = 1000
ADMINISTRATOR, PMO = "高翔", "何静"


@pytest.fixture
def house(founded: House, tmp_path: Path) -> Iterator[House]:
    """For each its own: what one brings in stands in the lists of the other."""
    with opened(founded, tmp_path / "data") as copy:
        yield copy


def hand_in(who: Someone, *paths: Path) -> None:
    who.go("/imports/")
    who.page.set_input_files("input[type=file]", [str(path) for path in paths])
    who.press(who.page.locator("form[action='/imports/add'] button[type=submit]"))


def check(who: Someone, *, seconds: int = 60) -> None:
    """Press the check and wait until every row was looked at; the page finds out by itself."""
    who.press(who.page.locator("form[action$='/check'] button[data-act]"))
    who.page.locator("form[action$='/start']").wait_for(timeout=seconds * SECONDS)


def let_in(who: Someone, *, seconds: int = 60) -> None:
    who.press(who.page.locator("form[action$='/start'] button"))
    who.page.locator("#run:not([hx-get]) #counts").wait_for(timeout=seconds * SECONDS)


def counts(who: Someone) -> list[list[str]]:
    rows = who.page.locator("section[aria-labelledby=counts] tbody tr").all()
    return [[cell.inner_text().replace(",", "") for cell in row.locator("td").all()] for row in rows]


def test_a_company_moves_in_from_its_workbook(stage: Stage, tmp_path: Path) -> None:
    admin = stage(ADMINISTRATOR)
    hand_in(admin, write_book(tmp_path / "company.xlsx"))
    admin.look("move-in-1-columns")
    check(admin)
    assert [row[1] for row in counts(admin)] == ["3", "3", "4", "3"]
    admin.look("move-in-2-check")
    let_in(admin)
    assert [row[1] for row in counts(admin)] == ["3", "3", "4", "3"]
    admin.look("move-in-3-done")
    with admin.page.expect_download() as report:
        admin.page.locator("a[href$='report.xlsx']").click()
    assert Path(report.value.path()).stat().st_size > 1000
    pmo = stage(PMO)
    pmo.go("/matters/adopt").look("move-in-4-adopt")
    pmo.page.get_by_label("新品上市").check()
    pmo.press(pmo.page.locator("form[action='/matters/adopt'] button[data-act]"))
    expect(pmo.page.get_by_label("新品上市")).to_have_count(0)
    assert stage.problems == []


@pytest.mark.shared
@pytest.mark.skipif(not REAL.is_dir(), reason="The real data does not lie beside the checkout.")
def test_both_real_organisations_move_in_from_their_workbooks(stage: Stage) -> None:
    admin = stage(ADMINISTRATOR)
    admin.page.context.set_default_timeout(180 * SECONDS)
    for name, expected in (
        ("openeuler", ["134", "1653", "2239", "615"]),
        ("kubernetes", ["299", "1120", "355", "654"]),
    ):
        hand_in(admin, REAL / f"{name}.xlsx")
        check(admin, seconds=300)
        foreseen = counts(admin)
        assert [row[1] for row in foreseen][:4] == expected
        admin.look(f"move-in-{name}-check")
        let_in(admin, seconds=600)
        assert counts(admin) == foreseen
        admin.look(f"move-in-{name}-done")
    assert stage.problems == []
