"""A production instance as its administrator starts it: what it refuses, and what it says over HTTP (AT62)."""

import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import connection

from tests.cli.test_serve import Installation, free_installation
from tests.tables import migrated

KEY = "Zk3-9qLx_7Vb2Nf8Rt5Hy1Wm4Jc6Pd0Sg-Ua_Ei7Qo3Xr9Bn5Tv1Kz"
HOST = "bihuan.example.com"
SAFE = {
    "MODE": "production",
    "SECRET_KEY": KEY,
    "PUBLIC_URL": f"https://{HOST}",
    "TRUSTED_PROXIES": "127.0.0.1",
    "LANGUAGE": "en",
}
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
PASSWORD = "eleven-horses-29"
FOUND_DEMO = """
import bihuan.config, django; django.setup()
from bihuan.organisation.models import Person
Person.objects.create(username="lin", name="林晓彤", source_key="demo:lin")
"""


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    made = free_installation(tmp_path)
    made.options = dict(SAFE)
    return made


def refusals(installation: Installation, command: str = "serve") -> list[str]:
    """The ids that the start was refused for; every line says what is wrong and how to mend it."""
    refused = installation.python("-m", "bihuan.cli.main", command)
    lines = refused.stderr.splitlines()
    assert refused.returncode == 1, refused.stderr
    assert all(line.startswith("bihuan does not start: ") and line.count(". ") >= 1 for line in lines), lines
    return [line.rpartition("(bihuan.")[2].rstrip(")") for line in lines]


def test_everything_unsafe_is_named_at_once_before_anything_is_served(installation: Installation) -> None:
    installation.options |= {
        "SECRET_KEY": "changeme",
        "DEBUG": "true",
        "PUBLIC_URL": "http://*",
        "TRUSTED_PROXIES": "*",
        "CLOCK_OFFSET": "60",
    }
    installation.folder.chmod(0o755)
    assert refusals(installation) == ["E002", "E003", "E005", "E006", "E007", "E008", "E009"]
    assert not (installation.folder / "secret_key").exists()


def test_a_database_that_holds_the_demo_company_is_refused(installation: Installation) -> None:
    installation.options["MODE"] = "demo"
    shutil.copyfile(migrated(), installation.folder / "bihuan.sqlite3")
    assert installation.python("-c", FOUND_DEMO).stderr == ""
    installation.options["MODE"] = "production"
    assert refusals(installation) == ["E012"]


@pytest.mark.django_db
def test_a_database_that_may_forget_is_refused(installation: Installation) -> None:
    """The throw-away PostgreSQL of the tests does not wait for its disk; SQLite always does."""
    if connection.vendor == "postgresql":
        installation.options["DATABASE_URL"] = settings.OPTIONS.database
        assert "E011" in refusals(installation, "web")
    else:
        doctor = installation.python("-m", "bihuan.cli.main", "doctor")
        assert "ok   configuration: safe for production" in doctor.stdout


ADMINISTRATOR = f"""
import bihuan.config, django; django.setup()
from bihuan.organisation.models import Person
person = Person(username="root", name="高翔", is_administrator=True)
person.set_password({PASSWORD!r})
person.save()
"""


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A started production instance with one administrator."""
    made = free_installation(tmp_path_factory.mktemp("production"))
    made.options = dict(SAFE)
    shutil.copyfile(migrated(), made.folder / "bihuan.sqlite3")
    assert made.python("-m", "bihuan.cli.main", "init").returncode == 0
    assert made.python("-c", ADMINISTRATOR).stderr == ""
    server = made.start()
    try:
        made.wait(server)
        yield made.port
    finally:
        server.kill()
        server.wait()


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Message
    text: str

    @property
    def token(self) -> str:
        found = TOKEN.search(self.text)
        assert found is not None, self.text
        return found.group(1)


@dataclass
class Browser:
    """Somebody behind a proxy that ended TLS and left the host as it was."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, words: dict[str, str] | None = None, **headers: str) -> Answer:
        sent = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9", **headers}
        sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if words is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=60)) as client:
            client.request(method, path, urlencode(words) if words is not None else None, sent)
            response = client.getresponse()
            answer = Answer(response.status, response.headers, response.read().decode())
        for line in answer.headers.get_all("Set-Cookie", []):
            name, _, value = line.partition("=")
            self.cookies[name] = value.partition(";")[0]
        return answer

    def sign_in(self, **headers: str) -> Answer:
        words = {"username": "root", "password": PASSWORD, "csrfmiddlewaretoken": self.ask("GET", "/signin").token}
        return self.ask("POST", "/signin", words, **headers)


@pytest.fixture
def browser(port: int) -> Browser:
    return Browser(port)


def test_a_production_instance_speaks_as_it_should_behind_its_proxy(browser: Browser) -> None:
    page = browser.ask("GET", "/")
    assert (page.status, page.headers["Location"]) == (302, "/signin?next=%2F")
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["X-Frame-Options"] == "DENY"
    assert page.headers["Referrer-Policy"] == "same-origin"
    policy = dict(part.strip().partition(" ")[::2] for part in page.headers["Content-Security-Policy"].split(";"))
    assert (policy["default-src"], policy["script-src"], policy["style-src"]) == ("'none'", "'self'", "'self'")
    assert (policy["frame-ancestors"], policy["base-uri"], policy["form-action"]) == ("'none'", "'none'", "'self'")
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert "Server" not in page.headers


def test_its_cookies_are_secure_and_forms_from_elsewhere_are_refused(browser: Browser) -> None:
    assert browser.sign_in(Origin="https://evil.example.com").status == 403
    assert browser.sign_in(Referer="https://evil.example.com/").status == 403
    assert browser.sign_in().status == 403  # over TLS a form says where it comes from
    assert browser.ask("POST", "/signin", {"username": "root"}, Origin=f"https://{HOST}").status == 403
    entered = browser.sign_in(Origin=f"https://{HOST}")
    assert (entered.status, entered.headers["Location"]) == (302, "/")
    kept = {line.partition("_")[2].partition("_")[0]: line for line in entered.headers.get_all("Set-Cookie", [])}
    for name in ("session", "csrf"):
        attributes = {part.strip().lower() for part in kept[name].split(";")[1:]}
        assert {"secure", "httponly", "samesite=lax"} <= attributes, kept[name]
    assert browser.ask("GET", "/").status == 200


def test_what_a_stranger_says_of_himself_is_not_believed(browser: Browser) -> None:
    """Only the nearest hop that is no proxy of ours counts: guesses from one address close that address."""
    statuses = []
    for number in range(11):
        token = browser.ask("GET", "/signin").token
        words = {"username": f"guess{number}", "password": "wrong", "csrfmiddlewaretoken": token}
        told = {"X-Forwarded-For": f"10.9.8.{number}, 203.0.113.77", "Origin": f"https://{HOST}"}
        statuses.append(browser.ask("POST", "/signin", words, **told).status)
    assert statuses == [422] * 10 + [429]


def test_other_hosts_the_demo_and_a_moved_clock_do_not_exist_there(browser: Browser) -> None:
    assert browser.ask("GET", "/signin", Host="evil.example.com").status == 400
    assert browser.ask("GET", "/signin/demo").status == 404
    assert browser.sign_in(Origin=f"https://{HOST}").status == 302
    words = {"hours": "5", "csrfmiddlewaretoken": browser.ask("GET", "/settings").token}
    assert browser.ask("POST", "/demo/clock", words, Origin=f"https://{HOST}").status == 404


def test_in_production_the_clock_is_the_machines_whatever_the_option_says(
    installation: Installation,
) -> None:
    """Commands that do not ask whether the configuration is safe do not lie about the time either."""
    installation.options["CLOCK_OFFSET"] = "86400"
    told = installation.python("-c", CLOCKS)
    assert (told.stdout.split(), told.stderr) == (["True", "True"], "")
    installation.options["MODE"] = "test"
    assert installation.python("-c", CLOCKS).stdout.split() == ["False", "False"]


CLOCKS = """
import bihuan.config, django; django.setup()
from datetime import UTC, datetime, timedelta
from bihuan.kernel.now import now
from bihuan.worker.clock import database_now
real = datetime.now(UTC)
print(*(abs(told() - real) < timedelta(hours=1) for told in (now, database_now)))
"""
