"""Three questions in plain words lead to a playbook; each playbook says itself which answers it suits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

QUESTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "what": ("NEED", "PROBLEM", "EMERGENCY", "ROUTINE", "LOAN"),
    "agree": ("HEADS", "MANAGER", "EXECUTIVE"),
    "size": ("SMALL", "LARGE"),
})  # fmt: skip
"""The questions in the order they are asked, each with its answers."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A playbook and the answers it suits, question by question; a question it does not name is all the same to it."""

    key: str
    suits: Mapping[str, Sequence[str]]


def suited(answers: Mapping[str, str], offers: Sequence[Offer]) -> list[str]:
    """The keys of playbooks that suit every answer given, those that speak of most of the questions answered first.

    Nothing is suggested before a question is answered, and never a playbook that says nothing of itself.
    """
    given = {question: answers[question] for question in QUESTIONS if answers.get(question)}
    fitting = [offer for offer in offers if _fits(offer, given)]
    return [offer.key for offer in sorted(fitting, key=lambda offer: -_named(offer, given))]


def _fits(offer: Offer, given: Mapping[str, str]) -> bool:
    return _named(offer, given) > 0 and all(
        answer in offer.suits.get(question, (answer,)) for question, answer in given.items()
    )


def _named(offer: Offer, given: Mapping[str, str]) -> int:
    return sum(1 for question in given if offer.suits.get(question))
