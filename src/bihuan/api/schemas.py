"""The few shapes every room's routes share. What comes in is strict; what goes out is written down field by field."""

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictInt, StrictStr
from pydantic_core import PydanticCustomError

from bihuan.clock.calendars import FIRST_YEAR, LAST_YEAR

NO_DAY = "day"
ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
LARGEST_ID = 2**63 - 1
Item = TypeVar("Item")


def _iso_day(value: Any) -> date:
    """Only `2026-11-21`, in the years of the clock: pydantic would read a number as seconds since 1970."""
    if isinstance(value, str) and ISO_DAY.fullmatch(value):
        with suppress(ValueError):
            day = date.fromisoformat(value)
            if FIRST_YEAR <= day.year <= LAST_YEAR:
                return day
    raise PydanticCustomError(NO_DAY, "a day is written 2026-11-21")


def _no_flag(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("a number")  # noqa: TRY004  pydantic takes a ValueError
    return value


Id = Annotated[StrictInt, Field(ge=1, le=LARGEST_ID)]
IdAsked = Annotated[int, Field(ge=1, le=LARGEST_ID)]
"""An id in an address, where every number is text."""
Revision = Annotated[StrictInt, Field(ge=0, le=2**31 - 1)]
Percent = Annotated[StrictInt, Field(ge=0, le=100)]
Flag = StrictBool
Words = Annotated[StrictStr, Field(max_length=10_000)]
Line = Annotated[StrictStr, Field(max_length=500)]
Code = Annotated[StrictStr, Field(max_length=40)]
Digest = Annotated[StrictStr, Field(max_length=64)]
Day = Annotated[date, BeforeValidator(_iso_day)]
Amount = Annotated[Decimal, BeforeValidator(_no_flag), Field(max_digits=24, decimal_places=6, allow_inf_nan=False)]


class In(BaseModel):
    """What comes in: a field that is not named is refused, never ignored (AT28, AT61)."""

    model_config = ConfigDict(extra="forbid")


class Out(BaseModel):
    """What goes out, read from rows and cards by name."""

    model_config = ConfigDict(from_attributes=True)


class Seen(In):
    """The revision the caller decided on."""

    seen_revision: Revision


class SeenWithReason(Seen):
    reason: Words


class Reason(In):
    reason: Words


class Page(BaseModel, Generic[Item]):
    """One envelope for every list. `next` goes into `?before=` for the rest; null at the end."""

    items: list[Item]
    next: str | None = None


class Keyed(In):
    """Where a list goes on: the `next` of the page before."""

    before: IdAsked | None = None


class Receipt(Out):
    """What an act answers: the thing and how it stands now. Read it at `href`."""

    kind: str
    id: int
    href: str
    state: str
    revision: int | None = None


class FindingOut(Out):
    code: str
    place: str
    params: dict[str, Any]
    severity: str
    what: str
    mend: str


class Problem(Out):
    """Every refusal, as RFC 9457 says, with the same findings as the pages."""

    type: str
    title: str
    status: int
    code: str
    findings: list[FindingOut]


class Named(Out):
    """A person, department or site by id and name."""

    id: int
    name: str


def page(items: Iterable[Any], next_before: object = None) -> dict[str, Any]:
    return {"items": list(items), "next": str(next_before) if next_before else None}
