"""Tables of the organisation."""

from bihuan.organisation.models.calendars import (
    Calendar,
    CalendarDay,
    OfficialDay,
    OfficialYear,
    WorkingHours,
    WorkingTimeMark,
)
from bihuan.organisation.models.credentials import SignInAttempt, Token
from bihuan.organisation.models.departments import Charge, Department, Post, Site
from bihuan.organisation.models.deputies import Absence, Deputy
from bihuan.organisation.models.people import NameKey, Person
from bihuan.organisation.models.planned import PlannedChange
from bihuan.organisation.models.reorganisations import Reorganisation
from bihuan.organisation.models.turns import DutyTurn

__all__ = [
    "Absence",
    "Calendar",
    "CalendarDay",
    "Charge",
    "Department",
    "Deputy",
    "DutyTurn",
    "NameKey",
    "OfficialDay",
    "OfficialYear",
    "Person",
    "PlannedChange",
    "Post",
    "Reorganisation",
    "SignInAttempt",
    "Site",
    "Token",
    "WorkingHours",
    "WorkingTimeMark",
]
