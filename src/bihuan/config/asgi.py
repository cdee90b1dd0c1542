"""The ASGI application: live events answered here, everything else handed to WSGI threads.

Django's own ASGI handler opens a fresh thread, and with it a fresh database connection, for every request;
threads that stay keep theirs (`docs/decisions/0002-ledger.md` says what was measured).
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.config.settings")

from a2wsgi import WSGIMiddleware
from django.conf import settings

from bihuan.config.wsgi import application as pages
from bihuan.web.live.listener import Listener
from bihuan.web.live.stream import Message, Receive, Send, events

threads = WSGIMiddleware(pages, workers=settings.OPTIONS.threads)  # type: ignore[arg-type]  # a2wsgi types environ narrower


async def application(scope: Message, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
    elif scope["type"] == "http" and scope["path"] == "/events":
        await events(scope, receive, send)
    else:
        await threads(scope, receive, send)  # type: ignore[arg-type]  # a2wsgi has its own scope types


async def lifespan(receive: Receive, send: Send) -> None:
    """Hear the database's notifications from the first request to the last."""
    listener = Listener()
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            listener.start()
        else:
            listener.stop()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
