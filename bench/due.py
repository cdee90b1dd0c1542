"""`python -m bench.due`: how long deadlines take. One across a year; many counted anew after a calendar changed; a look
for what is due among very many open ones, beside the bare query. On PostgreSQL through `scripts/with_postgresql.py`.

A backlog after a weekend: `python -m bench.timers --size 100000 --kills 0 --workers 1`.
"""

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.beginning import begin
from bench.generated import SEED
from bench.timers import CHUNK, OF_A_MATTER, TICK, begin_matters, make_people

DUE = 1000
ACROSS_A_YEAR = "250wd"
TIMES = 2000


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.due", description=__doc__)
    parser.add_argument("--open", type=int, default=1_000_000, help="open deadlines, a thousand of them due")
    parser.add_argument("--moved", type=int, default=100_000, help="deadlines counted anew")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bihuan-bench-") as place:
        begin(Path(place))
        across_a_year()
        counted_anew(asked.moved)
        looked_for(asked.open)
    return 0


def across_a_year() -> None:
    """Microseconds for one count, the calendar warm; and for the first one of a process."""
    from bihuan import clock
    from bihuan.clock.asking import calendar_for

    calendar, limit = calendar_for("Asia/Shanghai", "CN", "09:00-12:00,13:00-18:00"), clock.parse_limit(ACROSS_A_YEAR)
    start = datetime(2025, 6, 2, 2, 0, tzinfo=UTC)
    cold = seconds(lambda: clock.add(calendar, start, limit))
    starts = [start + timedelta(minutes=number) for number in range(TIMES)]
    began = time.process_time()  # nothing but this process works here: what else runs does not weigh
    for each in starts:
        clock.add(calendar, each, limit)
    warm = (time.process_time() - began) / TIMES
    print(f"one deadline, {ACROSS_A_YEAR}: {warm * 1e6:.0f} µs warm, {cold * 1e6:.0f} µs the first")


def counted_anew(count: int) -> None:
    """The seconds from a saved calendar change to the last deadline moved, in chunks as the worker does it."""
    from bihuan.agenda import operations as agenda
    from bihuan.deadlines.models import Deadline
    from bihuan.kernel.actor import SYSTEM
    from bihuan.organisation import operations as organisation
    from bihuan.organisation.models import Calendar, Site

    at = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
    site = Site.objects.create(name="上海", time_zone="Asia/Shanghai")
    Calendar.objects.create(site=site)
    make_people(count // 100)
    begin_matters(count // OF_A_MATTER)
    for first in range(0, count, CHUNK):
        numbers = range(first, min(first + CHUNK, count))
        Deadline.objects.bulk_create(counted_row(number, count, site.pk, at) for number in numbers)
    closed = organisation.DayValues(kind="CLOSED", name="厂休")
    day = datetime(2026, 11, 24, tzinfo=UTC).date()

    def act() -> None:
        organisation.set_day(site.pk, day=day, values=closed, seen_revision=0, actor=SYSTEM, at=at)

    change = agenda.Change(act=act, said={"day": "2026-11-24"}, site_id=site.pk, reason="厂休")
    shown = seconds(lambda: agenda.preview_change(change, actor=SYSTEM, at=at))
    saved = seconds(lambda: agenda.change_calendar(change, seen=None, actor=SYSTEM, at=at))
    followed = seconds(lambda: follow(at))
    moved = Deadline.objects.filter(due_at__gt=datetime(2026, 11, 24, 12, 0, tzinfo=UTC)).count()
    print(
        f"{count} deadlines: shown what would move in {shown:.1f} s, saved in {saved:.1f} s, {moved} moved in "
        f"{followed:.1f} s, {moved / followed:.0f} a second"
    )
    Deadline.objects.all().delete()


def counted_row(number: int, count: int, site_id: int, at: datetime) -> Any:
    from bihuan.deadlines.models import Deadline

    due = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
    return Deadline(
        rule="T29", subject_kind="signoff", subject_id=number, root_kind="matter", root_id=number // OF_A_MATTER,
        what=f"会签 {number}", owner=f"p:{1 + number % (count // 100)}", site_id=site_id, started_at=at,
        limit="2wd", counts_from=at, counts="2wd", due_at=due, next_at=due,
        ladder=[(4, (due + TICK).isoformat())],
    )  # fmt: skip


def follow(at: datetime) -> None:
    from bihuan.agenda import operations as agenda
    from bihuan.agenda.models import Recount
    from bihuan.kernel.actor import SYSTEM

    while (standing := Recount.objects.filter(finished_at=None).first()) is not None:
        agenda.follow_recount({"id": standing.pk, "after": standing.last_id}, actor=SYSTEM, at=at)


def looked_for(count: int) -> None:
    """The look of the scanner, beside a query for the keys alone, and the whole scan of what is due."""
    from bihuan.deadlines import operations
    from bihuan.deadlines.models import Deadline
    from bihuan.deadlines.operations import scanning

    now, chance = datetime.now(UTC), random.Random(SEED)
    make_open(count, now, chance)
    bare = statistics.median(seconds(lambda: list(bare_query(Deadline, now))) for _ in range(9))
    look = statistics.median(seconds(lambda: scanning._due(now, DUE)) for _ in range(9))
    idle = statistics.median(seconds(lambda: scanning._due(now - timedelta(days=3), DUE)) for _ in range(9))
    print(f"{count} open, {DUE} due: the look {look * 1000:.1f} ms, bare {bare * 1000:.1f} ms ({look / bare:.1f})")
    print(f"  a look that finds nothing {idle * 1000:.2f} ms; ", end="")
    told = seconds(lambda: drained(operations, now))
    print(f"told {DUE} in {told:.2f} s")


def make_open(count: int, now: datetime, chance: random.Random) -> None:
    from bihuan.deadlines.models import Deadline

    begin_matters(count // OF_A_MATTER + 1)
    due = set(chance.sample(range(count), DUE))
    for first in range(0, count, CHUNK):
        Deadline.objects.bulk_create(
            open_row(number, now + (-1 if number in due else 1) * timedelta(hours=1 + 40 * chance.random()))
            for number in range(first, min(first + CHUNK, count))
        )


def open_row(number: int, due: datetime) -> Any:
    from bihuan.deadlines.models import Deadline

    return Deadline(
        rule="T21", subject_kind="task", subject_id=number, root_kind="matter", root_id=number // OF_A_MATTER,
        what=f"任务 {number}", owner=f"p:{1 + number % 100}", started_at=due - timedelta(days=3),
        counts_from=due - timedelta(days=3), due_at=due, next_at=due, ladder=[(4, (due + TICK).isoformat())],
    )  # fmt: skip


def bare_query(model: Any, now: datetime) -> Any:
    rows = model.objects.filter(state="RUNNING", is_urgent__in=[False], next_at__lte=now).order_by("next_at", "pk")
    return rows.values_list("pk", flat=True)[:DUE]


def drained(operations: Any, now: datetime) -> None:
    while operations.scan(at=now):
        pass


def seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
