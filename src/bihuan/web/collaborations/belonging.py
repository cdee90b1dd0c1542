"""What the overview says of matters that belong together, and what may be done about that."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from bihuan.collaborations import queries
from bihuan.collaborations.enums import Asking
from bihuan.collaborations.policy.playbook import key_of
from bihuan.collaborations.queries import petitions, relations
from bihuan.collaborations.queries.relations import RollUp
from bihuan.collaborations.rules import may_answer_join
from bihuan.organisation import queries as organisation

if TYPE_CHECKING:
    from bihuan.web.collaborations.sections import Opened


def related(opened: "Opened", departments: Collection[int]) -> dict[str, Any]:
    """What the overview says of matters that belong to this one, and what may be done about that.

    `departments` are those that lead it or take part.
    """
    matter, actor, at = opened.matter, opened.actor, opened.at
    below = relations.is_stood_on(matter)
    return {
        "follows": relations.followed(matter, actor, at=at),
        "followed_by": relations.followers(matter, actor, at=at) if below else [],
        "part_of": relations.parent(matter, actor, at=at),
        "rolled": relations.roll_up(matter, actor, at=at) if below else RollUp(),
        **joining_offered(opened, departments),
        **(follow_up_offered(opened) if matter.ended_at is not None else {"follow_departments": []}),
        **parents_offered(opened),
    }


def joining_offered(opened: "Opened", inside: Collection[int]) -> dict[str, Any]:
    """Who asks to take part, whether the reader may answer, and for which of his departments he may ask."""
    matter, actor = opened.matter, opened.actor
    if matter.ended_at is not None:
        return {"asking_to_join": [], "may_answer_join": False, "join_departments": []}
    asked = petitions.open_petitions(matter)
    outside = petitions.may_ask_to_join(actor, matter, inside=inside, asked=asked)
    cards = organisation.directory((), outside, opened.at).departments if outside else {}
    return {
        "asking_to_join": [each for each in asked if each.asking == Asking.JOIN],
        "may_answer_join": may_answer_join(actor, matter),
        "join_departments": sorted(((card.id, card.name) for card in cards.values()), key=lambda each: each[1]),
    }


def follow_up_offered(opened: "Opened") -> dict[str, Any]:
    """For which of his departments the reader may begin a follow-up, and on which playbooks."""
    mine = organisation.directory((), opened.actor.department_ids, opened.at).departments
    startable = queries.startable()
    used = queries.plan_of(opened.matter).key
    return {
        "follow_departments": sorted(((card.id, card.name) for card in mine.values()), key=lambda each: each[1]),
        "follow_playbooks": [each.playbook for each in startable],
        "follow_playbook": next((each.playbook.key for each in startable if each.playbook.key == key_of(used)), ""),
    }


def parents_offered(opened: "Opened") -> dict[str, Any]:
    matter, actor, at = opened.matter, opened.actor, opened.at
    if matter.ended_at is not None:
        return {"possible_parents": [], "may_take_off": False}
    return {
        "possible_parents": relations.possible_parents(matter, actor, at=at),
        "may_take_off": relations.may_take_off(matter, actor, at=at),
    }
