from hypothesis import given
from hypothesis import strategies as st

from bihuan.collaborations.policy.choosing import QUESTIONS, Offer, suited

OFFERS = [
    Offer("SILENT", {}),
    Offer("TALKS", {"what": ["NEED"], "agree": ["HEADS"]}),
    Offer("PLAN", {"what": ["NEED"], "agree": ["EXECUTIVE"], "size": ["SMALL"]}),
    Offer("WHOLE", {"what": ["NEED"], "agree": ["EXECUTIVE"], "size": ["LARGE"]}),
    Offer("PROBLEM", {"what": ["PROBLEM", "EMERGENCY"]}),
]
ANSWERS = st.fixed_dictionaries({}, optional={key: st.sampled_from(["", *each]) for key, each in QUESTIONS.items()})


def test_every_answer_given_has_to_fit():
    assert suited({"what": "NEED", "agree": "EXECUTIVE"}, OFFERS) == ["PLAN", "WHOLE"]
    assert suited({"what": "NEED", "agree": "EXECUTIVE", "size": "LARGE"}, OFFERS) == ["WHOLE"]
    assert suited({"what": "LOAN"}, OFFERS) == []


def test_who_speaks_of_more_of_the_questions_comes_first():
    assert suited({"what": "PROBLEM", "agree": "HEADS"}, OFFERS) == ["PROBLEM"]
    assert suited({"what": "NEED", "agree": "HEADS", "size": "SMALL"}, OFFERS) == ["TALKS"]
    assert suited({"agree": "HEADS"}, OFFERS) == ["TALKS"]


def test_without_an_answer_nothing_is_suggested_and_an_unknown_one_suits_nobody():
    assert suited({}, OFFERS) == suited({"what": ""}, OFFERS) == suited({"what": "OTHER"}, OFFERS) == []


@given(ANSWERS)
def test_what_says_nothing_of_itself_is_never_suggested(answers):
    assert "SILENT" not in suited(answers, OFFERS)
