"""Fields a playbook adds to a form: whether they can be asked for beside those the form has."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bihuan.collaborations.policy.body import normal
from bihuan.collaborations.policy.playbook import PlaybookPlan
from bihuan.kernel.findings import Finding, error

CHOICE = "CHOICE"
LABELS = ("label", "label_en")
Said = Mapping[str, Any]


def check_fields(
    said: Sequence[Said], plan: PlaybookPlan, *, kinds: Sequence[str], taken: Mapping[str, frozenset[str]]
) -> Iterator[Finding]:
    """Fields of forms nobody asks for, of kinds there are not, under a name that is taken, called as another one,
    without options.

    `taken` holds by form the names that its own fields and its page have; those of unknown forms are told elsewhere.
    """
    seen: set[tuple[str, str]] = set()
    called: set[tuple[str, str, str]] = set()
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
        for word in LABELS:
            label = str(field.get(word) or "").strip()
            name = form, word, normal(label)
            if label and name in called:
                yield error("collaborations.playbook_field_label_twice", f"{place}.{word}", label=label, form=form)
            called.add(name)
        yield from _options(field, place)


def _options(field: Said, place: str) -> Iterator[Finding]:
    options = [option["value"] for option in field.get("choices", ())]
    if field["kind"] == CHOICE and len(options) < 2:
        yield error("collaborations.playbook_field_without_choices", f"{place}.choices", field=field["key"])
    if field["kind"] != CHOICE and options:
        yield error("collaborations.playbook_field_stray_choices", f"{place}.choices", field=field["key"])
    for at, option in enumerate(options):
        if option in options[:at]:
            yield error("collaborations.playbook_field_choice_twice", f"{place}.choices.{at}.value", option=option)
