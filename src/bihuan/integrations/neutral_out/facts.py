"""Who took home what."""

from dataclasses import dataclass
from typing import ClassVar

from bihuan.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class ExportMade(Fact):
    """Everything a person may read was put together for that person."""

    name: ClassVar[str] = "integrations.export.made"
    form: str
    matters: int
    lines: int
