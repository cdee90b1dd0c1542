"""What rooms owe by the clock. Rooms know no clock, so the worker asks them."""

from datetime import datetime, timedelta

from bihuan.collaborations import operations as collaborations
from bihuan.kernel.actor import SYSTEM
from bihuan.progress import operations as progress
from bihuan.worker import periodic


def register_jobs_of_rooms() -> None:
    """Registering twice changes nothing."""
    periodic.register("progress.open_due_weeks", every=timedelta(hours=1), run=open_due_weeks)
    periodic.register("collaborations.settle_waiting", every=timedelta(hours=1), run=settle_waiting)


def open_due_weeks(at: datetime) -> int:
    """Open the week of every matter in execution; what is open already stays as it is."""
    return progress.open_due_weeks(actor=SYSTEM, at=at)


def settle_waiting(at: datetime) -> int:
    """Offer the next step of every matter whose windows are over."""
    return collaborations.settle_waiting(actor=SYSTEM, at=at)
