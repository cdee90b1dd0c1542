"""What somebody above says of a rule for the matters he answers for: other limits, another count of hours."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bihuan.clock import Limit, Profile, parse_limit
from bihuan.deadlines.policy.table import Rule

Place = tuple[str, str]
"""A rule and the kind it is asked by, empty for the usual."""


@dataclass(frozen=True, slots=True)
class Terms:
    """`said_by` names whose terms they are; they hold for what begins while they do (domain §4.1)."""

    said_by: str = ""
    limits: Mapping[Place, str] = field(default_factory=dict)
    profiles: Mapping[Place, Profile] = field(default_factory=dict)

    def limit_of(self, rule: Rule, kind: str = "") -> Limit:
        """The limit said for this kind; the usual one said stands for kinds the rule does not tell apart itself."""
        said = self.limits.get((rule.id, kind_of(rule, kind)))
        return parse_limit(said) if said else rule.limit(kind)

    def profile_of(self, rule: Rule, kind: str, chosen: Profile | None) -> Profile | None:
        """What is said here comes before what the company chose for the rule."""
        return self.profiles.get((rule.id, kind_of(rule, kind)), chosen)

    def name_for(self, rule: Rule, kind: str = "") -> str:
        """Whose word the limit is, empty for the rule's own."""
        place = rule.id, kind_of(rule, kind)
        return self.said_by if place in self.limits or place in self.profiles else ""


def kind_of(rule: Rule, kind: str) -> str:
    return kind if kind in rule.limits else ""


RULES_ALONE = Terms()
"""Nothing said: every rule as it is."""
