"""What runs again and again. Each due instant is one delivery with its own key, so several workers run it once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bihuan.outbox.jobs import job
from bihuan.outbox.operations import post_unless_posted

TOPIC = "periodic"
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
LONGEST = timedelta(days=1)  # shorter than the outbox remembers what is done
_REGISTERED: dict[str, "Periodic"] = {}


@dataclass(frozen=True, slots=True)
class Periodic:
    name: str
    every: timedelta
    run: Callable[[datetime], object]

    def due(self, at: datetime) -> datetime:
        """The newest due instant that is not after `at`."""
        return at - (at - EPOCH) % self.every


def register(name: str, *, every: timedelta, run: Callable[[datetime], object]) -> None:
    """Run `run(at)` in a transaction once per period, whichever worker comes first.

    The job must catch up by itself: an instant that passed while no worker ran is not made up for.
    """
    if not timedelta(0) < every <= LONGEST:
        raise ValueError(f"{name}: a period lasts more than nothing and at most {LONGEST}")
    _REGISTERED[name] = Periodic(name, every, run)


def unregister(name: str) -> None:
    _REGISTERED.pop(name, None)


def tick(*, at: datetime, posted: dict[str, datetime]) -> None:
    """Post what is due. `posted` is this worker's memory, which spares it asking the database again."""
    for one in tuple(_REGISTERED.values()):
        due = one.due(at)
        if posted.get(one.name) == due:
            continue
        payload = {"name": one.name, "due": due.isoformat()}
        post_unless_posted(TOPIC, payload, key=f"{TOPIC}:{one.name}:{due.isoformat()}", at=at)
        posted[one.name] = due


@job(TOPIC)
def run_due(payload: Mapping[str, Any], at: datetime, delivery_id: str) -> None:
    """Run a due job, unless a later due instant has taken its place or its owner is gone."""
    one = _REGISTERED.get(payload["name"])
    if one is not None and one.due(at) - datetime.fromisoformat(payload["due"]) <= one.every:
        one.run(at)
