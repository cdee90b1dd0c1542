"""The table for people; the same figures stand in `last.json`."""

from typing import Any

from bench.bringing_in import MEGABYTES, SECONDS, Imported
from bench.measuring import Row

MISSED, TOO_DEAR, BEYOND_AIM = "  MISSED", "  TOO DEAR", "  beyond the aim"


def show_import(imported: Imported) -> None:
    rows = ", ".join(f"{count:,} {name}" for name, count in imported.rows.items())
    print(f"Import: {rows}")
    print(f"  first  {imported.seconds:6.1f} s   limit {SECONDS} s{MISSED if 'seconds' in imported.misses else ''}")
    print(f"  again  {imported.again:6.1f} s")
    print(f"  memory {imported.peak_mb:6.0f} MB  limit {MEGABYTES} MB{MISSED if 'memory' in imported.misses else ''}")


def show(rows: list[Row], machine: dict[str, Any]) -> None:
    print(f"\n{'operation':30}{'ms':>8}{'÷ bare':>8}{'aim':>6}{'ceiling':>9}{'queries':>9}{'KB':>7}")
    for row in rows:
        said = TOO_DEAR if row.is_too_dear else BEYOND_AIM if row.misses_aim else ""
        print(
            f"{row.name:30}{row.milliseconds:8.1f}{row.ratio:8.1f}{row.aim:6.0f}{row.ceiling:9.1f}{row.queries:9}"
            f"{row.size / 1000:7.1f}{said}"
        )
    print("\n" + ", ".join(f"{name} {value}" for name, value in machine.items()))
