"""Plant a fault in a copy of the package and run a test against it.

    FAULTS = [Fault("the ledger forgets the previous hash", "ledger/policy.py", "previous + body", "body",
                    "tests/ledger/test_verification.py::test_a_removed_entry_is_found")]

    @pytest.mark.planted
    @pytest.mark.parametrize("fault", FAULTS, ids=str)
    def test_the_fault_is_noticed(fault, tmp_path):
        assert_turns_red(fault, tmp_path)

The test must fail, not break: a fault that only stops the package from loading shows nothing.
"""

import atexit
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "bihuan"
TIMEOUT = 300


@dataclass(frozen=True)
class Fault:
    """`old` stands exactly once in `file` (relative to the package) and becomes `new`; then `test` must fail."""

    name: str
    file: str
    old: str
    new: str
    test: str

    def __str__(self) -> str:
        return self.name


class NotPlanted(Exception):
    """The text to be replaced is not there exactly once: the code moved on, the fault must follow."""


def plant(fault: Fault, folder: Path) -> Path:
    """A copy of the sources with the fault in it."""
    source = folder / "src"
    shutil.copytree(PACKAGE, source / "bihuan")  # with what is compiled: Python notices the one file that changed
    text = (PACKAGE / fault.file).read_text(encoding="utf-8")
    if text.count(fault.old) != 1:
        raise NotPlanted(f"{fault.file}: {text.count(fault.old)} times: {fault.old!r}")
    (source / "bihuan" / fault.file).write_text(text.replace(fault.old, fault.new), encoding="utf-8")
    return source


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "BIHUAN_", "DJANGO_"))}


@cache
def migrated() -> Path:
    """An empty database with every table, made once in a run of tests, so that not every fault makes its own."""
    folder = Path(tempfile.mkdtemp(prefix="bihuan-planted-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    options = {"BIHUAN_MODE": "test", "BIHUAN_DATA_DIR": str(folder), "PYTHONPATH": str(PACKAGE.parent)}
    settings = {"DJANGO_SETTINGS_MODULE": "bihuan.config.settings"}
    command = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
    subprocess.run(command, env=environment() | options | settings, check=True, timeout=TIMEOUT)
    return next(folder.glob("*.sqlite3"))


def run(test: str, source: Path, database: Path | None = None) -> subprocess.CompletedProcess[str]:
    """The test alone, in a process of its own, against the copy, on a copy of `database` where one is given."""
    names = environment() | ({"BIHUAN_TEST_MIGRATED": str(database)} if database else {})
    command = [
        sys.executable,
        "-B",
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:randomly",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
    ]
    command += ["-o", f"pythonpath={source} {ROOT}", *(["--reuse-db"] if database else []), test]
    return subprocess.run(
        command,
        cwd=ROOT,
        env=names | {"BIHUAN_TEST_DATABASE": "sqlite", "PYTHONPATH": str(source)},
        capture_output=True,
        text=True,
        check=False,
        timeout=TIMEOUT,
    )


def is_red(finished: subprocess.CompletedProcess[str]) -> bool:
    """Exit code 1 and a failure counted; an error in a fixture or an import is not red but broken."""
    summary = finished.stdout.strip().rpartition("\n")[2]
    return finished.returncode == 1 and bool(re.search(r"\d+ failed", summary)) and "error" not in summary


def assert_turns_red(fault: Fault, folder: Path) -> None:
    makes_tables = "migrations" in fault.file or "models" in fault.file
    finished = run(fault.test, plant(fault, folder), None if makes_tables else migrated())
    assert is_red(finished), (
        f"{fault.test} does not notice: {fault.name}\n{finished.stdout[-3000:]}{finished.stderr[-1000:]}"
    )
