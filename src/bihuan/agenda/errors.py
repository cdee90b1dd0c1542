"""How the room says no."""

from bihuan.kernel.errors import DomainError, NotAllowed, Stale


class ReadTooOften(DomainError):
    """One address was read too often within five minutes, or too many unknown ones were tried from one place."""

    code = "agenda.read_too_often"
    status = 429


class NotOfTheDepartment(NotAllowed):
    """A department's feed is for its head, its contact persons and the executive in charge."""

    code = "agenda.not_of_the_department"


class CalendarsInUse(Exception):
    """Somebody may still be counting by the calendars from before; the recount begins a little later."""


class PreviewStale(Stale):
    """Other deadlines would move than those that were shown."""

    code = "agenda.preview_stale"
