"""Plant a fault in a copy of the package and run a test against it.

    FAULTS = [Fault("the ledger forgets the previous hash", "ledger/policy.py", "previous + body", "body",
                    "tests/ledger/test_verification.py::test_a_removed_entry_is_found")]

    @pytest.mark.planted
    @pytest.mark.parametrize("fault", FAULTS, ids=str)
    def test_the_fault_is_noticed(fault, tmp_path):
        assert_turns_red(fault, tmp_path)

The test must fail, not break: a fault that only stops the package from loading shows nothing.
"""

import gc
import multiprocessing
import os
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.tables import environment, migrated

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "bihuan"
TIMEOUT = 300
NURSERY = multiprocessing.get_context("forkserver")  # has everything loaded but what is ours; every fault forks from it
NURSERY.set_forkserver_preload(["tests.planted.foreign"])


@dataclass(frozen=True)
class Fault:
    """`old` stands exactly once in `file` (relative to the package) and becomes `new`; then `test` must fail. Where it
    `is_acted`, what shows it happens on the way to the test: then no scene is taken from who acted it without a fault.
    """

    name: str
    file: str
    old: str
    new: str
    test: str
    is_acted: bool = False

    def __str__(self) -> str:
        return self.name


class NotPlanted(Exception):
    """The text to be replaced is not there exactly once: the code moved on, the fault must follow."""


def plant(fault: Fault, folder: Path) -> Path:
    """The sources with the fault in them: what lies on the way to the file is copied, the other folders are links."""
    text = (PACKAGE / fault.file).read_text(encoding="utf-8")
    if text.count(fault.old) != 1:
        raise NotPlanted(f"{fault.file}: {text.count(fault.old)} times: {fault.old!r}")
    source = folder / "src"
    lead_to(Path(fault.file), PACKAGE, source / "bihuan")
    (source / "bihuan" / fault.file).write_text(text.replace(fault.old, fault.new), encoding="utf-8")
    return source


def lead_to(file: Path, original: Path, copy: Path) -> None:
    copy.mkdir(parents=True)
    for path in original.iterdir():
        if path.is_file():
            shutil.copy2(path, copy)
        elif path.name == file.parts[0]:
            lead_to(Path(*file.parts[1:]), path, copy / path.name)
        elif path.name == "__pycache__":  # with what is compiled: Python notices the one file that changed
            shutil.copytree(path, copy / path.name)
        else:
            (copy / path.name).symlink_to(path)


@dataclass(frozen=True)
class Finished:
    code: int | None
    output: str


def run(test: str, source: Path, database: Path | None = None, *, is_acted: bool = False) -> Finished:
    """The test alone, in a process of its own, against the copy, on a copy of `database` where one is given."""
    output = source.parent / "output"
    process = NURSERY.Process(target=run_here, args=(test, source, database, output, is_acted))
    process.start()
    process.join(TIMEOUT)
    if process.exitcode is None:
        process.kill()
        process.join()
    return Finished(process.exitcode, output.read_text(encoding="utf-8"))


def run_here(test: str, source: Path, database: Path | None, output: Path, is_acted: bool) -> None:
    """In the new process: nothing of ours is loaded yet but what stands here, and all that is not ours."""
    assert not {"bihuan", "sqlite3"} & sys.modules.keys()
    assert "xlsxwriter" in sys.modules, "the nursery does not say what it could not load (tests.planted.foreign)"
    gc.freeze()
    with output.open("wb") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    shared = {"BIHUAN_TEST_SHARED": str(database.parent)} if database else {}
    faulty = {"BIHUAN_TEST_FAULTY": "acting" if is_acted else "seen", "PYTHONPATH": str(source)}
    names = environment() | shared | {"BIHUAN_TEST_DATABASE": "sqlite"} | faulty
    os.environ.clear()
    os.environ.update(names)
    os.chdir(ROOT)
    without = [option for name in ("randomly", "cacheprovider", "xdist") for option in ("-p", f"no:{name}")]
    options = ["-q", "--assert=plain", "--tb=line", *without, "-o", f"pythonpath={source} {ROOT}"]
    sys.exit(pytest.main([*options, test]))


def is_red(finished: Finished) -> bool:
    """Exit code 1 and a failure counted; an error in a fixture or an import is not red but broken."""
    summary = finished.output.strip().rpartition("\n")[2]
    return finished.code == 1 and bool(re.search(r"\d+ failed", summary)) and "error" not in summary


def assert_turns_red(fault: Fault, folder: Path) -> None:
    makes_tables = "migrations" in fault.file or "models" in fault.file
    source, database = plant(fault, folder), None if makes_tables else migrated()
    finished = run(fault.test, source, database, is_acted=fault.is_acted)
    assert is_red(finished), f"{fault.test} does not notice: {fault.name}\n{finished.output[-4000:]}"
