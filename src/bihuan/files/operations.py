"""Keeping bytes that were handed in."""

import hashlib
import os
import shutil
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO

from django.db import transaction

from bihuan.files.models import Parcel, StoredFile, new_key
from bihuan.files.queries import folder_of, path_of, root
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotAllowed

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


def throw_away_bytes(file_ids: Collection[int], *, at: datetime) -> int:
    """Throw the bytes of stored files away once the transaction commits; the rows stay. The caller records it.

    Returns how many had bytes until now.
    """
    kept = StoredFile.objects.filter(pk__in=file_ids, thrown_away_at__isnull=True)
    keys = list(kept.values_list("key", flat=True))
    kept.update(thrown_away_at=at)
    for key in keys:
        transaction.on_commit(partial(path_of(key).unlink, missing_ok=True))
    return len(keys)


def sweep(*, before: datetime) -> int:
    """Throw away bytes that no row speaks of: of an upload that broke off, or that a row says are gone. Returns how
    many files.

    What was written after `before` stays, because its row may not be committed yet. One query for each of the folders.
    """
    return sum(_sweep(folder, before) for folder in sorted(root().glob("*")) if folder.is_dir())


def _sweep(folder: Path, before: datetime) -> int:
    written = {path.name: path for path in folder.iterdir() if path.stat().st_mtime < before.timestamp()}
    kept = StoredFile.objects.filter(key__in=written, thrown_away_at__isnull=True).values_list("key", flat=True)
    lost = written.keys() - set(kept)
    for key in lost:
        written[key].unlink(missing_ok=True)
    return len(lost)


def told_name(name: str) -> str:
    """The last part of a name as it is shown: no folders, no control or direction marks, and not too long."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(mark for mark in last if unicodedata.category(mark) not in ("Cc", "Cf", "Cs", "Co"))
    stem, suffix = Path(plain).stem, Path(plain).suffix[:20]
    return (stem[: NAME_LIMIT - len(suffix)] + suffix).strip() or "file"


def open_parcel(*, form: str, total: int, actor: Actor, at: datetime) -> Parcel:
    """Begin a parcel; the caller records what it is for. Raises ``NotAllowed`` for who is no person."""
    if actor.person_id is None:
        raise NotAllowed
    return Parcel.objects.create(owner_id=actor.person_id, form=form, total=total, asked_at=at)


def add_part(parcel: Parcel, name: str, content: bytes, *, done: int, reader: Actor) -> None:
    """Write one file of the parcel, as `reader` may read it; once more, after a job that died, changes nothing."""
    with writing_part(parcel, name, done=done, reader=reader) as handle:
        handle.write(content)


@contextmanager
def writing_part(parcel: Parcel, name: str, *, done: int, reader: Actor) -> Iterator[BinaryIO]:
    """The same piece by piece; done when the block ends without an error."""
    folder = folder_of(parcel)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / name).open("wb") as handle:
        yield handle
    parcel.principals = sorted({*parcel.principals, *reader.principals})
    Parcel.objects.filter(pk=parcel.pk).update(done=done, principals=parcel.principals)


def close_parcel(parcel: Parcel, *, at: datetime) -> bool:
    """Nothing more will come; whether it was this call that closed it."""
    return bool(Parcel.objects.filter(pk=parcel.pk, ended_at=None).update(ended_at=at))


def throw_away(*, before: datetime) -> int:
    """Forget parcels asked for before the instant, with their files."""
    old = list(Parcel.objects.filter(asked_at__lt=before))
    Parcel.objects.filter(pk__in=[parcel.pk for parcel in old]).delete()
    for parcel in old:
        transaction.on_commit(partial(shutil.rmtree, folder_of(parcel), ignore_errors=True))
    return len(old)
