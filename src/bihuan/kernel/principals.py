"""Principals: the short keys by which scopes, slots and loops name who is meant.

A key names a person or an office, never a person *because of* an office, so whoever
holds the office now is meant without any row being rewritten.
"""

EVERYONE = "all"
PMO = "g:pmo"
FILING = "g:filing"
ADMINISTRATOR = "g:admin"
EXECUTIVES = "g:executive"


def person(person_id: int) -> str:
    return f"p:{person_id}"


def department(department_id: int) -> str:
    """Everybody who holds a post in the department or below it."""
    return f"d:{department_id}"


def head(department_id: int) -> str:
    return f"h:{department_id}"


def executive(department_id: int) -> str:
    """The executive in charge of the department."""
    return f"x:{department_id}"


def split(principal: str) -> tuple[str, int | None]:
    """Kind letter and row id; the id is None for groups and for everyone."""
    kind, _, rest = principal.partition(":")
    return (kind, int(rest)) if rest.isdigit() else (kind, None)
