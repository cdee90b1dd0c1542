"""The two worked examples, as their people have begun to write them."""

from datetime import datetime, timedelta

from bihuan.cli.demo.bodies import Draft
from bihuan.cli.demo.company import Company, contact_of
from bihuan.collaborations import operations
from bihuan.organisation.queries import day_of
from bihuan.records import operations as records

PLAYBOOK = "SEED_B"
REGIONS = {
    "华东销售分公司": "上海总部",
    "华南销售分公司": "广州",
    "华北销售分公司": "北京",
    "华西销售分公司": "成都",
    "欧洲销售分公司": "柏林",
}


def quarter(at: datetime) -> str:
    day = day_of(at)
    return f"{day.year}年Q{(day.month - 1) // 3 + 1}"


def begin(company: Company, account: str, department: str, body: Draft, *, at: datetime) -> None:
    """Start a matter and keep what is written of its request so far."""
    actor = company.actor(account, at)
    matter = operations.start_collaboration(
        title=body["title"], department_id=company.departments[department], playbook=PLAYBOOK, actor=actor, at=at
    )
    draft = operations.start_form(matter, form_code="F01", actor=actor, at=at)
    records.save_draft(
        draft, body={**draft.draft, **body}, seen_revision=draft.revision, actor=actor, at=at + timedelta(minutes=20)
    )


def involved(company: Company, parts: dict[str, str]) -> list[Draft]:
    return [
        {
            "id": f"p{index}",
            "dept": company.departments[name],
            "expected_role": role,
            "contact_person": company.people[contact_of(name)],
            "site": company.sites.get(REGIONS.get(name, "")),
        }
        for index, (name, role) in enumerate(parts.items(), 1)
    ]


def begin_campaign(company: Company, *, at: datetime) -> None:
    """The user growth campaign: title, background and who is wanted; goal, dates and resources are still to come."""
    body: Draft = {
        "title": f"{quarter(at)}用户增长活动",
        "short_name": "用户增长",
        "background": "近两个季度新增用户增速放缓，希望通过一次跨部门的联合活动提升新增与活跃。",
        "metrics": [
            {
                "id": "m1",
                "name": "新增用户数",
                "direction": "AT_LEAST",
                "target": "100000",
                "unit": "COUNT",
                "unit_text": "人",
                "window_days": 30,
            }
        ],
        "involved_depts": involved(company, {"市场部": "SUPPORT", "技术部": "SUPPORT", "运营部": "SUPPORT"}),
        "milestones": [
            {"id": f"t{index}", "name": name}
            for index, name in enumerate(("需求确认", "功能开发", "活动上线", "数据复盘"), 1)
        ],
        "early_risks": [{"id": "k1", "text": "技术开发延期"}, {"id": "k2", "text": "推广素材未到位"}],
    }
    begin(company, "lin", "产品部", body, at=at)


def begin_launch(company: Company, *, at: datetime) -> None:
    """The national launch of a new product: total or each region is not said yet (AS02)."""
    parts = dict.fromkeys(REGIONS, "SUPPORT") | {"研发部": "SUPPORT", "售后部": "SUPPORT", "财务部": "OVERSEE"}
    body: Draft = {
        "title": f"{quarter(at)}新品全国推广项目",
        "short_name": f"{day_of(at).year}新品推广",
        "background": "新品已完成小范围试销，需要总部与各区域在同一节奏内完成推广、供货与售后准备。",
        "goal_text": "上市后三个月内，五个区域的新品销售额突破两百万元。",
        "metrics": [
            {
                "id": "m1",
                "name": "新品销售额",
                "definition": "已收款订单金额，取自销售系统",
                "direction": "MORE_THAN",
                "target": "200万",
                "unit": "CNY",
                "baseline_na_reason": "新产品",
                "window_months": 3,
                "window_from": "全国上市",
                "breakdown": "华东、华南、华北、华西、欧洲",
            }
        ],
        "scope_in": "推广策略、区域落地、产品支持、客户反馈与预算",
        "involved_depts": involved(company, parts),
        "regions": [
            {
                "id": f"g{index}",
                "site": company.sites[site],
                "time_zone": "Europe/Berlin" if site == "柏林" else "Asia/Shanghai",
            }
            for index, site in enumerate(REGIONS.values(), 1)
        ],
        "resources": [
            {
                "id": "n1",
                "dept": company.departments["财务部"],
                "type": "BUDGET",
                "spec": "市场推广费用",
                "amount": "15万",
                "purpose": "区域推广活动",
            },
            {
                "id": "n2",
                "dept": company.departments["研发部"],
                "type": "PEOPLE",
                "spec": "研发支持",
                "qty": "2",
                "unit": "人",
                "purpose": "区域培训与答疑",
            },
        ],
        "early_risks": [{"id": "k1", "text": "资源冲突"}, {"id": "k2", "text": "时区差异"}],
    }
    begin(company, "ye", "市场部", body, at=at)
