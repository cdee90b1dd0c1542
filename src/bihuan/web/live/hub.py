"""Where live events of this process meet the people connected to it."""

import asyncio
import threading
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Event:
    """Something changed. Says which object, never what. Told to who may read the scope, or to one person alone."""

    id: str
    scope_id: int | None
    person_id: int | None = None


@dataclass(eq=False, slots=True)
class Connection:
    """One open stream. Belongs to its event loop."""

    loop: asyncio.AbstractEventLoop
    wanted: frozenset[str] = frozenset()
    events: set[Event] = field(default_factory=set)
    closing: bool = False
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def receive(self, event: Event) -> None:
        if not self.wanted or event.id in self.wanted:
            self.events.add(event)
            self.news.set()

    def close(self) -> None:
        self.closing = True
        self.news.set()

    def take(self) -> set[Event]:
        """What came since the last time, each change once."""
        self.news.clear()
        taken, self.events = self.events, set()
        return taken


class Hub:
    """All open streams of one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connections: set[Connection] = set()

    def connect(self, wanted: frozenset[str] = frozenset()) -> Connection:
        """To be called from the event loop of the stream. With `wanted`, other ids are not even looked at."""
        connection = Connection(asyncio.get_running_loop(), wanted)
        with self._lock:
            self._connections.add(connection)
        return connection

    def disconnect(self, connection: Connection) -> None:
        with self._lock:
            self._connections.discard(connection)

    def count(self) -> int:
        return len(self._connections)

    def publish(self, event: Event) -> None:
        """Hand the event to every stream; from any thread."""
        for connection in self._all():
            connection.loop.call_soon_threadsafe(connection.receive, event)

    def close_all(self) -> None:
        """End every stream: the process stops, or events may have been missed. Browsers connect again by themselves."""
        for connection in self._all():
            connection.loop.call_soon_threadsafe(connection.close)

    def _all(self) -> tuple[Connection, ...]:
        with self._lock:
            return tuple(one for one in self._connections if not one.loop.is_closed())


HUB = Hub()
