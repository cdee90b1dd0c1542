"""`python -m bench.timers`, small: workers killed in the middle of their work, seen from the ledger."""

import subprocess
import sys

import pytest

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


@pytest.mark.planted
def test_telling_and_the_next_instant_in_two_transactions_would_show():
    done = timers("--torn")
    assert (done.returncode, done.stdout.strip().endswith("WRONG")) == (1, True), done.stdout + done.stderr
    assert "twice 0" not in done.stdout
