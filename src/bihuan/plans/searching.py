"""What is found of tasks."""

from collections.abc import Iterable, Sequence

from bihuan.plans.models import Task
from bihuan.search.registry import Document

TITLE_LENGTH = 80


def tasks(ids: Sequence[int]) -> Iterable[Document]:
    """The tasks of these matters. One query."""
    rows = Task.objects.filter(collaboration__in=ids).select_related("owner", "department", "collaboration")
    for task in rows.order_by("pk"):
        said = (task.duty, task.deliverable, task.output, task.blocker, task.reason)
        names = (task.owner.name, task.department.name, task.post)
        yield Document(
            kind="task", id=task.pk, unit_id=task.collaboration_id, scope_id=task.collaboration.scope_id,
            title=task.duty[:TITLE_LENGTH], text="\n".join(filter(None, (*said, *names))),
        )  # fmt: skip
