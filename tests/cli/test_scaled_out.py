"""`bihuan web` and `bihuan worker` apart on PostgreSQL: a fact recorded by one process reaches a browser at another."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from scripts.with_postgresql import cluster
from tests.cli.test_serve import SIGN_IN, Installation, free_installation

SEEN_BY_ALL = """
import bihuan.config, django
django.setup()
from dataclasses import fields
from django.db import transaction
from bihuan.access.enums import Level, Role
from bihuan.access.operations import admit, open_scope
from bihuan.kernel.actor import SYSTEM
from bihuan.kernel.now import now
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger import operations as ledger
from bihuan.ledger.facts import BodyErased
with transaction.atomic():
    scope = open_scope(SubjectRef("collaboration", 7), at=now())
    admit(scope.pk, "all", role=Role.READER, level=Level.READ, via="everyone", at=now())
with transaction.atomic():
    ledger.record(BodyErased(**{field.name: 1 for field in fields(BodyErased)}), actor=SYSTEM,
                  root=SubjectRef("collaboration", 7), scope_id=scope.pk, at=now())
"""


@dataclass
class ScaledOut:
    installation: Installation
    processes: "list[subprocess.Popen[bytes]]"

    def start(self, command: str) -> "subprocess.Popen[bytes]":
        with (self.installation.folder / f"{command}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "bihuan.cli.main", command],
                env=self.installation.environment,
                stdout=log,
                stderr=log,
            )
        self.processes.append(process)
        return process

    def stream(self, cookie: str) -> tuple[HTTPConnection, HTTPResponse]:
        client = self.installation.get("/events?ids=collaboration:7", {"Cookie": cookie})
        return client, client.getresponse()


@pytest.fixture
def scaled_out(tmp_path: Path) -> Iterator[ScaledOut]:
    with cluster() as url:
        installation = free_installation(tmp_path)
        installation.options = {"DATABASE_URL": url}
        running = ScaledOut(installation, [])
        try:
            yield running
        finally:
            for process in running.processes:
                process.kill()
                process.wait()


def log_of(scaled_out: ScaledOut, command: str) -> str:
    return (scaled_out.installation.folder / f"{command}.log").read_text()


def test_a_fact_of_one_process_reaches_the_browser_at_another(scaled_out: ScaledOut) -> None:
    installation = scaled_out.installation
    prepared = installation.python("-m", "bihuan.cli.main", "init")
    assert prepared.returncode == 0, prepared.stderr
    web, worker = scaled_out.start("web"), scaled_out.start("worker")
    installation.wait(web)
    signed_in = installation.python("-c", SIGN_IN)
    assert signed_in.returncode == 0, signed_in.stderr
    client, response = scaled_out.stream(signed_in.stdout.strip())
    assert (response.status, response.readline()) == (200, b": connected\n")
    recorded = installation.python("-c", SEEN_BY_ALL)
    assert recorded.returncode == 0, recorded.stderr
    told = next((line for line in iter(response.readline, b"") if line.startswith(b"data:")), b"")
    assert told == b"data: collaboration:7\n", (log_of(scaled_out, "web"), log_of(scaled_out, "worker"))
    client.close()
    for process, command in ((web, "web"), (worker, "worker")):
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=15) == 0, log_of(scaled_out, command)


def test_web_refuses_a_database_that_is_not_prepared(scaled_out: ScaledOut) -> None:
    refused = scaled_out.installation.python("-m", "bihuan.cli.main", "web")
    assert refused.returncode == 1
    assert os.linesep in refused.stderr
