"""What must hold of periodic work, as a plain function. `tests/planted` breaks it and sees it turn red."""

from datetime import datetime, timedelta

from bihuan.outbox import operations as outbox
from bihuan.outbox.models import Delivery
from bihuan.worker import periodic
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
