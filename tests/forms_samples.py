"""Whole and valid drafts of every form of the user growth campaign, as its people would type them.

`start` is the day the request is submitted; all dates are counted from it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bihuan.collaborations.policy.acceptance import item_id

Draft = dict[str, Any]

REQUIREMENTS_ON, PAGES_ON, LIVE_ON, REVIEWED_ON, FINISH_ON = 7, 21, 28, 63, 70
WINDOW_DAYS = 30
WINDOW_ENDS_ON = LIVE_ON + WINDOW_DAYS


@dataclass(frozen=True)
class Cast:
    """Ids of the departments and people. Each person belongs to the department he acts for."""

    product: int
    marketing: int
    technology: int
    operations: int
    product_manager: int
    product_head: int
    promotion_manager: int
    development_lead: int
    operations_manager: int

    @property
    def contacts(self) -> list[tuple[int, int]]:
        """The involved departments, each with its contact person."""
        return [
            (self.marketing, self.promotion_manager),
            (self.technology, self.development_lead),
            (self.operations, self.operations_manager),
        ]


def on(start: date, days: int) -> str:
    return (start + timedelta(days=days)).isoformat()


def metrics() -> list[Draft]:
    return [
        {
            "id": "m1",
            "name": "新增用户数",
            "definition": "活动期间注册并完成首次登录的用户数，取自用户中心",
            "direction": "AT_LEAST",
            "target": "100000",
            "unit": "COUNT",
            "unit_text": "人",
            "baseline_na_reason": "首次举办该活动",
            "window_days": 30,
            "window_from": "活动上线",
        },
        {
            "id": "m2",
            "name": "活动转化率",
            "definition": "下单用户数除以活动页访问用户数，取自数据平台",
            "direction": "AT_LEAST",
            "target": "15",
            "unit": "PCT_LEVEL",
            "baseline": "11.2",
            "baseline_at": "2026-09-30",
            "window_days": 30,
            "window_from": "活动上线",
        },
    ]


def milestones(cast: Cast, start: date) -> list[Draft]:
    return [
        {"id": "t1", "name": "需求确认", "date": on(start, REQUIREMENTS_ON), "owner_dept": cast.product},
        {"id": "t2", "name": "功能开发", "date": on(start, PAGES_ON), "owner_dept": cast.technology},
        {"id": "t3", "name": "活动上线", "date": on(start, LIVE_ON), "owner_dept": cast.operations},
        {"id": "t4", "name": "数据复盘", "date": on(start, REVIEWED_ON), "owner_dept": cast.product},
    ]


def resources(cast: Cast, start: date) -> list[Draft]:
    return [
        {
            "id": "n1",
            "dept": cast.technology,
            "type": "PEOPLE",
            "spec": "开发工程师",
            "qty": "3",
            "unit": "人",
            "start": on(start, REQUIREMENTS_ON),
            "end": on(start, LIVE_ON),
            "purpose": "活动页面开发与测试",
        },
        {
            "id": "n2",
            "dept": cast.marketing,
            "type": "BUDGET",
            "spec": "推广预算",
            "amount": "5万",
            "start": on(start, PAGES_ON),
            "end": on(start, WINDOW_ENDS_ON),
            "purpose": "渠道投放",
        },
        {
            "id": "n3",
            "dept": cast.operations,
            "type": "PEOPLE",
            "spec": "活动执行专员",
            "qty": "2",
            "unit": "人",
            "start": on(start, PAGES_ON),
            "end": on(start, WINDOW_ENDS_ON),
            "purpose": "活动执行与用户触达",
        },
    ]


def expected_results(start: date) -> list[Draft]:
    return [
        {
            "id": "r1",
            "name": "活动页面",
            "qty": "1",
            "unit": "个",
            "criterion": "主流浏览器与手机上通过全部测试用例",
            "due": on(start, PAGES_ON),
        },
        {
            "id": "r2",
            "name": "推广素材",
            "qty": "10",
            "unit": "套",
            "criterion": "通过品牌审核并可直接投放",
            "due": on(start, LIVE_ON),
        },
        {
            "id": "r3",
            "name": "用户增长数据报告",
            "qty": "1",
            "unit": "份",
            "criterion": "含每日新增、转化率和渠道明细",
            "due": on(start, REVIEWED_ON),
        },
    ]


def request(cast: Cast, start: date) -> Draft:
    return {
        "title": f"{start.year}年用户增长活动",
        "short_name": "用户增长",
        "scene_type": "PROJECT",
        "initiating_dept": cast.product,
        "initiator": cast.product_manager,
        "contact": "138****0000",
        "project_lead": cast.product_manager,
        "background": "近两个季度新增用户增速放缓，需要通过一次联合活动提升新增与活跃。",
        "goal_text": "活动上线后三十天内新增十万用户，活动转化率不低于百分之十五。",
        "metrics": metrics(),
        "scope_in": "活动页面、渠道推广、用户触达与数据复盘",
        "scope_out": "老用户召回",
        "involved_depts": [
            {"id": f"p{index}", "dept": dept, "expected_role": "SUPPORT", "contact_person": person}
            for index, (dept, person) in enumerate(cast.contacts, 1)
        ],
        "milestones": milestones(cast, start),
        "expected_finish": on(start, FINISH_ON),
        "resources": resources(cast, start),
        "expected_results": expected_results(start),
        "early_risks": [{"id": "k1", "text": "技术开发延期"}, {"id": "k2", "text": "推广素材未到位"}],
        "visibility": "RELATED_DEPTS",
        "secrecy": "INTERNAL",
    }


def consensus(cast: Cast, start: date) -> Draft:
    talked = f"{on(start, 2)}T10:00:00+08:00"
    promises = [("提供十套推广素材并完成投放", "10", "套"), ("投入开发工程师", "3", "人"), ("投入执行专员", "2", "人")]
    return {
        "mode": "MEETING",
        "talks": [
            {"id": f"s{index}", "dept": dept, "person": person, "time": talked, "channel": "IN_PERSON"}
            for index, (dept, person) in enumerate(cast.contacts, 1)
        ],
        "goal_understanding": [
            {"id": f"u{index}", "dept": dept, "text": "三十天内新增十万用户，转化率不低于百分之十五"}
            for index, (dept, _) in enumerate(cast.contacts, 1)
        ],
        "feasibility": [
            {"id": f"f{index}", "dept": dept, "verdict": "FEASIBLE"} for index, (dept, _) in enumerate(cast.contacts, 1)
        ],
        "commitments": [
            {"id": f"w{index}", "dept": dept, "what": what, "qty": qty, "unit": unit, "by": on(start, LIVE_ON)}
            for index, ((dept, _), (what, qty, unit)) in enumerate(zip(cast.contacts, promises, strict=True), 1)
        ],
        "feedback": [
            {
                "id": "b1",
                "dept": cast.technology,
                "kind": "RISK",
                "text": "需求若在开发中变更，页面会晚一周",
                "handling": "需求确认后冻结，变更走变更申请",
            }
        ],
        "criteria": [
            {
                "id": "c1",
                "item": "活动页面可用",
                "metric_or_check": "上线当日全部测试用例通过，无高等级缺陷",
                "owner_dept": cast.technology,
                "due": on(start, LIVE_ON),
            },
            {
                "id": "c2",
                "item": "投放数据每日同步",
                "metric_or_check": "活动期间每个工作日 17:00 前有当日数据，缺失不超过 1 天",
                "owner_dept": cast.marketing,
                "due": on(start, WINDOW_ENDS_ON),
            },
        ],
        "open_points": [],
    }


def matrix(cast: Cast, start: date, given: Draft) -> Draft:
    """What the draft brings, with beginnings, when each task is accepted, and letters where it has none."""
    hands = (cast.technology, cast.marketing, cast.operations)
    begun = {"start": start.isoformat(), "standard": "负责人书面确认"}
    letters = [
        {"task": row["task"], "dept": dept, "letter": letter}
        for row, hand in zip(given["tasks"], hands, strict=False)
        for dept, letter in ((hand, "R"), (cast.product, "A"))
    ]
    return {"tasks": [{**row, **begun} for row in given["tasks"]], "cells": given.get("cells") or letters}


def duty_table(cast: Cast, start: date) -> Draft:
    def row(identity: str, dept: int, post: str, duty: str, deliverable: str, days: int, owner: int) -> Draft:
        due = on(start, days)
        return {
            "id": identity,
            "dept": dept,
            "post": post,
            "duty": duty,
            "deliverable": deliverable,
            "due": due,
            "owner": owner,
        }

    return {
        "rows": [
            {
                **row(
                    "d1",
                    cast.product,
                    "产品经理",
                    "统筹进度、协调资源、输出需求文档",
                    "需求规格说明书",
                    REQUIREMENTS_ON,
                    cast.product_manager,
                ),
                "intermediate": True,
            },
            row("d2", cast.technology, "开发组长", "开发并测试活动页面", "活动页面", PAGES_ON, cast.development_lead),
            row(
                "d3",
                cast.marketing,
                "推广经理",
                "制定推广策略、投放并监控效果",
                "推广素材",
                LIVE_ON,
                cast.promotion_manager,
            ),
            row(
                "d4",
                cast.operations,
                "运营经理",
                "执行活动、触达用户、汇总数据",
                "用户增长数据报告",
                REVIEWED_ON,
                cast.operations_manager,
            ),
        ]
    }


def plan(cast: Cast, start: date) -> Draft:
    names = ["需求调研", "功能开发", "推广策划", "活动执行", "复盘优化"]
    spans = [(0, 7), (7, 21), (14, 28), (28, 58), (58, FINISH_ON)]
    return {
        "phases": [
            {
                "id": f"h{index}",
                "name": name,
                "goal": f"{name}按期完成",
                "start": on(start, first),
                "end": on(start, last),
                "exit_criterion": f"{name}的成果由产品部确认",
            }
            for index, (name, (first, last)) in enumerate(zip(names, spans, strict=True), 1)
        ],
        "time_nodes": milestones(cast, start),
        "resource_list": [{**need, "source": "INTERNAL"} for need in resources(cast, start)],
        "expected_results": expected_results(start),
        "metrics": metrics(),
        "risks": [
            {
                "id": "k1",
                "risk": "技术开发延期",
                "level": "MEDIUM",
                "response": "每周核对进度，必要时先上线核心页面",
                "owner": cast.development_lead,
            },
            {
                "id": "k2",
                "risk": "推广素材未到位",
                "level": "LOW",
                "response": "提前一周定稿，预留备用素材",
                "owner": cast.promotion_manager,
            },
        ],
        "comm_plan": {
            "meetings": "周例会、月复盘",
            "frequency": "每周五 15:00",
            "tools": "协作空间",
            "report_template": "周进度跟踪表",
            "visibility": "RELATED_DEPTS",
            "update_frequency": "WEEKLY",
        },
    }


def filing() -> Draft:
    return {"confirmed": True, "remark": "方案与职责分工表齐全"}


def risk(cast: Cast, start: date, discovered_at: str) -> Draft:
    return {
        "title": "活动页面开发延期",
        "description": "一名开发工程师请假一周，页面可能晚三天完成。",
        "discovered_at": discovered_at,
        "finder": cast.development_lead,
        "dept": cast.technology,
        "category": "SCHEDULE",
        "probability": 2,
        "impact": 2,
        "impact_scope": [{"id": "i1", "kind": "MILESTONE", "name": "功能开发"}],
        "impact_text": "功能开发可能晚三天，活动上线不受影响",
        "proposed_measures": [{"id": "g1", "text": "由技术部调配一名替补工程师"}],
        "trigger": f"{on(start, PAGES_ON - 7)} 前核心页面未提测",
    }


def participants(cast: Cast) -> list[Draft]:
    people = [(cast.product, cast.product_manager), *cast.contacts]
    return [{"id": f"q{index}", "dept": dept, "person": person} for index, (dept, person) in enumerate(people, 1)]


def acceptance(
    cast: Cast, start: date, today: date, *, new_users: str = "102000", conversion: str = "15.8", spent: str = "48600"
) -> Draft:
    """Everything delivered and on time; the two metrics and the money spent as given."""
    judged = {"verdict": "MET", "judged_by": cast.product_manager, "evidence": "协作空间 验收 文件夹"}
    counts = {"r1": "1", "r2": "10", "r3": "1"}
    dates = {"t1": REQUIREMENTS_ON, "t2": PAGES_ON, "t3": LIVE_ON, "t4": REVIEWED_ON}
    return {
        "meeting_on": today.isoformat(),
        "participants": participants(cast),
        "items": [
            *({"id": item_id("CRITERION", row), **judged} for row in ("c1", "c2")),
            *({"id": item_id("DELIVERABLE", row), "actual": count, **judged} for row, count in counts.items()),
            {"id": item_id("METRIC", "m1"), "actual": new_users, "evidence": "用户中心 日报"},
            {"id": item_id("METRIC", "m2"), "actual": conversion, "evidence": "数据平台 活动看板"},
            *({"id": item_id("DEADLINE", row), "actual_on": on(start, days)} for row, days in dates.items()),
            {"id": item_id("BUDGET", "total"), "actual": spent, "evidence": "财务系统"},
        ],
        "conclusion": "PASS",
        "rectifications": [],
        "left_over": [],
    }


def rectification(cast: Cast, due: date) -> Draft:
    """What is done about 92,000 new users instead of 100,000."""
    return {
        "id": "z1",
        "item": "新增用户数",
        "gap": "还差 8000 人",
        "measure": "延长两个渠道的投放，补足新增用户",
        "owner": cast.promotion_manager,
        "due": due.isoformat(),
    }


def review(cast: Cast, today: date) -> Draft:
    return {
        "meeting_on": today.isoformat(),
        "participants": participants(cast),
        "went_well": [{"id": "o1", "text": "跨部门沟通机制高效，问题当日答复"}],
        "problems": [
            {
                "id": "e1",
                "problem": "需求变更未及时同步",
                "root_cause": "变更只在产品部群内发布，没有固定的通知对象清单",
                "cause_type": "PROCESS",
            }
        ],
        "problems_none": False,
        "improvements": [
            {
                "id": "v1",
                "text": "需求变更统一走变更申请并通知全部接口人",
                "owner": cast.product_manager,
                "due": (today + timedelta(days=30)).isoformat(),
                "verification": "抽查下一次活动的变更记录，每次都有通知",
                "verifier": cast.product_head,
            }
        ],
    }


def paper(today: date) -> Draft:
    return {"subject": "用户增长活动", "made_on": today.isoformat(), "summary": "全文见附件"}


def met(at: datetime) -> Draft:
    """The meeting ended an hour ago."""
    return {"ended_at": (at - timedelta(hours=1)).isoformat()}


def kickoff(cast: Cast, start: date) -> Draft:
    """What the minutes of a kick-off settle: two actions of two departments."""
    return {
        "roles_confirmed": True,
        "nodes_confirmed": True,
        "risks_discussed": True,
        "actions": [
            {"id": "a1", "text": "完成活动页面", "owner": cast.development_lead, "due": on(start, PAGES_ON)},
            {"id": "a2", "text": "完成推广素材", "owner": cast.promotion_manager, "due": on(start, LIVE_ON)},
        ],
    }


def judged(cast: Cast, today: date, given: list[Draft], **actual: str) -> Draft:
    """An acceptance in which every given item is met; figures of metrics by the row they come from."""
    judged_row = {"verdict": "MET", "judged_by": cast.product_manager, "evidence": "协作空间 验收 文件夹"}
    figures = {item_id("METRIC", row): {"actual": figure, "evidence": "数据平台"} for row, figure in actual.items()}
    counts = {item_id("DELIVERABLE", row): count for row, count in (("r1", "1"), ("r2", "10"), ("r3", "1"))}
    return {
        "meeting_on": today.isoformat(),
        "participants": participants(cast),
        "items": [
            {"id": row["id"]}
            | (figures.get(row["id"]) or judged_row | ({"actual": counts[row["id"]]} if row["id"] in counts else {}))
            for row in given
        ],
        "conclusion": "PASS",
        "rectifications": [],
        "left_over": [],
    }


def archive(cast: Cast, checklist: list[str]) -> Draft:
    """`checklist` are the row ids the product gave; nothing is missing."""
    return {
        "checklist": [{"id": identity, "waived_reason": ""} for identity in checklist],
        "library": "CASE_LIBRARY",
        "tags": [{"id": "y1", "text": "用户增长"}, {"id": "y2", "text": "联合活动"}],
        "retention": "TEN_YEARS",
        "original_with": cast.product,
        "copies_to": [{"id": f"x{index}", "dept": dept} for index, (dept, _) in enumerate(cast.contacts, 1)],
        "read_right": "RELATED_DEPTS",
        "secrecy": "INTERNAL",
    }
