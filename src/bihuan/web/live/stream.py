"""`/events`: server-sent events that carry ids only. The page asks for what changed with its own rights."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings

from bihuan.web.live.hub import HUB, Connection, Event
from bihuan.web.live.sight import visible_ids

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

HEARTBEAT = 15.0
GATHER = 0.05
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]
_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="live-sight")


async def events(scope: Message, receive: Receive, send: Send) -> None:
    """One stream for one signed-in person, until he leaves, his session ends or the process stops."""
    session_key = session_key_of(scope["headers"])
    if scope["method"] != "GET" or not session_key or await seen(session_key, ()) is None:
        await refuse(send)
        return
    connection = HUB.connect(wanted_ids(scope["query_string"]))
    gone = asyncio.create_task(until_gone(receive, connection))
    try:
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await say(send, ": connected\n\n")
        await serve(connection, session_key, send)
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    finally:
        HUB.disconnect(connection)
        gone.cancel()


async def serve(connection: Connection, session_key: str, send: Send) -> None:
    """Pass on what the person may see; a comment when nothing was said for a while."""
    spoken = connection.loop.time()
    while await is_open_after_waiting(connection, spoken + HEARTBEAT):
        ids = await seen(session_key, connection.take())
        if ids is None:
            return
        if ids or connection.loop.time() >= spoken + HEARTBEAT:
            await say(send, spelt(ids))
            spoken = connection.loop.time()


async def is_open_after_waiting(connection: Connection, until: float) -> bool:
    """Wait for news or for the instant; then a moment more, so that what comes together is checked together."""
    with suppress(TimeoutError):
        await asyncio.wait_for(connection.news.wait(), max(0.0, until - connection.loop.time()))
        if not connection.closing:
            await asyncio.sleep(GATHER)
    return not connection.closing


def spelt(ids: Iterable[str]) -> str:
    return "".join(f"data: {one}\n\n" for one in ids) or ": heartbeat\n\n"


async def until_gone(receive: Receive, connection: Connection) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    connection.close()


async def seen(session_key: str, changed: Iterable[Event]) -> list[str] | None:
    return await asyncio.get_running_loop().run_in_executor(_threads, partial(visible_ids, session_key, changed))


async def say(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def refuse(send: Send) -> None:
    """204 tells a browser not to connect again."""
    await send({"type": "http.response.start", "status": 204, "headers": [(b"cache-control", b"no-store")]})
    await send({"type": "http.response.body", "body": b""})


def wanted_ids(query: bytes) -> frozenset[str]:
    """What the page shows, from `?ids=collaboration:12,…`; empty when it wants to hear of everything."""
    texts = parse_qs(query.decode("latin-1")).get("ids", [])
    return frozenset(one for text in texts for one in text.split(",") if one)


def session_key_of(headers: Iterable[tuple[bytes, bytes]]) -> str | None:
    cookies = SimpleCookie()
    for name, value in headers:
        if name == b"cookie":
            try:
                cookies.load(value.decode("latin-1"))
            except CookieError:
                return None
    morsel = cookies.get(settings.SESSION_COOKIE_NAME)
    return morsel.value if morsel else None
