"""Text that a spreadsheet would compute, guarded on its way out and taken as it was on its way in (AT57)."""

FORMULA = frozenset("=+-@\t\r＝＋－＠")


def guarded(text: str) -> str:
    """One apostrophe before what a spreadsheet would compute, also where apostrophes stand there already."""
    return f"'{text}" if _looks_computed(text) else text


def unguarded(text: str) -> str:
    """The text as it was before `guarded`."""
    return text[1:] if text.startswith("'") and _looks_computed(text) else text


def _looks_computed(text: str) -> bool:
    return text.lstrip("'")[:1] in FORMULA and text.strip("'") != ""
