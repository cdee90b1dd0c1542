"""The migrations run once in a run of the tests; every other process begins with a copy of the tables they made.

The processes of one run know each other by the folder `BIHUAN_TEST_SHARED`; see `tests/conftest.py`.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

SOURCE = Path(__file__).resolve().parents[1] / "src"
TEMPLATE = "bihuan_template"


def shared() -> Path:
    return Path(os.environ["BIHUAN_TEST_SHARED"])


@contextmanager
def one_at_a_time() -> Iterator[None]:
    with (shared() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def set_up() -> None:
    """The database of this process: migrated where it is the first, else copied."""
    with one_at_a_time():
        if made().exists():
            copy_template(connection.creation._get_test_db_name())
        else:
            connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
            keep_as_template()


def made() -> Path:
    """On SQLite the template itself, on PostgreSQL a mark that there is one."""
    return shared() / f"{connection.vendor}.template"


def migrated() -> Path:
    """An SQLite file with every table and no row but those of the migrations, for processes that are not tests."""
    with one_at_a_time():
        if not (file := shared() / "sqlite.template").exists():
            run_migrations(shared() / "migrated")
            shutil.move(shared() / "migrated" / "bihuan.sqlite3", file)
        return file


def run_migrations(folder: Path) -> None:
    options = {"BIHUAN_MODE": "test", "BIHUAN_DATA_DIR": str(folder), "PYTHONPATH": str(SOURCE)}
    settings = {"DJANGO_SETTINGS_MODULE": "bihuan.config.settings"}
    command = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
    subprocess.run(command, env=environment() | options | settings, check=True, timeout=300)


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "BIHUAN_", "DJANGO_"))}


def keep_as_template() -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(made())])
        return
    own = connection.settings_dict["NAME"]
    connection.close()
    copy_database(own, TEMPLATE)
    made().touch()


def copy_template(name: str) -> None:
    connection.close()
    if connection.vendor == "sqlite":
        shutil.copyfile(made(), name)
    else:
        copy_database(TEMPLATE, name)
    settings.DATABASES[connection.alias]["NAME"] = connection.settings_dict["NAME"] = name


def copy_database(old: str, new: str) -> None:
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{new}"')
        cursor.execute(f'CREATE DATABASE "{new}" TEMPLATE "{old}"')
