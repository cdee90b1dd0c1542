import json
from datetime import datetime

import pytest

from bihuan.access.queries import visible
from bihuan.cli.demo import found_company, found_company_if_empty
from bihuan.cli.main import main
from bihuan.collaborations import queries
from bihuan.collaborations.models import Collaboration, Loop
from bihuan.collaborations.operations import publish_shipped_playbooks
from bihuan.knowledge.models import Archive
from bihuan.ledger.models import Entry
from bihuan.ledger.verification import verify
from bihuan.organisation.models import Department, Person, Site
from bihuan.organisation.queries import actor_for, day_of
from bihuan.records.models import Record
from bihuan.records.queries import findings_of
from tests.cast import Company

CAMPAIGN_POSTS = {
    "lin": "产品经理",
    "zhou": "产品总监",
    "wang": "市场总监",
    "chen": "技术总监",
    "liu": "运营总监",
    "zhao": "推广经理",
    "sun": "开发组长",
    "wu": "运营经理",
    "xu": "分管副总",
    "he": "PMO专员",
}
Output = pytest.CaptureFixture[str]


def steps() -> dict[str, str]:
    found = {}
    for matter in Collaboration.objects.all():
        run = queries.current_run(matter)
        found[matter.title] = run.step if run else matter.ending
    return found


@pytest.mark.django_db
def test_the_demo_company_has_something_in_every_step_and_for_every_post_of_the_campaign(at: datetime) -> None:
    publish_shipped_playbooks(at=at)
    found_company(at)
    assert steps() == {
        "会员等级体系升级": "CLOSED",
        "积分商城改版": "WITHDRAWN",
        "经营数据看板二期": "ACCEPT",
        "客服工单系统上线": "EXECUTE",
        "华南仓配时效提升": "RESOURCE",
        "校园招聘联合行动": "FILING",
        "大促备货协同": "APPROVAL",
        "海外官网本地化": "PLAN",
        "客户回访流程共建": "ALIGN",
        "门店扫码点单试点": "REQUEST",
        "新品可靠性提升": "APPROVAL",
        "劳动合同集中修订": "EXECUTE",
        "月度经营报表编制": "EXECUTE",
        "冷链仓库停电": "PLAN",
        "2026年Q4新品全国推广项目": "REQUEST",
        "2026年Q4用户增长活动": "REQUEST",
    }
    for account, title in CAMPAIGN_POSTS.items():
        person = Person.objects.get(username=account)
        assert person.posts.filter(title=title).exists(), account
        assert queries.waiting_for(actor_for(person, at), at=at), account
    assert Archive.objects.get().collaboration.title == "会员等级体系升级"
    assert Site.objects.get(time_zone="Europe/Berlin").departments.get().name == "欧洲销售分公司"
    assert Department.objects.filter(function="PMO").count() == 1
    report = verify()
    assert report.problems == []
    assert report.entries == Entry.objects.count() > 500
    assert not Entry.objects.filter(at__gt=at).exists()
    check_drafts(at)


def check_drafts(at: datetime) -> None:
    """The two worked examples are drafts only their initiators see, with no number used up."""
    campaign = Collaboration.objects.get(title="2026年Q4用户增长活动")
    launch = Collaboration.objects.get(title="2026年Q4新品全国推广项目")
    assert (campaign.number, launch.number) == (None, None)
    assert day_of(campaign.created_at) == day_of(at)
    head = actor_for(Person.objects.get(username="wang"), at)
    assert not Collaboration.objects.filter(visible(head, at=at, path="scope"), pk=campaign.pk).exists()
    draft = Record.objects.get(root_kind="collaboration", root_id=campaign.pk, form_code="F01")
    assert [row["name"] for row in draft.draft["milestones"]] == ["需求确认", "功能开发", "活动上线", "数据复盘"]
    asked = Record.objects.get(root_kind="collaboration", root_id=launch.pk, form_code="F01")
    codes = {finding.code for finding in findings_of(asked, asked.draft, at=at)}
    assert "collaborations.metric_total_or_each" in codes  # AS02: total, or each region?
    assert Loop.objects.filter(collaboration=campaign, closed_at=None).count() == 1


@pytest.mark.django_db
def test_nothing_is_written_where_people_are_already(company: Company) -> None:
    before = (Person.objects.count(), Entry.objects.count())
    assert found_company_if_empty() is False
    assert (Person.objects.count(), Entry.objects.count()) == before


@pytest.mark.django_db
def test_the_command_says_whether_it_founded_anything(company: Company, settings, capsys: Output) -> None:
    settings.DEMO = True
    assert main(["demo", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"founded": False}


@pytest.mark.django_db
def test_the_command_is_refused_outside_demo_mode(capsys: Output) -> None:
    assert main(["demo"]) == 1
    assert not Person.objects.exists()
    assert "BIHUAN_MODE=demo" in capsys.readouterr().err
