"""Departments come in with the site of their time zone; none is invented and none that somebody chose is moved."""

import pytest

from bihuan.kernel.actor import SYSTEM
from bihuan.ledger.models import Entry
from bihuan.organisation import operations
from bihuan.organisation.models import Department, Site
from tests.integrations.books import write_book
from tests.integrations.test_tables import bring_in

pytestmark = pytest.mark.django_db
ROWS = [
    ["编号", "名称", "时区"],
    ["a", "北京研发", "Asia/Shanghai"],
    ["b", "上海研发", "Asia/Shanghai"],
    ["c", "波士顿", "America/New_York"],
    ["d", "两地", "Asia/Shanghai; America/New_York"],
    ["e", "月球", "Moon/Base"],
    ["f", "无", ""],
]


def zones() -> dict[str, str | None]:
    return dict(Department.objects.order_by("pk").values_list("name", "site__time_zone"))


def test_each_time_zone_is_a_site_and_what_is_open_is_told(tmp_path, at) -> None:
    path = write_book(tmp_path / "org.xlsx", {"部门": ROWS})
    report = bring_in(path, at)
    assert zones() == {
        "北京研发": "Asia/Shanghai", "上海研发": "Asia/Shanghai", "波士顿": "America/New_York",
        "两地": None, "月球": None, "无": None,
    }  # fmt: skip
    assert list(Site.objects.order_by("pk").values_list("name", flat=True)) == ["Asia/Shanghai", "America/New_York"]
    assert Entry.objects.filter(name="organisation.site.added").count() == 2
    assert [(each.row, each.code, each.value) for each in report.problems] == [
        ("d", "integrations.time_zones_several", "Asia/Shanghai, America/New_York"),
        ("e", "integrations.time_zone_unknown", "Moon/Base"),
    ]
    assert bring_in(path, at).counts["departments"]["unchanged"] == 6


def test_a_site_that_somebody_chose_stays_and_one_of_two_is_not_guessed(tmp_path, at) -> None:
    for name in ("北京", "上海"):
        operations.add_site(name=name, time_zone="Asia/Shanghai", actor=SYSTEM, at=at)
    path = write_book(tmp_path / "org.xlsx", {"部门": ROWS[:4]})
    report = bring_in(path, at)
    assert [(each.row, each.code) for each in report.problems] == [
        ("a", "organisation.site_open"), ("b", "organisation.site_open"),
    ]  # fmt: skip
    boston, chosen = Department.objects.get(source_key="c"), Site.objects.get(name="上海")
    operations.change_department(boston.pk, seen_revision=boston.revision, site_id=chosen.pk, actor=SYSTEM, at=at)
    report = bring_in(path, at)
    assert [(each.row, each.code) for each in report.problems][-1] == ("c", "organisation.site_differs")
    assert report.counts["departments"]["unchanged"] == 3
    assert zones()["波士顿"] == "Asia/Shanghai"
