"""A matter that was imported is adopted by the PMO and carried as far as its plan, in the browser."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests import forms_samples as samples
from tests.integrations import folders
from tests.journeys.browser.conftest import Stage
from tests.journeys.browser.house import House

pytestmark = pytest.mark.browser
REAL = Path(__file__).resolve().parents[4] / "shared" / "data" / "open"
CAST = samples.Cast(
    product="项目管理办公室", marketing="市场部", technology="技术部", operations="运营部",
    product_manager="何静", product_head="何静", promotion_manager="赵思远", development_lead="孙浩",
    operations_manager="吴佳怡",
)  # fmt: skip
HEADS = ("王敏", "陈志远", "刘雅琴")
UNITS = [
    {"id": "acme/sig-edge", "org": "acme", "name": "sig-edge", "parent": None, "status": "active", "heads": []},
    {"id": "acme/sig-net", "org": "acme", "name": "sig-net", "parent": None, "status": "active", "heads": []},
]


def small_folder(folder: Path) -> tuple[Path, str]:
    line = folders.matter(
        title="Edge nodes keep working offline",
        lead_department="acme/sig-edge",
        participating_departments=["acme/sig-net"],
        milestones=[{"name": "alpha", "raw": "v1.2x", "date": None}],
        resource_asks=[],
    )
    return folders.write(folder, [line], departments=UNITS, people=[], groups=[]), "Edge nodes keep working offline"


@pytest.fixture
def imported(founded: House, tmp_path: Path, chromium: Browser) -> Iterator[tuple[Stage, str]]:
    """The demo company and the real matters; one small matter where the real data does not lie beside the checkout."""
    source, title = (REAL, "") if REAL.is_dir() else small_folder(tmp_path / "source")
    shutil.copytree(founded.folder, tmp_path / "data")
    house = House(tmp_path / "data", founded.offset)
    ran = house.command("import", str(source), "--json")
    assert ran.returncode == 0, ran.stderr
    house.open()
    stage = Stage(house, chromium)
    yield stage, title
    house.close()
    assert stage.problems == []


def test_an_imported_matter_is_adopted_and_carried_to_its_plan(imported: tuple[Stage, str]) -> None:
    stage, title = imported
    office, start = stage("何静"), stage.house.today
    office.go(f"/matters/?state=all&q={title}&step=IMPORTED")
    title = title or office.page.locator("a.title").first.inner_text()
    office.press(office.page.locator("a.title").first)
    matter = int(re.findall(r"/matters/(\d+)/", office.page.url)[0])
    office.look("adoption-1-imported")
    if office.page.locator("form[action$='/adopt']").count() == 0:
        pytest.fail(office.page.locator("#main").inner_text())
    office.put("lead", "何静")
    with office.page.expect_response(lambda answer: answer.url.endswith("/adopt")) as heard:
        office.page.locator("form[action$='/adopt'] [name=playbook]").select_option("SEED_B")
        office.page.locator("form[action$='/adopt'] button").click()
    assert heard.value.status in {200, 302, 303}
    office.page.locator("form[action$='/adopt']").wait_for(state="detached")
    office.begin_form("F01", matter)
    office.fill({**samples.request(CAST, start), "title": f"采纳：{title}"[:60]})
    office.look("adoption-2-request")
    office.submit()
    known = office.go(f"/matters/{matter}/").page.locator("h1").inner_text()
    for name in HEADS:
        stage(name).decide(known)
    office.hand_in("F03", matter, samples.consensus(CAST, start))
    for name in HEADS:
        stage(name).decide(known)
    office.go(f"/matters/{matter}/")
    assert office.page.locator("header.matterhead .mark").first.inner_text().strip() == "方案"
    office.look("adoption-3-plan")
