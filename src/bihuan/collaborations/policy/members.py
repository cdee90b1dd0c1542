"""Who sees a matter and in which role, as values (visibility classes of §2.0.5)."""

from collections.abc import Iterable
from dataclasses import dataclass

from bihuan.kernel import principals

OUTLINE, READ, WRITE = 1, 2, 3
HIDDEN = frozenset({"SECRET", "CONFIDENTIAL"})
CLOSED = frozenset({"NAMED", "MANAGEMENT"})
FILER = "filer"
"""Why somebody is a member who was named to file a secret matter's plan."""


@dataclass(frozen=True, slots=True)
class PartyView:
    department_id: int
    contact_id: int | None


@dataclass(frozen=True, slots=True)
class MatterView:
    """What decides who sees: the parties and people, how open it is, and whether it has been shown to them yet.

    `is_to_file` says that it has come to the step in which the PMO or the administration files its plan; `filer_id` who
    of them was named to read and file it, where they do not read it by their office; `lent_id` who is to be lent.
    """

    lead_department_id: int | None
    initiator_id: int | None
    lead_id: int | None
    parties: tuple[PartyView, ...]
    visibility: str
    secrecy: str
    is_submitted: bool
    is_imported: bool = False
    is_to_file: bool = False
    filer_id: int | None = None
    lent_id: int | None = None

    @property
    def is_hidden(self) -> bool:
        return self.secrecy in HIDDEN


@dataclass(frozen=True, slots=True, order=True)
class Membership:
    principal: str
    role: str
    level: int
    via: str


def memberships(matter: MatterView) -> frozenset[Membership]:
    """Everybody who may see the matter now. A draft is its writers' alone."""
    wanted = set(_writers(matter))
    if matter.is_submitted:
        wanted |= set(_offices(matter))
        wanted |= set(_staff(matter))
        wanted |= set(_overseers(matter))
    return frozenset(wanted)


def _writers(matter: MatterView) -> Iterable[Membership]:
    if matter.initiator_id:
        yield Membership(principals.person(matter.initiator_id), "INITIATOR", WRITE, "initiator")
    if matter.lead_id:
        yield Membership(principals.person(matter.lead_id), "LEAD", WRITE, "lead")


def _department_ids(matter: MatterView) -> list[int]:
    own = [matter.lead_department_id] if matter.lead_department_id else []
    return [*own, *(party.department_id for party in matter.parties)]


def _offices(matter: MatterView) -> Iterable[Membership]:
    for department_id in _department_ids(matter):
        yield Membership(principals.head(department_id), "HEAD", READ, f"head:{department_id}")
    for party in matter.parties:
        if party.contact_id:
            yield Membership(principals.person(party.contact_id), "CONTACT", READ, f"contact:{party.department_id}")
    if matter.lent_id:
        yield Membership(principals.person(matter.lent_id), "READER", READ, "lent")
    if matter.lead_department_id:
        yield Membership(
            principals.executive(matter.lead_department_id), "EXECUTIVE", READ, f"executive:{matter.lead_department_id}"
        )


def _staff(matter: MatterView) -> Iterable[Membership]:
    if matter.is_hidden or matter.visibility in CLOSED:
        return
    departments = _department_ids(matter)
    for department_id in departments[:1] if matter.visibility == "OWN_DEPT" else departments:
        yield Membership(principals.department(department_id), "STAFF", READ, f"department:{department_id}")
    if matter.visibility == "ALL_STAFF" or matter.is_imported:
        yield Membership(principals.EVERYONE, "READER", READ, "everyone")


def _overseers(matter: MatterView) -> Iterable[Membership]:
    level = OUTLINE if matter.is_hidden else READ
    yield Membership(principals.PMO, "PMO", level, "pmo")
    if matter.is_to_file:
        yield Membership(principals.FILING, "RECORDER", level, "filing")
        if matter.is_hidden and matter.filer_id:
            yield Membership(principals.person(matter.filer_id), "RECORDER", READ, FILER)
