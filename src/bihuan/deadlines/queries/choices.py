"""What the company chose for its rules of time, and what each would make of now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from bihuan import clock
from bihuan.clock import Profile
from bihuan.deadlines.enums import OPEN
from bihuan.deadlines.models import Deadline, RuleChoice
from bihuan.deadlines.policy.table import TABLE, Rule
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger.queries import TimelineEntry, open_timeline
from bihuan.organisation.queries import schedule_of_site

CHOICES = SubjectRef("time_rules", 1)
SHOWN = 30


@dataclass(frozen=True, slots=True)
class RuleCard:
    """A bound rule. `chosen` is what the company said, `profile` what holds for what begins now; `running` counts what
    runs by each profile; `from_now` says when it would be due by each, in the company's own calendar."""

    rule: Rule
    chosen: Profile | None
    profile: Profile
    revision: int
    running: Mapping[Profile, int]
    from_now: Mapping[Profile, datetime]

    @property
    def older(self) -> int:
        """How many run on by what held when they began."""
        others = (count for profile, count in self.running.items() if profile is not self.profile)
        return sum(others) if self.rule.may_count_work else 0


def chosen_profile(rule: Rule) -> Profile | None:
    """One query for a rule that leaves a choice, none for others."""
    if not rule.may_count_work:
        return None
    found = RuleChoice.objects.filter(rule=rule.id).first()
    return found.chosen if found else None


def rule_cards(at: datetime) -> list[RuleCard]:
    """The rules that are bound, in their order. A fixed number of queries."""
    choices = {row.rule: row for row in RuleChoice.objects.all()}
    running: dict[str, dict[Profile, int]] = {}
    open_ones = Deadline.objects.filter(state__in=OPEN)
    for row in open_ones.order_by().values("rule", "profile").annotate(count=Count("pk")):
        running.setdefault(row["rule"], {})[Profile(row["profile"])] = row["count"]
    schedule = schedule_of_site(None)
    return [
        RuleCard(
            rule,
            choice.chosen if (choice := choices.get(rule.id)) else None,
            rule.profile_of(choice.chosen if choice else None),
            choice.revision if choice else 0,
            running.get(rule.id, {}),
            {each: clock.add(schedule, at, rule.limit(), each).at for each in Profile} if rule.may_count_work else {},
        )
        for rule in TABLE
        if rule.is_bound
    ]


def history_of_choices() -> list[TimelineEntry]:
    """Who chose what, newest first. One query."""
    return open_timeline(CHOICES, limit=SHOWN)
