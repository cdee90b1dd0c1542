"""What happened to the organisation. All on the chain of the organisation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from bihuan.kernel.facts import Fact
from bihuan.kernel.subjects import SubjectRef

ROOT = SubjectRef("organisation", 1)
"""Everything that happens to the organisation stands on one chain, calendars besides."""


@dataclass(frozen=True, kw_only=True)
class SiteAdded(Fact):
    name: ClassVar[str] = "organisation.site.added"
    site_id: int
    site_name: str
    time_zone: str


@dataclass(frozen=True, kw_only=True)
class SiteChanged(Fact):
    """Renamed, or put into another time zone."""

    name: ClassVar[str] = "organisation.site.changed"
    site_id: int
    before: Mapping[str, str]
    after: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class DepartmentAdded(Fact):
    name: ClassVar[str] = "organisation.department.added"
    department_id: int
    values: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class DepartmentChanged(Fact):
    """Renamed, moved, given another function or site: only what differs, before and after."""

    name: ClassVar[str] = "organisation.department.changed"
    department_id: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class DepartmentClosed(Fact):
    name: ClassVar[str] = "organisation.department.closed"
    department_id: int


@dataclass(frozen=True, kw_only=True)
class DepartmentsMerged(Fact):
    """One department went into another with its people and the departments below it."""

    name: ClassVar[str] = "organisation.departments.merged"
    reorganisation_id: int
    department_id: int
    into_id: int
    moved_post_ids: Sequence[int]
    moved_department_ids: Sequence[int]
    function: str


@dataclass(frozen=True, kw_only=True)
class DepartmentSplit(Fact):
    """Part of a department became a new one, with some of its people and matters."""

    name: ClassVar[str] = "organisation.department.split"
    reorganisation_id: int
    department_id: int
    into_id: int
    into_name: str
    moved_post_ids: Sequence[int]
    matter_ids: Sequence[int]


@dataclass(frozen=True, kw_only=True)
class ChangePlanned(Fact):
    """A department is to be renamed, moved or merged from a day to come."""

    name: ClassVar[str] = "organisation.change.planned"
    planned_id: int
    department_id: int
    kind: str
    starts_on: str
    values: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class PlannedChangeCancelled(Fact):
    name: ClassVar[str] = "organisation.change.cancelled"
    planned_id: int
    department_id: int
    starts_on: str


@dataclass(frozen=True, kw_only=True)
class PlannedChangeRefused(Fact):
    """The day came, and what was planned was not possible any more."""

    name: ClassVar[str] = "organisation.change.refused"
    planned_id: int
    department_id: int
    starts_on: str
    codes: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class PersonAdded(Fact):
    name: ClassVar[str] = "organisation.person.added"
    person_id: int
    values: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class PersonChanged(Fact):
    name: ClassVar[str] = "organisation.person.changed"
    person_id: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class PersonDeactivated(Fact):
    """Cannot sign in any more; the posts and charges that were open end with the day, the tokens at once."""

    name: ClassVar[str] = "organisation.person.deactivated"
    person_id: int
    ended_post_ids: Sequence[int]
    ended_charge_ids: Sequence[int]
    revoked_token_ids: Sequence[int] = ()
    ended_deputy_ids: Sequence[int] = ()
    ended_turn_ids: Sequence[int] = ()


@dataclass(frozen=True, kw_only=True)
class PersonAppointed(Fact):
    name: ClassVar[str] = "organisation.post.appointed"
    post_id: int
    person_id: int
    department_id: int
    title: str
    kind: str
    starts_on: str
    is_main: bool = True
    ends_on: str | None = None


@dataclass(frozen=True, kw_only=True)
class PostChanged(Fact):
    """Whether a post is the main one of the person, by whose site he works, or held beside it; its first day."""

    name: ClassVar[str] = "organisation.post.changed"
    post_id: int
    person_id: int
    department_id: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class PostEnded(Fact):
    name: ClassVar[str] = "organisation.post.ended"
    post_id: int
    person_id: int
    department_id: int
    ends_on: str


@dataclass(frozen=True, kw_only=True)
class PostHandedOver(Fact):
    """One person's post ended and another's began on the same day."""

    name: ClassVar[str] = "organisation.post.handed_over"
    post_id: int
    new_post_id: int
    department_id: int
    before: int
    after: int
    title: str
    kind: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ExecutivePutInCharge(Fact):
    """`person_id` empty: nobody is in charge from that day, and the executive above is."""

    name: ClassVar[str] = "organisation.charge.put"
    department_id: int
    person_id: int | None
    instead_of: int | None
    starts_on: str


@dataclass(frozen=True, kw_only=True)
class DeputyNamed(Fact):
    """Added to the list of a person's deputies, or put in the place of one who leaves (`instead_of`)."""

    name: ClassVar[str] = "organisation.deputy.named"
    deputy_row_id: int
    person_id: int
    deputy_id: int
    instead_of: int | None
    kinds: Sequence[str]
    starts_on: str
    ends_on: str | None
    forms: Sequence[str] = ()
    amount_limit: str | None = None
    collaborations: Sequence[int] = ()


@dataclass(frozen=True, kw_only=True)
class DeputyEnded(Fact):
    name: ClassVar[str] = "organisation.deputy.ended"
    deputy_row_id: int
    person_id: int
    deputy_id: int


@dataclass(frozen=True, kw_only=True)
class AbsenceNoted(Fact):
    """Never why: that is nobody's business but of those who read the person's page."""

    name: ClassVar[str] = "organisation.absence.noted"
    absence_id: int
    person_id: int
    starts_on: str
    ends_on: str


@dataclass(frozen=True, kw_only=True)
class AbsenceEnded(Fact):
    name: ClassVar[str] = "organisation.absence.ended"
    absence_id: int
    person_id: int
    ends_on: str


@dataclass(frozen=True, kw_only=True)
class PutOnDuty(Fact):
    """On the list of who is on duty for the PMO, perhaps in the place of one who leaves (`instead_of`)."""

    name: ClassVar[str] = "organisation.duty_turn.put"
    turn_id: int
    person_id: int
    instead_of: int | None
    starts_on: str
    ends_on: str | None


@dataclass(frozen=True, kw_only=True)
class TurnOfDutyEnded(Fact):
    name: ClassVar[str] = "organisation.duty_turn.ended"
    turn_id: int
    person_id: int
    ends_on: str


@dataclass(frozen=True, kw_only=True)
class PasswordSet(Fact):
    """Never the password."""

    name: ClassVar[str] = "organisation.password.set"
    person_id: int


@dataclass(frozen=True, kw_only=True)
class TokenIssued(Fact):
    name: ClassVar[str] = "organisation.token.issued"
    token_id: int
    person_id: int
    prefix: str
    scopes: Sequence[str]
    expires_at: str | None


@dataclass(frozen=True, kw_only=True)
class TokenRevoked(Fact):
    name: ClassVar[str] = "organisation.token.revoked"
    token_id: int
    person_id: int


@dataclass(frozen=True, kw_only=True)
class WorkingHoursSet(Fact):
    """The hours of a site, or of the whole company, from a day on; `before` is what held on that day until now."""

    name: ClassVar[str] = "organisation.calendar.hours_set"
    calendar_id: int
    place: str
    starts_on: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class CalendarDaySet(Fact):
    """A day is closed, worked, or has hours of its own; `before` is empty when nothing was said of it."""

    name: ClassVar[str] = "organisation.calendar.day_set"
    calendar_id: int
    place: str
    day: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class CalendarDayCleared(Fact):
    """The day is again what its weekday and the country say."""

    name: ClassVar[str] = "organisation.calendar.day_cleared"
    calendar_id: int
    place: str
    day: str
    before: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class OfficialYearLoaded(Fact):
    """The official days of a country in a year, whole; `before` are the days that a notice loaded earlier said."""

    name: ClassVar[str] = "organisation.official_year.loaded"
    country: str
    year: int
    source: str
    before: Sequence[Mapping[str, Any]]
    after: Sequence[Mapping[str, Any]]
