"""How a metric went, as a picture."""

import re
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.web.collaborations.lines import figure, stood_at
from bihuan.web.collaborations.trend import HEIGHT, WIDTH, Level, Point, Trend, drawn

DAY = date(2026, 11, 2)


@pytest.mark.parametrize(
    ("unit", "words", "value", "baseline"),
    [
        ("PCT_LEVEL", "", "15%", "11%"),
        ("PCT_POINT", "", "15个百分点", "11%"),
        ("PCT_RELATIVE", "万元", "15%（较基线）", "11 万元"),
        ("CNY", "", "15 元", "11 元"),
        ("CNY", "万元", "15 万元", "11 万元"),
        ("HOUR", "", "15 小时", "11 小时"),
        ("DAY", "", "15 天", "11 天"),
        ("COUNT", "单", "15 单", "11 单"),
        ("COUNT", "", "15", "11"),
    ],
)
def test_a_level_points_and_a_relative_change_are_told_apart_and_every_unit_is_named(unit, words, value, baseline):
    metric = SimpleNamespace(unit=unit, unit_text=words, baseline=Decimal("11.000000"))
    assert (figure(metric, Decimal("15.000000")), stood_at(metric)) == (value, baseline)


TARGET = Level(Decimal(15), "≥ 15%")
VALUES = st.decimals(-(10**12), 10**12, places=6)


def point(day: date, value: Decimal) -> Point:
    return Point(day, value, str(value))


def test_nothing_measured_is_no_picture():
    assert drawn(Trend("转化率", [], TARGET, None)) == ""


def test_one_value_is_drawn_and_said_with_baseline_and_target():
    picture = drawn(Trend("<转化率>", [point(DAY, Decimal(16))], TARGET, Level(Decimal(11), "11%")))
    assert 'aria-label="&lt;转化率&gt;：基线 11%，目标 ≥ 15%，11月2日 为 16"' in picture
    assert picture.count("<circle") == 1


@given(
    measured=st.lists(st.tuples(st.dates(), VALUES), min_size=1, max_size=6),
    target=VALUES,
    baseline=st.none() | VALUES,
    until=st.none() | st.dates(),
)
def test_every_value_lies_inside_the_picture(measured, target, baseline, until):
    points = [point(day, value) for day, value in sorted(measured)]
    standing = Level(baseline, "b") if baseline is not None else None
    path = re.search(r'points="([^"]+)"', drawn(Trend("度", points, Level(target, "t"), standing, until)))
    corners = [tuple(map(int, corner.split(","))) for corner in path[1].split()]
    assert len(corners) == len(points)
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in corners)
