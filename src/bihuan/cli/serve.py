"""`bihuan serve`, `web`, `worker`, `init`."""

import argparse
import logging
import signal
import socket
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import uvicorn

    from bihuan.cli.main import Commands
    from bihuan.worker.loop import Worker

log = logging.getLogger(__name__)
GRACE = 3  # seconds that open requests are given when the server stops
ON_SQLITE = "On SQLite one process does everything: use `bihuan serve`. `web` and `worker` run apart on PostgreSQL."


def add(commands: "Commands") -> None:
    for name, run, said in (
        ("serve", run_serve, "pages, live events and worker in one process"),
        ("web", run_web, "pages and live events without a worker (PostgreSQL)"),
        ("init", run_init, "bring the database up to date"),
    ):
        commands.add_parser(name, help=said).set_defaults(run=run)
    worker = commands.add_parser("worker", help="deliveries and periodic work (PostgreSQL, or --once)")
    worker.add_argument("--once", action="store_true", help="do what is due now, then end")
    worker.set_defaults(run=run_worker)


def run_init(arguments: argparse.Namespace) -> int:
    """Apply migrations, publish the playbooks; in demo mode, found the demo company if nobody is there yet."""
    from django.conf import settings
    from django.core.management import call_command

    from bihuan.cli.demo import found_company_if_empty
    from bihuan.collaborations.operations import publish_shipped_playbooks
    from bihuan.kernel.now import now

    call_command("migrate", interactive=False, verbosity=0)
    publish_shipped_playbooks(at=now())
    if settings.DEMO:
        found_company_if_empty()
    return 0


def run_serve(arguments: argparse.Namespace) -> int:
    if refuses_taken_port() or refuses_to_start() or run_init(arguments):
        return 1
    return serve_pages(with_worker=True)


def run_web(arguments: argparse.Namespace) -> int:
    if refuses_taken_port() or refuses_to_start() or refuses_sqlite() or refuses_pending_migrations():
        return 1
    return serve_pages(with_worker=False)


def run_worker(arguments: argparse.Namespace) -> int:
    from bihuan.worker.loop import Worker

    if refuses_to_start() or (not arguments.once and refuses_sqlite()) or refuses_pending_migrations():
        return 1
    worker = Worker()
    on_signals(worker.stop)
    if arguments.once:
        print(f"{worker.drain()} deliveries tried.")
    else:
        worker.run()
    return 0


def refuses_to_start() -> bool:
    """Say on stderr why the configuration is unsafe, if it is, and which variables nobody reads."""
    for said in mistyped_options():
        print(f"bihuan: {said}", file=sys.stderr)
    return refuse(unsafe_reasons())


def unsafe_reasons() -> list[str]:
    """What the product's own system checks say of the options and of the database."""
    return own_checks("bihuan.E")


def mistyped_options() -> list[str]:
    """What they say of variables that begin like an option and are none."""
    return own_checks("bihuan.W")


def own_checks(beginning: str) -> list[str]:
    from django.core.checks import Tags, run_checks

    found = [*run_checks(tags=[Tags.security]), *run_checks(tags=[Tags.database], databases=["default"])]
    return [f"{one.msg} {one.hint or ''} ({one.id})" for one in found if (one.id or "").startswith(beginning)]


def refuses_taken_port() -> bool:
    """Say so before the database is touched; the server itself would only notice afterwards."""
    from django.conf import settings

    host, port = settings.OPTIONS.host, settings.OPTIONS.port
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        return refuse([f"it cannot listen on {host}:{port} ({error.strerror})."])
    return False


def refuses_sqlite() -> bool:
    from django.db import connection

    return refuse([ON_SQLITE] if connection.vendor == "sqlite" else [])


def refuses_pending_migrations() -> bool:
    from bihuan.cli.doctor import pending_migrations

    pending = pending_migrations()
    return refuse([f"{len(pending)} migrations are not applied: run `bihuan init`."] if pending else [])


def refuse(reasons: list[str]) -> bool:
    for reason in reasons:
        print(f"bihuan does not start: {reason}", file=sys.stderr)
    return bool(reasons)


def on_signals(stop: Callable[[], None]) -> None:
    def handle(number: int, frame: FrameType | None) -> None:
        stop()

    signal.signal(signal.SIGTERM, handle)
    signal.signal(signal.SIGINT, handle)


def serve_pages(*, with_worker: bool) -> int:
    """Serve until SIGTERM or SIGINT; open streams end at once, open requests get a few seconds."""
    from bihuan.worker.loop import Worker

    on_signals(lambda: None)  # uvicorn raises the signal again when it is done; by then there is nothing left to end
    server, worker = page_server(), Worker()
    thread = threading.Thread(target=worker.run, name="worker", daemon=True)
    if with_worker:
        thread.start()
    try:
        server.run()
    finally:
        stop_worker(worker, thread)
    return 0 if server.started else 1


def stop_worker(worker: "Worker", thread: threading.Thread) -> None:
    """Let the delivery in hand be finished; a longer one is taken up again when its lease is over."""
    worker.stop()
    if thread.is_alive():
        thread.join(timeout=1)


def page_server() -> "uvicorn.Server":
    import uvicorn
    from django.conf import settings

    from bihuan.web.live.hub import HUB

    class PageServer(uvicorn.Server):
        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            HUB.close_all()
            super().handle_exit(sig, frame)

    options = settings.OPTIONS
    return PageServer(
        uvicorn.Config(
            "bihuan.config.asgi:application",
            host=options.host,
            port=options.port,
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=bool(options.trusted_proxies),
            forwarded_allow_ips=options.trusted_proxies or "127.0.0.1",
            timeout_graceful_shutdown=GRACE,
        )
    )
