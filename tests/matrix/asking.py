"""One request as one role, and what it wrote."""

import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.cookies import SimpleCookie
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from tests.matrix.routes import Door
from tests.matrix.world import World

NOT_COUNTED = {"django_session", "organisation_signinattempt"}
"""Sessions and attempts to sign in are written on the way to a refusal, and say nothing about the company's work."""
CHANGES = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"(\w+)"')
HARMLESS = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA", "SET")
MISSING = 2**62
SIGN_IN = "/signin?next="
SAFE = {"GET", "HEAD", "OPTIONS"}
ENGLISH = {"accept-language": "en"}


@dataclass(slots=True)
class Written:
    """The counted tables that statements were sent to which could change them."""

    tables: set[str] = field(default_factory=set)

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        first = sql.lstrip(" (").split(None, 1)[0].upper()
        if first not in HARMLESS:
            named = CHANGES.match(sql)
            known = {named[1]} & (counted() | NOT_COUNTED) if named else set()
            self.tables |= (known or counted()) - NOT_COUNTED
        return execute(sql, params, many, context)


@cache
def counted() -> set[str]:
    return {model._meta.db_table for model in apps.get_models(include_auto_created=True)} - NOT_COUNTED


def everything(tables: Collection[str] | None = None) -> dict[str, set[Any]]:
    """Every row of these tables, or of every counted one: matters, chains, deliveries, answers promised."""
    tables = counted() if tables is None else tables
    rows = {}
    with connection.cursor() as cursor:
        for table in sorted(tables):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows[table] = set(cursor.fetchall())
    return rows


@contextmanager
def watched() -> Iterator[Written]:
    written = Written()
    with connection.execute_wrapper(written):
        yield written


BROWSERS = {is_strict: Client(enforce_csrf_checks=is_strict) for is_strict in (False, True)}
"""Kept, because every new one loads all middleware again."""


def browser(world: World, role: str, *, is_strict: bool = False) -> Client:
    """The browser with the session of the role, whatever the call before did to its cookies."""
    client = BROWSERS[is_strict]
    client.cookies = SimpleCookie(world.cookies[role])
    return client


def send(client: Client, method: str, door: Door, address: str, body: dict[str, Any], **headers: str) -> Any:
    offset = settings.OPTIONS.clock_offset
    try:
        if not door.is_api:
            given = {} if method == "GET" else {"data": body} if method == "POST" else {}
            return getattr(client, method.lower())(address, headers=ENGLISH | headers, **given)
        headers = ENGLISH | headers
        headers |= {"idempotency-key": uuid4().hex} if method not in SAFE else {}
        given = {"data": body, "content_type": "application/json"} if method in {"POST", "PUT", "PATCH"} else {}
        return getattr(client, method.lower())(address, headers=headers, **given)
    finally:
        settings.OPTIONS.clock_offset = offset


def answer(response: HttpResponse) -> str:
    """The response in the words of the table."""
    status = response.status_code
    location = response.get("Location", "")
    if status == 302 and location.startswith(SIGN_IN):
        return "in"
    if status == 401 and response.headers.get("WWW-Authenticate"):
        return "in"
    if status in {200, 201, 204, 302, 303}:
        return "ok"
    return {403: "no", 404: ".."}.get(status, str(status))
