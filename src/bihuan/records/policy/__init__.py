"""What a body means: reading, checking, freezing and comparing it. No Django, no database, no clock."""

from bihuan.records.policy.changes import Change, Sort, diff
from bihuan.records.policy.freezing import Frozen, freeze, thaw, with_computed
from bihuan.records.policy.normalise import MOST_ROWS, Known, normalise
from bihuan.records.policy.paths import from_form, to_form, typed_text
from bihuan.records.policy.rows import (
    Body,
    fixed_strangers,
    is_untouched,
    lists_of,
    with_fixed,
    with_ids,
    without_blank_rows,
)
from bihuan.records.policy.shape import misshapen

__all__ = [
    "MOST_ROWS", "Body", "Change", "Frozen", "Known", "Sort", "diff", "fixed_strangers", "freeze", "from_form",
    "is_untouched", "lists_of", "misshapen", "normalise", "thaw", "to_form", "typed_text", "with_computed",
    "with_fixed", "with_ids", "without_blank_rows",
]  # fmt: skip
