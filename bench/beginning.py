"""How a measurement of its own begins: settings and a database of ours, and a company made there once."""

import argparse
import json
import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from bench.__main__ import own_environment

Company = dict[str, Any]


def measured(
    program: str, about: str | None, *, size: int, make: Callable[[int], Company], measure: Callable[[Company], None]
) -> int:
    """The command: make a company of `--size`, or take the one that was kept, and measure it."""
    parser = argparse.ArgumentParser(prog=f"python -m {program}", description=about)
    parser.add_argument("--size", type=int, default=size)
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="make it there once, and measure it again later")
    asked = parser.parse_args()
    with _folder(asked.keep) as place:
        begin(Path(place))
        measure(_made_or_kept(Path(place) / "company.json", asked.size, make))
    return 0


def begin(place: Path, empty: Path | None = None) -> None:
    """Our own settings and an empty database; with `empty`, a copy of that migrated SQLite file."""
    own_environment(place)
    if empty:
        shutil.copy(empty, place / "bench.sqlite3")
    (place / "static").mkdir(exist_ok=True)
    load_django()
    if not empty:
        migrate()


def load_django() -> None:
    import django

    import bihuan.config  # noqa: F401  puts the current SQLite in place

    django.setup()


def migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def _folder(keep: Path | None) -> AbstractContextManager[Path | str]:
    if keep is None:
        return tempfile.TemporaryDirectory(prefix="bihuan-bench-")
    keep.mkdir(parents=True, exist_ok=True)
    return nullcontext(keep)


def _made_or_kept(noted: Path, size: int, make: Callable[[int], Company]) -> Company:
    if noted.exists():
        company: Company = json.loads(noted.read_text())
        return company
    began = time.perf_counter()
    company = make(size)
    print(f"{company} made of {size} in {time.perf_counter() - began:.0f} s")
    noted.write_text(json.dumps(company))
    return company
