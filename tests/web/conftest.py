"""What the tests of the pages share: a campaign whose clock the server goes by."""

from collections.abc import Callable
from typing import Any

import pytest

from bihuan.ledger.models import Entry
from bihuan.web import middleware
from tests.campaign import Campaign


@pytest.fixture
def campaign(campaign, monkeypatch) -> Campaign:
    monkeypatch.setattr(middleware, "now", lambda: campaign.at)
    return campaign


@pytest.fixture
def refuses() -> Callable[..., str]:
    """Send what must be refused with this status; nothing may have been written. Answers the page."""

    def send(status: int, client: Any, address: str, data: dict[str, Any] | None = None, *, of: Any) -> str:
        before = (list(of.objects.order_by("pk").values()), Entry.objects.count())
        response = client.post(address, data or {})
        assert response.status_code == status, response.content.decode()[:800]
        assert (list(of.objects.order_by("pk").values()), Entry.objects.count()) == before
        return response.content.decode()

    return send
