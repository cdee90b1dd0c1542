"""Fields that a playbook adds to a form: said as plain data, read back as fields like any other."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.functional import lazy
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from bihuan.records.schema import Choice, Field, Form, Kind, Section, Text

KINDS = (
    Kind.TEXT, Kind.LONGTEXT, Kind.INTEGER, Kind.NUMBER, Kind.MONEY, Kind.DATE, Kind.INSTANT, Kind.BOOL, Kind.CHOICE,
    Kind.PERSON, Kind.DEPARTMENT, Kind.SITE,
)  # fmt: skip
"""What an added field may hold: single values, no tables."""
SECTION = "extra"
RESERVED = frozenset({"id", "typed", "revision", "over", "file", "csrfmiddlewaretoken"})
"""Names that pages of forms send for themselves."""


def _in_language(zh: str, en: str) -> str:
    return zh if (get_language() or "zh").startswith("zh") else en


in_language = lazy(_in_language, str)


def bilingual(zh: str, en: str) -> Text:
    """The text of the reader's language; the Chinese one where there is no English."""
    return in_language(zh, en) if en and en != zh else zh


def keys_of(form: Form) -> frozenset[str]:
    """The names that an added field of the form may not have."""
    return RESERVED | {field.key for field in form.fields()}


def labels_of(form: Form) -> dict[str, frozenset[str]]:
    """What the form's own fields are called, by the word in which an added field says it in that language."""
    return {word: _labels_in(language, form) for word, language in (("label", "zh-hans"), ("label_en", "en"))}


def _labels_in(language: str, form: Form) -> frozenset[str]:
    with override(language):
        return frozenset(str(field.label) for field in form.fields())


def extended(form: Form, said: Sequence[Mapping[str, Any]]) -> Form:
    """The form with a last section of the fields that were added to it; the form itself when there are none."""
    if not said:
        return form
    section = Section(SECTION, _("Fields of this playbook"), tuple(map(read_field, _free(form, said))))
    return replace(form, sections=(*form.sections, section))


def _free(form: Form, said: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Those the form has no field for: one that a later edition of the product brings along wins."""
    taken = keys_of(form)
    return [each for each in said if each["key"] not in taken]


def read_field(said: Mapping[str, Any]) -> Field:
    """One added field; the words are those of `playbook_text.FieldText`."""
    return Field(
        key=said["key"],
        kind=Kind(said["kind"]),
        label=bilingual(said["label"], said.get("label_en", "")),
        help=bilingual(said.get("help", ""), said.get("help_en", "")),
        required=said.get("required", False),
        choices=tuple(
            Choice(each["value"], bilingual(each["label"], each.get("label_en", "")))
            for each in said.get("choices", ())
        ),
    )
