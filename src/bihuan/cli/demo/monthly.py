"""Every month the same figures are put together from two departments (playbook RECURRING)."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from bihuan.cli.demo import plots
from bihuan.cli.demo.bodies import Draft
from bihuan.cli.demo.channel import Told
from bihuan.cli.demo.company import Company
from bihuan.cli.demo.story import Story
from bihuan.collaborations import operations
from bihuan.collaborations.policy.recurrence import Checked
from bihuan.collaborations.queries import collaboration_for
from bihuan.collaborations.queries import recurrence as queries
from bihuan.commitments import operations as commitments
from bihuan.commitments import queries as promises
from bihuan.kernel.actor import SYSTEM
from bihuan.organisation.queries import day_of

DIRECTOR, EXECUTIVE = "hu", "jia"
SALES, COST, WHOLE = "各大区销售额", "人力成本", "月度经营报表"
GIVERS = {SALES: ("销售部", "bai"), COST: ("人力资源部", "tao")}


def begin(company: Company, now: datetime) -> None:
    """The month before last is accepted; of the last one the figures of one department are in."""
    last = (day_of(now).replace(day=1) - timedelta(days=1)).replace(day=1)
    first = (last - timedelta(days=1)).replace(day=1)
    days_ago = (day_of(now) - first).days - 2
    story = Story.begin(company, plots.MONTHLY, days_ago=days_ago, now=now, playbook="RECURRING")
    agree(story, first)
    kick_off(story)
    story.reach_milestones(1)
    come_to(story, last)
    whole_month(story, f"{first:%Y-%m}")
    if collaboration_for(story.lead, story.pk, at=story.at).step_runs.filter(step="RETRO").exists():
        story.review()
    come_to(story, day_of(now).replace(day=1))
    give(story, f"{last:%Y-%m}", SALES, "合计 4,310 万元，环比增长 3.2%")


def agree(story: Story, first: date) -> None:
    said = {"scene_type": "RECURRING", "resources": [], "resources_none_reason": "各部门用现有人手"}
    story.submit("F01", {**story.bodies.request(), **said})
    story.submit("F27", recurrence(story, first))
    for account in (DIRECTOR, EXECUTIVE):
        story.sign("F01", "COLLAB_MANAGER", account, opinion="同意，按月出数")


def recurrence(story: Story, first: date) -> Draft:
    people, departments = story.company.people, story.company.departments
    return {
        "cadence": "MONTH", "first_on": first.isoformat(), "gap_rule": "NAMED", "result": WHOLE,
        "contributions": [
            {"id": f"c{index}", "dept": departments[name], "data": data, "owner": people[account], "working_day": "3",
             "given_as": "TEXT", "layout": "按大区列出，注明环比"}
            for index, (data, (name, account)) in enumerate(GIVERS.items(), 1)
        ],
        "consolidator": people[story.plot.lead], "consolidated_on": "5", "receiver": people[EXECUTIVE],
        "checks": [{"id": "k1", "text": "各大区合计与总账一致"}],
    }  # fmt: skip


def kick_off(story: Story) -> None:
    told = Told(story.company, story.pk, story.plot.lead, story.at)
    on = day_of(story.at).isoformat()
    action = {"id": "a1", "text": "整理一页口径说明，发给出数的同事", "owner": story.company.people["bai"], "due": on}
    settled = {"roles_confirmed": True, "nodes_confirmed": True, "risks_discussed": True, "actions": [action]}
    said = {"made_on": on, "summary": "口径、截止日和核对方法已与两个部门讲清，见附件。"}
    ended = {"ended_at": (story.at - timedelta(minutes=30)).isoformat()}
    told.submit("F07", {"subject": "月度经营报表启动会", **said, **settled, **ended}, ["会议纪要".encode()])
    matter = collaboration_for(story.lead, story.pk, at=story.at)
    given = operations.start_form(matter, form_code="F06", actor=story.lead, at=story.at).draft["tasks"]
    departments = story.company.departments
    cells = [
        {"task": row["task"], "dept": departments[name], "letter": letter}
        for row, (giver, _account) in zip(given, GIVERS.values(), strict=False)
        for name, letter in ((giver, "R"), (story.plot.dept, "A"))
    ]
    tasks = [{**row, "start": on, "standard": "预算主管核对无误"} for row in given]
    told.submit("F06", {"tasks": tasks, "cells": cells})
    for account in ("liang", "su", DIRECTOR):
        story.sign("F06", "RACI", account, opinion="确认")
    told.submit("F23", {"subject": "月报协作空间", **said}, ["协作空间地址与成员".encode()])
    story.wait(hours=4)
    for promise in promises.of_root(story.root, story.lead, story.at):
        claimed = commitments.claim(promise, evidence="说明已发出", actor=story.actor("bai"), at=story.at)
        commitments.verify(claimed, accepted=True, actor=story.lead, at=story.at)


def come_to(story: Story, on: date) -> None:
    """The first morning of a month, when the worker opens what is due for the one before."""
    opens = datetime.combine(on, time(9, 30), ZoneInfo(settings.TIME_ZONE))
    story.at = min(max(story.at, opens), story.now)
    for pk in operations.periods_to_open(story.at):
        operations.open_due_period(pk, actor=SYSTEM, at=story.at)
    story.wait(hours=6)


def whole_month(story: Story, key: str) -> None:
    give(story, key, SALES, "合计 4,176 万元")
    give(story, key, COST, "合计 612 万元，含两名新员工")
    story.wait(days=1)
    for data in GIVERS:
        commitments.verify(queries.promise_of(owed(story, key, data)), accepted=True, actor=story.lead, at=story.at)
    give(story, key, WHOLE, "报表已放入共享盘 经营/月报", story.plot.lead)
    period = owed(story, key, WHOLE).period
    operations.accept_period(
        period, checks={"k1": Checked(holds=True)}, seen_revision=period.revision, actor=story.actor(EXECUTIVE),
        at=story.at,
    )  # fmt: skip


def give(story: Story, key: str, data: str, text: str, account: str = "") -> None:
    by = story.actor(account or GIVERS[data][1])
    operations.hand_in(owed(story, key, data), text=text, actor=by, at=story.at)


def owed(story: Story, key: str, data: str) -> Any:
    matter = collaboration_for(story.lead, story.pk, at=story.at)
    period = queries.period_for(story.lead, matter, key)
    row = next(row for row in queries.contributions_of([period])[period.pk] if row.data == data)
    return queries.contribution_for(story.lead, row.pk, at=story.at)
