"""Run a command beside a throw-away PostgreSQL: `python scripts/with_postgresql.py pytest tests`.

The cluster lives in a temporary directory, listens on a free port of 127.0.0.1, trades safety for speed and is gone
afterwards. PostgreSQL refuses to run as root, so root starts it as the user `postgres`.
"""

import os
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SPEED = (
    *("fsync=off", "full_page_writes=off", "synchronous_commit=off", "wal_level=minimal", "max_wal_senders=0"),
    *("jit=off", "checkpoint_timeout=1h", "shared_buffers=256MB", "max_connections=200"),
)


def binaries() -> Path:
    """The newest installed server, else whatever is on the path."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    found = installed[-1] if installed else shutil.which("initdb")
    if not found:
        sys.exit("PostgreSQL's server programs were not found: install postgresql (apt) or put initdb on the PATH.")
    return Path(found).parent


def run_server_program(*command: str) -> None:
    """Run one of PostgreSQL's programs, as `postgres` when we are root."""
    whole = ["su", "postgres", "-s", "/bin/sh", "-c", shlex.join(command)] if os.geteuid() == 0 else list(command)
    subprocess.run(whole, check=True, stdout=subprocess.DEVNULL, cwd="/")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def cluster() -> Iterator[str]:
    """A running cluster's URL; it is stopped and deleted at the end."""
    programs, port = binaries(), free_port()
    with tempfile.TemporaryDirectory(prefix="bihuan-postgresql-") as folder:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        data = f"{folder}/data"
        run_server_program(
            f"{programs}/initdb", "-D", data, "-U", "bihuan", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"
        )
        settings = [f"port={port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={folder}", *SPEED]
        options = " ".join(f"-c {setting}" for setting in settings)
        run_server_program(f"{programs}/pg_ctl", "-D", data, "-w", "-l", f"{folder}/log", "-o", options, "start")
        try:
            yield f"postgresql://bihuan@127.0.0.1:{port}/postgres"
        finally:
            run_server_program(f"{programs}/pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")


def main() -> int:
    with cluster() as url:
        names = {"BIHUAN_TEST_DATABASE": "postgresql", "BIHUAN_TEST_DATABASE_URL": url, "BIHUAN_DATABASE_URL": url}
        return subprocess.run(sys.argv[1:], check=False, env=os.environ | names).returncode


if __name__ == "__main__":
    sys.exit(main())
