"""A folder of the neutral shape for a machine without the real data: as large, as skewed, the same every time."""

import json
import random
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DEPARTMENTS, PEOPLE, MATTERS = 433, 2773, 1269
SEED = 20261121
WORDS = ("订单", "接口", "升级", "发布", "推广", "预算", "数据", "看板", "迁移", "上线", "培训", "客户", "流程", "报表")
DOES = ("改造", "方案", "专项", "一期", "二期", "治理", "试点")


@dataclass(frozen=True, slots=True)
class Company:
    """How many of each; the people who head a department come first."""

    departments: int = DEPARTMENTS
    people: int = PEOPLE
    matters: int = MATTERS


def write(folder: Path, company: Company = Company()) -> Path:
    chance = random.Random(SEED)
    folder.mkdir(parents=True, exist_ok=True)
    departments = [department(number) for number in range(company.departments)]
    people = [person(number, company, chance) for number in range(company.people)]
    organisation = {"organisations": [{"id": "made", "name": "集团"}], "departments": departments, "people": people}
    (folder / "org.json").write_text(json.dumps(organisation), encoding="ascii")
    write_lines(folder / "collaborations.jsonl", (matter(number, company, chance) for number in range(company.matters)))
    return folder


def write_lines(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    with path.open("w", encoding="ascii") as handle:
        handle.writelines(json.dumps(row) + "\n" for row in rows)


def department(number: int) -> dict[str, Any]:
    """Twenty departments at the top, the others below them; each has a head."""
    parent = f"made/d{number % 20}" if number >= 20 else None
    return {
        "id": f"made/d{number}",
        "org": "made",
        "name": f"{WORDS[number % len(WORDS)]}{number}部",
        "parent": parent,
        "heads": [f"made:p{number}"],
    }


def person(number: int, company: Company, chance: random.Random) -> dict[str, Any]:
    """The first ones head a department, every second of the others works in one."""
    is_head = number < company.departments
    own = number if is_head else skewed(company.departments, chance)
    roles = [{"department": f"made/d{own}", "role": "head" if is_head else "engineer"}]
    return {"id": f"made:p{number}", "handle": f"li{number}", "roles": roles if number % 2 or is_head else []}


def matter(number: int, company: Company, chance: random.Random) -> dict[str, Any]:
    count = company.departments
    lead, others = skewed(count, chance), [skewed(count, chance) for _ in range(skewed(6, chance))]
    staff = max(company.people - count, 1)
    return {
        "id": f"made/{number}",
        "org": "made",
        "kind": "proposal",
        "language": "zh",
        "number": str(number),
        "number_raw": str(number),
        "title": f"{chance.choice(WORDS)}{chance.choice(WORDS)}{chance.choice(DOES)} {number}",
        "background": "，".join(chance.choices(WORDS, k=200)),
        "goals": ["，".join(chance.choices(WORDS, k=20)) for _ in range(3)],
        "lead_department": f"made/d{lead}",
        "participating_departments": [f"made/d{each}" for each in others],
        "requester": f"made:p{lead}",
        "owners": [f"made:p{count + skewed(min(staff, 2000), chance)}"],
        "approvers": [f"made:p{skewed(count, chance)}"],
        "created": f"2025-{1 + number % 12:02}-{1 + number % 28:02}",
        "status": "open",
        "status_raw": "Open",
        "milestones": [{"name": name, "date": f"2026-0{month}-15"} for name, month in (("alpha", 3), ("beta", 6))],
        "acceptance_criteria": [{"phase": "alpha", "text": "，".join(chance.choices(WORDS, k=10))}],
    }


def skewed(size: int, chance: random.Random) -> int:
    """A few are met often, most of them seldom."""
    return int(size * chance.random() ** 3)
