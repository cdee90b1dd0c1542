"""What is found of risks."""

from collections.abc import Iterable, Sequence

from bihuan.issues.models import Risk
from bihuan.search.registry import Document


def risks(ids: Sequence[int]) -> Iterable[Document]:
    """The risks of these matters; their reports are found as records. One query."""
    rows = Risk.objects.filter(collaboration__in=ids).select_related("finder", "department", "collaboration")
    for risk in rows.order_by("pk"):
        yield Document(
            kind="risk", id=risk.pk, unit_id=risk.collaboration_id, scope_id=risk.collaboration.scope_id,
            number=risk.number, title=risk.title,
            text="\n".join(filter(None, (risk.outcome, risk.finder.name, risk.department.name))),
        )  # fmt: skip
