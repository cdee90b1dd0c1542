"""Of the times in which somebody held one post a source means one, whatever it says first."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.organisation.policy import spell_ended, spell_meant

TODAY = date(2026, 3, 2)


@dataclass(frozen=True)
class Held:
    starts_on: date
    ends_on: date | None = None


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


OVER, NOW = Held(day(-20), day(-10)), Held(day(-10))


@st.composite
def one_behind_the_other(draw: st.DrawFn) -> list[Held]:
    """Times that do not overlap; the last one may go on."""
    days = sorted(draw(st.sets(st.integers(-20, 20), min_size=2, max_size=8)))
    pairs = [Held(day(first), day(end)) for first, end in pairwise(days)]
    spells = [pair for pair in pairs if draw(st.booleans())]
    return [*spells, Held(day(days[-1]))] if draw(st.booleans()) or not spells else spells


@given(spells=one_behind_the_other(), shuffle=st.randoms())
def test_in_any_order_each_of_them_comes_in_once_and_is_met_again(spells: list[Held], shuffle) -> None:
    """Those that end behind those that do not, as `post_entries` brings them."""
    rows = list(spells)
    shuffle.shuffle(rows)
    rows.sort(key=lambda row: row.ends_on is not None)
    there: list[Held] = []
    for row in rows:
        said = {"starts_on": row.starts_on, "ends_on": row.ends_on, "today": TODAY}
        assert spell_meant(there, **said) is None
        assert spell_ended(there, **said) is None
        there.append(row)
    shuffle.shuffle(there)
    for row in rows:
        assert spell_meant(there, starts_on=row.starts_on, ends_on=row.ends_on, today=TODAY) == row


@pytest.mark.parametrize(
    ("there", "starts_on", "ends_on", "meant", "ended"),
    [
        ([OVER], None, None, None, OVER),
        ([OVER], day(-20), None, None, OVER),
        ([OVER], day(-15), None, None, OVER),
        ([OVER], day(-20), day(5), None, OVER),
        ([OVER], day(-20), day(-8), None, OVER),
        ([OVER], day(-20), day(-10), OVER, None),
        ([OVER], None, day(-10), OVER, None),
        ([OVER], day(-10), None, None, None),
        ([OVER], day(-30), day(-20), None, None),
        ([OVER, NOW], None, None, NOW, None),
        ([OVER, NOW], None, TODAY, NOW, None),
        ([OVER, NOW], day(-10), TODAY, NOW, None),
        ([Held(day(-3), day(-3))], day(-3), None, None, Held(day(-3), day(-3))),
        ([Held(TODAY)], None, TODAY, Held(TODAY), None),
    ],
)
def test_one_that_was_ended_here_is_not_another(there, starts_on, ends_on, meant, ended) -> None:
    said = {"starts_on": starts_on, "ends_on": ends_on, "today": TODAY}
    assert spell_meant(there, **said) == meant
    if meant is None:
        assert spell_ended(there, **said) == ended
