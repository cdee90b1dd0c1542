"""The catalogue: every finding and error code with its sentence and how to mend it, in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bihuan.kernel.findings import Finding


@dataclass(frozen=True, slots=True)
class Sentence:
    """`what` says what is wrong and why, `mend` what to do. Both may name the finding's params as {param}."""

    what: "str | Promise"
    mend: "str | Promise" = ""


@dataclass(frozen=True, slots=True)
class Explained:
    code: str
    place: str
    severity: str
    what: str
    mend: str


_SENTENCES: dict[str, Sentence] = {}


class DuplicateCode(Exception):
    """Two rooms registered one code."""


def register(sentences: Mapping[str, Sentence]) -> None:
    """Add a room's codes. Called from its `apps.py`."""
    for code, sentence in sentences.items():
        if _SENTENCES.get(code, sentence) != sentence:
            raise DuplicateCode(code)
        _SENTENCES[code] = sentence


def explain(finding: Finding) -> Explained:
    """The finding in the active language. An unregistered code is a programming error."""
    sentence = _SENTENCES[finding.code]
    params: Mapping[str, Any] = finding.params
    return Explained(
        code=finding.code,
        place=finding.place,
        severity=finding.severity.value,
        what=str(sentence.what).format(**params),
        mend=str(sentence.mend).format(**params),
    )


def registered() -> Mapping[str, Sentence]:
    return _SENTENCES


KERNEL = {
    "kernel.error": Sentence(_("This could not be done."), _("Try again; tell the administrator if it stays so.")),
    "kernel.not_found": Sentence(_("There is no such page, or it is not open to you."), _("Go back to your desk.")),
    "kernel.not_allowed": Sentence(
        _("You can read this, but the act belongs to somebody else."), _("Ask the person named on the page.")
    ),
    "kernel.stale": Sentence(
        _("Somebody else was faster, or the text has changed since you opened it."),
        _("Look at the new state and decide again. What you typed is still here."),
    ),
    "kernel.refused": Sentence(_("Some things are missing or do not fit."), _("They are named one by one.")),
}
