"""What the help of a form says of time: the limits that the playbook of its matter has for the rules."""

import re
from dataclasses import replace
from typing import Any

from bihuan.collaborations import queries as collaborations
from bihuan.collaborations.policy.playbook import PlaybookPlan
from bihuan.deadlines.policy.table import RULES
from bihuan.deadlines.policy.terms import RULES_ALONE, Terms
from bihuan.records.schema import Field, Form, Section
from bihuan.web.deadlines.views import limit_text

NAMED = re.compile(r"%\((T\d\d)\)s")
"""A rule in a help, `%(T22)s`: how long its clock runs is said there."""
SENT_BY = ("T04", "T05")
"""The rules by which minutes go out; a playbook has one of them."""


def in_time(form: Form, record: Any) -> Form:
    """The form with the limits written out in its helps. One query where a help names a rule, else none."""
    named = {rule for section in form.sections for field in section.fields for rule in _named(field)}
    if not named:
        return form
    version = collaborations.version_under(record.root_id) if record.root_kind == "collaboration" else None
    plan = collaborations.plan_in(version) if version is not None else None
    terms = collaborations.terms_for(version) if version is not None else RULES_ALONE
    said = {rule: _limit(rule, plan, terms) for rule in named}
    return replace(form, sections=tuple(_told(section, said) for section in form.sections))


def _named(field: Field) -> list[str]:
    return NAMED.findall(str(field.help))


def _limit(rule: str, plan: PlaybookPlan | None, terms: Terms) -> str:
    runs = plan.minutes_clock if plan is not None and rule in SENT_BY and plan.minutes_clock else rule
    return limit_text(str(terms.limit_of(RULES[runs])))


def _told(section: Section, said: dict[str, str]) -> Section:
    fields = tuple(
        replace(field, help=str(field.help) % {rule: said[rule] for rule in named})
        if (named := _named(field))
        else field
        for field in section.fields
    )
    return replace(section, fields=fields)
