"""A dossier as one archive: the same content gives the same bytes, and the manifest over them is signed.

Texts are held in memory, attached files go from the disk into the archive piece by piece.
"""

import hashlib
import shutil
import zipfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from bihuan.evidence.attached import Held
from bihuan.kernel.canonical import canonical_json
from bihuan.ledger.policy import instant
from bihuan.ledger.rotation import signed_now

FORMAT, MANIFEST, SIGNATURE = "bihuan-dossier/2", "dossier.json", "dossier.sig"
VERIFIER = Path(__file__).with_name("verify.py")
THE_BEGINNING = (1980, 1, 1, 0, 0, 0)


def manifest_of(texts: Mapping[str, bytes], held: Iterable[Held], *, at: datetime, **told: Any) -> str:
    """What is inside, byte for byte, and what is told of it."""
    files = {name: hashlib.sha256(content).hexdigest() for name, content in texts.items()}
    files |= {one.name: one.sha256 for one in held}
    return canonical_json({"format": FORMAT, "made_at": instant(at), "files": files, **told})


def pack(texts: Mapping[str, bytes], held: Iterable[Held], manifest: str, *, to: BinaryIO, at: datetime) -> None:
    """Write the archive, the manifest first. Raises KeyIsNotOurs when there is no key to sign it with."""
    digest = hashlib.sha256(manifest.encode()).hexdigest()
    key, signature = signed_now(digest, at=at)
    first = {
        MANIFEST: manifest.encode(),
        SIGNATURE: canonical_json({"public_key": key, "signature": signature}).encode(),
    }
    with zipfile.ZipFile(to, "w") as archive:
        for name, content in {**first, **dict(sorted(texts.items()))}.items():
            archive.writestr(_member(name, zipfile.ZIP_DEFLATED), content)
        for one in sorted(held, key=lambda one: one.name):
            info = _member(one.name, zipfile.ZIP_STORED)
            info.file_size = one.size
            with one.path.open("rb") as source, archive.open(info, "w") as target:
                shutil.copyfileobj(source, target, 1 << 20)


def _member(name: str, compression: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, THE_BEGINNING)
    info.external_attr, info.compress_type = 0o644 << 16, compression
    return info
