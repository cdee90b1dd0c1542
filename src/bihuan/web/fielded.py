"""A text that is written in fields or by hand: what the pages of playbooks and of routes share."""

from dataclasses import dataclass

from bihuan.web.http import Request

FIELDS, TEXT = "fields", "text"
BY = {"up": -1, "down": 1}
LONGEST_WORD = 40


@dataclass(frozen=True, slots=True)
class Typed:
    """The text as it was written, or as the fields say it; `mode` is the way in which it is shown."""

    text: str
    mode: str


def act_on(act: str) -> tuple[str, int]:
    """What a button does, and to which row: `step_up:2`; -1 where it names none."""
    what, _colon, place = act.partition(":")
    return what, int(place) if place.isascii() and place.isdigit() and len(place) < 4 else -1


def ticked(request: Request, name: str, *, most: int) -> list[str]:
    return [each[:LONGEST_WORD] for each in request.POST.getlist(name)[:most]]
