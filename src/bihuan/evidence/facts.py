"""Who took a proof of what away."""

from dataclasses import dataclass
from typing import ClassVar

from bihuan.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class DossierMade(Fact):
    """A dossier of the matter was put together; `digest` is that of its manifest, `through` its last entry."""

    name: ClassVar[str] = "evidence.dossier.made"
    digest: str
    through: int
    left_out: int
