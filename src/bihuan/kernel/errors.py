"""How an operation says no. Each class is one situation with a stable code and one HTTP status."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from bihuan.kernel.findings import Finding


class DomainError(Exception):
    """Base of everything a person is told. The sentence stands in the catalogue under `code`."""

    code: ClassVar[str] = "kernel.error"
    status: ClassVar[int] = 400

    def __init__(self, **params: Any) -> None:
        super().__init__(self.code)
        self.params: Mapping[str, Any] = params

    @property
    def findings(self) -> list[Finding]:
        return [Finding(self.code, params=self.params)]


class NotFound(DomainError):
    """It does not exist for this actor; said the same whether or not it exists at all."""

    code = "kernel.not_found"
    status = 404


class NotAllowed(DomainError):
    """The actor sees the object and may not do this to it."""

    code = "kernel.not_allowed"
    status = 403


class Stale(DomainError):
    """Somebody acted first, or the text changed since the actor saw it."""

    code = "kernel.stale"
    status = 409


class Refused(DomainError):
    """A guard said no; the findings say why and how to mend it."""

    code = "kernel.refused"
    status = 422

    def __init__(self, findings: Iterable[Finding]) -> None:
        super().__init__()
        self._findings = list(findings)

    @property
    def findings(self) -> list[Finding]:
        return self._findings

    def __str__(self) -> str:
        return "; ".join(f"{finding.code}@{finding.place}" for finding in self._findings)
