"""The table of time rules: which are bound, by which facts, and that somebody listens to each (`-s` prints it)."""

import sys

from django.apps import apps

from bihuan.collaborations import guards, watching
from bihuan.deadlines.policy.table import TABLE
from bihuan.deadlines.registry import bound
from bihuan.deadlines.sentences import RULE_NAMES
from bihuan.kernel.facts import Fact
from bihuan.ledger import subscriptions

ISSUES, MEETINGS = "issue tickets", "meetings"
NOT_YET = {
    "T01": ISSUES, "T02": ISSUES, "T27": ISSUES,
    "T09": MEETINGS, "T10": MEETINGS,
    "T12": MEETINGS, "T14": f"weekly {MEETINGS}", "T17": f"monthly reviews, which are {MEETINGS}", "T19": MEETINGS,
    "T20": MEETINGS, "T36": "urgent calls",
    "T15": "daily settings of a channel", "T16": "escalations", "T33": "escalations",
}  # fmt: skip


def named_facts(kind: type[Fact] = Fact) -> set[str]:
    found = {kind.name} if "name" in vars(kind) else set()
    return found.union(*(named_facts(below) for below in kind.__subclasses__()))


def test_the_table_of_rules_is_whole_and_every_fact_it_names_is_bound(capsys):
    assert apps.ready
    pairs = {(each.rule, each.fact) for each in bound()}
    for rule in TABLE:
        rooms = ", ".join(sorted({each.room for each in bound() if each.rule == rule.id}))
        how = f"bound in {rooms}" if rule.is_bound else f"not bound: no {NOT_YET.get(rule.id)}"
        how = f"held by the guard {rule.guard}" if rule.guard else how
        sys.stdout.write(f"{rule.id}  {how:45} {' '.join(sorted(rule.facts))}\n")
    assert [rule.id for rule in TABLE] == [f"T{number:02}" for number in range(1, 39)]
    assert pairs == {(rule.id, fact) for rule in TABLE for fact in rule.facts}
    shown = capsys.readouterr().out
    sys.stdout.write(shown)
    printed = shown.splitlines()
    assert len(printed) == 38
    assert {line[:3] for line in printed if "not bound" in line} == set(NOT_YET)


def test_what_nobody_owes_is_held_by_a_guard_that_is_there():
    """T26: acceptance does not begin before the window of a metric ends, unless its target is met."""
    held = [rule for rule in TABLE if rule.guard]
    assert [(rule.id, rule.guard, rule.is_bound) for rule in held] == [("T26", "G23", False)]
    assert watching.windows_have_ended in guards._GUARDS["G23"]


def test_every_bound_fact_exists_and_is_listened_to():
    heard = {getattr(subscription.fact_class, "name", "") for subscription in subscriptions._SUBSCRIPTIONS}
    named = {fact for rule in TABLE for fact in rule.facts}
    assert named <= named_facts()
    assert named <= heard


def test_every_bound_rule_has_a_name_for_people_and_no_other_has():
    assert set(RULE_NAMES) == {rule.id for rule in TABLE if rule.is_bound}
