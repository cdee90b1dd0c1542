import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.core import checks as django_checks
from django.db import connection

from bihuan.config.checks import DURABLE, database_findings, is_durable, sqlite_settings, unsafe_reasons
from bihuan.config.options import Options
from bihuan.organisation.models import Person

KEY = "Zk3-9qLx_7Vb2Nf8Rt5Hy1Wm4Jc6Pd0Sg-Ua_Ei7Qo3Xr9Bn5Tv1Kz"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    private = tmp_path / "data"
    private.mkdir(mode=0o700)
    return private


def production(folder: Path, **changes: object) -> Options:
    safe = {"mode": "production", "data_dir": folder, "secret_key": KEY, "public_url": "https://bihuan.example.com"}
    return Options(**{"database_url": f"sqlite:///{folder}/db", **safe, **changes})


def ids(options: Options, **more: object) -> list[str]:
    return [reason.id for reason in unsafe_reasons(options, **more)]


def test_a_safe_production_has_nothing_to_mend(folder):
    assert ids(production(folder)) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"secret_key": ""}, "bihuan.E001"),
        ({"secret_key": KEY[:49]}, "bihuan.E002"),
        ({"secret_key": "a" * 60}, "bihuan.E002"),
        ({"secret_key": "django-insecure-" + KEY}, "bihuan.E002"),
        ({"secret_key": "1234567890" * 6}, "bihuan.E002"),
        ({"secret_key": "please-CHANGE-this-" + KEY}, "bihuan.E002"),
        ({"debug": True}, "bihuan.E003"),
        ({"public_url": ""}, "bihuan.E004"),
        ({"public_url": "http://bihuan.example.com"}, "bihuan.E005"),
        ({"public_url": "https://*"}, "bihuan.E006"),
        ({"public_url": "https://.example.com"}, "bihuan.E006"),
        ({"trusted_proxies": "10.0.0.1, *"}, "bihuan.E007"),
        ({"trusted_proxies": "0.0.0.0/1,128.0.0.0/1"}, "bihuan.E007"),
        ({"trusted_proxies": "0::/0"}, "bihuan.E007"),
        ({"trusted_proxies": "0.0.0.0/0"}, "bihuan.E007"),
        ({"clock_offset": -60}, "bihuan.E008"),
    ],
)
def test_an_unsafe_option_is_named_in_production_and_allowed_elsewhere(folder, changes, expected):
    assert ids(production(folder, **changes)) == [expected]
    assert ids(production(folder, **changes, mode="demo")) == []


@pytest.mark.parametrize("mode", [0o701, 0o704, 0o707, 0o755])
def test_a_data_directory_open_to_other_accounts_is_unsafe(folder, mode):
    folder.chmod(mode)
    assert ids(production(folder)) == ["bihuan.E009"]


def test_a_data_directory_open_to_the_group_is_safe(folder):
    folder.chmod(0o750)
    assert ids(production(folder)) == []


def test_a_database_file_elsewhere_that_others_reach_is_unsafe(folder, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o755)
    file = elsewhere / "db"
    assert ids(production(folder, database_url=f"sqlite:///{file}")) == ["bihuan.E013"]
    file.touch(mode=0o644)
    assert ids(production(folder, database_url=f"sqlite:///{file}")) == ["bihuan.E013"]
    file.chmod(0o600)
    assert ids(production(folder, database_url=f"sqlite:///{file}")) == []


def test_networks_of_ones_own_may_be_trusted_and_an_address_may_end_in_a_slash(folder):
    options = production(folder, trusted_proxies="10.0.0.0/8, ::1, proxy", public_url="https://bihuan.example.com/")
    assert unsafe_reasons(options) == []
    assert options.public_url == "https://bihuan.example.com"


def test_an_old_sqlite_is_unsafe_only_where_it_is_used(folder):
    assert ids(production(folder), sqlite_version=(3, 51, 2)) == ["bihuan.E010"]
    assert ids(production(folder), sqlite_version=(3, 51, 3)) == []
    assert ids(production(folder, database_url="postgresql://db/bihuan"), sqlite_version=(3, 40, 1)) == []


def test_all_reasons_are_told_at_once_and_each_says_how_to_mend(folder):
    found = unsafe_reasons(production(folder, secret_key="", public_url="", debug=True))
    assert [reason.id for reason in found] == ["bihuan.E001", "bihuan.E003", "bihuan.E004"]
    assert all(str(reason.what) and "BIHUAN_" in str(reason.mend) for reason in found)


@pytest.mark.parametrize(("level", "durable"), [("OFF", False), ("NORMAL", False), ("FULL", True), ("EXTRA", True)])
def test_sqlite_must_wait_for_the_disk(level, durable):
    cursor = sqlite3.connect(":memory:").cursor()
    cursor.execute(f"PRAGMA synchronous={level}")
    assert is_durable(sqlite_settings(cursor)) is durable
    cursor.connection.close()


@pytest.mark.parametrize("name", DURABLE)
def test_postgresql_must_wait_for_the_disk(name):
    assert is_durable(dict.fromkeys(DURABLE, "on"))
    assert not is_durable(dict.fromkeys(DURABLE, "on") | {name: "off"})


@pytest.mark.django_db
def test_the_database_is_asked_how_durable_it_is(folder):
    """The throw-away PostgreSQL of the tests is unsafe by intent; the SQLite file has the product's own settings."""
    expected = ["bihuan.E011"] if connection.vendor == "postgresql" else []
    assert [reason.id for reason in database_findings(production(folder))] == expected
    assert database_findings(production(folder, mode="demo")) == []


@pytest.mark.django_db
def test_the_demo_company_may_not_go_into_production(folder):
    Person.objects.create(username="growth-lead", name="王敏", source_key="demo:growth-lead")
    assert "bihuan.E012" in [reason.id for reason in database_findings(production(folder))]
    Person.objects.update(source_key="growth-lead")
    assert "bihuan.E012" not in [reason.id for reason in database_findings(production(folder))]


def test_the_system_checks_are_registered():
    names = {check.__name__ for check in django_checks.registry.registry.get_checks()}
    assert {"check_options", "check_databases"} <= names


def check_deploy(**environment: str) -> subprocess.CompletedProcess[str]:
    names = {name: value for name, value in os.environ.items() if not name.startswith("BIHUAN_")}
    command = [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(
        command, env=names | {"PYTHONPATH": "src"} | environment, capture_output=True, text=True, check=False
    )


def test_a_safe_production_passes_djangos_own_deployment_checks(folder):
    run = check_deploy(
        BIHUAN_MODE="production",
        BIHUAN_DATA_DIR=str(folder),
        BIHUAN_SECRET_KEY=KEY,
        BIHUAN_PUBLIC_URL="https://bihuan.example.com",
        DJANGO_SETTINGS_MODULE="bihuan.config.settings",
    )
    assert (run.returncode, run.stderr) == (0, "")


def test_an_unsafe_production_fails_the_checks_with_every_id(folder):
    run = check_deploy(
        BIHUAN_MODE="production",
        BIHUAN_DATA_DIR=str(folder),
        BIHUAN_SECRET_KEY="short",
        BIHUAN_CLOCK_OFFSET="5",
        DJANGO_SETTINGS_MODULE="bihuan.config.settings",
    )
    assert run.returncode == 1
    assert all(found in run.stderr for found in ("bihuan.E002", "bihuan.E004", "bihuan.E008"))
