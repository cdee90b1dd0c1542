"""What the people of the demo company type into the forms of a matter, made from a short description of it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bihuan.cli.demo.company import Company, contact_of, head_of

Draft = dict[str, Any]
PHASES = ("方案细化", "准备与开发", "执行", "收尾复盘")


@dataclass(frozen=True, slots=True)
class Part:
    """What one involved department contributes: its duty, the result it delivers, and what it is asked to provide."""

    dept: str
    duty: str
    result: str
    count: str
    unit: str
    criterion: str
    need: tuple[str, str, str, str]  # type, what, how much, counted in (money: nothing)


@dataclass(frozen=True, slots=True)
class Aim:
    """A figure to be reached by the end."""

    name: str
    definition: str
    direction: str
    target: str
    unit: str
    unit_text: str
    baseline: str
    reached: str


@dataclass(frozen=True, slots=True)
class Plot:
    """One matter: who wants what from whom, within how many days."""

    title: str
    short_name: str
    dept: str
    background: str
    goal: str
    aim: Aim
    scope: str
    parts: tuple[Part, ...]
    days: int
    risk: str

    @property
    def lead(self) -> str:
        return contact_of(self.dept)


@dataclass(frozen=True, slots=True)
class Bodies:
    """The forms of one plot in one company; all dates are counted from its first day."""

    company: Company
    plot: Plot
    start: date

    def on(self, share: float) -> str:
        """The day after this share of the time."""
        return (self.start + timedelta(days=round(self.plot.days * share))).isoformat()

    def dept(self, name: str) -> int:
        return self.company.departments[name]

    def contact(self, department: str) -> int:
        return self.company.people[contact_of(department)]

    @property
    def lead(self) -> int:
        return self.company.people[self.plot.lead]

    def metrics(self) -> list[Draft]:
        aim = self.plot.aim
        return [
            {
                "id": "m1",
                "name": aim.name,
                "definition": aim.definition,
                "direction": aim.direction,
                "target": aim.target,
                "unit": aim.unit,
                "unit_text": aim.unit_text,
                "baseline": aim.baseline,
                "baseline_at": (self.start - timedelta(days=10)).isoformat(),
                "deadline": self.on(0.95),
            }
        ]

    def milestones(self) -> list[Draft]:
        parts = self.plot.parts
        owners = (self.plot.dept, parts[0].dept, parts[-1].dept, self.plot.dept)
        names = ("方案确认", f"{parts[0].result}就绪", f"{parts[-1].result}交付", "复盘完成")
        shares = (0.2, 0.5, 0.85, 0.98)
        return [
            {"id": f"t{index}", "name": name, "date": self.on(share), "owner_dept": self.dept(owner)}
            for index, (name, share, owner) in enumerate(zip(names, shares, owners, strict=True), 1)
        ]

    def resources(self) -> list[Draft]:
        return [self._need(index, part) for index, part in enumerate(self.plot.parts, 1)]

    def _need(self, index: int, part: Part) -> Draft:
        kind, spec, much, unit = part.need
        size = {"amount": much} if kind == "BUDGET" else {"qty": much, "unit": unit}
        row = {"id": f"n{index}", "dept": self.dept(part.dept), "type": kind, "spec": spec, **size}
        return {**row, "start": self.on(0.2), "end": self.on(0.9), "purpose": part.duty}

    def expected_results(self) -> list[Draft]:
        return [
            {
                "id": f"r{index}",
                "name": part.result,
                "qty": part.count,
                "unit": part.unit,
                "criterion": part.criterion,
                "due": self.on(self.share(index)),
            }
            for index, part in enumerate(self.plot.parts, 1)
        ]

    def share(self, index: int) -> float:
        """Results are due one after the other in the second half."""
        return 0.35 + 0.5 * index / len(self.plot.parts)

    def request(self) -> Draft:
        plot = self.plot
        return {
            "title": plot.title,
            "short_name": plot.short_name,
            "scene_type": "PROJECT",
            "initiating_dept": self.dept(plot.dept),
            "initiator": self.lead,
            "contact": "内线 8021",
            "project_lead": self.lead,
            "background": plot.background,
            "goal_text": plot.goal,
            "metrics": self.metrics(),
            "scope_in": plot.scope,
            "involved_depts": [
                {
                    "id": f"p{index}",
                    "dept": self.dept(part.dept),
                    "expected_role": "SUPPORT",
                    "contact_person": self.contact(part.dept),
                }
                for index, part in enumerate(plot.parts, 1)
            ],
            "milestones": self.milestones(),
            "expected_finish": self.on(1),
            "resources": self.resources(),
            "expected_results": self.expected_results(),
            "early_risks": [{"id": "k1", "text": plot.risk}],
            "visibility": "RELATED_DEPTS",
            "secrecy": "INTERNAL",
        }

    def consensus(self, talked_on: date) -> Draft:
        numbered = list(enumerate(self.plot.parts, 1))
        return {
            "mode": "MEETING",
            "talks": [
                {
                    "id": f"s{index}",
                    "dept": self.dept(part.dept),
                    "person": self.contact(part.dept),
                    "time": f"{talked_on.isoformat()}T14:00:00+08:00",
                    "channel": "IN_PERSON",
                }
                for index, part in numbered
            ],
            "goal_understanding": [
                {"id": f"u{index}", "dept": self.dept(part.dept), "text": self.plot.goal} for index, part in numbered
            ],
            "feasibility": [
                {"id": f"f{index}", "dept": self.dept(part.dept), "verdict": "FEASIBLE"} for index, part in numbered
            ],
            "commitments": [
                {
                    "id": f"w{index}",
                    "dept": self.dept(part.dept),
                    "what": f"{part.duty}，交付{part.result}",
                    "qty": part.count,
                    "unit": part.unit,
                    "by": self.on(self.share(index)),
                }
                for index, part in numbered
            ],
            "feedback_none": True,
            "criteria": [
                {
                    "id": f"c{index}",
                    "item": f"{part.result}可用",
                    "metric_or_check": part.criterion,
                    "owner_dept": self.dept(part.dept),
                    "due": self.on(self.share(index)),
                }
                for index, part in numbered
            ],
            "open_points": [],
        }

    def duty_table(self) -> Draft:
        lead = {
            "id": "d0",
            "dept": self.dept(self.plot.dept),
            "post": "项目负责人",
            "duty": "统筹进度、协调资源、组织例会",
            "deliverable": "实施方案",
            "intermediate": True,
            "due": self.on(0.2),
            "owner": self.lead,
        }
        parts = [
            {
                "id": f"d{index}",
                "dept": self.dept(part.dept),
                "post": "接口人",
                "duty": part.duty,
                "deliverable": part.result,
                "due": self.on(self.share(index)),
                "owner": self.contact(part.dept),
            }
            for index, part in enumerate(self.plot.parts, 1)
        ]
        return {"rows": [lead, *parts]}

    def plan(self) -> Draft:
        shares = (0.0, 0.2, 0.5, 0.85, 1.0)
        return {
            "phases": [
                {
                    "id": f"h{index}",
                    "name": name,
                    "goal": f"{name}按期完成",
                    "start": self.on(shares[index - 1]),
                    "end": self.on(shares[index]),
                    "exit_criterion": f"{name}的成果由{self.plot.dept}确认",
                }
                for index, name in enumerate(PHASES, 1)
            ],
            "time_nodes": self.milestones(),
            "resource_list": [{**need, "source": "INTERNAL"} for need in self.resources()],
            "expected_results": self.expected_results(),
            "metrics": self.metrics(),
            "risks": [
                {
                    "id": "k1",
                    "risk": self.plot.risk,
                    "level": "MEDIUM",
                    "response": "每周核对一次，必要时提前协调替补",
                    "owner": self.lead,
                }
            ],
            "comm_plan": {
                "meetings": "周例会",
                "frequency": "每周五 15:00",
                "tools": "协作空间",
                "report_template": "周进度跟踪表",
                "visibility": "RELATED_DEPTS",
                "update_frequency": "WEEKLY",
            },
        }

    def risk(self, discovered_at: str) -> Draft:
        part = self.plot.parts[0]
        return {
            "title": self.plot.risk,
            "description": f"{part.dept}反馈：{part.result}的准备比计划慢，若本周不处理会影响后续环节。",
            "discovered_at": discovered_at,
            "finder": self.contact(part.dept),
            "dept": self.dept(part.dept),
            "category": "SCHEDULE",
            "probability": 2,
            "impact": 2,
            "impact_scope": [{"id": "i1", "kind": "MILESTONE", "name": f"{part.result}就绪"}],
            "impact_text": "该里程碑可能晚三天",
            "proposed_measures": [{"id": "g1", "text": f"由{part.dept}增加一人，每日核对"}],
            "trigger": "本周五前仍未完成首轮自查",
        }

    def participants(self) -> list[Draft]:
        names = [self.plot.dept, *(part.dept for part in self.plot.parts)]
        return [
            {"id": f"q{index}", "dept": self.dept(name), "person": self.contact(name)}
            for index, name in enumerate(names, 1)
        ]

    def acceptance(self, rows: list[Draft], today: date) -> Draft:
        """`rows` are those the product began the form with; the first letter of an id says what kind of item it is."""
        return {
            "meeting_on": today.isoformat(),
            "participants": self.participants(),
            "items": [{**row, **self._judged(row)} for row in rows],
            "conclusion": "PASS",
            "rectifications": [],
            "left_over": [],
        }

    def _judged(self, row: Draft) -> Draft:
        kind = row["id"].partition("-")[0]
        if kind in {"c", "d"}:
            counts = {f"d-r{index}": part.count for index, part in enumerate(self.plot.parts, 1)}
            judged = {"verdict": "MET", "judged_by": self.lead, "evidence": "协作空间 验收 文件夹"}
            return {**judged, "actual": counts.get(row["id"])}
        if kind == "m":
            return {"actual": self.plot.aim.reached, "evidence": self.plot.aim.definition}
        if kind == "b":
            return {"actual": self._budget(), "evidence": "财务系统"}
        dates = {f"t-{line['id']}": line["date"] for line in self.milestones()}
        return {"actual_on": row.get("actual_on") or dates[row["id"]]}

    def _budget(self) -> str:
        return next(part.need[2] for part in self.plot.parts if part.need[0] == "BUDGET")

    def review(self, today: date) -> Draft:
        part = self.plot.parts[0]
        return {
            "meeting_on": today.isoformat(),
            "participants": self.participants(),
            "went_well": [{"id": "o1", "text": "各部门接口人固定，问题当日答复"}],
            "problems": [
                {
                    "id": "e1",
                    "problem": f"{part.result}的口径中途调整过一次",
                    "root_cause": "需求确认时没有请一线人员参加，细节到开发时才提出",
                    "cause_type": "PROCESS",
                }
            ],
            "problems_none": False,
            "improvements": [
                {
                    "id": "v1",
                    "text": "需求确认会固定邀请一线代表，并在会后一天内发出纪要",
                    "owner": self.contact(part.dept),
                    "due": (today + timedelta(days=45)).isoformat(),
                    "verification": "抽查下一个项目的需求确认纪要",
                    "verifier": self.company.people[head_of(self.plot.dept)],
                }
            ],
        }

    def archive(self, checklist: list[Draft]) -> Draft:
        return {
            "checklist": [{"id": row["id"], "waived_reason": ""} for row in checklist],
            "library": "CASE_LIBRARY",
            "tags": [{"id": "y1", "text": self.plot.short_name}, {"id": "y2", "text": self.plot.dept}],
            "retention": "TEN_YEARS",
            "original_with": self.dept(self.plot.dept),
            "copies_to": [
                {"id": f"x{index}", "dept": self.dept(part.dept)} for index, part in enumerate(self.plot.parts, 1)
            ],
            "read_right": "RELATED_DEPTS",
            "secrecy": "INTERNAL",
        }
