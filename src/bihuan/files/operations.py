"""Keeping bytes that were handed in."""

import hashlib
import os
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from bihuan.files.models import StoredFile, new_key
from bihuan.files.queries import path_of
from bihuan.kernel.actor import Actor

NAME_LIMIT = 200


def store(pieces: Iterable[bytes], *, name: str, actor: Actor, at: datetime) -> StoredFile:
    """Write the bytes under a random key and say so in a row; the row is there only when every byte is on the disk."""
    key = new_key()
    path = path_of(key)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size = hashlib.sha256(), 0
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb") as handle:  # noqa: PTH123
        for piece in pieces:
            handle.write(piece)
            digest.update(piece)
            size += len(piece)
        handle.flush()
        os.fsync(handle.fileno())
    return StoredFile.objects.create(
        key=key,
        name=told_name(name),
        size=size,
        sha256=digest.hexdigest(),
        stored_at=at,
        stored_by_id=actor.person_id,
    )


def told_name(name: str) -> str:
    """The last part of a name as it is shown: no folders, no control or direction marks, and not too long."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(mark for mark in last if unicodedata.category(mark) not in ("Cc", "Cf", "Cs", "Co"))
    stem, suffix = Path(plain).stem, Path(plain).suffix[:20]
    return (stem[: NAME_LIMIT - len(suffix)] + suffix).strip() or "file"
