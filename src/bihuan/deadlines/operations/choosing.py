"""The company chooses what an hour of a rule is (Q1)."""

from datetime import datetime

from django.db import transaction

from bihuan.clock.errors import ClockError
from bihuan.clock.limits import parse_profile
from bihuan.deadlines.errors import RuleStale
from bihuan.deadlines.facts import ProfileChosen
from bihuan.deadlines.models import RuleChoice
from bihuan.deadlines.policy.table import RULES
from bihuan.deadlines.queries.choices import CHOICES
from bihuan.deadlines.rules import may_choose_profiles
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotAllowed, NotFound, Refused
from bihuan.kernel.findings import Finding, error
from bihuan.ledger import operations as ledger


@transaction.atomic
def choose_profile(rule_id: str, *, profile: str, seen_revision: int, actor: Actor, at: datetime) -> RuleChoice:
    """Say whether the hours of a rule are elapsed hours or working time, or, empty, leave it to the rule.

    For what begins from now on: what runs keeps what it began by (domain §4.1). Records ``ProfileChosen``, nothing when
    it is so already. Raises ``NotAllowed``, ``NotFound``, ``Refused`` for a rule without such hours and a profile that
    does not exist, ``RuleStale``.
    """
    if not may_choose_profiles(actor):
        raise NotAllowed
    wanted = _wanted(rule_id, profile)
    choice, _made = RuleChoice.objects.select_for_update().get_or_create(rule=rule_id)
    if choice.revision != seen_revision:
        raise RuleStale
    before = choice.profile
    if before == wanted:
        return choice
    choice.profile, choice.revision = wanted, seen_revision + 1
    choice.save(update_fields=["profile", "revision"])
    fact = ProfileChosen(rule=rule_id, before=before, after=wanted)
    ledger.record(fact, actor=actor, root=CHOICES, scope_id=None, at=at)
    return choice


def _wanted(rule_id: str, profile: str) -> str:
    rule = RULES.get(rule_id)
    if rule is None:
        raise NotFound
    if not rule.may_count_work:
        raise Refused([error("deadlines.hours_not_open", "rule", rule=rule_id)])
    try:
        return parse_profile(profile).value if profile.strip() else ""
    except ClockError as refused:
        raise Refused([Finding(refused.code, refused.place, refused.params)]) from None
