"""What happened to the organisation. All on the chain of the organisation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from bihuan.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class SiteAdded(Fact):
    name: ClassVar[str] = "organisation.site.added"
    site_id: int
    site_name: str
    time_zone: str


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
    """Cannot sign in any more; the posts and charges that were open end with the day."""

    name: ClassVar[str] = "organisation.person.deactivated"
    person_id: int
    ended_post_ids: Sequence[int]
    ended_charge_ids: Sequence[int]


@dataclass(frozen=True, kw_only=True)
class PersonAppointed(Fact):
    name: ClassVar[str] = "organisation.post.appointed"
    post_id: int
    person_id: int
    department_id: int
    title: str
    kind: str
    starts_on: str


@dataclass(frozen=True, kw_only=True)
class PostEnded(Fact):
    name: ClassVar[str] = "organisation.post.ended"
    post_id: int
    person_id: int
    department_id: int
    ends_on: str


@dataclass(frozen=True, kw_only=True)
class ExecutivePutInCharge(Fact):
    """`person_id` empty: nobody is in charge from that day, and the executive above is."""

    name: ClassVar[str] = "organisation.charge.put"
    department_id: int
    person_id: int | None
    instead_of: int | None
    starts_on: str


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
