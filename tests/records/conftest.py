import pytest

from bihuan.records import registry
from tests.records.cast import Cast, make_cast
from tests.records.sample import SAMPLE


@pytest.fixture(autouse=True)
def sample_form():
    registry.register(SAMPLE)
    yield SAMPLE
    registry.unregister("T01")


@pytest.fixture
def cast(db) -> Cast:
    return make_cast()
