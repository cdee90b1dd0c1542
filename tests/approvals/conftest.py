import pytest

from bihuan.approvals.operations import SlotSpec
from tests.approvals.cast import DIGEST, Cast, make_cast
from tests.scenes import STAGE


@pytest.fixture
def cast(db) -> Cast:
    cast: Cast = STAGE.play(("cast",), make_cast)
    return cast


@pytest.fixture
def market_slot(cast) -> SlotSpec:
    return SlotSpec(key=str(cast.market.pk), principal=cast.head_key, label="市场部", digest=DIGEST)


@pytest.fixture
def technology_slot(cast) -> SlotSpec:
    return SlotSpec(key=str(cast.technology.pk), principal=cast.other_key, label="技术部", digest=DIGEST)
