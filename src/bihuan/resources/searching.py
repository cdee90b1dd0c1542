"""What is found of needs."""

from collections.abc import Iterable, Sequence

from bihuan.resources.models import Need
from bihuan.search.registry import Document


def needs(ids: Sequence[int]) -> Iterable[Document]:
    """The needs of these matters. One query."""
    rows = Need.objects.filter(collaboration__in=ids).select_related("provider", "named_person", "collaboration")
    for need in rows.order_by("pk"):
        named = need.named_person.name if need.named_person else ""
        said = (need.purpose, need.answer, need.offer, need.evidence, need.reason, need.provider.name, named)
        yield Document(
            kind="need", id=need.pk, unit_id=need.collaboration_id, scope_id=need.collaboration.scope_id,
            title=need.spec, text="\n".join(filter(None, said)),
        )  # fmt: skip
