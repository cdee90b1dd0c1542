"""The machine's clock jumps forward and back under a worker (libfaketime): never early, never twice, never lost."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bihuan.deadlines.enums import Level
from tests.planted.plant import ROOT, environment, migrated

LIBRARY = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)
BEFORE, OVERDUE = [Level.ORANGE], [Level.ORANGE, Level.RED]


@pytest.mark.planted
def test_each_rung_is_told_once_by_a_clock_that_jumps_forward_and_back(tmp_path: Path) -> None:
    clock = tmp_path / "clock"
    clock.write_text("@2026-11-20 02:00:00")
    faked = {
        "LD_PRELOAD": str(LIBRARY), "FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }  # fmt: skip
    command = [sys.executable, "-m", "tests.deadlines.jumping", str(clock), str(tmp_path), str(migrated())]
    paths = os.pathsep.join((str(ROOT / "src"), str(ROOT)))
    done = subprocess.run(
        command, cwd=ROOT, env=environment() | faked | {"PYTHONPATH": paths}, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    said = json.loads(done.stdout)
    after_red, long_after = [*OVERDUE], [*OVERDUE, Level.RED_PLUS]
    assert said["told"] == [BEFORE, after_red, after_red, after_red, after_red, long_after]
    assert (said["waits"], said["rungs"][-2:]) == (False, [Level.RED, Level.RED_PLUS])
