"""A worker that asks only its own memory what was posted: several of them run a job several times."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

from bihuan.outbox import operations
from bihuan.worker import periodic
from tests.worker import checks


@pytest.mark.django_db(transaction=True)
def test_a_due_instant_without_a_key_turns_the_check_red(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    def post_anyway(topic: str, payload: Mapping[str, Any], *, key: str, at: datetime) -> None:
        operations.post(topic, payload, at=at)

    monkeypatch.setattr(periodic, "post_unless_posted", post_anyway)
    with pytest.raises(AssertionError):
        checks.check_a_due_job_runs_once_with_several_workers(at)
