"""The attached files of a dossier: those its texts name, each once, that are as they were handed in."""

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from bihuan.files.queries import path_of
from bihuan.records.models import Attachment, Version

SUFFIX = re.compile(r"\.[a-z0-9]{1,10}")
GONE, CHANGED = "gone", "changed"


@dataclass(frozen=True, slots=True)
class Held:
    """A file that goes in, under this name of the archive."""

    name: str
    sha256: str
    size: int
    path: Path


def attached_to(versions: Collection[Version]) -> tuple[dict[str, Held], list[dict[str, Any]]]:
    """Digest to file, and what is left out with its digest and why: its bytes are gone or changed.

    In the order in which the versions name them, so that what was handed in first goes in first. One query.
    """
    named = {row["sha256"]: row for version in versions for row in version.data.get("files") or ()}
    paths = _paths_of({version.record_id for version in versions}, named)
    held: dict[str, Held] = {}
    left: list[dict[str, Any]] = []
    for sha256, row in named.items():
        path = paths.get(sha256)
        why = _harm(path, sha256)
        if why or path is None:
            left.append({"what": "file", "sha256": sha256, "why": why})
            continue
        held[sha256] = Held(name_of(row), sha256, row["size"], path)
    return held, left


def name_of(row: Any) -> str:
    """By its digest, so that nothing a stranger called it is a path; the ending stays, so that it opens."""
    suffix = PurePath(row["name"]).suffix.lower()
    return f"files/{row['sha256']}{suffix if SUFFIX.fullmatch(suffix) else ''}"


def _paths_of(records: Collection[int], digests: Collection[str]) -> dict[str, Path]:
    if not digests:
        return {}
    found = Attachment.objects.filter(record__in=records, file__sha256__in=digests).select_related("file")
    return {one.file.sha256: path_of(one.file.key) for one in found}


def _harm(path: Path | None, sha256: str) -> str:
    """Why the bytes on the disk cannot go in; empty when they are those that were handed in."""
    if path is None or not path.is_file():
        return GONE
    with path.open("rb") as handle:
        return "" if hashlib.file_digest(handle, "sha256").hexdigest() == sha256 else CHANGED
