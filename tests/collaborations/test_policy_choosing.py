from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from bihuan.collaborations.policy.choosing import QUESTIONS, Offer, suited
from scripts.playbook_table import shipped

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


def test_whatever_is_answered_leads_to_a_playbook_and_each_that_is_shipped_comes_first_for_somebody():
    offers = [Offer(key, body.get("suits", {})) for key, body in shipped().items()]
    first = {
        answers: next(iter(suited(dict(zip(QUESTIONS, answers, strict=True)), offers)), "")
        for answers in product(*QUESTIONS.values())
    }
    assert set(first.values()) == set(shipped())
    assert {answers[1:]: key for answers, key in first.items() if answers[0] == "NEED"} == {
        ("HEADS", "SMALL"): "SEED_A", ("MANAGER", "SMALL"): "SEED_C", ("EXECUTIVE", "SMALL"): "SEED_B",
        ("HEADS", "LARGE"): "PROJECT", ("MANAGER", "LARGE"): "PROJECT", ("EXECUTIVE", "LARGE"): "PROJECT",
    }  # fmt: skip
    assert {answers[0]: key for answers, key in first.items() if answers[0] != "NEED"} == {
        "PROBLEM": "SEED_D", "EMERGENCY": "EMERGENCY", "ROUTINE": "RECURRING", "LOAN": "RESOURCE"
    }  # fmt: skip
