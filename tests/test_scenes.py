"""A repeated scene leaves what the acted one left."""

import pytest
from django.db import transaction

from bihuan.collaborations.models import Collaboration
from bihuan.organisation.models import Department
from tests.campaign import Campaign
from tests.scenes import STAGE, everything

pytestmark = pytest.mark.django_db


def left_by(campaign: Campaign, step: str) -> dict[str, object]:
    """What stands in the tables when the campaign was carried to a step; taken back afterwards."""
    standing = STAGE.behind
    with transaction.atomic():
        campaign.carry_to(step)
        found = everything()
        transaction.set_rollback(True)
    STAGE.behind = standing
    return found


def test_every_row_is_there_again(campaign):
    campaign.wait(seconds=7)  # at a moment of its own: acted here for the first time
    begun = campaign.at
    first = left_by(campaign, "PLAN")
    carried, campaign.at = campaign.at, begun
    assert left_by(campaign, "PLAN") == first
    assert campaign.at == carried > begun


def test_a_scene_is_acted_where_something_else_was_written(company, at):
    Department.objects.filter(name="产品部").update(name="产品中心")
    campaign = STAGE.play(("campaign", at), lambda: "acted")
    assert campaign == "acted"


def test_a_scene_is_acted_anew_after_it_was_taken_back(company, at):
    with transaction.atomic():
        STAGE.play(("told", at), lambda: "once")
        transaction.set_rollback(True)
    assert STAGE.play(("told", at), lambda: "again") == "again"


def test_what_comes_after_gets_numbers_of_its_own(campaign, at):
    known = set(Collaboration.objects.values_list("pk", flat=True))
    assert Campaign.begin(campaign.company, at).collaboration.pk not in known


def test_a_world_that_stood_before_is_no_empty_stage(company, at):
    STAGE.behind = ()
    assert STAGE.play(("company", at), lambda: "acted") == "acted"
