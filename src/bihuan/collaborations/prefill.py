"""What a new draft starts with, so that people only add what nobody else has said yet."""

from datetime import datetime
from typing import Any

from bihuan.access.queries import visible
from bihuan.collaborations.contexts import involved_in, matter_of
from bihuan.collaborations.models import Collaboration, ImportedSource
from bihuan.collaborations.policy.acceptance import prefilled
from bihuan.collaborations.policy.lines import metrics_again
from bihuan.collaborations.queries.proposals import items_to_hand_over, row_of
from bihuan.collaborations.queries.steps import plan_of
from bihuan.collaborations.queries.yardstick import items_to_judge
from bihuan.kernel.subjects import SubjectRef
from bihuan.organisation import queries as organisation
from bihuan.organisation.queries import day_of
from bihuan.records import queries as records
from bihuan.records.models import Record

Body = dict[str, Any]


def request(record: Record, at: datetime) -> Body:
    """Title, department and people as the matter was begun; an adopted matter brings what its source said.

    A follow-up brings the goal and the departments of the ended matter.
    """
    matter = matter_of(record)
    body: Body = {
        "title": matter.title,
        "scene_type": "RECURRING" if plan_of(matter).recurs else "PROJECT",
        "initiating_dept": matter.lead_department_id,
        "initiator": matter.initiator_id,
        "contact": _contact_of(matter),
        "project_lead": matter.lead_id,
        "visibility": matter.visibility,
        "secrecy": matter.secrecy,
        "involved_depts": [
            {"dept": party.department_id, "expected_role": party.role, "contact_person": party.contact_id}
            for party in matter.parties.order_by("pk")
        ],
        "milestones": [
            {
                "name": milestone.name[:60],
                "date": milestone.due_on.isoformat() if milestone.due_on else milestone.due_raw,
            }
            for milestone in matter.milestones.filter(form_code="")
        ],
    }
    source = ImportedSource.objects.filter(collaboration=matter).first()
    if source is not None:
        body |= _said_by(source.content)
    return body | carried_over(matter, record, at)


def _contact_of(matter: Collaboration) -> str:
    person = matter.initiator
    return " ".join(part for part in (person.phone, person.email) if part) if person is not None else ""


def _said_by(source: Body) -> Body:
    return {
        "background": source.get("background") or source.get("summary") or "",
        "goal_text": "\n".join(source.get("goals") or ()) or source.get("summary") or "",
        "scope_out": "\n".join(source.get("non_goals") or ()),
        "early_risks": [{"text": risk[:300]} for risk in source.get("risks") or ()],
    }


def _readable_before(matter: Collaboration, record: Record, at: datetime) -> Collaboration | None:
    """The ended matter that this one takes up, where who fills in the form may read it."""
    reader = organisation.actor_now(record.filler_id, at) if matter.follows_id is not None else None
    if reader is None:
        return None
    return Collaboration.objects.filter(visible(reader, at=at), followed_by=matter.pk).first()


def carried_over(matter: Collaboration, record: Record, at: datetime) -> Body:
    """What a follow-up takes over from the ended matter into its first forms; nothing for any other matter."""
    form_code = record.form_code
    ended = _readable_before(matter, record, at)
    if ended is None:
        return {}
    root = SubjectRef("collaboration", ended.pk)
    said = {code: version.data for code in ("F01", "F02", "F13") if (version := records.latest(root, code))}
    goal = said.get("F01") or said.get("F02") or {}
    same = said.get(form_code, {})
    shared = {"goal_text": goal.get("goal_text") or "", "metrics": metrics_again(same.get("metrics") or ())}
    if form_code == "F01":
        involved = {"involved_depts": _departments_again(matter, ended), "visibility": ended.visibility}
        return {**shared, **involved, "secrecy": ended.secrecy, "background": same.get("background") or ""}
    if form_code == "F02":
        return shared
    related = [{"dept": row["dept"]} for row in _departments_again(matter, ended)]
    return {"related_depts": related, "description": same.get("description") or ""}


def _departments_again(matter: Collaboration, ended: Collaboration) -> list[Body]:
    """Those that took part before, also the one that led, where another one leads now."""
    rows = [
        {"dept": party.department_id, "expected_role": party.role, "contact_person": party.contact_id}
        for party in ended.parties.exclude(department=matter.lead_department_id).order_by("pk")
    ]
    led = ended.lead_department_id
    if led is not None and led != matter.lead_department_id and led not in {row["dept"] for row in rows}:
        rows.insert(0, {"dept": led, "expected_role": "SUPPORT", "contact_person": ended.lead_id})
    return rows


def recurrence(record: Record, at: datetime) -> Body:
    """Every department that takes part gives something; the rest is what most plans say."""
    matter = matter_of(record)
    return {
        "cadence": "MONTH",
        "first_on": day_of(at).isoformat(),
        "contributions": [
            {"dept": party.department_id, "owner": party.contact_id, "working_day": "3", "given_as": "FILE"}
            for party in involved_in(matter)
        ],
        "gap_rule": "NAMED",
        "consolidator": matter.lead_id,
        "consolidated_on": "5",
    }


def assessment(record: Record, at: datetime) -> Body:
    matter = matter_of(record)
    own = {
        **carried_over(matter, record, at), "lead_dept": matter.lead_department_id, "initiator": matter.initiator_id,
    }  # fmt: skip
    channel = records.latest(record.root, "F25")
    return own if channel is None else own | _told_in_haste(channel.data)


def _told_in_haste(said: Body) -> Body:
    """What the green channel was opened with; the assessment makes it whole."""
    return {
        "description": said["description"],
        "occurred_at": said["received_at"],
        "urgency": "URGENT",
        "related_depts": [{"dept": row["dept"]["id"]} for row in said["related_depts"]],
    }


def application(record: Record, at: datetime) -> Body:
    """A row for every department that the assessment named."""
    matter = matter_of(record)
    involved = involved_in(matter)
    return {
        **carried_over(matter, record, at),
        "dept_asks": [{"dept": party.department_id, "owner": party.contact_id} for party in involved],
    }


def consensus(record: Record, at: datetime) -> Body:
    """A row for every involved department, and the request's results as first criteria."""
    matter = matter_of(record)
    involved = list(involved_in(matter))
    return {
        "talks": [{"dept": party.department_id, "person": party.contact_id} for party in involved],
        "goal_understanding": [{"dept": party.department_id} for party in involved],
        "feasibility": [{"dept": party.department_id} for party in involved],
        "commitments": [{"dept": party.department_id} for party in involved],
        "criteria": [
            {
                "item": result.name,
                "metric_or_check": result.criterion,
                "owner_dept": matter.lead_department_id,
                "due": result.due_on.isoformat() if result.due_on else "",
            }
            for result in matter.expectedresults.filter(form_code="F01")
        ],
    }


def acceptance(record: Record, at: datetime) -> Body:
    """Every item of the yardstick, with what was measured and reached."""
    matter = matter_of(record)
    return {
        "items": prefilled(items_to_judge(matter)),
        "participants": _participants(matter),
        **({"dept_feedback": _departments(matter)} if plan_of(matter).step_asking("F02") else {}),
    }


def _departments(matter: Collaboration) -> list[Body]:
    """A row for each department that was asked."""
    return [{"dept": party.department_id} for party in involved_in(matter)]


def review(record: Record, at: datetime) -> Body:
    return {"participants": _participants(matter_of(record))}


def hand_over(record: Record, at: datetime) -> Body:
    """A row for each item that is open."""
    return {"items": [{"id": row_of(loop), "owner": None, "due": ""} for loop in items_to_hand_over(record.root_id)]}


def secondment(record: Record, at: datetime) -> Body:
    """The lead department borrows; the only other one lends."""
    matter = matter_of(record)
    involved = list(involved_in(matter))
    return {
        "lending_dept": involved[0].department_id if len(involved) == 1 else None,
        "borrowing_dept": matter.lead_department_id,
        "coordinator": matter.lead_id,
        "appraisal": {"weight_borrowing": 70, "weight_lending": 30},
    }


def _participants(matter: Collaboration) -> list[Body]:
    own = [{"dept": matter.lead_department_id, "person": matter.lead_id}]
    return [*own, *({"dept": party.department_id, "person": party.contact_id} for party in involved_in(matter))]


def requested(record: Record) -> Body:
    """The request in force, for the forms that start from it."""
    version = records.latest(record.root, "F01")
    return version.data if version is not None else {}
