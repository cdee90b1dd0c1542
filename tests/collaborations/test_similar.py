"""What is under way already and sounds alike is shown while a request or an assessment is filled in."""

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.collaborations import operations
from bihuan.collaborations.enums import Ending
from bihuan.collaborations.operations.steps import end
from bihuan.collaborations.policy.alike import OpenProblem, OpenRequest, alike, problems_alike, requests_alike
from bihuan.kernel.actor import SYSTEM
from bihuan.records import queries as records
from tests import forms_samples as samples
from tests.campaign import Campaign
from tests.doors import Doors, doors
from tests.problem import Trouble, trouble

__all__ = ["doors", "trouble"]
TITLE = "Q3用户增长活动"


def begun_again(campaign: Campaign, post: str = "推广经理", department: str = "市场部") -> Campaign:
    """Another request of the same kind, begun by somebody else and not submitted."""
    matter = operations.start_collaboration(
        title=TITLE, department_id=campaign.company.departments[department].pk, playbook="SEED_B",
        actor=campaign.actor(post), at=campaign.at,
    )  # fmt: skip
    again = Campaign(campaign.company, campaign.at, matter)
    again.draft("F01", post)
    return again


def hints(campaign: Campaign, **typed: Any) -> list[tuple[str, int]]:
    record = records.record_of(campaign.root, "F01")
    assert record is not None
    found = records.hints_of(record, record.draft | typed, at=campaign.at)
    assert not [one for one in found if one.is_error]
    return [(one.code, one.params["matter"]) for one in found]


def test_titles_and_goals_that_share_half_of_their_pairs_sound_alike() -> None:
    others = [
        OpenRequest(1, "XZ-2026-0001", "用户增长活动（三季度）"),
        OpenRequest(2, "XZ-2026-0002", "会议室搬迁", "新增用户十万"),
    ]
    found = requests_alike({"title": "三季度用户增长活动", "goal_text": "新增用户十万人以上"}, others)
    assert [(one.place, one.params["matter"]) for one in found] == [("title", 1), ("title", 2)]
    assert requests_alike({"title": "服务器机房改造", "goal_text": ""}, others) == []
    assert requests_alike({}, others) == []
    assert len(requests_alike({"title": "三季度用户增长活动"}, others[:1] * 5)) == 3


def test_a_problem_that_sounds_the_same_is_a_warning_with_its_number() -> None:
    other = OpenProblem(7, "XC20261117001", "订单延迟", "订单支付后无法按时出库，华东客户投诉")
    (found,) = problems_alike({"description": "华东地区订单在支付后无法按时出库，客户投诉"}, [other])
    assert (found.code, found.is_error) == ("collaborations.problem_alike", False)
    assert found.params == {"number": "XC20261117001", "title": "订单延迟", "matter": 7}
    assert not alike("华东地区订单在支付后无法按时出库", "会议室投影仪损坏需要更换")
    assert not alike("", "")
    assert not alike("订单", "订单")


def test_a_running_request_is_shown_to_who_may_read_it_until_the_own_one_is_submitted(campaign: Campaign) -> None:
    campaign.request()
    again = begun_again(campaign)
    assert hints(again) == [("collaborations.request_alike", campaign.collaboration.pk)]
    assert hints(again, title="服务器机房改造") == []
    goal = campaign.latest("F01").data["goal_text"]
    assert hints(again, title="服务器机房改造", goal_text=goal) != []
    assert hints(begun_again(campaign, "财务专员", "财务部")) == []
    end(campaign.refreshed(), Ending.WITHDRAWN, actor=SYSTEM, at=campaign.at)
    assert hints(again) == []


def test_nothing_is_compared_when_it_is_submitted_or_revised(campaign: Campaign) -> None:
    campaign.request()
    assert hints(campaign) == []
    version = campaign.latest("F01")
    assert "collaborations.request_alike" not in str(version.warnings)


def test_a_problem_is_not_frozen_with_the_title_of_another(trouble: Trouble) -> None:
    trouble.tell()
    assert "problem_alike" not in str(trouble.latest("F13").warnings)


def test_it_costs_the_same_for_one_and_for_three(campaign: Campaign) -> None:
    campaign.request()
    again = begun_again(campaign)
    record = records.record_of(again.root, "F01")
    assert record is not None
    costs = []
    for count in (1, 3):
        for number in range(count - 1):
            other = begun_again(campaign, "产品经理", "产品部")
            other.submit("F01", samples.request(other.cast, other.start) | {"title": f"{TITLE}第{number}批"})
        with CaptureQueriesContext(connection) as asked:
            found = records.hints_of(record, record.draft, at=again.at)
        assert len(found) == count
        costs.append(len(asked))
    assert costs[0] == costs[1] <= 7


def test_the_page_and_the_program_show_the_way_to_it(campaign: Campaign, doors: Doors) -> None:
    campaign.request()
    again = begun_again(campaign)
    record = records.record_of(again.root, "F01")
    assert record is not None
    address = f'href="/matters/{campaign.collaboration.pk}/"'
    assert address in doors.page("推广经理").get(f"/records/{record.pk}/edit").content.decode()
    told = doors.program("推广经理").post(f"/records/{record.pk}/findings", {"body": record.draft}).json()["items"]
    (alike,) = [one for one in told if one["code"] == "collaborations.request_alike"]
    assert (alike["severity"], alike["params"]["number"]) == ("WARNING", "XZ-2026-0001")
