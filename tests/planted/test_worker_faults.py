"""A worker that is careless with what is due: a job runs several times, or one failure takes the others with it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

from bihuan.collaborations.operations import publish_shipped_playbooks
from bihuan.kernel.actor import SYSTEM
from bihuan.outbox import operations
from bihuan.progress import operations as progress
from bihuan.worker import jobs, periodic
from tests.campaign import Campaign
from tests.worker import checks


@pytest.mark.django_db(transaction=True)
def test_a_due_instant_without_a_key_turns_the_check_red(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    def post_anyway(topic: str, payload: Mapping[str, Any], *, key: str, at: datetime) -> None:
        operations.post(topic, payload, at=at)

    monkeypatch.setattr(periodic, "post_unless_posted", post_anyway)
    with pytest.raises(AssertionError):
        checks.check_a_due_job_runs_once_with_several_workers(at)


def test_all_matters_in_one_transaction_turn_the_check_red(
    company: Any, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def open_all(at: datetime) -> None:
        for pk in progress.matters_without_week(at):
            progress.open_due_week(pk, actor=SYSTEM, at=at)

    monkeypatch.setattr(periodic, "_REGISTERED", {})
    monkeypatch.setattr(jobs, "owe_due_weeks", open_all)
    jobs.register_jobs_of_rooms()
    publish_shipped_playbooks(at=at)
    campaign = Campaign.begin(company, at)
    campaign.carry_to("EXECUTE")
    with pytest.raises(AssertionError):
        checks.check_a_failing_matter_holds_up_no_other(campaign, checks.another_in_execution(campaign), monkeypatch)
