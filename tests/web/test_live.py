"""A real server on a free port: who hears of what."""

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import datetime
from http.client import HTTPConnection, HTTPResponse
from threading import Barrier, Thread

import pytest
import uvicorn
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections

from bihuan.access.enums import Level, Role
from bihuan.access.operations import admit, dismiss, open_scope
from bihuan.config import asgi
from bihuan.kernel.now import now
from bihuan.kernel.subjects import SubjectRef
from bihuan.organisation.models import Person
from bihuan.web.live import stream
from bihuan.web.live.hub import HUB
from bihuan.worker.loop import Worker
from tests.ledger.facts import note

pytestmark = pytest.mark.django_db(transaction=True)
FIRST, SECOND = SubjectRef("collaboration", 1), SubjectRef("collaboration", 2)


@pytest.fixture(autouse=True)
def own_keys(tmp_path, settings) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def port(transactional_db: None) -> Iterator[int]:
    """Pages, live events and a worker in this process, on the test database."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = int(probe.getsockname()[1])
    config = uvicorn.Config(asgi.application, port=free, lifespan="on", log_config=None, ws="none")
    server, worker = uvicorn.Server(config), Worker()
    threads = [Thread(target=server.run), Thread(target=worker.run)]
    for thread in threads:
        thread.start()
    wait_until(lambda: server.started)
    yield free
    HUB.close_all()
    server.should_exit = True
    worker.stop()
    for thread in threads:
        thread.join(10)
    for pool in (stream._threads, asgi.threads.executor):
        close_connections_of(pool)


def close_connections_of(pool: ThreadPoolExecutor) -> None:
    """Each thread of the pool closes its own; the barrier gives every thread exactly one task."""
    barrier = Barrier(pool._max_workers)

    def close() -> None:
        barrier.wait(10)
        connections.close_all()

    for done in [pool.submit(close) for _ in range(barrier.parties)]:
        done.result()


def wait_until(holds, seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)


def sign_in(person: Person) -> SessionStore:
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return session


@contextmanager
def listening(port: int, session_key: str, query: str = "") -> Iterator[HTTPResponse]:
    client = HTTPConnection("127.0.0.1", port, timeout=8)
    client.request("GET", f"/events{query}", headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={session_key}"})
    response = client.getresponse()
    try:
        yield response
    finally:
        response.close()
        client.close()


def next_line(response: HTTPResponse) -> str:
    while (line := response.readline()) == b"\n":
        pass
    return line.decode().rstrip("\n")


@pytest.fixture
def person() -> Person:
    return Person.objects.create(username="wang", name="王敏")


def scope_for(root: SubjectRef, person: Person | None) -> int:
    scope = open_scope(root, at=now())
    if person is not None:
        admit(scope.pk, f"p:{person.pk}", role=Role.READER, level=Level.OUTLINE, via="tests", at=now())
    return int(scope.pk)


def test_a_person_hears_only_of_what_he_may_see(port: int, person: Person) -> None:
    unseen, seen = scope_for(FIRST, None), scope_for(SECOND, person)  # told together, what is unseen would come first
    with listening(port, sign_in(person).session_key or "") as response:
        assert (response.status, response.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
        assert (response.headers["cache-control"], response.headers["x-accel-buffering"]) == ("no-store", "no")
        assert next_line(response) == ": connected"
        note(FIRST, now(), "秘密", scope_id=unseen)
        note(SECOND, now(), "公开", scope_id=seen)
        assert next_line(response) == "data: collaboration:2"


def test_what_was_taken_away_is_not_heard_of_any_more(port: int, person: Person) -> None:
    first, second = scope_for(FIRST, person), scope_for(SECOND, person)
    with listening(port, sign_in(person).session_key or "") as response:
        next_line(response)
        dismiss(first, f"p:{person.pk}", role=Role.READER, via="tests", at=now())
        note(FIRST, now(), scope_id=first)
        note(SECOND, now(), scope_id=second)
        assert next_line(response) == "data: collaboration:2"


def test_a_page_hears_only_of_the_ids_it_shows(port: int, person: Person) -> None:
    first, second = scope_for(FIRST, person), scope_for(SECOND, person)
    key = sign_in(person).session_key or ""
    with listening(port, key, "?ids=collaboration%3A2,collaboration%3A9") as response:
        next_line(response)
        note(FIRST, now(), scope_id=first)
        note(SECOND, now(), scope_id=second)
        assert next_line(response) == "data: collaboration:2"


@pytest.mark.parametrize("key", ["", "nobody", "x" * 5000, '"; drop'])
def test_nobody_hears_nothing_and_is_told_not_to_come_back(port: int, key: str) -> None:
    with listening(port, key) as response:
        assert (response.status, response.read()) == (204, b"")
    assert HUB.count() == 0


def test_a_stream_ends_with_its_session(port: int, person: Person) -> None:
    scope = scope_for(FIRST, person)
    session = sign_in(person)
    with listening(port, session.session_key or "") as response:
        next_line(response)
        session.delete()
        note(FIRST, now(), scope_id=scope)
        assert response.read() == b"\n"
    wait_until(lambda: HUB.count() == 0)


def test_a_stream_ends_when_the_person_may_not_sign_in_any_more(port: int, person: Person) -> None:
    scope = scope_for(FIRST, person)
    with listening(port, sign_in(person).session_key or "") as response:
        next_line(response)
        Person.objects.filter(pk=person.pk).update(is_active=False)
        note(FIRST, now(), scope_id=scope)
        assert response.read() == b"\n"


def test_a_quiet_stream_has_a_heartbeat_and_a_leaver_is_noticed(
    port: int, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT", 0.3)
    with listening(port, sign_in(person).session_key or "") as response:
        assert [next_line(response) for _ in range(3)] == [": connected", ": heartbeat", ": heartbeat"]
        assert HUB.count() == 1
    wait_until(lambda: HUB.count() == 0)


def test_pages_answer_while_streams_are_open(port: int, person: Person, at: datetime) -> None:
    key = sign_in(person).session_key or ""
    with listening(port, key) as one, listening(port, key) as other:
        assert [next_line(one), next_line(other)] == [": connected", ": connected"]
        with closing(HTTPConnection("127.0.0.1", port, timeout=8)) as client:
            client.request("GET", "/static/nothing.css")
            assert client.getresponse().status == 404
