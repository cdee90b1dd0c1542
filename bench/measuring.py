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

AIM = 3.0
CEILINGS: dict[str, tuple[float, float]] = {
    "desk, forty waiting": (7.5, 8.5),
    "portfolio, everything": (6.5, 9.0),
    "portfolio, one department": (6.5, 9.0),
    "portfolio, mine": (7.0, 9.0),
    "portfolio, far page by key": (6.0, 8.0),
    "one matter": (10.0, 15.0),
    "one matter, its story": (8.0, 11.5),
    "save a draft": (6.0, 8.0),
    "submit a form": (17.0, 26.0),
    "decide": (9.5, 16.5),
    "department": (9.0, 10.0),
    "people picker": (2.0, 2.5),
    "API, fifty matters": (4.0, 6.0),
}  # on SQLite, on PostgreSQL; docs/decisions/0025-what-a-page-may-cost.md
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
    aim: float = AIM
    ceiling: float = AIM

    @property
    def misses_aim(self) -> bool:
        return self.ratio > self.aim

    @property
    def is_too_dear(self) -> bool:
        """Dearer than was decided for it: somebody made it slower."""
        return self.ratio > self.ceiling

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "misses_aim": self.misses_aim, "is_too_dear": self.is_too_dear}


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
    ceiling = CEILINGS.get(name, (AIM, AIM))[connection.vendor == "postgresql"]
    own = statistics.median(own for own, _ in rounds)
    return Row(name, round(own, 1), round(ratio, 1), queries, size, ceiling=ceiling)
