"""One dossier of a matter whose plan was sent for approval, made once in a process, and ways to change it."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bihuan.evidence import packing, verify
from bihuan.evidence.operations import make_dossier
from bihuan.kernel.actor import SYSTEM, Actor
from bihuan.kernel.canonical import canonical_json
from bihuan.ledger import keys, rotation
from bihuan.ledger.sealing import seal_all
from bihuan.records import operations as records
from bihuan.records.models import Version
from tests import forms_samples as samples

JSON = dict[str, Any]
PDF = b"%PDF-1.7 " + bytes(range(256)) * 8
STRANGER = Ed25519PrivateKey.from_private_bytes(b"\1" * 32)


@dataclass(frozen=True)
class Original:
    """The bytes of a dossier, and the private key of whoever stole it from the company."""

    content: bytes
    key: Ed25519PrivateKey

    @cached_property
    def members(self) -> dict[str, bytes]:
        with zipfile.ZipFile(io.BytesIO(self.content)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    @property
    def public_key(self) -> str:
        return keys.public_half(self.key)


def make(campaign: Any) -> Original:
    """Sealed in between, the key changed in between: several seals, two keys, decisions on wholes and on lines."""
    campaign.carry_to("ALIGN")
    seal_all(at=campaign.at)
    rotation.rotate_key(actor=SYSTEM, at=campaign.at)
    keys.put_next_in_place()  # what follows the commit
    attach(campaign, "频道.pdf", PDF)
    campaign.carry_to("APPROVAL")
    _, content = dossier_of(campaign)
    return Original(content, keys.read_key(keys.key_path()))


def attach(campaign: Any, name: str, content: bytes) -> Version:
    """A paper that is kept as a file, beside the way."""
    actor, at = campaign.actor("产品经理"), campaign.at
    paper = records.start_draft("F23", root=campaign.root, scope_id=campaign.collaboration.scope_id, actor=actor, at=at)
    records.attach_file(paper, name=name, pieces=[content], actor=actor, at=at)
    body = samples.paper(campaign.today)
    paper = records.save_draft(paper, body=body, seen_revision=paper.revision, actor=actor, at=at)
    return records.submit(paper, seen_revision=paper.revision, actor=actor, at=at)


def dossier_of(campaign: Any, *, reader: Actor | None = None) -> tuple[str, bytes]:
    """The name and the bytes."""
    made = io.BytesIO()
    name = make_dossier(campaign.collaboration, to=made, reader=reader, at=campaign.at)
    return name, made.getvalue()


def zipped(members: Mapping[str, bytes]) -> bytes:
    """As the product packs them."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, packing.THE_BEGINNING)
            info.external_attr = 0o644 << 16
            info.compress_type = zipfile.ZIP_STORED if name.startswith("files/") else zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return made.getvalue()


class Copy:
    """A dossier somebody works on. What is JSON is changed as values; nothing is signed until it is asked for."""

    def __init__(self, original: Original) -> None:
        self.original, self.members = original, dict(original.members)

    def value(self, name: str) -> Any:
        return json.loads(self.members[name])

    def put(self, name: str, value: Any) -> None:
        self.members[name] = canonical_json(value).encode()

    def change(self, name: str, act: Callable[[Any], Any]) -> None:
        value = self.value(name)
        act(value)
        self.put(name, value)

    @property
    def entries(self) -> list[JSON]:
        return [json.loads(line) for line in self.members["chain.jsonl"].decode().splitlines()]

    def put_entries(self, entries: list[JSON]) -> None:
        self.members["chain.jsonl"] = "".join(canonical_json(entry) + "\n" for entry in entries).encode()

    def place_of(self, name: str) -> int:
        """The number of the first entry that tells of this."""
        return next(entry["seq"] for entry in self.entries if entry["name"] == name)

    def signed(self, key: Ed25519PrivateKey | None = None, **told: Any) -> "Copy":
        """The manifest made anew over what is there now and signed, by default with the company's own, stolen key."""
        key = key or self.original.key
        manifest = {**self.value("dossier.json"), **told}
        outer = ("dossier.json", "dossier.sig")
        manifest["files"] = {n: hashlib.sha256(c).hexdigest() for n, c in self.members.items() if n not in outer}
        text = canonical_json(manifest)
        digest = hashlib.sha256(text.encode()).hexdigest()
        self.members["dossier.json"] = text.encode()
        self.put("dossier.sig", {"public_key": keys.public_half(key), "signature": keys.sign(digest, key)})
        return self

    def written(self, folder: Path) -> Path:
        path = folder / "dossier.zip"
        path.write_bytes(zipped(self.members))
        return path


def found_in(path: Path, *, key: str = "", witness: Path | None = None) -> str:
    """The first thing wrong, as `verify.py` names it; empty when all is as written."""
    try:
        verify.check(path, key, witness)
    except verify.Tampered as tampered:
        return f"{verify.HERE[0]}: {tampered}"
    return ""
