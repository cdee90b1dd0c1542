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


def across(picture):
    """The heights of the lines for target and baseline."""
    return [int(y) for y in re.findall(r'<line [^>]*y1="(\d+)"', picture)]


@pytest.mark.parametrize("far", [Decimal(100_000), Decimal(-100_000)])
def test_a_value_far_off_presses_target_and_baseline_not_together_and_is_named(far):
    points = [point(DAY, Decimal(12)), point(DAY.replace(day=9), far), point(DAY.replace(day=16), Decimal(14))]
    picture = drawn(Trend("转化率", points, TARGET, Level(Decimal(11), "11%")))
    target, baseline = across(picture)
    assert baseline - target >= 12
    assert (picture.count("<polygon"), picture.count("<circle")) == (1, 2)
    assert picture.count(f"超出图幅：11月9日 {far}") == 2


def test_without_a_baseline_the_frame_is_that_of_most_values():
    points = [point(DAY.replace(day=day), Decimal(value)) for day, value in ((2, 10), (3, 12), (4, 9_000), (5, 14))]
    picture = drawn(Trend("转化率", points, TARGET, None))
    assert (picture.count("<polygon"), picture.count("<circle")) == (1, 3)


def test_many_values_far_off_are_counted_behind_the_last_two():
    points = [point(DAY.replace(day=day), Decimal(day * 1000)) for day in (3, 4, 5, 6)]
    picture = drawn(Trend("转化率", points, TARGET, Level(Decimal(11), "11%")))
    assert "超出图幅：11月5日 5000、11月6日 6000，另有 2 个" in picture


def test_values_within_reach_are_all_inside_as_before():
    picture = drawn(Trend("转化率", [point(DAY, Decimal(20))], TARGET, Level(Decimal(11), "11%")))
    assert ("polygon" in picture, f'viewBox="0 0 {WIDTH} {HEIGHT}"' in picture) == (False, True)


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
