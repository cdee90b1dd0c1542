"""What makes an installation unsafe. In production the product refuses to start and says why (trust.md AT62).

`unsafe_reasons` is plain arithmetic on the options; `database_findings` asks the database. Both are Django system
checks with the ids below, so `run_checks` finds them without importing this module.
"""

import ipaddress
import os
import sqlite3
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.db import DEFAULT_DB_ALIAS, connections
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bihuan.config.options import Options, mistyped
from bihuan.organisation.models import Person

SECRET_LENGTH = 50
SHIPPED = ("insecure", "changeme", "change-me", "change_me", "change-this", "secret-key", "secret_key", "example")
WIDEST = {4: 8, 6: 7}  # a network of one's own is no wider: 10.0.0.0/8, fc00::/7
FIRST_SAFE_SQLITE = (3, 51, 3)
DURABLE = ("fsync", "full_page_writes", "synchronous_commit")
DEMO_KEY = "demo:"


@dataclass(frozen=True, slots=True)
class Unsafe:
    """One reason not to start: a stable id, what is wrong, how to mend it."""

    id: str
    what: "str | Promise"
    mend: "str | Promise"

    def as_check(self) -> checks.Error:
        return checks.Error(str(self.what), hint=str(self.mend), id=self.id)


SECRET_MISSING = Unsafe(
    "bihuan.E001",
    _("The secret key is missing."),
    _("Set BIHUAN_SECRET_KEY or BIHUAN_SECRET_KEY_FILE to at least 50 random characters."),
)
SECRET_WEAK = Unsafe(
    "bihuan.E002",
    _("The secret key is too short or easy to guess."),
    _("Set BIHUAN_SECRET_KEY or BIHUAN_SECRET_KEY_FILE to at least 50 random characters."),
)
DEBUG_ON = Unsafe(
    "bihuan.E003", _("Debugging shows the inside of the product to everybody."), _("Remove BIHUAN_DEBUG.")
)
NO_PUBLIC_URL = Unsafe(
    "bihuan.E004",
    _("The address people type is unknown, so forged host names cannot be told from the real one."),
    _("Set BIHUAN_PUBLIC_URL, for example https://bihuan.example.com."),
)
NOT_HTTPS = Unsafe(
    "bihuan.E005",
    _("Passwords would cross the network in clear text."),
    _("Serve over TLS and let BIHUAN_PUBLIC_URL begin with https://."),
)
ANY_HOST = Unsafe(
    "bihuan.E006", _("Every host name would be accepted."), _("Name one host in BIHUAN_PUBLIC_URL, without a star.")
)
ANY_PROXY = Unsafe(
    "bihuan.E007",
    _("Everybody could claim another address and an encrypted connection."),
    _("Name the addresses of your own proxies in BIHUAN_TRUSTED_PROXIES."),
)
CLOCK_MOVED = Unsafe(
    "bihuan.E008", _("The clock is moved; deadlines and the ledger would lie."), _("Remove BIHUAN_CLOCK_OFFSET.")
)
DATA_OPEN = Unsafe(
    "bihuan.E009",
    _("Every account of this machine can reach the data directory."),
    _("Take the rights of others away: chmod o-rwx on the directory of BIHUAN_DATA_DIR."),
)
OLD_SQLITE = Unsafe(
    "bihuan.E010",
    _("This SQLite library can damage the database when two processes write."),
    _("Install the package anew; it brings SQLite 3.51.3 or newer."),
)
NOT_DURABLE = Unsafe(
    "bihuan.E011",
    _("The database confirms a change before it is safely on disk."),
    _("Turn fsync, full_page_writes and synchronous_commit on in PostgreSQL; leave SQLite's synchronous at FULL."),
)
DEMO_PRESENT = Unsafe(
    "bihuan.E012",
    _("The demo company is in this database; its people have no secrets."),
    _("Start production with an empty database."),
)


SQLITE_OPEN = Unsafe(
    "bihuan.E013",
    _("Every account of this machine can reach the database file."),
    _("Take the rights of others away: chmod o-rwx on the folder of the file that BIHUAN_DATABASE_URL names."),
)


def host_of(url: str) -> str:
    return urlsplit(url).hostname or ""


def key_reason(key: str) -> Iterator[Unsafe]:
    if not key:
        yield SECRET_MISSING
    elif is_weak(key):
        yield SECRET_WEAK


def is_weak(key: str) -> bool:
    """Short, of few signs, a phrase said again and again, or one that stands in somebody's example."""
    repeats = key in (key + key)[1:-1]
    shipped = any(word in key.lower() for word in SHIPPED)
    return len(key) < SECRET_LENGTH or len(set(key)) < 10 or repeats or shipped


def address_reasons(options: Options) -> Iterator[Unsafe]:
    if not host_of(options.public_url):
        yield NO_PUBLIC_URL
    elif not options.public_url.startswith("https://"):
        yield NOT_HTTPS
    if "*" in host_of(options.public_url) or host_of(options.public_url).startswith("."):
        yield ANY_HOST
    if any(is_anybody(proxy.strip()) for proxy in options.trusted_proxies.split(",")):
        yield ANY_PROXY


def is_anybody(proxy: str) -> bool:
    try:
        network = ipaddress.ip_network(proxy, strict=False)
    except ValueError:
        return "*" in proxy
    return network.prefixlen < WIDEST[network.version]


def is_open_to_others(folder: Path) -> bool:
    return folder.exists() and bool(folder.stat().st_mode & stat.S_IRWXO)


def is_sqlite_open(options: Options) -> bool:
    """A database file outside the data directory that others may read, or will, once it is made."""
    file = Path(options.database.removeprefix("sqlite:///"))
    closed = file.exists() and not file.stat().st_mode & stat.S_IRWXO
    return options.data_dir not in file.parents and not closed and is_open_to_others(file.parent)


def reasons(options: Options, sqlite_version: tuple[int, ...]) -> Iterator[Unsafe]:
    yield from key_reason(options.secret_key)
    if options.debug:
        yield DEBUG_ON
    yield from address_reasons(options)
    if options.clock_offset:
        yield CLOCK_MOVED
    if is_open_to_others(options.data_dir):
        yield DATA_OPEN
    if options.database.startswith("sqlite"):
        if sqlite_version < FIRST_SAFE_SQLITE:
            yield OLD_SQLITE
        if is_sqlite_open(options):
            yield SQLITE_OPEN


def unsafe_reasons(options: Options, *, sqlite_version: tuple[int, ...] = sqlite3.sqlite_version_info) -> list[Unsafe]:
    """Every reason why production must not start with these options; none outside production."""
    return list(reasons(options, sqlite_version)) if options.is_production else []


def postgresql_settings(cursor: Any) -> dict[str, str]:
    cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(DURABLE)])
    return dict(cursor.fetchall())


def sqlite_settings(cursor: Any) -> dict[str, str]:
    """FULL (2) or EXTRA (3) is on: NORMAL may forget confirmed changes when the power goes."""
    cursor.execute("PRAGMA synchronous")
    return {"synchronous": "on" if cursor.fetchone()[0] >= 2 else "off"}


def is_durable(settings_of_database: Mapping[str, str]) -> bool:
    return "off" not in settings_of_database.values()


def holds_demo(using: str) -> bool:
    if Person._meta.db_table not in connections[using].introspection.table_names():
        return False
    return Person.objects.using(using).filter(source_key__startswith=DEMO_KEY).exists()


def database_findings(options: Options, *, using: str = DEFAULT_DB_ALIAS) -> list[Unsafe]:
    """Every reason that only the database knows; none outside production."""
    if not options.is_production:
        return []
    connection = connections[using]
    with connection.cursor() as cursor:
        settings_of = postgresql_settings if connection.vendor == "postgresql" else sqlite_settings
        durable = is_durable(settings_of(cursor))
    found = [] if durable else [NOT_DURABLE]
    return [*found, DEMO_PRESENT] if holds_demo(using) else found


@checks.register(checks.Tags.security)
def check_options(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    return [*map(Unsafe.as_check, unsafe_reasons(settings.OPTIONS)), *map(unknown_option, mistyped(os.environ).items())]


def unknown_option(found: tuple[str, str]) -> checks.CheckMessage:
    """A variable that is no option, and the option that may be meant: told, and no reason not to start."""
    name, meant = found
    said = _("{name} is no option and changes nothing.").format(name=name)
    hint = _("{meant} may be meant.").format(meant=meant) if meant else ""
    return checks.Warning(said, hint=hint, id="bihuan.W001")


@checks.register(checks.Tags.database)
def check_databases(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """Runs only when databases are named: `manage check --database default`, and at every start."""
    return [
        reason.as_check() for using in databases or () for reason in database_findings(settings.OPTIONS, using=using)
    ]
