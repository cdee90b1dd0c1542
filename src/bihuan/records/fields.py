"""A column for JSON as it was typed."""

import json
from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    TextField = models.TextField[Any, Any]
else:
    TextField = models.TextField


class TypedJson(TextField):
    """JSON in a text column.

    A draft may hold whatever was pasted, also a NUL or half a surrogate pair, which PostgreSQL's `jsonb` refuses;
    escaped to ASCII it is plain text for both databases. Nothing is ever looked up inside a draft.
    """

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """A plain text column for migrations, which import nothing of ours."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs | {"default": "{}"}

    def from_db_value(self, value: str | None, _expression: object, _connection: object) -> Any:
        return None if value is None else json.loads(value)

    def to_python(self, value: Any) -> Any:
        return json.loads(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> str:
        return json.dumps(value)

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj))
