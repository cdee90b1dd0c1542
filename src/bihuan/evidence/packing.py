"""A dossier as one archive: the same content gives the same bytes, and the manifest over them is signed."""

import hashlib
import io
import zipfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from bihuan.kernel.canonical import canonical_json
from bihuan.ledger.policy import instant
from bihuan.ledger.rotation import signed_now

FORMAT, MANIFEST, SIGNATURE = "bihuan-dossier/1", "dossier.json", "dossier.sig"
VERIFIER = Path(__file__).with_name("verify.py")
THE_BEGINNING = (1980, 1, 1, 0, 0, 0)


def manifest_of(members: Mapping[str, bytes], *, at: datetime, **told: Any) -> str:
    """What is inside, byte for byte, and what is told of it."""
    files = {name: hashlib.sha256(content).hexdigest() for name, content in members.items()}
    return canonical_json({"format": FORMAT, "made_at": instant(at), "files": files, **told})


def pack(members: Mapping[str, bytes], manifest: str, *, at: datetime) -> bytes:
    """The archive, the manifest first. Raises KeyIsNotOurs when there is no key to sign it with."""
    digest = hashlib.sha256(manifest.encode()).hexdigest()
    key, signature = signed_now(digest, at=at)
    first = {
        MANIFEST: manifest.encode(),
        SIGNATURE: canonical_json({"public_key": key, "signature": signature}).encode(),
    }
    return zipped({**first, **dict(sorted(members.items()))})


def zipped(members: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, THE_BEGINNING)
            info.external_attr, info.compress_type = 0o644 << 16, zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return made.getvalue()
