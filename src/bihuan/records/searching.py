"""What is found of records: their number, their form, and every word of the version that counts."""

from collections.abc import Iterable, Iterator, Sequence

from bihuan.records.enums import Status
from bihuan.records.models import Record
from bihuan.records.policy import Body
from bihuan.records.policy.shape import REFERENCES
from bihuan.records.registry import form_of
from bihuan.records.schema import Field, Kind
from bihuan.search.registry import Document


def records_of(root_kind: str, root_ids: Sequence[int]) -> Iterable[Document]:
    """The submitted records of these roots. A draft is open to its filler alone and is not indexed. One query."""
    rows = Record.objects.filter(root_kind=root_kind, root_id__in=root_ids, current_version__isnull=False)
    for record in rows.exclude(status=Status.DRAFT).select_related("current_version").order_by("pk"):
        shape = form_of(record)
        body = record.current_version.data if record.current_version else {}
        yield Document(
            kind="record", id=record.pk, unit_id=record.root_id, scope_id=record.scope_id, number=record.number,
            title=str(shape.title), text="\n".join(words_of(shape.fields(), body)),
        )  # fmt: skip


def words_of(fields: Iterable[Field], body: Body) -> Iterator[str]:
    """Every text and every name in a frozen body, in the order of the form."""
    for field in fields:
        value = body.get(field.key)
        if field.is_text and value:
            yield str(value)
        elif field.kind in REFERENCES and isinstance(value, dict):
            yield str(value.get("name") or "")
        elif field.kind is Kind.DEPARTMENTS and isinstance(value, list):
            yield from (str(each["name"]) for each in value)
        elif field.kind is Kind.GROUP and isinstance(value, dict):
            yield from words_of(field.columns, value)
        elif field.kind is Kind.ROWS and isinstance(value, list):
            for row in value:
                yield from words_of(field.columns, row)
