"""Fields a playbook adds to a form: whether they can be asked for beside those the form has."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from bihuan.collaborations.policy.body import normal
from bihuan.collaborations.policy.playbook import PlaybookPlan
from bihuan.kernel.findings import Finding, error

CHOICE = "CHOICE"
LABELS = ("label", "label_en")
"""The words of a field that its readers see, in the one and in the other language."""
Said = Mapping[str, Any]


def check_fields(
    said: Sequence[Said],
    plan: PlaybookPlan,
    *,
    kinds: Sequence[str],
    taken: Mapping[str, frozenset[str]],
    called: Mapping[str, Mapping[str, Collection[str]]] = MappingProxyType({}),
) -> Iterator[Finding]:
    """Fields of forms nobody asks for, of kinds there are not, under a name that is taken, called as another one,
    without options.

    `taken` holds by form the names that its own fields and its page have, `called` what its own fields are called, by
    the word of `LABELS`; those of unknown forms are told elsewhere.
    """
    seen: set[tuple[str, str]] = set()
    for index, field in enumerate(said):
        place, form, key = f"extra_fields.{index}", field["form"], field["key"]
        if not plan.asks_for(form):
            yield error("collaborations.playbook_field_unasked", f"{place}.form", form=form)
        if field["kind"] not in kinds:
            yield error(
                "collaborations.playbook_field_kind", f"{place}.kind", kind=field["kind"], kinds=", ".join(kinds)
            )
        if key in taken.get(form, ()):
            yield error("collaborations.playbook_field_taken", f"{place}.key", field=key, form=form)
        if (form, key) in seen:
            yield error("collaborations.playbook_field_twice", f"{place}.key", field=key, form=form)
        seen.add((form, key))
        yield from _alike(said, index, called.get(form, {}))
        yield from _options(field, place)


def _alike(said: Sequence[Said], index: int, own: Mapping[str, Collection[str]]) -> Iterator[Finding]:
    """Called as a field of the form, or as one added before it, by readers of either language."""
    form, told = said[index]["form"], set()
    others = [field for field in said[:index] if field["form"] == form]
    for word in LABELS:
        at, label = _label(said[index], word)
        if not label or at in told:
            continue
        if normal(label) in {normal(_label(field, word)[1]) for field in others}:
            told.add(at)
            yield error(
                "collaborations.playbook_field_label_twice", f"extra_fields.{index}.{at}", label=label, form=form
            )
        elif normal(label) in map(normal, own.get(word, ())):
            told.add(at)
            yield error(
                "collaborations.playbook_field_label_taken", f"extra_fields.{index}.{at}", label=label, form=form
            )


def _label(field: Said, word: str) -> tuple[str, str]:
    """What readers of a language see, and which word says it: the first one where the other says nothing."""
    at = word if str(field.get(word) or "").strip() else LABELS[0]
    return at, str(field.get(at) or "").strip()


def _options(field: Said, place: str) -> Iterator[Finding]:
    options = [option["value"] for option in field.get("choices", ())]
    if field["kind"] == CHOICE and len(options) < 2:
        yield error("collaborations.playbook_field_without_choices", f"{place}.choices", field=field["key"])
    if field["kind"] != CHOICE and options:
        yield error("collaborations.playbook_field_stray_choices", f"{place}.choices", field=field["key"])
    for at, option in enumerate(options):
        if option in options[:at]:
            yield error("collaborations.playbook_field_choice_twice", f"{place}.choices.{at}.value", option=option)
