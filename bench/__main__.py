"""`python -m bench`: how long people wait, as a ratio to a bare Django view in the same process and run.

On SQLite; on PostgreSQL with `python scripts/with_postgresql.py python -m bench`. Prints a table and writes
`bench/last.json`. Exits with 1 when something is dearer than was decided for it, or the import misses its limits;
the aim of three times the bare view is only marked (docs/decisions/0025-what-a-page-may-cost.md).
"""

import argparse
import json
import os
import platform
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
LAST = HERE / "last.json"
REAL = HERE.parents[1] / "shared" / "data" / "open"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--folder", type=Path, help="what is imported; the real data beside the checkout, else made up")
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args()


def main() -> int:
    asked = arguments()
    with tempfile.TemporaryDirectory(prefix="bihuan-bench-") as place:
        own_environment(Path(place))
        (Path(place) / "static").mkdir()
        folder = asked.folder or (REAL if REAL.is_dir() else made_up(Path(place)))
        result = run(folder, asked.rounds)
    LAST.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    is_too_dear = any(operation["is_too_dear"] for operation in result["operations"])
    return 1 if is_too_dear or result["import"]["misses"] else 0


def own_environment(place: Path) -> None:
    """Nothing of this machine's installation is read or written. Whatever the caller's environment says is dropped."""
    database = os.environ.get("BIHUAN_TEST_DATABASE_URL", f"sqlite:///{place / 'bench.sqlite3'}")
    for name in [name for name in os.environ if name.startswith("BIHUAN_")]:
        del os.environ[name]
    os.environ |= {
        "BIHUAN_MODE": "test",
        "BIHUAN_DATA_DIR": str(place),
        "BIHUAN_DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "bihuan.config.settings",
    }
    paths = [str(HERE.parent / "src"), str(HERE.parent)]
    os.environ["PYTHONPATH"] = os.pathsep.join(paths)
    sys.path[:0] = [path for path in paths if path not in sys.path]


def made_up(place: Path) -> Path:
    from bench.generated import write

    return write(place / "generated")


def run(folder: Path, rounds: int) -> dict[str, Any]:
    from bench import bringing_in

    began = datetime.now(UTC)
    imported = bringing_in.measure(folder)
    from bench import measuring, prepared, printing

    printing.show_import(imported)
    bench = prepared.prepare(datetime.now(UTC), acts=measuring.acts_needed(rounds))
    rows = measuring.measure(bench, rounds)
    printing.show(rows, machine())
    return {
        "began": began.isoformat(timespec="seconds"),
        "machine": machine(),
        "data": "real" if folder == REAL else str(folder.name),
        "rounds": rounds,
        "import": imported.as_json(),
        "operations": [row.as_json() for row in rows],
    }


def machine() -> dict[str, Any]:
    from django.db import connection

    return {
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "database": connection.vendor,
    }


if __name__ == "__main__":
    sys.exit(main())
