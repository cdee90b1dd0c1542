"""Read a table file of somebody else in a confined child process: wholly, or not at all."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import bihuan
from bihuan.documents import limits
from bihuan.documents.errors import Unsafe

PROGRAM = "import sys; sys.path.insert(0, sys.argv[1]); from bihuan.documents.child import main; main()"
HEADS = (
    (b"PK\x03\x04", "xlsx"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old"),
    (b"%PDF", "pdf"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x1f\x8b", "gzip"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf", "7z"),
    (b"PK\x05\x06", "zip"),
)
SUFFIXES = {".xlsx": "xlsx", ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".json": "json", ".jsonl": "json"}


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row that is not blank, with the number it has in its sheet. `sheet` is empty for CSV."""

    sheet: str
    number: int
    cells: list[str]


def kind_of(path: Path, name: str) -> str:
    """`xlsx`, `csv` or `json`, by name and by first bytes; raise Unsafe when the two do not agree."""
    kind = SUFFIXES.get(Path(name).suffix.lower(), "")
    if not kind:
        raise Unsafe("kind_unknown", file=name)
    if path.stat().st_size > limits.FILE_BYTES:
        raise Unsafe("file_too_large", file=name, limit=limits.FILE_BYTES // limits.MEBIBYTE)
    with path.open("rb") as handle:
        begin = handle.read(16)
    really = next((really for head, really in HEADS if begin.startswith(head)), "text")
    if really == "old":
        raise Unsafe("old_or_locked", file=name)
    if (kind == "xlsx") != (really == "xlsx") or really not in ("xlsx", "text"):
        raise Unsafe("kind_differs", file=name, really=really)
    return kind


def read_rows(path: Path, name: str, *, allowed: Callable[[Path, str], str] = kind_of) -> Iterator[SheetRow]:
    """Every row of every sheet, in order. Raise Unsafe before the first row when the file is refused.

    The child's answer is kept until it came to its end, so that a file is never taken in part.
    """
    kind = allowed(path, name)
    with tempfile.TemporaryFile("w+", encoding="ascii") as answer:
        run_child(path, kind, name, answer)
        check_answer(answer, name)
        yield from rows_of(answer)


def run_child(path: Path, kind: str, name: str, answer: IO[str]) -> None:
    source = str(Path(bihuan.__file__).parent.parent)
    command = [sys.executable, "-I", "-c", PROGRAM, source, str(path.absolute()), kind]
    try:
        done = subprocess.run(  # noqa: S603  our own program, no shell
            command, stdin=subprocess.DEVNULL, stdout=answer, stderr=subprocess.DEVNULL, env={}, cwd="/",
            timeout=limits.WAIT_SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise Unsafe("too_slow", file=name, limit=limits.WAIT_SECONDS) from None
    if done.returncode in (-24, -9):  # SIGXCPU, SIGKILL: its time was over
        raise Unsafe("too_slow", file=name, limit=limits.CHILD_SECONDS)
    if done.returncode == -6:  # a library gave up for want of memory
        raise Unsafe("too_much_memory", file=name, limit=limits.CHILD_MEMORY // limits.MEBIBYTE)
    if done.returncode:
        raise Unsafe("reading_failed", file=name)


def check_answer(answer: IO[str], name: str) -> None:
    """The last line must say that this is all."""
    answer.seek(0)
    last = ""
    for last in answer:  # noqa: B007  the last one is wanted
        pass
    said: dict[str, Any] = json.loads(last) if last.endswith("\n") else {}
    if "refused" in said:
        raise Unsafe(said["refused"].removeprefix("documents."), **{"file": name, **said["params"]})
    if "end" not in said:
        raise Unsafe("reading_failed", file=name)


def rows_of(answer: IO[str]) -> Iterator[SheetRow]:
    answer.seek(0)
    sheet = ""
    for line in answer:
        said = json.loads(line)
        if "sheet" in said:
            sheet = said["sheet"]
        elif "row" in said:
            yield SheetRow(sheet, said["row"], said["cells"])
