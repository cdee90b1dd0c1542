"""What an import reports: where, which value, why. Nothing reported here stops another row."""

import dataclasses
import re
from collections.abc import Mapping
from typing import Any

from bihuan.kernel.findings import Finding, Severity

SHOWN = 200
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
PREFIX = "integrations."


@dataclasses.dataclass(frozen=True, slots=True)
class Problem:
    """One odd value. A WARNING came in with its raw value beside it; an ERROR means that the row stayed outside."""

    file: str
    line: int
    row: str
    field: str
    value: str
    code: str
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    severity: Severity = Severity.WARNING

    def as_finding(self) -> Finding:
        """The same, to be kept with the row and shown on its page."""
        return Finding(self.code, self.field, {"value": self.value, **self.params}, self.severity)


class Unreadable(Exception):
    """A file of the folder cannot be read at all; `finding` names it and says why."""

    def __init__(self, code: str, file: str, **params: Any) -> None:
        super().__init__(f"{file}: {code}")
        self.finding = Finding(PREFIX + code, params={"file": file, **params})


def shown(value: object) -> str:
    """A value as it is printed in a report: storable, one line, no terminal codes, at most SHOWN characters."""
    text = (value if isinstance(value, str) else repr(value))[: SHOWN + 1]
    text = CONTROL.sub(lambda found: repr(found[0])[1:-1], text.encode("utf-8", "backslashreplace").decode())
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"
