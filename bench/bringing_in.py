"""The import of a whole folder, in a process of its own."""

import os
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.beginning import load_django, migrate

SECONDS, MEGABYTES = 60, 512
COMMAND = (sys.executable, "-m", "bihuan.cli.main", "import")


@dataclass(frozen=True)
class Imported:
    """What it cost. `again` is the second run, which changes nothing."""

    seconds: float
    again: float
    peak_mb: float
    rows: dict[str, int]

    @property
    def misses(self) -> list[str]:
        """The limits that were not kept."""
        missed = {"seconds": self.seconds > SECONDS, "memory": self.peak_mb > MEGABYTES}
        return [what for what, is_missed in missed.items() if is_missed]

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "limit_seconds": SECONDS, "limit_mb": MEGABYTES, "misses": self.misses}


def measure(folder: Path) -> Imported:
    load_django()
    migrate()
    first, second = seconds_of(folder), seconds_of(folder)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024  # kibibytes on Linux
    return Imported(round(first, 1), round(second, 1), round(peak), rows_in())


def seconds_of(folder: Path) -> float:
    began = time.perf_counter()
    subprocess.run(
        [*COMMAND, str(folder)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ
    )
    return time.perf_counter() - began


def rows_in() -> dict[str, int]:
    from bihuan.collaborations.models import Collaboration
    from bihuan.organisation.models import Department, Person, Post

    models = {"departments": Department, "people": Person, "posts": Post, "collaborations": Collaboration}
    return {name: model._default_manager.count() for name, model in models.items()}
