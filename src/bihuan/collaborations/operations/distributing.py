"""Papers that go out to be read: minutes to everybody they concern, the report on a solved problem to all heads."""

from datetime import datetime

from bihuan.collaborations.models import Collaboration
from bihuan.collaborations.policy.playbook import MINUTES, SENT_AT_ONCE
from bihuan.collaborations.queries.steps import plan_of
from bihuan.kernel import principals
from bihuan.organisation.queries.receiving import holders_of
from bihuan.records import operations as records
from bihuan.records.models import Version

REPORT = "F18"


def send_when_filed(collaboration: Collaboration, version: Version, form_code: str, *, at: datetime) -> None:
    """What goes out as soon as it is handed in: minutes unless their playbook has them signed first, and reports."""
    if form_code == MINUTES and plan_of(collaboration).minutes_flow == SENT_AT_ONCE:
        send_minutes(collaboration, version, at=at)
    elif form_code == REPORT:
        _send(version, _readers_of_report(collaboration, version), at=at)


def send_minutes(collaboration: Collaboration, version: Version, *, at: datetime) -> None:
    """To who carries the matter, the head and contact person of each department, and the owners of the actions.

    Who has this version already gets it once. Records ``RecordSent``.
    """
    _send(version, _concerned(collaboration, version), at=at)


def _send(version: Version, keys: set[str], *, at: datetime) -> None:
    held = holders_of(keys, at)
    records.send_copies(version, {pk for holders in held.values() for pk in holders}, at=at)


def _concerned(collaboration: Collaboration, version: Version) -> set[str]:
    parties = list(collaboration.parties.values_list("department_id", "contact_id"))
    people = {collaboration.initiator_id, collaboration.lead_id, *(contact for _department, contact in parties)}
    people |= {row["owner"]["id"] for row in version.data.get("actions") or ()}
    departments = {collaboration.lead_department_id, *(department for department, _contact in parties)}
    return {
        *(principals.person(pk) for pk in people if pk is not None),
        *(principals.head(pk) for pk in departments if pk is not None),
    }


def _readers_of_report(collaboration: Collaboration, version: Version) -> set[str]:
    """The heads it names, and the executive in charge where who leads says so."""
    body = version.data
    keys = {principals.person(row["person"]["id"]) for row in body["heads"]}
    if body["to_management"] and collaboration.lead_department_id is not None:
        keys.add(principals.executive(collaboration.lead_department_id))
    return keys
