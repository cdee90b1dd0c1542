"""The key that signs seals. It stands in the data directory, not in the database it vouches for."""

import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings


def folder() -> Path:
    return Path(settings.DATA_DIR) / "ledger"


def key_path() -> Path:
    return folder() / "seal.key"


def next_path() -> Path:
    return folder() / "seal.key.next"


def signing_key() -> Ed25519PrivateKey:
    """The private key, made at first use, readable by its owner only."""
    if not key_path().exists():
        make_key(key_path())
    return read_key(key_path())


def read_key(path: Path) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text(encoding="ascii").strip()))


def make_key(path: Path) -> None:
    """Write a fresh key unless another process was faster; the file appears whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = Ed25519PrivateKey.generate()
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.touch(mode=0o600)
    fresh.write_text(key.private_bytes_raw().hex(), encoding="ascii")
    try:
        os.link(fresh, path)
    except FileExistsError:
        return
    finally:
        fresh.unlink()
    if path == key_path():
        note_public_key()


def make_next_key() -> Ed25519PrivateKey:
    """A fresh key that waits beside the present one until the ledger knows it."""
    next_path().unlink(missing_ok=True)
    make_key(next_path())
    return read_key(next_path())


def put_next_in_place() -> None:
    """The waiting key becomes the present one, whose file is gone with that; nothing happens when none waits."""
    try:
        next_path().replace(key_path())
    except FileNotFoundError:
        return
    note_public_key()


def note_public_key() -> None:
    (folder() / "seal.pub").write_text(public_text(key_path()) + "\n", encoding="ascii")


def public_text(path: Path) -> str:
    return public_half(read_key(path))


def public_half(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes_raw().hex()


def next_public_key() -> str | None:
    return public_text(next_path()) if next_path().exists() else None


def own_public_key() -> str | None:
    """The public half in hex, or None when nothing was ever sealed from this data directory."""
    return public_text(key_path()) if key_path().exists() else None


def sign(text: str, key: Ed25519PrivateKey) -> str:
    """The signature in hex."""
    return key.sign(text.encode("ascii")).hex()


def is_signed(text: str, *, public_key: str, signature: str) -> bool:
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(bytes.fromhex(signature), text.encode("ascii"))
    except (InvalidSignature, TypeError, ValueError):
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
