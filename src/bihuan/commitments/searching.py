"""What is found of commitments: what was promised, and what was shown for it."""

from collections.abc import Iterable, Sequence

from bihuan.commitments.models import Commitment
from bihuan.search.registry import Document

TITLE_LENGTH = 80


def commitments_of(root_kind: str, root_ids: Sequence[int]) -> Iterable[Document]:
    """The commitments of these roots. One query."""
    rows = Commitment.objects.filter(root_kind=root_kind, root_id__in=root_ids).select_related("owner", "department")
    for row in rows.order_by("pk"):
        names = [each.name for each in (row.owner, row.department) if each is not None]
        yield Document(
            kind="commitment", id=row.pk, unit_id=row.root_id, scope_id=row.scope_id,
            title=row.text[:TITLE_LENGTH], text="\n".join(filter(None, (row.text, row.evidence, row.note, *names))),
        )  # fmt: skip
