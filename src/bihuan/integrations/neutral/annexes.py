"""What stands beside matters, changes and exceptions and reports, counted: what of it is new, what is as it was."""

from collections import Counter
from collections.abc import Mapping, Sequence

from bihuan.collaborations.imports import ImportedMatter
from bihuan.collaborations.queries.sources import annexes_as_kept
from bihuan.integrations.neutral.beside import ANNEXES
from bihuan.integrations.neutral.work import Chunk

Annex = tuple[str, str]  # kind and line
Annexes = Mapping[str, Sequence[Annex]]
NO_ANNEXES: Annexes = {}
NAMES = {kind: file.removesuffix(".jsonl") for file, kind in ANNEXES.items()}


def annexes_before(chunk: Chunk) -> Annexes:
    """What stands beside the matters of a chunk, by their key. One query, none for other rows."""
    return annexes_as_kept(entry.key for entry in chunk.entries) if chunk.rows == "matters" else NO_ANNEXES


def counted(matter: ImportedMatter, kept: Sequence[Annex], result: str) -> Counter[tuple[str, str]]:
    """How many lines of each kind become what, with a matter of which `result` became."""
    found: Counter[tuple[str, str]] = Counter()
    for kind, name in NAMES.items():
        said = Counter(annex.raw for annex in matter.annexes if annex.kind == kind)
        before = Counter(raw for each, raw in kept if each == kind)
        if result == "rejected":
            found[name, result] += said.total()
            continue
        same, other = said & before, said - before
        updated = min(other.total(), (before - said).total())
        found += Counter(
            {
                (name, "unchanged"): same.total(),
                (name, "updated"): updated,
                (name, "created"): other.total() - updated,
            }
        )
    return +found
