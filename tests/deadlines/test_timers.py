"""`python -m bench.timers`, small: workers killed in the middle of their work, seen from the ledger."""

import subprocess
import sys

import pytest

from bench import timers as timers_bench
from bihuan.deadlines import operations
from bihuan.deadlines.models import Deadline
from bihuan.ledger.models import Entry
from tests.deadlines.running import begin
from tests.planted.plant import ROOT, environment, migrated


def timers(*options: str) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "bench.timers",
        "--size",
        "300",
        "--kills",
        "4",
        "--batch",
        "20",
        "--empty",
        str(migrated()),
        *options,
    ]
    return subprocess.run(
        command, cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.planted
def test_nothing_is_lost_or_told_twice_by_workers_that_are_killed():
    done = timers()
    assert (done.returncode, "4 of 4 kills" in done.stdout) == (0, True), done.stdout + done.stderr
    assert "told 300, lost 0, twice 0, still waiting 0, broken chains 0: right" in done.stdout


def test_a_further_rung_is_another_warning_and_the_same_one_again_is_told_twice(cast):
    made = begin(cast)
    for _level, reached_at in made.rungs[-2:]:
        operations.scan(at=reached_at)
    entries = Entry.objects.filter(name=timers_bench.TOLD)
    assert list(timers_bench.rungs_told(entries)) == [(made.pk, 4), (made.pk, 5)]
    found = timers_bench.outcome(1, 1.0, 0)
    assert (found.told, found.further, found.twice, found.lost, found.is_right) == (2, 1, 0, 0, True)
    made.refresh_from_db()
    Deadline.objects.filter(pk=made.pk).update(level=4, next_at=made.rungs[-1][1])
    operations.scan(at=made.rungs[-1][1])
    again = timers_bench.outcome(1, 1.0, 0)
    assert (again.told, again.further, again.twice, again.is_right) == (3, 1, 1, False)


@pytest.mark.planted
def test_telling_and_the_next_instant_in_two_transactions_would_show():
    done = timers("--torn")
    assert (done.returncode, done.stdout.strip().endswith("WRONG")) == (1, True), done.stdout + done.stderr
    assert "twice 0" not in done.stdout
