"""`bihuan serve` as administrators start it: its own process, a free port, an empty data directory."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

import pytest

import bihuan

SIGN_IN = """
import bihuan.config, django
django.setup()
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from bihuan.organisation.models import Person
person = Person.objects.create(username="wang", name="王敏")
session = SessionStore()
session[SESSION_KEY] = str(person.pk)
session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = person.get_session_auth_hash()
session.save()
print(settings.SESSION_COOKIE_NAME + "=" + session.session_key)
"""


@dataclass
class Installation:
    folder: Path
    port: int
    options: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("BIHUAN_")}
        own = {"DATA_DIR": str(self.folder), "PORT": str(self.port), "MODE": "test", **self.options}
        source = str(Path(bihuan.__file__).resolve().parents[1])  # a copy, where a fault is planted
        kept |= {"PYTHONPATH": source, "DJANGO_SETTINGS_MODULE": "bihuan.config.settings"}
        return kept | {f"BIHUAN_{name}": value for name, value in own.items()}

    def python(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments], env=self.environment, capture_output=True, text=True, timeout=180, check=False
        )

    def start(self) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "bihuan.cli.main", "serve"]
        with (self.folder / "log").open("wb") as log:
            return subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)

    def get(self, path: str, headers: dict[str, str] | None = None) -> HTTPConnection:
        client = HTTPConnection("127.0.0.1", self.port, timeout=40)
        client.request("GET", path, headers=headers or {})
        return client

    def wait(self, server: "subprocess.Popen[bytes]") -> None:
        end = time.monotonic() + 180  # a busy machine is waited for
        while time.monotonic() < end and server.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError((self.folder / "log").read_text())


def free_installation(folder: Path) -> Installation:
    """An empty data directory and a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    folder.chmod(0o700)
    (folder / "static").mkdir()
    return Installation(folder, port)


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return free_installation(tmp_path)


def test_serve_prepares_itself_answers_and_stops_with_a_stream_open(installation: Installation) -> None:
    server = installation.start()
    try:
        installation.wait(server)
        client = installation.get("/events")
        assert client.getresponse().status == 204
        client.close()
        signed_in = installation.python("-c", SIGN_IN)
        assert signed_in.returncode == 0, signed_in.stderr
        stream = installation.get("/events", {"Cookie": signed_in.stdout.strip()})
        response = stream.getresponse()
        assert (response.status, response.readline()) == (200, b": connected\n")
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=180) == 0, (installation.folder / "log").read_text()
        assert response.read() == b"\n"
        stream.close()
    finally:
        server.kill()
        server.wait()


def test_serve_refuses_an_unsafe_production_and_says_why(installation: Installation) -> None:
    installation.options = {"MODE": "production"}
    refused = installation.python("-m", "bihuan.cli.main", "serve")
    assert refused.returncode == 1
    assert [line.rpartition("(")[2] for line in refused.stderr.splitlines()] == ["bihuan.E001)", "bihuan.E004)"]
    with closing(sqlite3.connect(installation.folder / "bihuan.sqlite3")) as database:
        assert database.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)


def test_every_process_knows_the_jobs(installation: Installation) -> None:
    """A worker apart from the pages has to carry out live events too."""
    code = "import bihuan.config, django; django.setup(); from bihuan.outbox.jobs import job_for; job_for('live')"
    assert installation.python("-c", code).stderr == ""


def test_a_wrong_option_is_named(installation: Installation) -> None:
    installation.options = {"MODE": "nonsense"}
    refused = installation.python("-m", "bihuan.cli.main", "doctor")
    assert (refused.returncode, refused.stderr.startswith("BIHUAN_MODE: ")) == (2, True)


def test_a_taken_port_is_an_error(installation: Installation) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", installation.port))
        taken.listen()
        refused = installation.python("-m", "bihuan.cli.main", "serve")
    assert (refused.returncode, f"127.0.0.1:{installation.port}" in refused.stderr) == (1, True)
    assert not (installation.folder / "bihuan.sqlite3").exists()
