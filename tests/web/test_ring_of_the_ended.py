"""A matter that was given up stops on its ring where it stood, wherever the ring is shown, and says how it ended."""

from typing import Any

import pytest
from django.utils import translation

from bihuan.collaborations import operations, queries
from bihuan.collaborations.enums import Ending
from bihuan.collaborations.operations.steps import end
from bihuan.kernel.actor import SYSTEM
from bihuan.web.ring import RingStep, ring, ring_large
from tests.campaign import Campaign
from tests.doors import Doors, doors

__all__ = ["doors"]
STEPS = [RingStep("需求", "done"), RingStep("共识", "stopped"), RingStep("归档", "ahead")]


def test_the_ring_is_not_whole_and_says_where_it_stopped() -> None:
    with translation.override("zh-hans"):
        small, large = str(ring(STEPS, ended="已撤回")), str(ring_large(STEPS, ended="已撤回"))
    assert 'aria-label="已撤回，共 3 步，已完成 1 步"' in small
    assert 'class="s" stroke-dasharray="33.3 100" stroke-dashoffset="-33.3"' in small
    assert ("已撤回" in large, "停在：共识" in large, 'class="a"' in large) == (True, True, True)


@pytest.mark.parametrize("ending", [Ending.WITHDRAWN, Ending.REJECTED, Ending.MERGED])
def test_page_list_and_program_show_it(campaign: Campaign, doors: Doors, ending: Ending) -> None:
    campaign.request()
    end(campaign.refreshed(), ending, actor=SYSTEM, at=campaign.at)
    pk = campaign.collaboration.pk
    drawn = queries.ring_of(campaign.refreshed())
    assert ([arc.state for arc in drawn.arcs][:2], drawn.done, drawn.is_closed) == (["stopped", "ahead"], 0, False)
    shown = doors.page("产品经理").get(f"/matters/{pk}/").content.decode()
    assert "停在：" in shown.partition('class="matterhead"')[2].partition("</header>")[0]
    assert 'class="rg large ok"' not in shown
    listed = doors.page("产品经理").get("/matters/?state=ended").content.decode()
    assert f'class="rg over" viewBox="0 0 40 40" role="img" aria-label="{ending.label}' in listed
    told = doors.program("产品经理").get(f"/collaborations/{pk}/ring").json()
    assert (told["arcs"][0]["state"], told["ending"], told["is_closed"]) == ("stopped", ending, False)


def test_a_list_costs_the_same_for_one_and_for_three_of_them(
    campaign: Campaign, django_assert_num_queries: Any
) -> None:
    actor, found = campaign.actor("产品经理"), []
    for title in ("一", "二", "三"):
        matter = operations.start_collaboration(
            title=title, department_id=campaign.company.departments["产品部"].pk, playbook="SEED_B", actor=actor,
            at=campaign.at,
        )  # fmt: skip
        operations.withdraw_collaboration(matter, reason="不做了", actor=actor, at=campaign.at)
        found.append(matter)
    for some in (found[:1], found):
        rows = list(queries.for_list(queries.visible_to(actor, at=campaign.at).filter(pk__in=[one.pk for one in some])))
        with django_assert_num_queries(5):
            assert {row.ring.ending for row in queries.rows_of(rows, actor=actor, at=campaign.at)} == {"WITHDRAWN"}
