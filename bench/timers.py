"""`python -m bench.timers`: deadlines told by workers that are killed with SIGKILL; none is lost, none told twice.

Makes `--size` deadlines that came due while nobody looked, lets `--workers` processes scan, and kills one of them
`--kills` times, spread over the whole of the work. Then the ledger says how often each was told. `--torn` tells first
and writes the next instant in a second transaction: a fault that must show. Ends with 1 when a deadline was lost or
told twice, or fewer were killed than asked for. Stopped with SIGTERM or SIGINT it reports what it saw until then and
ends with 1. On PostgreSQL through `scripts/with_postgresql.py`.
"""

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.beginning import begin
from bench.generated import SEED

WEEKEND = timedelta(days=2, hours=15)
CHUNK = 5000
OF_A_MATTER, OF_A_PERSON = 100, 100
TOLD = "deadlines.deadline.warned"
TICK, FAR = timedelta(microseconds=1), timedelta(days=30)
STATEMENTS = 25  # of one batch at least
DELAY = 0.02
PATIENCE = 0.05
STOPS = (signal.SIGTERM, signal.SIGINT)


@dataclass(frozen=True)
class Outcome:
    """What the ledger and the rows say in the end."""

    size: int
    seconds: float
    killed: int
    told: int
    further: int
    lost: int
    twice: int
    waiting: int
    broken_chains: int

    @property
    def is_right_so_far(self) -> bool:
        return not (self.lost or self.twice or self.broken_chains)

    @property
    def is_right(self) -> bool:
        return self.is_right_so_far and not self.waiting


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.timers", description=__doc__)
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--batch", type=int, default=200)
    parser.add_argument("--torn", action="store_true", help="the planted fault")
    parser.add_argument("--empty", type=Path, help="a migrated SQLite file to work on a copy of, instead of making one")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bihuan-bench-") as place:
        begin(Path(place), asked.empty)
        outcome = run(asked.size, kills=asked.kills, workers=asked.workers, batch=asked.batch, torn=asked.torn)
    show(outcome, asked.kills)
    return 0 if outcome.is_right and outcome.killed >= asked.kills else 1


def run(size: int, *, kills: int, workers: int, batch: int, torn: bool) -> Outcome:
    chance = random.Random(SEED)
    began = time.perf_counter()
    make(size, chance)
    note(f"{size} made in {time.perf_counter() - began:.0f} s")
    waiting = fates(size, kills=kills, batch=batch, chance=chance)
    began = time.perf_counter()
    killed = work(workers, lambda fate: look(batch, fate, torn=torn), waiting)
    return outcome(size, time.perf_counter() - began, killed)


def note(said: str) -> None:
    """How far it is, for whoever waits for a long run."""
    print(f"{datetime.now(UTC):%H:%M:%S} {said}", file=sys.stderr, flush=True)


def make(size: int, chance: random.Random) -> None:
    """Deadlines of people who owe them, in matters of a hundred each, due at some instant of the last weekend's worth
    of time; one in fifty is urgent. No second rung is reached while this runs, however long it takes."""
    from bihuan.deadlines.models import Deadline

    since = datetime.now(UTC) - WEEKEND
    make_people(size // OF_A_PERSON)
    begin_matters(size // OF_A_MATTER + 1)
    for first in range(0, size, CHUNK):
        numbers = range(first, min(first + CHUNK, size))
        Deadline.objects.bulk_create(Deadline(**columns(number, size, since, chance)) for number in numbers)


def make_people(count: int) -> None:
    from bihuan.organisation.models import Person

    for first in range(1, count + 1, CHUNK):
        numbers = range(first, min(first + CHUNK, count + 1))
        Person.objects.bulk_create(Person(pk=pk, username=f"p{pk}", name=f"李{pk}") for pk in numbers)


def begin_matters(count: int) -> None:
    from bihuan.kernel.subjects import SubjectRef
    from bihuan.ledger import operations as ledger

    for first in range(0, count, CHUNK):
        ledger.begin_chains(SubjectRef("matter", number) for number in range(first, min(first + CHUNK, count)))


def columns(number: int, size: int, since: datetime, chance: random.Random) -> dict[str, Any]:
    from bihuan.deadlines.enums import Level
    from bihuan.deadlines.operations.starting import watched, written

    due = since + WEEKEND * chance.random()
    ladder = written(((Level.RED, due + TICK), (Level.RED_PLUS, due + FAR)))
    return {
        "rule": "T21", "subject_kind": "task", "subject_id": number, "root_kind": "matter",
        "root_id": number // OF_A_MATTER, "what": f"任务 {number}", "owner": f"p:{1 + number % (size // OF_A_PERSON)}",

        "started_at": since, "counts_from": since, "due_at": due, "ladder": ladder,
        "is_urgent": number % 50 == 7, **watched(ladder, since),
    }  # fmt: skip


def look(batch: int, fate: "Fate | None", *, torn: bool) -> None:
    """A worker: tells what is due until nothing is, whatever the database says in between, or until it is killed."""
    from django.db import Error, connection

    from bihuan.deadlines import operations
    from bihuan.deadlines.models import Deadline
    from bihuan.deadlines.operations import scanning
    from bihuan.worker.clock import database_now

    if torn:
        tear(scanning)
    with connection.execute_wrapper(fate) if fate else nullcontext():
        while Deadline.objects.filter(state="RUNNING", next_at__lte=database_now()).exists():
            try:
                operations.scan(at=database_now(), limit=batch)
            except Error:
                continue
            if fate:
                fate.batches -= 1


def tear(scanning: Any) -> None:
    """Plant the fault: the effect is one transaction, the next instant another."""
    from django.db import transaction

    whole, write = scanning._climb.__wrapped__, scanning._write

    def climb(due: Mapping[int, Any], at: datetime) -> int:
        kept: list[Callable[[], None]] = []
        scanning._write = lambda rows, levels, at: kept.append(lambda: write(rows, levels, at))
        with transaction.atomic():
            told: int = whole(due, at)
        time.sleep(0.02)
        for later in kept:
            with transaction.atomic():
                later()
        return told

    scanning._climb = climb


@dataclass
class Fate:
    """When a worker is killed: so many batches on, before a statement of the next; with a delay, from outside and at
    whatever moment that is, a commit among them."""

    batches: int
    statement: int
    delay: float

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: Any, context: Any) -> Any:
        if self.batches <= 0:
            self.statement -= 1
        if self.statement == 0:
            self._die()
        return execute(sql, params, many, context)

    def _die(self) -> None:
        doomed = os.getpid()
        if self.delay and os.fork():
            return
        time.sleep(self.delay)
        os.kill(doomed, signal.SIGKILL)
        os._exit(0)


def fates(size: int, *, kills: int, batch: int, chance: random.Random) -> list[Fate]:
    """Spread over less than half of the work, so that everybody is killed while there is work left."""
    longest = max(size // (2 * batch * max(kills, 1)), 1)
    return [
        Fate(chance.randrange(longest), chance.randrange(1, STATEMENTS), DELAY * chance.random() * (number % 2))
        for number in range(kills)
    ]


def work(workers: int, task: Callable[[Fate | None], None], waiting: list[Fate]) -> int:
    """First all who are to be killed, so many side by side, then as many who work until nothing is left.

    Returns how many were killed.
    """
    killed = 0
    with stopping() as is_stopped:
        while waiting and not is_stopped():
            killed += side_by_side(task, [waiting.pop() for _ in range(min(workers, len(waiting)))], is_stopped)
            if len(waiting) % 20 < workers:
                note(f"{killed} killed")
        return killed if is_stopped() else killed + side_by_side(task, [None] * workers, is_stopped)


@contextmanager
def stopping() -> Iterator[Callable[[], bool]]:
    """Whether somebody asked to stop; who works is then told to stop too."""
    asked: list[int] = []
    before = {one: signal.signal(one, lambda number, _frame: asked.append(number)) for one in STOPS}
    try:
        yield lambda: bool(asked)
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def side_by_side(
    task: Callable[[Fate | None], None], crew: Sequence[Fate | None], is_stopped: Callable[[], bool]
) -> int:
    """Returns how many were killed by their fate."""
    from django.db import connections

    connections.close_all()
    processes = {begin_process(task, fate) for fate in crew}
    killed = 0
    while processes:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid:
            processes.discard(pid)
            killed += os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        elif is_stopped():
            for one in processes:
                os.kill(one, signal.SIGTERM)
            time.sleep(PATIENCE)
        else:
            time.sleep(PATIENCE)
    return killed


def begin_process(task: Callable[[Fate | None], None], fate: Fate | None) -> int:
    pid = os.fork()
    if not pid:
        for one in STOPS:
            signal.signal(one, signal.SIG_DFL)
        try:
            task(fate)
        finally:
            os._exit(0)
    return pid


def outcome(size: int, seconds: float, killed: int) -> Outcome:
    """Against the ledger: whoever neither waits nor is in it was lost; whose rung stands there more than once was told
    twice. A further rung that was reached while this ran is another warning, told apart by its level."""
    from bihuan.deadlines.models import Deadline
    from bihuan.ledger.models import Entry
    from bihuan.ledger.verification import verify

    entries = Entry.objects.filter(name=TOLD, subject_kind="deadline")
    rungs = Counter(rungs_told(entries))
    heard = {deadline_id for deadline_id, _level in rungs}
    due = Deadline.objects.filter(next_at__lte=datetime.now(UTC))
    waiting = set(due.order_by().values_list("pk", flat=True))
    note("the ledger is asked")
    return Outcome(
        size=size,
        seconds=seconds,
        killed=killed,
        told=rungs.total(),
        further=len(rungs) - len(heard),
        lost=size - len(heard | waiting),
        twice=sum(times > 1 for times in rungs.values()),
        waiting=len(waiting),
        broken_chains=len(verify().problems),
    )


def rungs_told(entries: Any) -> Iterator[tuple[int, int]]:
    """Deadline and level of every warning, as the body of its entry says."""
    for spelled in entries.order_by().values_list("body__body", flat=True).iterator(CHUNK):
        said = json.loads(spelled)
        yield said["deadline_id"], said["level"]


def show(found: Outcome, kills: int) -> None:
    speed = found.told / found.seconds
    print(f"{found.size} deadlines in {found.seconds:.1f} s, {speed:.0f} a second; {found.killed} of {kills} kills")
    verdict = "WRONG" if not found.is_right_so_far else "right" if found.is_right else "not done, right so far"
    further = f" (of these {found.further} a further rung)" if found.further else ""
    print(
        f"told {found.told}{further}, lost {found.lost}, twice {found.twice}, still waiting {found.waiting}, ", end=""
    )
    print(f"broken chains {found.broken_chains}: {verdict}")


if __name__ == "__main__":
    sys.exit(main())
