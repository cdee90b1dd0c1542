"""Default deny: a view is for people who are signed in, unless it is marked here."""

from collections.abc import Callable
from typing import Any, TypeVar

MARK = "open_to_everyone"
View = TypeVar("View", bound=Callable[..., Any])


def open_to_everyone(view: View) -> View:
    """Let people in who are not signed in. The mark is on the view itself; no path or name is ever matched."""
    setattr(view, MARK, True)
    return view


def is_open(view: Callable[..., Any]) -> bool:
    return getattr(view, MARK, False) is True
