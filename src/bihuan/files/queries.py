"""Where stored bytes lie."""

from pathlib import Path

from django.conf import settings

FOLDER = "files"


def path_of(key: str) -> Path:
    """The place of a file under the data directory. Keys are ours: hexadecimal, nothing else."""
    if not key.isalnum():
        raise ValueError(key)
    return Path(settings.DATA_DIR) / FOLDER / key[:2] / key
