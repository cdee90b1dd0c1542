"""Signing in: rate limits, sessions, open doors, the demo's switches (trust.md AT33, AT37–AT40)."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.sessions.models import Session
from django.test import Client, RequestFactory
from django.urls import reverse

from bihuan.kernel.actor import SYSTEM
from bihuan.organisation import operations
from bihuan.organisation.errors import TooManyAttempts, WrongCredentials
from bihuan.organisation.models import Person, SignInAttempt
from bihuan.web.http import client_address, safe_next
from bihuan.web.middleware import ProxyMiddleware
from tests.cast import Company

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
ARGON2 = ["django.contrib.auth.hashers.Argon2PasswordHasher"]


def test_the_door_says_who_helps_when_there_is_no_password(client: Client) -> None:
    assert "请贵公司的管理员重新设置。" in client.get("/signin").content.decode()


@pytest.fixture
def known(company: Company, at) -> Person:
    return operations.set_password(company.staff.pk, password=PASSWORD, actor=SYSTEM, at=at)


def try_in(client: Client, username: str, password: str, **more: str):
    return client.post("/signin", {"username": username, "password": password, **more})


def signed_in_as(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def test_the_right_password_signs_in_and_leads_back_to_where_one_came_from(known: Person, client: Client) -> None:
    response = try_in(client, "shan", PASSWORD, next="/departments/?closed=1")
    assert (response.status_code, response["Location"]) == (302, "/departments/?closed=1")
    assert signed_in_as(client) == str(known.pk)
    assert list(SignInAttempt.objects.values_list("failed", flat=True)) == [False]


@pytest.mark.parametrize(
    ("username", "password"), [("shan", "wrong"), ("nobody-at-all", PASSWORD), ("", ""), ("wang", "")]
)
def test_wrong_password_unknown_account_and_no_password_get_the_same_answer(
    known: Person, client: Client, username: str, password: str
) -> None:
    response = try_in(client, username, password)
    assert response.status_code == 422
    assert signed_in_as(client) is None
    strange = try_in(Client(), "somebody-else", "x")
    assert _without_tokens(response, username) == _without_tokens(strange, "somebody-else")


def _without_tokens(response, username: str) -> list[str]:
    lines = response.content.decode().splitlines()
    return [line for line in lines if "csrf" not in line.lower() and 'id="username"' not in line]


def test_somebody_deactivated_does_not_sign_in(known: Person, client: Client, at) -> None:
    operations.deactivate_person(known.pk, actor=SYSTEM, at=at)
    assert try_in(client, "shan", PASSWORD).status_code == 422
    assert signed_in_as(client) is None


def test_an_unknown_account_costs_as_much_as_a_wrong_password(known: Person, at, settings, monkeypatch) -> None:
    """One hash each; without it the time of the answer would tell who has an account."""
    settings.PASSWORD_HASHERS = ARGON2
    operations.set_password(known.pk, password=PASSWORD, actor=SYSTEM, at=at)
    hashed: list[str] = []
    for name in ("encode", "verify"):
        monkeypatch.setattr(Argon2PasswordHasher, name, counted(name, getattr(Argon2PasswordHasher, name), hashed))
    for number, username in enumerate(("shan", "ghost")):
        with pytest.raises(WrongCredentials):
            operations.check_credentials(username, "wrong", address=f"10.0.0.{number}", at=at)
    assert hashed == ["verify", "encode"]


def counted(name: str, hashes: Callable[..., Any], into: list[str]) -> Callable[..., Any]:
    def run(*arguments: Any, **more: Any) -> Any:
        into.append(name)
        return hashes(*arguments, **more)

    return run


def test_ten_failures_close_the_account_for_five_minutes_from_any_address(known: Person, at) -> None:
    for number in range(10):
        with pytest.raises(WrongCredentials):
            operations.check_credentials("Shan ", "wrong", address=f"10.0.0.{number}", at=at)
    with pytest.raises(TooManyAttempts):
        operations.check_credentials("shan", PASSWORD, address="10.0.1.1", at=at + timedelta(minutes=4, seconds=59))
    person = operations.check_credentials("shan", PASSWORD, address="10.0.1.1", at=at + timedelta(minutes=5))
    assert person == known


def test_ten_failures_close_the_address_for_every_account(known: Person, at) -> None:
    for number in range(10):
        with pytest.raises(WrongCredentials):
            operations.check_credentials(f"guess{number}", "wrong", address="10.0.0.1", at=at)
    with pytest.raises(TooManyAttempts):
        operations.check_credentials("shan", PASSWORD, address="10.0.0.1", at=at)
    assert operations.check_credentials("shan", PASSWORD, address="10.0.0.2", at=at) == known


def test_refused_attempts_do_not_prolong_the_wait_and_successes_do_not_count(known: Person, at) -> None:
    for _ in range(20):
        operations.check_credentials("shan", PASSWORD, address="10.0.0.1", at=at)
    for _ in range(10):
        with pytest.raises(WrongCredentials):
            operations.check_credentials("shan", "wrong", address="10.0.0.2", at=at)
    for _ in range(3):
        with pytest.raises(TooManyAttempts):
            operations.check_credentials("shan", "wrong", address="10.0.0.2", at=at + timedelta(minutes=4))
    assert SignInAttempt.objects.filter(failed=True).count() == 10


def test_a_closed_account_answers_429_whether_or_not_it_exists(known: Person, client: Client) -> None:
    for username in ("shan", "ghost"):
        statuses = [
            try_in(Client(REMOTE_ADDR=f"10.1.{username.__len__()}.{n}"), username, "wrong").status_code
            for n in range(11)
        ]
        assert statuses == [422] * 10 + [429]


def test_attempts_hold_no_account_name_and_can_be_forgotten(known: Person, at) -> None:
    with pytest.raises(WrongCredentials):
        operations.check_credentials("my-secret-password", "x", address="10.0.0.1", at=at)
    assert "secret" not in SignInAttempt.objects.get().account
    assert operations.forget_attempts(before=at + timedelta(minutes=6)) == 1


def test_the_session_key_changes_with_signing_in(known: Person, client: Client) -> None:
    session = client.session
    session["planted"] = "by an attacker"
    session.save()
    fixed = session.session_key
    client.cookies[django_settings.SESSION_COOKIE_NAME] = fixed
    try_in(client, "shan", PASSWORD)
    assert client.session.session_key != fixed
    assert not Session.objects.filter(session_key=fixed).exists()


def test_a_changed_password_ends_every_other_session(known: Person, client: Client) -> None:
    other = Client()
    for browser in (client, other):
        try_in(browser, "shan", PASSWORD)
    response = client.post("/settings/password", {"present": PASSWORD, "password": "another horse battery"})
    assert response.status_code == 302
    assert client.get("/settings").status_code == 200
    assert other.get("/settings").status_code == 302


def test_a_deactivated_person_is_out_with_the_next_request(known: Person, client: Client, at) -> None:
    try_in(client, "shan", PASSWORD)
    operations.deactivate_person(known.pk, actor=SYSTEM, at=at)
    response = client.get("/departments/")
    assert (response.status_code, response["Location"]) == (302, "/signin?next=%2Fdepartments%2F")


def test_signing_out_ends_the_session_and_is_a_post(known: Person, client: Client) -> None:
    try_in(client, "shan", PASSWORD)
    assert client.get("/signout").status_code == 405
    assert client.post("/signout")["Location"] == "/signin"
    assert signed_in_as(client) is None


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "\\evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "https://evil.example/",
        "///evil.example",
        "/\t/evil.example",
        "http:evil",
        " /x",
        "",
        None,
    ],
)
def test_next_never_leaves_the_site(wanted: str | None) -> None:
    assert safe_next(wanted) == "/"


def test_next_keeps_a_path_of_our_own() -> None:
    assert safe_next("/departments/3/?closed=1#heads") == "/departments/3/?closed=1#heads"


def test_signing_in_with_a_foreign_next_stays_here(known: Person, client: Client) -> None:
    assert try_in(client, "shan", PASSWORD, next="//evil.example")["Location"] == "/"


def test_a_form_without_its_token_is_refused_in_words(known: Person) -> None:
    strict = Client(enforce_csrf_checks=True)
    response = try_in(strict, "shan", PASSWORD)
    assert response.status_code == 403
    assert "evil" not in response.content.decode()
    assert SignInAttempt.objects.count() == 0


@pytest.fixture
def proxied(settings) -> Callable[[str], None]:
    def trust(names: str) -> None:
        settings.OPTIONS = settings.OPTIONS.model_copy(update={"trusted_proxies": names})

    return trust


def test_a_client_cannot_choose_its_address(proxied) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="203.0.113.9", HTTP_X_FORWARDED_FOR="10.0.0.1")
    assert client_address(request) == "203.0.113.9"
    proxied("127.0.0.1, 10.9.9.9")
    assert client_address(request) == "203.0.113.9"


def test_behind_a_trusted_proxy_the_nearest_stranger_counts(proxied) -> None:
    proxied("127.0.0.1, 10.9.9.9")
    said = "6.6.6.6, 203.0.113.9, 10.9.9.9"
    request = RequestFactory().get("/", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR=said)
    assert client_address(request) == "203.0.113.9"
    assert client_address(RequestFactory().get("/", REMOTE_ADDR="127.0.0.1")) == "127.0.0.1"


@pytest.mark.parametrize(("peer", "kept"), [("203.0.113.9", []), ("127.0.0.1", ["FOR", "HOST", "PROTO"])])
def test_forwarded_headers_reach_django_from_trusted_proxies_only(proxied, peer: str, kept: list[str]) -> None:
    proxied("127.0.0.1")
    headers = {f"HTTP_X_FORWARDED_{name}": "x" for name in ("FOR", "HOST", "PROTO")}
    request = RequestFactory().get("/", REMOTE_ADDR=peer, **headers)
    ProxyMiddleware(lambda passed: passed)(request)
    assert sorted(key[17:] for key in request.META if key.startswith("HTTP_X_FORWARDED_")) == kept


def test_a_remote_user_header_signs_nobody_in(known: Person, client: Client) -> None:
    response = client.get("/departments/", REMOTE_USER="shan", HTTP_X_REMOTE_USER="shan", HTTP_REMOTE_USER="shan")
    assert response.status_code == 302


@pytest.mark.parametrize("mode", ["test", "production"])
def test_outside_the_demo_nobody_becomes_somebody_else(known: Person, client: Client, mode: str) -> None:
    assert client.get("/signin/demo").status_code == 404
    assert client.post("/signin/demo", {"person": known.pk}).status_code == 404
    assert signed_in_as(client) is None
    assert "单雨薇" not in client.get("/signin").content.decode()


def test_in_the_demo_a_press_makes_one_somebody_else(known: Person, client: Client, settings) -> None:
    settings.DEMO = True
    page = client.get("/signin").content.decode()
    assert "单雨薇" in page
    assert "推广经理" in page
    client.post("/signin/demo", {"person": known.pk})
    assert signed_in_as(client) == str(known.pk)
    assert client.post("/signin/demo", {"person": "999999"}).status_code == 404
    assert client.get("/signin/demo").status_code == 200


def test_an_imported_person_is_not_offered_by_the_demo(known: Person, client: Client, at, settings) -> None:
    settings.DEMO = True
    row = operations.PersonRow(source_key="github:octo", name="Octo Cat")
    pk = operations.import_people([row], actor=SYSTEM, at=at)[0].pk
    assert "Octo Cat" not in client.get("/signin").content.decode()
    assert client.post("/signin/demo", {"person": pk}).status_code == 404


def test_the_clock_moves_forward_but_not_in_production(known: Person, client: Client, settings) -> None:
    settings.OPTIONS = settings.OPTIONS.model_copy()
    client.force_login(known)
    client.post("/demo/clock", {"hours": "24"})
    assert settings.OPTIONS.clock_offset == 86400
    settings.OPTIONS.mode = "production"
    assert client.post("/demo/clock", {"hours": "24"}).status_code == 404
    assert settings.OPTIONS.clock_offset == 86400


def test_the_language_is_chosen_by_a_post_and_remembered(known: Person, client: Client) -> None:
    assert client.get("/language?language=en").status_code == 405
    response = client.post("/language", {"language": "en", "next": "/signin"})
    assert response["Location"] == "/signin"
    assert 'lang="en"' in client.get("/signin").content.decode()
    client.force_login(known)
    client.post("/language", {"language": "zh-hans"})
    known.refresh_from_db()
    assert known.language == "zh-hans"
    client.post("/language", {"language": "xx"})
    known.refresh_from_db()
    assert known.language == "zh-hans"


def test_the_theme_is_chosen_by_a_post_and_follows_the_person(known: Person, client: Client) -> None:
    client.force_login(known)
    client.post("/theme", {"theme": "dark"})
    known.refresh_from_db()
    assert (known.theme, client.cookies["theme"].value) == ("dark", "dark")
    client.post("/theme", {"theme": "auto"})
    assert client.cookies["theme"].value == ""
    client.post("/theme", {"theme": "neon"})
    known.refresh_from_db()
    assert known.theme == "auto"


def test_cookies_and_headers_are_strict(known: Person, client: Client) -> None:
    client.get("/signin")
    response = try_in(client, "shan", PASSWORD)
    session = response.cookies[django_settings.SESSION_COOKIE_NAME]
    assert (session["httponly"], session["samesite"]) == (True, "Lax")
    page = client.get("/departments/")
    policy = page["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert page["X-Content-Type-Options"] == "nosniff"
    assert page["X-Frame-Options"] == "DENY"
    assert page["Referrer-Policy"] == "same-origin"
    assert page["Cache-Control"] == "no-store, private"
    assert {"Cookie", "HX-Request", "Accept-Language"} <= {part.strip() for part in page["Vary"].split(",")}


def test_sign_in_itself_is_not_kept_by_any_cache(client: Client, db) -> None:
    assert client.get(reverse("signin:login"))["Cache-Control"] == "no-store, private"


def test_the_sign_in_form_shows_what_was_typed_but_never_the_password(known: Person, client: Client) -> None:
    page = try_in(client, '"><script>', "hunter2-hunter2").content.decode()
    assert "<script>" not in page.replace('<script type="module"', "")
    assert "hunter2-hunter2" not in page


def test_a_request_of_a_person_builds_its_actor_once(known: Person, client: Client, monkeypatch) -> None:
    from bihuan.web import middleware

    built = SimpleNamespace(times=0)
    real = middleware.organisation.actor_for

    def counting(person, at):
        built.times += 1
        return real(person, at)

    monkeypatch.setattr(middleware.organisation, "actor_for", counting)
    client.force_login(known)
    client.get("/departments/")
    assert built.times == 1
