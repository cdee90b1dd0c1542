from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_keys(tmp_path: Path, settings: pytest.FixtureRequest) -> None:
    """Keys and anchors of one test only."""
    settings.DATA_DIR = tmp_path
