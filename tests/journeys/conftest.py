import pytest

from bihuan.collaborations.operations import publish_shipped_playbooks
from tests.campaign import Campaign


@pytest.fixture
def campaign(company, at):
    publish_shipped_playbooks(at=at)
    return Campaign.begin(company, at)
