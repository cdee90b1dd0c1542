"""Something does harm right now: the green channel is open, the departments have met (playbook EMERGENCY)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bihuan.cli.demo.bodies import Draft
from bihuan.cli.demo.company import Company
from bihuan.collaborations import operations, queries
from bihuan.organisation.queries import day_of
from bihuan.records import operations as records

OPENER, LEAD, DEPARTMENT, RELATED = "ding", "fu", "物流部", ("仓储部", "客服部")
MET = "先转移疫苗和乳制品，再恢复供电；客服每小时向客户通报一次。"


def begin(company: Company, now: datetime) -> None:
    """Opened an hour ago; the solution is due within the next one, the papers are made up for by tomorrow."""
    opened = now - timedelta(hours=1)
    started = operations.start_collaboration(
        title="冷链仓库停电", department_id=company.departments[DEPARTMENT], playbook="EMERGENCY",
        actor=company.actor(OPENER, opened), at=opened,
    )  # fmt: skip
    told = Told(company, started.pk, OPENER, opened)
    told.submit("F25", channel(company, opened))
    met = Told(company, started.pk, LEAD, now - timedelta(minutes=20))
    met.submit("F07", minutes(company, met.at), [MET.encode()])


@dataclass(frozen=True, slots=True)
class Told:
    """What one person hands in at one instant."""

    company: Company
    pk: int
    account: str
    at: datetime

    def submit(self, form_code: str, body: Draft, file: Sequence[bytes] = ()) -> None:
        by: dict[str, Any] = {"actor": self.company.actor(self.account, self.at), "at": self.at}
        matter = queries.collaboration_for(by["actor"], self.pk, at=self.at)
        draft = operations.start_form(matter, form_code=form_code, **by)
        if file:
            records.attach_file(draft, name="会议记录.txt", pieces=file, **by)
            draft.refresh_from_db()
        saved = records.save_draft(draft, body={**draft.draft, **body}, seen_revision=draft.revision, **by)
        records.submit(saved, seen_revision=saved.revision, **by)


def channel(company: Company, opened: datetime) -> Draft:
    return {
        "lead_dept": company.departments[DEPARTMENT], "project_lead": company.people[LEAD],
        "received_at": (opened - timedelta(minutes=20)).isoformat(),
        "description": "二号冷链仓库停电，备用电源只够两小时，库内有疫苗和乳制品。",
        "customer": "YES",
        "urgent_because": "温度每十分钟上升一度，超过八度货物报废",
        "related_depts": [
            {"id": f"r{index}", "dept": company.departments[name]} for index, name in enumerate(RELATED, 1)
        ],
        "measures": [{"id": "m1", "text": "调两台冷藏车到库待命", "owner": company.people[LEAD]}],
        "spending_limit": "30000", "spending": "4000",
    }  # fmt: skip


def minutes(company: Company, met: datetime) -> Draft:
    due = day_of(met).isoformat()
    actions = (("清点并转移温控货物", "jin"), ("向受影响客户说明情况", "dong"))
    return {
        "subject": "冷链仓库停电紧急会议", "made_on": due, "summary": MET,
        "ended_at": (met - timedelta(minutes=10)).isoformat(),
        "actions": [
            {"id": f"a{index}", "text": text, "owner": company.people[owner], "due": due}
            for index, (text, owner) in enumerate(actions, 1)
        ],
    }  # fmt: skip
