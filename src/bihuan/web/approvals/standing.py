"""Words for who signs: for which office, in whose place, and by which rule."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bihuan.approvals.registry import spoken
from bihuan.records.registry import registered
from bihuan.web import formats


def office_text(key: str) -> str:
    """What a route calls an office that no department stands behind, by the key of its slot."""
    offices = {role.lower(): words for role, words in spoken().roles.items() if role != "EXECUTIVE"}
    return str(offices.get(key) or _("Executive in charge"))


def rule_text(rule: Mapping[str, Any]) -> str:
    """The line of a list of deputies as it stood when somebody signed by it: papers, amount, days."""
    known = registered()
    said = [str(known[code].form.title) if code in known else code for code in rule.get("forms", ())]
    if rule.get("amount_limit"):
        said.append(_("up to %(amount)s") % {"amount": formats.money_text(rule["amount_limit"])})
    first, last = rule.get("starts_on"), rule.get("ends_on")
    if first:
        said.append(_("from %(day)s") % {"day": formats.date_text(first, weekday=False)})
    if last:
        said.append(_("until before %(day)s") % {"day": formats.date_text(last, weekday=False)})
    return " · ".join(said)


def stands_in_text(rule: Mapping[str, Any]) -> str:
    """Empty for who signed in his own right."""
    return _("deputy of %(name)s: %(rule)s") % {"name": rule["absent"], "rule": rule_text(rule)} if rule else ""
