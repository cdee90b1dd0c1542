from pathlib import Path

import pytest


@pytest.fixture
def real_folder() -> Path:
    """The real data beside the checkout."""
    folder = Path(__file__).resolve().parents[3] / "shared" / "data" / "open"
    if not folder.is_dir():
        pytest.skip("The real data does not lie beside the checkout.")
    return folder
