"""The table for people; the same figures stand in `last.json`."""

from typing import Any

from bench.bringing_in import MEGABYTES, SECONDS, Imported
from bench.measuring import Row

MISSED = "  MISSED"


def show_import(imported: Imported) -> None:
    rows = ", ".join(f"{count:,} {name}" for name, count in imported.rows.items())
    print(f"Import: {rows}")
    print(f"  first  {imported.seconds:6.1f} s   limit {SECONDS} s{MISSED if 'seconds' in imported.misses else ''}")
    print(f"  again  {imported.again:6.1f} s")
    print(f"  memory {imported.peak_mb:6.0f} MB  limit {MEGABYTES} MB{MISSED if 'memory' in imported.misses else ''}")


def show(rows: list[Row], machine: dict[str, Any]) -> None:
    print(f"\n{'operation':30}{'ms':>8}{'÷ bare':>8}{'limit':>7}{'queries':>9}{'KB':>7}")
    for row in rows:
        print(
            f"{row.name:30}{row.milliseconds:8.1f}{row.ratio:8.1f}{row.limit:7.0f}{row.queries:9}{row.size / 1000:7.1f}"
            f"{MISSED if row.is_missed else ''}"
        )
    print("\n" + ", ".join(f"{name} {value}" for name, value in machine.items()))
