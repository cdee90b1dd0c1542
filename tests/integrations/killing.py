"""The reliability test of FA04, apart from the tests so that a planted fault can be held against it."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


def database_url() -> str:
    """The address of the database of the test itself, for another process."""
    about = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{about['NAME']}"
    return f"postgresql://{about['USER']}:{about['PASSWORD']}@{about['HOST']}:{about['PORT']}/{about['NAME']}"


def start(folder: Path, fault: str) -> "subprocess.Popen[str]":
    environment = {
        **os.environ,
        "BIHUAN_DATABASE_URL": database_url(),
        "BIHUAN_DATA_DIR": str(settings.DATA_DIR),
        "BIHUAN_MODE": "test",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
    }
    command = [sys.executable, "-m", "tests.integrations.importer", str(folder), *([fault] if fault else [])]
    return subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def kill_after(rows: int, folder: Path, chance: random.Random, fault: str) -> None:
    """Start an import and kill it -9 a moment after it has told that so many rows are done."""
    with start(folder, fault) as importer:
        for line in importer.stdout or ():
            if int(line.split()[0]) >= rows:
                break
        time.sleep(chance.random() * 0.02)
        importer.send_signal(signal.SIGKILL)


def finish(folder: Path, fault: str = "") -> None:
    with start(folder, fault) as importer:
        importer.communicate(timeout=120)
    assert importer.returncode == 0


def survives_kills(
    folder: Path, expected: Any, seen: Callable[[], Any], *, after: Iterable[int], seed: int, fault: str = ""
) -> None:
    """An import killed after each of these numbers of rows and then finished leaves what an undisturbed one leaves."""
    chance = random.Random(seed)
    for rows in after:
        kill_after(rows, folder, chance, fault)
    finish(folder, fault)
    assert seen() == expected
