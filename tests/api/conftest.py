"""A program that calls the API in somebody's name."""

import json
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from bihuan.ledger.models import Entry
from bihuan.organisation import operations as organisation
from bihuan.outbox.models import Promised

NUMBERS = count(1)
ALL = ("read", "write", "sign")


@dataclass
class Program:
    """Holds a token of its own; every act gets a fresh key unless one is given."""

    secret: str
    client: Client = field(default_factory=Client)

    def headers(self, key: str = "", language: str = "en") -> dict[str, str]:
        keyed = {"Idempotency-Key": key or f"test-key-{next(NUMBERS)}"}
        return {"Authorization": f"Bearer {self.secret}", "Accept-Language": language, **keyed}

    def get(self, path: str, language: str = "en", **query: Any) -> HttpResponse:
        return self.client.get(f"/api/v1{path}", query, headers=self.headers(language=language))

    def post(self, path: str, body: Any = None, *, key: str = "", method: str = "post") -> HttpResponse:
        send = getattr(self.client, method)
        return send(f"/api/v1{path}", json.dumps(body or {}), "application/json", headers=self.headers(key))

    def put(self, path: str, body: Any, *, key: str = "") -> HttpResponse:
        return self.post(path, body, key=key, method="put")


def written() -> tuple[int, int]:
    """What a refusal must not add to: facts, and answers kept for keys."""
    return Entry.objects.count(), Promised.objects.count()


def codes(response: HttpResponse) -> list[tuple[str, str]]:
    return [(finding["code"], finding["place"]) for finding in response.json()["findings"]]


@pytest.fixture
def program(company, at, monkeypatch):
    """`program("产品经理")` calls as that person, at the instant of the tests."""
    monkeypatch.setattr("bihuan.web.middleware.now", lambda: at)

    def made(office: str, *scopes: str) -> Program:
        actor = company.actor(office)
        _, secret = organisation.issue_token(name="test", scopes=scopes or ALL, actor=actor, at=at)
        return Program(secret)

    return made


@pytest.fixture
def campaign(campaign, program, monkeypatch):
    monkeypatch.setattr("bihuan.web.middleware.now", lambda: campaign.at)
    return campaign


@pytest.fixture
def refuses():
    """Sends what must be refused with a status, and shows that nothing was written."""

    def refused(status: int, send, *args: Any, **more: Any) -> HttpResponse:
        before = written()
        response = send(*args, **more)
        assert response.status_code == status, response.content.decode()
        assert response["Content-Type"] == "application/problem+json"
        assert written() == before
        return response

    return refused
