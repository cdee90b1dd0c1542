"""The built front end: hashed file names from Vite's manifest."""

import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings

MANIFEST = Path(__file__).resolve().parent.parent / "static" / "dist" / "manifest.json"
Manifest = dict[str, dict[str, list[str] | str]]


class FrontEndMissing(RuntimeError):
    """The front end was not built; see docs/developer/frontend.md."""


def asset(entry: str, part: str = "file") -> str:
    """The address of a built file: `asset("src/main.js")`, `asset("src/main.js", "css")`, `asset("icons.svg")`."""
    return address(entry, part, MANIFEST.stat().st_mtime_ns if settings.DEBUG else 0)


@lru_cache(maxsize=64)
def address(entry: str, part: str, _stamp: int) -> str:
    """Kept for ever, or with DEBUG until the manifest changes."""
    found = manifest()[entry][part]
    return f"{settings.STATIC_URL}dist/{found[0] if isinstance(found, list) else found}"


def manifest() -> Manifest:
    if not MANIFEST.exists():
        raise FrontEndMissing("src/bihuan/static/dist is missing: run `npm ci && npm run build` in frontend/")
    read: Manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return read
