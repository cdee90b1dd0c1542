"""How the room says no."""

from bihuan.kernel.errors import DomainError, NotAllowed, Stale


class NotTheOwner(NotAllowed):
    """Only the owner of the task, or who carries the matter, may report on it."""

    code = "plans.not_the_owner"


class NotFiled(DomainError):
    """The plan has not been filed, so no task may begin (G07, AS04)."""

    code = "plans.not_filed"
    status = 409


class NotUnderWay(DomainError):
    """The matter does not stand in execution."""

    code = "plans.not_under_way"
    status = 409


class StaleTask(Stale):
    """The task was changed or finished meanwhile."""

    code = "plans.task_stale"
