"""What a guard says. Policies return these; sentences stand in the catalogue (`sentences`)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    ERROR = "ERROR"
    WARNING = "WARNING"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong or doubtful.

    `place` is the path of the field in the body (`metrics.0.target`), empty for the whole.
    """

    code: str
    place: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    severity: Severity = Severity.ERROR

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR


def warning(code: str, place: str = "", **params: Any) -> Finding:
    return Finding(code, place, params, Severity.WARNING)


def error(code: str, place: str = "", **params: Any) -> Finding:
    return Finding(code, place, params)


def errors(findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.is_error]
