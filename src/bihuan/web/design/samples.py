"""Awkward data for the gallery: long names, many departments, every state at once. Nothing here is real."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bihuan.kernel.findings import Finding, error, warning
from bihuan.records.schema import Choice, Field, Form, Kind, Section
from bihuan.web.filling import Filling
from bihuan.web.ring import RingStep

LONG = (
    "面向华东、华南、西南三大区经销商与直营门店的二〇二七年春季新品联合上市、库存共享、跨区调拨、售后备件前置与客户数据授权治理"
    "一体化协作(含港澳地区试点、境外支付合规评估、历史遗留合同清理,以及旧会员体系向统一账户平滑迁移的全部准备工作)"
    "之第二阶段实施方案的联合评审与会签"
)
DEPARTMENTS = (
    "产品部",
    "市场部",
    "技术部",
    "运营部",
    "财务部",
    "法务与合规部",
    "供应链管理中心",
    "客户服务与体验部",
    "西南大区(成都、重庆、贵阳联合办公室)",
)
STEPS = ("需求", "共识", "方案", "审批", "备案", "资源", "执行", "验收", "复盘", "归档")


@dataclass(frozen=True, slots=True)
class Card:
    id: int
    name: str
    title: str = ""
    parents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    what: str
    matter: str
    number: str
    asked_by: str
    due: datetime
    since: datetime
    act: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a portfolio."""

    id: int
    number: str
    title: str
    lead: str
    departments: str
    step: str
    level: str
    due: datetime
    gaps: int
    states: tuple[str, ...]
    next_step: str
    who: str
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    icon: str
    text: str
    who: str
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class Directory:
    people: dict[int, Card] = field(default_factory=dict)
    departments: dict[int, Card] = field(default_factory=dict)


NAMES = (
    "王敏",
    "欧阳慕容雪",
    "李建国",
    "Alexandra Papadopoulou-Featherstonehaugh",
    "阿卜杜勒·热依木江·买买提",
    "陈晨",
    "赵一",
    "周子涵",
    "吴迪",
)
PEOPLE = {
    index: Card(index, name, f"{DEPARTMENTS[index % 9]} {'负责人' if index % 3 == 0 else '接口人'}")
    for index, name in enumerate(NAMES, 1)
}
DIRECTORY = Directory(PEOPLE, {index: Card(index, name) for index, name in enumerate(DEPARTMENTS, 1)})
ASKS = (
    "签署共识清单第 3 条",
    "回复协作意见",
    "确认会议纪要第 2 项",
    "填写本周进度",
    "裁定资源冲突",
    "验收:次月留存率",
    "补充风险应对方案",
)
ACTS = ("签署", "答复", "确认", "填报", "裁定", "验收", "填写")


def everything(at: datetime, query: Mapping[str, str]) -> dict[str, Any]:
    return {
        "steps": steps(),
        "waiting": [] if "empty" in query else waiting(at, 40),
        "lines": lines(at, 50),
        "entries": entries(at),
        "form": FORM,
        "body": body(at),
        "filling": Filling(findings=FINDINGS, directory=DIRECTORY, sites=[(1, "上海"), (2, "成都")]),
        "blank": Filling(directory=DIRECTORY),
        "people": PEOPLE,
        "departments": DEPARTMENTS,
        "long": LONG,
        "nine": "、".join(DEPARTMENTS),
        "digest_value": "sha256:9f2c41d07ab35e6620d4c8819b7e35fa11c0de4477aa90b1c2d3e4f5a6b7c8d9",
        "hours": lambda count: at + timedelta(hours=count),
        "pages": ("desk", "collaboration", "sign", "form", "read", "list"),
    }


def steps() -> list[RingStep]:
    states = ["done"] * 5 + ["current"] + ["ahead"] * 4
    gaps = [0, 1, 0, 0, 0, 3, 0, 0, 0, 0]
    return [RingStep(title, state, gap) for title, state, gap in zip(STEPS, states, gaps, strict=True)]


def waiting(at: datetime, count: int) -> list[Waiting]:
    hours = (-52, -3, 2, 5, 7, 20, 26, 30, 49, 71)
    return [
        Waiting(
            ASKS[index % 7],
            LONG if index % 9 == 1 else f"用户增长专项·第 {index} 期",
            f"XQ202611{index:02d}",
            NAMES[index % 9],
            at + timedelta(hours=hours[index % 10] + 24 * (index // 10)),
            at - timedelta(hours=48),
            ACTS[index % 7],
        )
        for index in range(count)
    ]


def lines(at: datetime, count: int) -> list[Line]:
    levels = ("GREEN", "YELLOW", "ORANGE", "RED")
    return [line(at, index, levels[index % 4]) for index in range(count)]


def line(at: datetime, index: int, level: str) -> Line:
    done = index % 11
    states = tuple("done" if at_step < done else "current" if at_step == done else "ahead" for at_step in range(10))
    return Line(
        id=index,
        number=f"XQ202611{index:03d}",
        title=LONG if index == 1 else f"春季新品全国上市协作(第 {index} 批门店)",
        lead=NAMES[index % 9],
        departments="、".join(DEPARTMENTS[: index % 9 + 1]),
        step=STEPS[min(done, 9)],
        level=level,
        due=at + timedelta(hours=17 * (index - 3)),
        gaps=index % 4,
        states=states,
        next_step=ASKS[index % 7],
        who=NAMES[(index + 3) % 9],
        closed=done == 10,
    )


def entries(at: datetime) -> list[Entry]:
    return [
        Entry(
            "signature",
            "市场部签署了共识清单第 1–4 条",
            NAMES[0],
            at - timedelta(minutes=12),
            "附条件:预算科目 11 月 28 日前确认",
        ),
        Entry("file-text", "提交协作需求 XQ20261101 第 2 版", NAMES[1], at - timedelta(hours=5)),
        Entry("undo-2", "退回:预期成果第 2 行没有验收标准", NAMES[3], at - timedelta(days=1, hours=2)),
        Entry("flag", "发起协作", NAMES[4], at - timedelta(days=40)),
    ]


FINDINGS: list[Finding] = [
    error("kernel.refused", "goal"),
    error("kernel.refused", "metrics.1.target"),
    error("kernel.stale", "lead"),
    warning("kernel.error", "budget"),
]
YES_NO = (Choice("EFFICIENCY", "效率"), Choice("QUALITY", "质量"), Choice("COST", "成本"))
METRICS = (
    Field("name", Kind.TEXT, "指标", required=True),
    Field("baseline", Kind.NUMBER, "现值"),
    Field("target", Kind.NUMBER, "目标值", required=True),
    Field("kind", Kind.CHOICE, "类别", choices=YES_NO),
    Field("owner", Kind.PERSON, "负责人", required=True),
    Field("due", Kind.DATE, "完成时间", required=True),
)
FORM = Form(
    "F01",
    "request",
    "协作需求",
    "说明为什么需要几个部门一起做,各自做什么。",
    (
        Section(
            "why",
            "需求与目标",
            (
                Field("title", Kind.TEXT, "协作名称", required=True),
                Field("number", Kind.TEXT, "编号", computed=True),
                Field("background", Kind.LONGTEXT, "背景", help="发生了什么,为什么一个部门做不了。", required=True),
                Field("goal", Kind.LONGTEXT, "目标", help="写到能验收为止。", required=True),
                Field("metrics", Kind.ROWS, "量化指标", columns=METRICS, min_rows=2, required=True),
            ),
        ),
        Section(
            "who",
            "部门与人员",
            (
                Field("lead", Kind.PERSON, "项目负责人", required=True),
                Field("department", Kind.DEPARTMENT, "牵头部门", required=True),
                Field("site", Kind.SITE, "地点"),
                Field("urgent", Kind.BOOL, "是否紧急", required=True),
            ),
        ),
        Section(
            "terms",
            "时间与费用",
            (
                Field("start", Kind.DATE, "开始日期"),
                Field("reply_by", Kind.INSTANT, "请于此时前答复"),
                Field("budget", Kind.MONEY, "预算"),
                Field("headcount", Kind.INTEGER, "需要人数"),
                Field(
                    "window",
                    Kind.GROUP,
                    "上线窗口",
                    columns=(Field("from", Kind.DATE, "起"), Field("to", Kind.DATE, "止")),
                ),
            ),
        ),
    ),
)


def body(at: datetime) -> dict[str, Any]:
    rows = [
        {
            "id": "a1",
            "name": "30 日留存率",
            "baseline": "21.5",
            "target": "26",
            "kind": "QUALITY",
            "owner": 1,
            "due": "2027-03-31",
        },
        {
            "id": "b2",
            "name": "获客成本(含渠道返点、素材与人力分摊)",
            "baseline": "182",
            "target": "尽量降低",
            "kind": "COST",
            "owner": 4,
            "due": "2027-13-05",
        },
    ]
    return {
        "title": LONG,
        "number": "XQ20261101",
        "background": "三个大区各自备货,\n旺季一边缺货一边积压。" * 4,
        "goal": "尽快提升留存。",
        "metrics": rows,
        "lead": 2,
        "department": 9,
        "site": 2,
        "urgent": True,
        "start": "2026-12-01",
        "reply_by": at + timedelta(hours=30),
        "budget": "150000",
        "headcount": "12",
        "window": {"from": "2027-01-04", "to": None},
    }
