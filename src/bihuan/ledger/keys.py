"""The key that signs seals. It stands in the data directory, not in the database it vouches for."""

import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings


def folder() -> Path:
    return Path(settings.DATA_DIR) / "ledger"


def signing_key() -> Ed25519PrivateKey:
    """The private key, made at first use, readable by its owner only."""
    path = folder() / "seal.key"
    if not path.exists():
        make_key(path)
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text(encoding="ascii").strip()))


def make_key(path: Path) -> None:
    """Write a fresh key unless another process was faster; the file appears whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = Ed25519PrivateKey.generate()
    fresh = path.with_suffix(f".{os.getpid()}")
    fresh.touch(mode=0o600)
    fresh.write_text(key.private_bytes_raw().hex(), encoding="ascii")
    try:
        os.link(fresh, path)
    except FileExistsError:
        return
    finally:
        fresh.unlink()
    path.with_suffix(".pub").write_text(public_text(path) + "\n", encoding="ascii")


def public_text(path: Path) -> str:
    private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text(encoding="ascii").strip()))
    return private.public_key().public_bytes_raw().hex()


def own_public_key() -> str | None:
    """The public half in hex, or None when nothing was ever sealed from this data directory."""
    path = folder() / "seal.key"
    return public_text(path) if path.exists() else None


def sign(text: str) -> str:
    """The signature in hex."""
    return signing_key().sign(text.encode("ascii")).hex()


def is_signed(text: str, *, public_key: str, signature: str) -> bool:
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(bytes.fromhex(signature), text.encode("ascii"))
    except (InvalidSignature, ValueError):
        return False
    return True


def note_anchor(line: str) -> None:
    """Keep the hash of a seal outside the database: the last line is what `verify` looks for by itself."""
    path = folder() / "anchors"
    with path.open("a", encoding="ascii") as file:
        file.write(line + "\n")


def last_anchor() -> str | None:
    """The hash of the newest seal made from this data directory."""
    path = folder() / "anchors"
    if not path.exists():
        return None
    with path.open("rb") as file:
        file.seek(0, os.SEEK_END)
        file.seek(max(0, file.tell() - 400))
        lines = file.read().decode("ascii").split("\n")
    whole = [line for line in lines[:-1] if line]
    return whole[-1].split()[-1] if whole else None
