"""`python -m bench.moving_in`: very many people and matters come in by the command, as a ratio to bare rows.

Makes a folder of the neutral shape, the same one every time, and imports it into an empty database in a process of its
own; then every row of the folder is written down as it stands, two hundred in a transaction. Processor time, as the
machine is shared; on PostgreSQL, through `scripts/with_postgresql.py`, that is Django's part alone. Not part of CI.
"""

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from bench.beginning import begin
from bench.bringing_in import rows_in, seconds_of

AT = datetime(2026, 11, 22, tzinfo=UTC)
CHUNK = 200


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.moving_in", description=__doc__)
    parser.add_argument("--size", type=int, default=100_000, help="people, and as many matters")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bihuan-bench-") as place:
        measure(Path(place), asked.size)
    return 0


def measure(place: Path, size: int) -> None:
    from bench.generated import Company, write

    folder = write(place / "made", Company(departments=max(size // 50, 20), people=size, matters=size))
    begin(place)
    for what in ("first run", "second run, nothing changes"):
        before, seconds = processor(), seconds_of(folder)
        say(f"import, {what}", seconds, processor() - before)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    raw = rows_of(folder)
    began, before = time.perf_counter(), time.process_time()
    write_bare(raw)
    say(f"{len(raw)} bare rows", time.perf_counter() - began, time.process_time() - before)
    print(f"peak {peak:.0f} MB, {rows_in()}, load {os.getloadavg()[0]:.1f}")


def say(what: str, seconds: float, processor_seconds: float) -> None:
    print(f"{what:40}{seconds:9.1f} s{processor_seconds:9.1f} s of the processor", flush=True)


def processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def rows_of(folder: Path) -> list[str]:
    """Every department, person and matter of the folder, word for word."""
    organisation = json.loads((folder / "org.json").read_text())
    listed = [json.dumps(row) for section in ("departments", "people") for row in organisation[section]]
    return [*listed, *(folder / "collaborations.jsonl").read_text().splitlines()]


def write_bare(raw: list[str]) -> None:
    """As an import could at best write them: a key, its index, and what was said."""
    from bihuan.integrations.models import KeptGroup

    for first in range(0, len(raw), CHUNK):
        KeptGroup.objects.bulk_create(
            KeptGroup(source_key=f"bare {first + place}", raw=row, kept_at=AT)
            for place, row in enumerate(raw[first : first + CHUNK])
        )


if __name__ == "__main__":
    sys.exit(main())
