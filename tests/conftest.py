"""Settings of the test run, fixed before Django loads, whatever the environment says."""

import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import HealthCheck, settings
from jinja2 import FileSystemBytecodeCache

settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

gc.set_threshold(200_000, 50, 1000)
IS_WORKER = "PYTEST_XDIST_WORKER" in os.environ
DATA_DIR = Path(tempfile.mkdtemp(prefix="bihuan-test-"))


def choose_database() -> str:
    """The PostgreSQL of `scripts/with_postgresql.py`, or an SQLite file that several threads can write."""
    wanted = os.environ.get("BIHUAN_TEST_DATABASE", "sqlite")
    if wanted == "sqlite":
        return f"sqlite:///{DATA_DIR / 'bihuan.sqlite3'}"
    if wanted == "postgresql" and (url := os.environ.get("BIHUAN_TEST_DATABASE_URL")):
        return url
    raise pytest.UsageError("For PostgreSQL run: python scripts/with_postgresql.py pytest …")


def fix_environment() -> None:
    if "bihuan.config.settings" in sys.modules:
        raise pytest.UsageError("Unset DJANGO_SETTINGS_MODULE: the tests name their settings themselves.")
    for name in [name for name in os.environ if name.startswith("BIHUAN_") and not name.startswith("BIHUAN_TEST_")]:
        del os.environ[name]
    os.environ["BIHUAN_DATABASE_URL"] = choose_database()
    os.environ["BIHUAN_DATA_DIR"] = str(DATA_DIR)
    os.environ["BIHUAN_MODE"] = "test"
    os.environ["DJANGO_SETTINGS_MODULE"] = "bihuan.config.settings"
    os.environ.setdefault("BIHUAN_TEST_SHARED", str(DATA_DIR))  # the workers of xdist inherit it; see tests/tables.py
    (DATA_DIR / "static").mkdir()


class CompiledOnce(FileSystemBytecodeCache):
    """Templates are compiled once in a run, also for the copies of the package in which faults are planted: what stands
    in them is compared, not where they lie."""

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        return super().get_cache_key(name)


def load_django() -> None:
    import django
    from django.conf import settings as options

    if options.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        options.DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
    options.LOGGING["root"]["handlers"] = []  # pytest shows what was logged; a thread would find its stream closed
    options.TEMPLATES[0]["OPTIONS"]["bytecode_cache"] = CompiledOnce(os.environ["BIHUAN_TEST_SHARED"])
    django.setup()
    del os.environ["DJANGO_SETTINGS_MODULE"]  # else a worker of xdist inherits it and loads settings before this file


fix_environment()
if not IS_WORKER:
    from scripts.messages import compile_stale

    compile_stale()
load_django()

from tests import flushing, tables  # noqa: E402, F401  the ledger's triggers refuse the flush otherwise

pytest_plugins = [
    "tests.scenes", "tests.cast", "tests.campaign", "tests.problem", "tests.doors", "tests.chromium",
    "tests.matrix.fixture",
]  # fmt: skip


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The longest first, so that no process works on alone in the end; planted faults last, when the scenes they need
    have been acted. On PostgreSQL what meets no database is left out: it would say the same twice."""
    items.sort(key=turn)
    if os.environ.get("BIHUAN_TEST_DATABASE") == "postgresql":
        config.hook.pytest_deselected(items=[item for item in items if not meets_the_database(item)])
        items[:] = [item for item in items if meets_the_database(item)]


def turn(item: pytest.Item) -> int:
    marks = {mark.name for mark in item.iter_markers()}
    return 0 if "browser" in marks else 2 if "planted" in marks else 1


def pytest_collection_finish() -> None:
    """What is loaded by now stays: looking through it for garbage again and again took a tenth of the time."""
    gc.collect()
    gc.freeze()


def meets_the_database(item: pytest.Item) -> bool:
    """The one of this run: a process that makes a database of its own does the same in either run."""
    names = getattr(item, "fixturenames", ())
    return bool(item.get_closest_marker("django_db") or {"db", "transactional_db"} & set(names))


def pytest_unconfigure() -> None:
    shutil.rmtree(DATA_DIR, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any, django_db_modify_db_settings: None) -> None:
    """In place of pytest-django's. Nothing is deleted in the end: the folder goes, and so does the cluster."""
    with django_db_blocker.unblock():
        tables.set_up()


def pytest_runtest_call() -> None:
    """Every test begins with working time unread, whether its scene was acted or taken from the shelf."""
    from bihuan.organisation.queries import working_time

    working_time.kept.clear()


@pytest.fixture(autouse=True)
def spoken_afresh() -> Iterator[None]:
    """A request leaves the language of its reader on the thread; the next test does not inherit it."""
    yield
    translation.deactivate()


@pytest.fixture
def at() -> datetime:
    """The instant at which the tests happen: a Tuesday morning in Shanghai."""
    return datetime(2026, 11, 17, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
