"""`python -m bench.hostile`: what refusing each of the hostile files costs (AT52, AT53), beside a good workbook.

Each is read by the confined child alone, as an import reads it. Processor time and the largest memory of that process,
as the kernel counts them; the first line is a process that only begins, which is in every other one. Not part of CI.
"""

import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import bihuan
from bihuan.documents import limits
from bihuan.documents.reading import PROGRAM
from tests.documents.packages import bomb, deflated, overlapping, parts, raw_package, sheet, write, zeros
from tests.documents.test_hostile import STRUCTURES

SOURCE = str(Path(bihuan.__file__).parent.parent)
BEGIN = "import sys; sys.path.insert(0, sys.argv[1]); from bihuan.documents.child import confine; confine()"
TELL_MEMORY = 'sys.stderr.write(open("/proc/self/status").read())'


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="bihuan-bench-") as made:
        begin, _memory, _said = cost(BEGIN, Path("-"))
        print(f"{'':42}{'ms of the processor':>20}{'MB at most':>12}")
        for name, path in [("a process that only begins", Path("-")), *files(Path(made))]:
            program = BEGIN if path == Path("-") else PROGRAM
            seconds, memory, said = cost(program, path)
            more = "" if path == Path("-") else f"  {(seconds - begin) * 1000:6.0f} ms of reading  {said}"
            print(f"{name:42}{seconds * 1000:20.0f}{memory:12.0f}{more}", flush=True)
    return 0


def files(folder: Path) -> Iterator[tuple[str, Path]]:
    """AT52: swelling, parts, nesting, overlapping, lying. AT53: far, wide, long, merged. And all other structures."""
    yield "a good workbook", write(folder / "good.xlsx", parts())
    yield "a bomb", bomb(folder / "bomb.xlsx")
    yield "parts on top of each other", overlapping(folder / "overlapping.xlsx")
    lying = {"xl/a.xml": (deflated(zeros(20 * limits.MEBIBYTE)), 100, 0)}
    yield "a bomb behind a small size", raw_package(folder / "lying.xlsx", lying)
    yield "100,000 parts", write(folder / "parts.xlsx", parts() | {f"xl/{n}.xml": b"<a/>" for n in range(100_000)})
    nested = write(folder / "inner.xlsx", parts()).read_bytes()
    yield "a package in a package", write(folder / "nested.xlsx", parts() | {"xl/embeddings/a.xlsx": nested})
    empty = parts(sheet('<row s="1"/>' * 1_000_000))
    yield "1,000,000 empty rows", write(folder / "rows.xlsx", empty, zipfile.ZIP_STORED)
    ranges = '<mergeCell ref="A1:B1"/>' * 1_000_000
    merged = parts(sheet("", f"<mergeCells>{ranges}</mergeCells>"))
    yield "1,000,000 merged ranges", write(folder / "merged.xlsx", merged, zipfile.ZIP_STORED)
    for number, (name, (found, _code)) in enumerate(STRUCTURES.items()):
        yield name, write(folder / f"{number}.xlsx", found)


def cost(program: str, path: Path) -> tuple[float, float, str]:
    """Seconds of the processor, the least of three, megabytes at most, and the last word of a child."""
    return min(once(program, path) for _time in range(3))


def once(program: str, path: Path) -> tuple[float, float, str]:
    command = [sys.executable, "-I", "-c", f"{program}; {TELL_MEMORY}", SOURCE, str(path), "xlsx"]
    with tempfile.TemporaryFile() as answer, tempfile.TemporaryFile() as status:
        child = subprocess.Popen(command, stdout=answer, stderr=status, env={}, cwd="/")
        _pid, _status, used = os.wait4(child.pid, 0)
        child.returncode = 0
        last, memory = (read(file) for file in (answer, status))
    peak = next(line.split()[1] for line in memory if line.startswith("VmHWM"))
    return used.ru_utime + used.ru_stime, int(peak) / 1024, last[-1][:80] if last else ""


def read(file: IO[bytes]) -> list[str]:
    file.seek(0)
    return file.read().decode().splitlines()


if __name__ == "__main__":
    sys.exit(main())
