"""How the clock says no: a code, the place, and the values its sentence names."""

from typing import Any


class ClockError(Exception):
    """Something asked of the clock has no answer. `sentences` says why, and how to mend it."""

    def __init__(self, code: str, place: str = "", **params: Any) -> None:
        super().__init__(code, place, params)
        self.code = code
        self.place = place
        self.params = params
