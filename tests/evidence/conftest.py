from pathlib import Path
from typing import Any

import pytest

from tests.evidence import dossiers

_MADE: list[dossiers.Original] = []


@pytest.fixture(autouse=True)
def own_keys(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def original(request: pytest.FixtureRequest) -> dossiers.Original:
    """Made by the first test that asks; the others only read its bytes."""
    if not _MADE:
        _MADE.append(dossiers.make(request.getfixturevalue("campaign")))
    return _MADE[0]
