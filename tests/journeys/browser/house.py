"""The demo company in a process of its own, as `bihuan serve` runs it: strict policy, live events, worker."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

SOURCE = Path(__file__).resolve().parents[3] / "src"
HOME = ZoneInfo("Asia/Shanghai")
TUESDAY = 1
PATIENCE = 180


def seconds_to_tuesday() -> int:
    """From now to ten o'clock of next Tuesday, so that every journey begins on a morning in the week."""
    now = datetime.now(UTC).astimezone(HOME)
    day = now.date() + timedelta(days=(TUESDAY - now.weekday()) % 7 or 7)
    return int((datetime(day.year, day.month, day.day, 10, tzinfo=HOME) - now).total_seconds())


@dataclass
class House:
    folder: Path
    offset: int
    port: int = 0
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def today(self) -> date:
        """The day of the company when the house was opened."""
        return (datetime.now(UTC) + timedelta(seconds=self.offset)).astimezone(HOME).date()

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("BIHUAN_", "DJANGO_"))}
        own = {"MODE": "demo", "DATA_DIR": str(self.folder), "PORT": str(self.port), "CLOCK_OFFSET": str(self.offset)}
        return kept | {"PYTHONPATH": str(SOURCE)} | {f"BIHUAN_{name}": value for name, value in own.items()}

    def command(self, *arguments: str, typed: str = "") -> "subprocess.CompletedProcess[str]":
        run = [sys.executable, "-m", "bihuan.cli.main", *arguments]
        return subprocess.run(
            run, env=self.environment, cwd=self.folder, input=typed, capture_output=True, text=True, timeout=600,
            check=False,
        )  # fmt: skip

    def open(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bihuan.cli.main", "serve"],
                env=self.environment,
                cwd=self.folder,
                stdout=log,
                stderr=log,
            )
        until = time.monotonic() + PATIENCE
        while not self.answers():
            assert self.process.poll() is None, self.log()
            assert time.monotonic() < until, self.log()
            time.sleep(0.1)

    def answers(self) -> bool:
        try:
            return urllib.request.urlopen(f"{self.address}/signin", timeout=5).status == 200
        except (urllib.error.URLError, OSError):
            return False

    def close(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=60)

    def log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")[-4000:]
