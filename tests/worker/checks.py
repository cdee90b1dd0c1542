"""What must hold of periodic work, as a plain function. `tests/planted` breaks it and sees it turn red."""

from datetime import datetime, timedelta
from typing import Any

from bihuan.collaborations.models import Collaboration, StepRun
from bihuan.outbox import operations as outbox
from bihuan.outbox.models import Delivery
from bihuan.plans.models import Task
from bihuan.progress.models import Period
from bihuan.progress.operations import weeks
from bihuan.worker import periodic
from tests.campaign import Campaign
from tests.outbox.checks import in_threads


def check_a_due_job_runs_once_with_several_workers(at: datetime) -> None:
    runs: list[datetime] = []
    periodic.register("tests.once", every=timedelta(minutes=1), run=runs.append)

    def work() -> None:
        periodic.tick(at=at, posted={})
        outbox.run_once(at=at)

    try:
        assert in_threads(3, work) == []
        outbox.run_once(at=at)
    finally:
        periodic.unregister("tests.once")
    assert runs == [at]
    assert Delivery.objects.filter(key__contains="tests.once").count() == 1


def another_in_execution(campaign: Campaign) -> Collaboration:
    """A second matter as far as the weekly table needs it: a step and a task."""
    first = Task.objects.filter(collaboration=campaign.collaboration).first()
    assert first is not None
    other = Campaign.begin(campaign.company, campaign.at).collaboration
    StepRun.objects.filter(collaboration=other).update(step="EXECUTE")
    first.pk, first.collaboration = None, other
    first.save(force_insert=True)
    return other


def check_a_failing_matter_holds_up_no_other(campaign: Any, other: Any, monkeypatch: Any) -> None:
    """The first matter's week breaks; the second one's opens, and the first is tried again later."""
    monday = campaign.at + timedelta(days=7 - campaign.at.weekday())
    open_week = weeks.open_week

    def break_first(matter: Any, **arguments: Any) -> Any:
        if matter.pk == campaign.collaboration.pk:
            raise RuntimeError("broken")
        return open_week(matter, **arguments)

    with monkeypatch.context() as broken:
        broken.setattr(weeks, "open_week", break_first)
        work(monday)
    assert set(opened_on(monday)) == {other.pk}
    work(monday + timedelta(minutes=50))
    assert set(opened_on(monday)) == {campaign.collaboration.pk, other.pk}


def work(at: datetime) -> None:
    periodic.tick(at=at, posted={})
    while outbox.run_once(at=at, limit=20):
        pass


def opened_on(monday: datetime) -> list[int]:
    periods = Period.objects.filter(opened_at__gte=monday)
    return list(periods.values_list("collaboration_id", flat=True))
