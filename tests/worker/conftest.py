import pytest

from bihuan.worker import periodic


@pytest.fixture(autouse=True)
def own_register(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one test registers, no other one sees."""
    monkeypatch.setattr(periodic, "_REGISTERED", {})
