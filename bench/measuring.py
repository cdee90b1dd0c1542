"""Each request is followed by a bare one, so that whatever else the machine does weighs on both alike."""

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench import bare
from bench.pages import PMO, Ready, Send, operations
from bench.prepared import Bench

LIMIT = 3.0
EACH = 3  # requests of an operation in a round
WARM = 2


@dataclass(frozen=True)
class Row:
    """One operation: milliseconds and ratio to the bare view (medians of the rounds), queries, bytes."""

    name: str
    milliseconds: float
    ratio: float
    queries: int
    size: int
    limit: float = LIMIT

    @property
    def is_missed(self) -> bool:
        return self.ratio > self.limit

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "is_missed": self.is_missed}


def acts_needed(rounds: int) -> int:
    """How many objects an act may use up: one for each request, and a draft that is saved again and again."""
    return rounds * EACH + WARM + 2


def measure(bench: Bench, rounds: int) -> list[Row]:
    settings.ROOT_URLCONF, settings.ALLOWED_HOSTS = "bench.bare", ["testserver"]
    plain = bare_request(bench)
    kinds = {"the bare view": lambda: plain, **operations(bench)}
    for ready in kinds.values():
        for _ in range(WARM):
            checked(ready())
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in kinds}
    for _ in range(rounds):
        for name, ready in kinds.items():
            taken[name].append(one_round(ready, plain))
    return [row(name, ready, taken[name]) for name, ready in kinds.items()]


def bare_request(bench: Bench) -> Send:
    client, address = Client(), f"/bare/{bench.busiest}/"
    client.force_login(bench.company[PMO])
    with few_middlewares():
        client.get(address)  # the client keeps the middlewares it was first used with
    return lambda: client.get(address)


@contextmanager
def few_middlewares() -> Iterator[None]:
    whole, settings.MIDDLEWARE = settings.MIDDLEWARE, bare.MIDDLEWARE
    try:
        yield
    finally:
        settings.MIDDLEWARE = whole


def one_round(ready: Ready, plain: Send) -> tuple[float, float]:
    """Milliseconds of the operation and of the bare view, medians of the round."""
    pairs = [(milliseconds(ready()), milliseconds(plain)) for _ in range(EACH)]
    own, bare_ones = zip(*pairs, strict=True)
    return statistics.median(own), statistics.median(bare_ones)


def milliseconds(send: Send) -> float:
    began = time.perf_counter()
    response = send()
    taken = time.perf_counter() - began
    assert response.status_code < 400, response.content.decode()[:2000]
    return taken * 1000


def checked(send: Send) -> tuple[int, int]:
    """Queries and bytes of one request that was answered well."""
    with CaptureQueriesContext(connection) as captured:
        response = send()
    assert response.status_code < 400, response.content.decode()[:2000]
    return len(captured), len(response.content)


def row(name: str, ready: Ready, rounds: list[tuple[float, float]]) -> Row:
    queries, size = checked(ready())
    ratio = statistics.median(own / plain for own, plain in rounds)
    return Row(name, round(statistics.median(own for own, _ in rounds), 1), round(ratio, 1), queries, size)
