"""`bihuan doctor`: is everything in place, and does the work flow?"""

import argparse
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bihuan.cli.printing import add_json, as_json

if TYPE_CHECKING:
    from bihuan.cli.main import Commands

OLDEST_SQLITE = (3, 51, 3)  # the WAL-reset corruption was fixed there
LONGEST_WAIT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Check:
    """`is_missing`: nothing is broken, but people cannot work together without it."""

    name: str
    ok: bool
    said: str
    is_missing: bool = False

    @property
    def mark(self) -> str:
        return "BAD" if not self.ok else "todo" if self.is_missing else "ok"


def add(commands: "Commands") -> None:
    doctor = commands.add_parser("doctor", help="check that everything is in place")
    add_json(doctor)
    doctor.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Exit code 0 when every check is good."""
    checks = list(checked())
    ok = all(check.ok for check in checks)
    if arguments.json:
        print(as_json({"ok": ok, "checks": [asdict(check) for check in checks]}))
    else:
        for check in checks:
            print(f"{check.mark:<5}{check.name}: {check.said}")
    return 0 if ok else 1


def checked() -> Iterator[Check]:
    """Every check in order; what needs a database is left out when it does not answer or is not up to date."""
    yield attempt("configuration", configuration)
    yield options()
    yield front_end()
    found = attempt("database", database)
    yield found
    if not found.ok:
        return
    migrated = attempt("migrations", migrations)
    yield migrated
    if migrated.ok:
        yield attempt("outbox", backlog)
        yield attempt("dead letters", dead_letters)
        yield attempt("last seal", last_seal)
        yield attempt("seal key", seal_key)
        yield attempt("witness", witness)
        yield from attempt_all("organisation", organisation)
        yield attempt("first playbook", playbooks)
        yield attempt("search", search_index)
        yield attempt("mail", mail)


def attempt(name: str, check: Callable[[], Check]) -> Check:
    return attempt_all(name, lambda: [check()])[0]


def attempt_all(name: str, checks: Callable[[], Iterable[Check]]) -> list[Check]:
    from django.db import Error

    try:
        return list(checks())
    except Error as error:
        return [Check(name, ok=False, said=str(error).strip())]


def configuration() -> Check:
    from django.conf import settings

    from bihuan.cli.serve import unsafe_reasons

    reasons = unsafe_reasons()
    return Check("configuration", not reasons, "; ".join(reasons) or f"safe for {settings.MODE}")


def options() -> Check:
    from bihuan.cli.serve import mistyped_options

    said = mistyped_options()
    return Check("options", not said, " ".join(said) or "every variable is known")


def front_end() -> Check:
    from django.conf import settings

    built = any((folder / "dist").is_dir() and any((folder / "dist").iterdir()) for folder in settings.STATICFILES_DIRS)
    return Check("front end", built, "built" if built else "not built: run `make install`")


def database() -> Check:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    if connection.vendor != "sqlite":
        return Check("database", ok=True, said=f"{connection.vendor} {connection.pg_version}")  # type: ignore[attr-defined]  # only PostgreSQL has it
    import sqlite3

    good = sqlite3.sqlite_version_info >= OLDEST_SQLITE
    return Check("database", good, f"SQLite {sqlite3.sqlite_version}{'' if good else ', too old to be safe'}")


def pending_migrations() -> list[str]:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [str(migration) for migration, _ in plan]


def migrations() -> Check:
    pending = pending_migrations()
    return Check("migrations", not pending, f"{len(pending)} not applied: run `bihuan init`" if pending else "applied")


def moment() -> datetime:
    from bihuan.worker.clock import database_now

    return database_now()


def backlog() -> Check:
    from bihuan.outbox.queries import backlog as owed

    at = moment()
    now = owed(at)
    waits = at - now.oldest_due if now.oldest_due else timedelta(0)
    return Check("outbox", waits <= LONGEST_WAIT, f"{now.pending} owed, {now.due} due, the oldest for {waits}")


def dead_letters() -> Check:
    from bihuan.outbox.queries import backlog as owed

    dead = owed(moment()).dead
    return Check("dead letters", dead == 0, f"{dead}, see `bihuan outbox dead`" if dead else "none")


def last_seal() -> Check:
    from bihuan.ledger.queries import unsealed_since

    at = moment()
    since = unsealed_since()
    late = since is not None and at - since > LONGEST_WAIT
    return Check("last seal", not late, f"entries since {since} are not sealed" if late else "the chains are sealed")


def seal_key() -> Check:
    from bihuan.ledger.enums import KeyState
    from bihuan.ledger.rotation import key_state

    state = key_state()
    mend = "nothing is sealed: bring ledger/seal.key back, or `bihuan ledger rotate-key --lost REASON`"
    said = {
        KeyState.NONE: "made with the first seal",
        KeyState.GOOD: "the one the ledger knows",
        KeyState.LOST: f"gone, {mend}",
        KeyState.REPLACED: f"not the one the ledger knows, {mend}",
    }[state]
    return Check("seal key", state in {KeyState.NONE, KeyState.GOOD}, said)


def witness() -> Check:
    """Without one a rewrite by who holds the database and the key stays unseen; that is said, and is a choice."""
    from bihuan.evidence.queries import unwitnessed_since, witness_cards

    at = moment()
    cards = witness_cards(at)
    if not cards:
        return Check("witness", ok=True, said="not set up: a rewrite with the key of the seals would go unnoticed")
    if since := unwitnessed_since(at):
        return Check("witness", ok=False, said=f"nothing was stated since {since}: does the worker run?")
    late = [f"{card.witness} behind since {card.waiting_since} {card.error}".strip() for card in cards if card.is_late]
    given = ", ".join(f"{card.witness} has seal {card.seal}" for card in cards)
    return Check("witness", not late, "; ".join(late) or given)


def search_index() -> Check:
    from bihuan.search.queries import standing

    now = standing()
    said = f"{now.entries} entries" + (f", {now.behind} chains not read yet" if now.behind else "")
    lost = now.missing_grams
    return Check("search", not lost, f"{said}, {lost} not indexed: run `bihuan search rebuild`" if lost else said)


def organisation() -> Iterator[Check]:
    """What people need before they can work together, as `/guide` shows it; an empty installation is not broken."""
    from bihuan.organisation.queries import setup

    found = setup(moment())
    yield lacking("administrator", found.administrators == 0, f"{found.administrators}", "`bihuan administrator`")
    yield lacking("site", found.sites == 0, f"{found.sites}", "add one at /sites/add")
    yield lacking(
        "departments", found.departments < 2, f"{found.departments}", "at least two, at /guide or by `bihuan import`"
    )
    yield lacking(
        "people", found.with_post < 2, f"{found.with_post} of {found.people} hold a post, {found.who_sign_in} sign in",
        "give people posts, at /guide or by `bihuan import`",
    )  # fmt: skip
    empty = (
        (found.without_head > 0, f"{found.without_head} departments without a head"),
        (found.executives == 0, "no executive in charge"),
        (found.pmo_people == 0, "nobody in a project management office"),
    )
    said = ", ".join(words for is_empty, words in empty if is_empty)
    yield lacking("offices", bool(said), said or "each is held", "give them, at /guide")


def lacking(name: str, is_missing: bool, said: str, mend: str) -> Check:  # noqa: FBT001  every call names it
    return Check(name, ok=True, said=f"{said}; {mend}" if is_missing else said, is_missing=is_missing)


def playbooks() -> Check:
    from bihuan.collaborations.queries import startable

    count = len(startable())
    return lacking("first playbook", count == 0, f"{count} to begin on", "none is published, run `bihuan init`")


def mail() -> Check:
    """Whether the mail server lets us in. Nothing is sent."""
    from smtplib import SMTPException

    from django.conf import settings

    from bihuan.notifications.mail import MailChannel, reach_server

    options = settings.OPTIONS
    if not options.mail_host:
        return Check(
            "mail",
            ok=True,
            is_missing=True,
            said="not set up, notices stay in the inbox; set BIHUAN_MAIL_HOST and _FROM",
        )
    if not MailChannel().is_ready():
        return Check("mail", ok=False, said="BIHUAN_MAIL_FROM is missing")
    place = f"{options.mail_host}:{options.mail_port}"
    try:
        reach_server()
    except (OSError, SMTPException) as error:
        return Check("mail", ok=False, said=f"{place} does not let us in: {error}")
    return Check("mail", ok=True, said=f"{place} lets us in")
