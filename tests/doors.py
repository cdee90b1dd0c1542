"""The two doors of the product: somebody's pages, and a program in his name, at the instant of a campaign."""

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from bihuan.organisation import operations as organisation
from tests.api.conftest import ALL, Program
from tests.campaign import Campaign


class Doors:
    """Each person signs in once at each door."""

    def __init__(self, campaign: Campaign) -> None:
        self.campaign = campaign
        self.clients: dict[str, Client] = {}
        self.programs: dict[str, Program] = {}

    def page(self, post: str) -> Client:
        if post not in self.clients:
            self.clients[post] = Client()
            self.clients[post].force_login(self.campaign.company[post])
        return self.clients[post]

    def program(self, post: str) -> Program:
        if post not in self.programs:
            by = {"actor": self.campaign.actor(post), "at": self.campaign.at}
            _token, secret = organisation.issue_token(name="test", scopes=ALL, **by)
            self.programs[post] = Program(secret)
        return self.programs[post]

    def sign_on_page(self, slot: Any, post: str, **said: Any) -> HttpResponse:
        """Open the sign page and send what is typed on it."""
        client = self.page(post)
        shown = client.get(f"/sign/{slot.pk}/").content.decode()
        hidden = dict(re.findall(r'name="(seen_digest|request_key)" value="([^"]*)"', shown))
        return client.post(f"/sign/{slot.pk}/decide", {"seen_digest": slot.digest, **hidden, **said})

    def sign_by_program(self, slot: Any, post: str, **said: Any) -> HttpResponse:
        return self.program(post).post(f"/slots/{slot.pk}/decide", {"seen_digest": slot.digest, **said})


@pytest.fixture
def doors(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> Doors:
    monkeypatch.setattr("bihuan.web.middleware.now", lambda: campaign.at)
    return Doors(campaign)
