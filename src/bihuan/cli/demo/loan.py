"""Somebody is lent to another department: agreed, consented to by all four, and begun (playbook RESOURCE)."""

from datetime import datetime, timedelta

from bihuan.cli.demo import plots
from bihuan.cli.demo.bodies import Draft
from bihuan.cli.demo.company import Company
from bihuan.cli.demo.story import Story
from bihuan.collaborations import operations
from bihuan.kernel.actor import SYSTEM

LENT, LENDER, BORROWER, PERSONNEL = "ji", "shen", "su", "he"


def begin(company: Company, now: datetime) -> None:
    """The loan runs since a few days; its first report is due at the end of the month."""
    story = Story.begin(company, plots.LENDING, days_ago=21, now=now, playbook="RESOURCE")
    story.submit("F01", {**story.bodies.request(), "resources": [], "resources_none_reason": "只借一人"})
    story.consensus()
    story.confirm()
    first = story.at + timedelta(days=7)
    story.submit("F19", terms(story, first))
    for account in (LENT, LENDER, BORROWER, PERSONNEL):
        story.sign("F19", "LOAN_FOUR", account, opinion="同意")
    story.at = first
    operations.settle_waiting(story.pk, actor=SYSTEM, at=story.at)
    story.reach_milestones(1)


def terms(story: Story, first: datetime) -> Draft:
    people, departments = story.company.people, story.company.departments
    return {
        "person": people[LENT], "post": "法务专员", "level": "P5", "lending_dept": departments["法务部"],
        "borrowing_dept": departments["人力资源部"], "start": first.date().isoformat(),
        "end": (first + timedelta(days=75)).date().isoformat(),
        "reason": "四类劳动合同要在季度内修订，需要熟悉劳动法的人",
        "work_site": "上海总部五楼", "coordinator": story.bodies.lead,
        "duties": [{"id": "d1", "text": "主持四类劳动合同的条款修订"}],
        "standards": [{"id": "s1", "text": "修订文本一次通过法务部审核"}],
        "appraisal": {"appraiser": people[BORROWER], "weight_borrowing": "60", "weight_lending": "40"},
        "appraisal_dates": [{"id": "a1", "on": (first + timedelta(days=40)).date().isoformat()}],
        "support": {
            "travel": "无需差旅", "lodging": "无需住宿", "equipment": "沿用现有电脑", "access": "开通人事档案查询",
            "training": "首日用工制度培训", "contact": story.bodies.lead,
        },
        "cost": "薪酬由法务部承担，绩效按权重结算",
        "handover_out": [{"id": "h1", "text": "在办的采购合同审核", "to": people[LENDER]}],
    }  # fmt: skip
