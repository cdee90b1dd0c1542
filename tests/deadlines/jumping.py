"""A worker whose machine's clock jumps: run by `test_clock_jumps.py` under libfaketime, with its own database.

Its argument is the file from which libfaketime reads the time. Prints one line of JSON: after each jump, which rungs
were told in all.
"""

import json
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from bench.beginning import begin
from bench.timers import TOLD, rungs_told

FORMAT = "@%Y-%m-%d %H:%M:%S"


def main(clock: Path, place: Path, empty: Path) -> None:
    begin(place, empty)
    from bihuan.deadlines.models import Deadline
    from bihuan.ledger.models import Entry
    from bihuan.worker.clock import database_now

    def set_clock(at: datetime) -> None:
        clock.write_text(f"{at.astimezone():{FORMAT}}")  # in the zone of the process, which Django sets
        assert abs(database_now() - at) < timedelta(seconds=30), (database_now(), at)

    made = make_one(set_clock)
    due, later = made.rungs[-2][1], made.rungs[-1][1]
    minute, told = timedelta(minutes=1), []
    for jump in (due - minute, due + minute, due - timedelta(days=1), due + minute, later - minute, later + minute):
        set_clock(jump)
        look()
        told.append([level for _pk, level in rungs_told(Entry.objects.filter(name=TOLD))])
    row = Deadline.objects.get()
    said = {"told": told, "waits": row.next_at is not None, "rungs": [level for level, _ in row.ladder]}
    sys.stdout.write(json.dumps(said))


def look() -> None:
    from bihuan.deadlines import operations
    from bihuan.worker.clock import database_now

    operations.scan(at=database_now())


def make_one(set_clock: Callable[[datetime], None]) -> "object":
    from bihuan.deadlines import operations
    from bihuan.kernel.actor import SYSTEM
    from bihuan.kernel.subjects import SubjectRef
    from bihuan.worker.clock import database_now

    set_clock(datetime.fromisoformat("2026-11-20T02:00:00+00:00"))
    wanted = operations.Start(subject=SubjectRef("problem", 1), owner="g:pmo", what="订单延误")
    (made,) = operations.start(
        "T06", [wanted], root=SubjectRef("matter", 1), scope_id=None, actor=SYSTEM, at=database_now()
    )
    return made


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
