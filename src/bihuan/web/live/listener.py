"""The thread that hears PostgreSQL's notifications and hands them to this process's streams."""

import logging
import threading
from typing import Any

from django.db import connection

from bihuan.web.live.hub import HUB
from bihuan.web.live.jobs import CHANNEL, event_from

log = logging.getLogger(__name__)
LOOK = 1.0
PAUSE_AFTER_ERROR = 2.0


class Listener:
    """Holds one direct connection. When it breaks, streams are closed, because they may have missed something."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="live-listener", daemon=True)
        self.listening = threading.Event()

    def start(self) -> None:
        """Begin to listen; returns when nothing can be missed any more, or after a while without a database."""
        if connection.vendor == "postgresql":
            self._thread.start()
            self.listening.wait(PAUSE_AFTER_ERROR)

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(LOOK * 2)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._listen()
            except Exception as error:  # noqa: BLE001  the driver's errors differ by version; the thread must live
                log.warning("live events are interrupted: %s", error)
                self.listening.clear()
                HUB.close_all()
                self._stopping.wait(PAUSE_AFTER_ERROR)

    def _listen(self) -> None:
        raw: Any = connection.get_new_connection(connection.get_connection_params())
        with raw:
            raw.autocommit = True
            raw.execute(f"LISTEN {CHANNEL}")
            self.listening.set()
            while not self._stopping.is_set():
                for notification in raw.notifies(timeout=LOOK):
                    HUB.publish(event_from(notification.payload))
                    if self._stopping.is_set():
                        return
