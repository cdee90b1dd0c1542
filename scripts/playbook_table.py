"""The table of the shipped playbooks, docs/user/playbooks-table.md: what each step asks for, and what holds it.

`python scripts/playbook_table.py` writes it from the texts that come with the product; a test compares them.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TEXTS = ROOT / "src" / "bihuan" / "collaborations" / "playbooks"
PAGE = ROOT / "docs" / "user" / "playbooks-table.md"
ROWS = (
    "ASSESS", "REQUEST", "FIRST_REVIEW", "APPROVAL request", "ALIGN", "PLAN", "APPROVAL plan", "FILING", "RESOURCE",
    "KICKOFF", "PLAN after KICKOFF", "EXECUTE", "ACCEPT", "RETRO", "ARCHIVE",
    "made up for",
)  # fmt: skip
NOT_THERE, BARE = "–", "·"
PLAN_FORM, JUDGING = "F04", "F16"
HEAD = """# 随产品提供的协作手册 · The playbooks that come with the product

由 `scripts/playbook_table.py` 根据手册正文生成，请勿手改。Made of their texts; change those, not this page.

## 中文

每格依次为：要填的表、审批路线，箭头后是离开该步骤须满足的检查项。`–` 表示没有这一步，`·` 表示只看有没有未了结的事。
任务、周报、风险、承诺这些随时更新的表不在格内，未了结的同样拦住下一步。
`F17/F18`：交其中一张即可；`F32?`：仅当前面的表答“是”才要；`F16←F03,F04`：按这些表验收。
各检查项的含义见[架构](../architecture.md)。

## English

Each cell names the forms, the routes, and behind the arrow the guards that must hold to leave the step.
`–`: there is no such step; `·`: only what is still open holds it. Tables that live (tasks, weeks, risks, promises)
stand in no cell; what is open of them holds the next step as well.
`F17/F18`: one of them is enough; `F32?`: only if an earlier form says yes; `F16←F03,F04`: accepted against these.
What each guard looks at: [architecture](../architecture.md).

## 对照表 · Table

"""

Body = dict[str, Any]


def shipped() -> dict[str, Body]:
    """The texts by key, in the order of their names; what is imported has no way of its own."""
    bodies = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(TEXTS.glob("*.json"))]
    return {body["key"]: body for body in bodies if body["key"] != "IMPORTED"}


def cells_of(body: Body) -> dict[str, str]:
    """Row of the table → what the playbook has there."""
    keys = [step["key"] for step in body["steps"]]
    owed = "; ".join(_cell(each | {"guards": [each["gate"]]}, body) for each in body.get("obligations", ()))
    cells = {_row(step, keys): _cell(step, body) for step in body["steps"] if step["key"] != "CLOSED"}
    return cells | {"made up for": owed} if owed else cells


def _row(step: Body, keys: list[str]) -> str:
    key: str = step["key"]
    if key.startswith("APPROVAL"):
        is_plan = any(route["form"] == PLAN_FORM for route in step.get("routes", ()))
        return "APPROVAL plan" if is_plan else "APPROVAL request"
    if key == "PLAN" and "KICKOFF" in keys[: keys.index("PLAN")]:
        return "PLAN after KICKOFF"
    return key


def _cell(step: Body, body: Body) -> str:
    asked = [*_forms(step, body), *(row["code"] for row in step.get("routes", ()))]
    guards = step.get("guards", ())
    return " ".join([*asked, *(["→", *guards] if guards else [])]) or BARE


def _forms(step: Body, body: Body) -> list[str]:
    """`F17/F18`: one of them is enough; `F32?`: only where an earlier form says so; `F16←F03,F04`: held against."""
    told: list[str] = []
    for row in step.get("forms", ()):
        said = row["code"] + ("?" if row.get("only_if") else "")
        if row["code"] == JUDGING:
            said += f"←{','.join(body.get('acceptance', ()) or _agreed(body))}"
        if row.get("instead_of"):
            told[-1] += f"/{said}"
        else:
            told.append(said)
    return told


def _agreed(body: Body) -> list[str]:
    """Consensus and plan, where the playbook names nothing that acceptance is held against."""
    asked = {row["code"] for step in body["steps"] for row in step.get("forms", ())}
    return [code for code in ("F03", "F04") if code in asked]


def table(bodies: dict[str, Body]) -> Iterable[str]:
    columns = {key: cells_of(body) for key, body in bodies.items()}
    yield _line(["", *columns])
    yield _line(["---"] * (len(columns) + 1))
    for row in ROWS:
        yield _line([row, *(cells.get(row, NOT_THERE) for cells in columns.values())])


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def page() -> str:
    return HEAD + "\n".join(table(shipped())) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
