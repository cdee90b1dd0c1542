"""How far each matter of the demo company has come, so that every desk has something on it."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bihuan.approvals.policy import Condition
from bihuan.cli.demo import channel, loan, monthly, plots
from bihuan.cli.demo.company import Company
from bihuan.cli.demo.story import Story

XU, JIA = "xu", "jia"


def begin_all(company: Company, *, now: datetime) -> None:
    for begin in ORDER:
        begin(company, now)


def members(company: Company, now: datetime) -> None:
    """Finished and archived; its lessons stand in the library."""
    story = Story.begin(company, plots.MEMBERS, days_ago=120, now=now)
    story.request()
    story.to_execution(XU)
    story.weeks_until(story.at + timedelta(days=52))
    story.report_all()
    story.finish_tasks()
    story.reach_milestones(4)
    story.go_on()
    story.accept()
    story.confirm_acceptance()
    story.review()
    story.release()
    story.archive()


def points(company: Company, now: datetime) -> None:
    """Taken back after the opinions."""
    story = Story.begin(company, plots.POINTS, days_ago=95, now=now)
    story.request()
    story.opinions("技术部")
    story.wait(days=2)
    story.withdraw("与会员等级体系升级合并考虑，避免重复投入")


def tickets(company: Company, now: datetime) -> None:
    """In execution: some report this week, a risk is known, one task is blocked."""
    story = Story.begin(company, plots.TICKETS, days_ago=40, now=now)
    story.request()
    asked = Condition("上线前给出三类客户的告知口径", gate="leave:EXECUTE")
    story.sign("F01", "OPINIONS", "wang", opinion="同意，客户侧需提前说明", conditions=(asked,))
    story.to_execution(XU)
    story.weeks_until(now)
    story.reach_milestones(1)
    story.at = max(story.at, now - timedelta(hours=20))
    story.find_risk()
    story.wait(hours=2)
    story.block("市场部", "客户告知函等待法务确认措辞")


def board(company: Company, now: datetime) -> None:
    """Accepted by its lead, waiting for the departments to confirm."""
    story = Story.begin(company, plots.BOARD, days_ago=42, now=now)
    story.request()
    story.to_execution(XU)
    story.weeks_until(now - timedelta(days=5))
    story.at = now - timedelta(days=4)
    story.report_all()
    story.finish_tasks()
    story.reach_milestones(4)
    story.go_on()
    story.accept()
    story.confirm_acceptance("财务部")


def freight(company: Company, now: datetime) -> None:
    """Filed; two of three departments have still to put in place what they promised."""
    story = Story.begin(company, plots.FREIGHT, days_ago=16, now=now)
    story.request()
    story.to_approval()
    story.approve(JIA)
    story.file()
    story.put_in_place("仓储部")


def campus(company: Company, now: datetime) -> None:
    """Approved, waiting for administration to file it."""
    story = Story.begin(company, plots.CAMPUS, days_ago=11, now=now)
    story.request()
    story.to_approval()
    story.approve(JIA)


def stock(company: Company, now: datetime) -> None:
    """Planned, with one condition open, waiting for the executive."""
    story = Story.begin(company, plots.STOCK, days_ago=7, now=now)
    story.request()
    asked = Condition("开发前提供预警阈值的业务口径")
    story.sign("F01", "OPINIONS", "chen", opinion="可以支持，时间较紧", conditions=(asked,))
    story.to_approval()


def overseas(company: Company, now: datetime) -> None:
    """Being planned: duties are shared out, two departments have not answered what they are asked for."""
    story = Story.begin(company, plots.OVERSEAS, days_ago=7, now=now)
    story.request()
    story.opinions()
    story.consensus()
    story.confirm()
    story.duties()
    story.promise("欧洲销售分公司")


def recalls(company: Company, now: datetime) -> None:
    """Agreed in a meeting, waiting for the lines of two departments."""
    story = Story.begin(company, plots.RECALLS, days_ago=5, now=now)
    story.request()
    story.opinions()
    story.consensus()
    story.confirm("售后部")


def scan(company: Company, now: datetime) -> None:
    """Asked for yesterday; one opinion is there."""
    story = Story.begin(company, plots.SCAN, days_ago=2, now=now)
    story.request()
    story.wait(hours=3)
    story.opinions("财务部")


def reliability(company: Company, now: datetime) -> None:
    """On the longest way (PROJECT): agreed line by line, waiting for a director or the PMO to approve the request."""
    story = Story.begin(company, plots.RELIABILITY, days_ago=4, now=now, playbook="PROJECT")
    story.request()
    story.opinions()
    story.sign("F01", "HEAD_REVIEW", "han", opinion="目标清楚，资源合理")
    story.consensus()
    story.confirm()


ORDER: tuple[Callable[[Company, datetime], None], ...] = (
    members, points, board, tickets, freight, campus, stock, overseas, recalls, scan, reliability, loan.begin,
    channel.begin, monthly.begin,
)  # fmt: skip
