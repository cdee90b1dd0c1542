"""The numbers a playbook sets for its guards and routes: refused where nothing counts by them, and what they do."""

import json
from datetime import date, timedelta
from decimal import Decimal
from importlib.resources import files

import pytest

from bihuan.approvals.models import Slot
from bihuan.collaborations import operations, queries
from bihuan.collaborations.models import Collaboration
from bihuan.collaborations.policy import review
from bihuan.collaborations.policy.parties import Matter
from bihuan.collaborations.policy.playbook import read_playbook
from bihuan.collaborations.policy.playbook_diff import Change, Changed, changes
from bihuan.collaborations.policy.playbook_text import read_text, shaped, write_text
from bihuan.collaborations.policy.playbook_thresholds import NUMBERS, check_thresholds, number_of
from bihuan.collaborations.queries.rehearsing import Supposed
from bihuan.collaborations.queries.walking_through import walk_through
from bihuan.issues.queries import filed_within
from bihuan.kernel.errors import Refused
from bihuan.records import operations as records
from tests import forms_samples as samples
from tests.campaign import Campaign
from tests.witness import everything, refused

SEED_C, SEED_D = (
    json.loads((files("bihuan.collaborations") / "playbooks" / f"{name}.json").read_text(encoding="utf-8"))
    for name in ("seed_c", "seed_d")
)
HUNDRED, TWO = Decimal(100_000), Decimal(200_000)
COMPARED = {"COLLAB_MANAGER": {"amount": frozenset({HUNDRED}), "departments": frozenset({Decimal(3)})}}
MANY = {"COLLAB_MANAGER": {"amount": frozenset({HUNDRED, TWO})}}


def number(of, name, value="5"):
    return {"of": of, "name": name, "value": value}


def found(*thresholds, body=SEED_C, compared=COMPARED):
    said = check_thresholds(read_playbook({**body, "thresholds": list(thresholds)}), compared)
    return [(each.code.removeprefix("collaborations.playbook_threshold_"), each.place) for each in said]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (number("G25", "improvements"), ("unused", "of")),
        (number("HEAD_REVIEW", "amount"), ("unused", "of")),
        (number("G01", "colour"), ("name", "name")),
        (number("G24", "amount"), ("name", "name")),
        (number("G01", "departments", "1"), ("range", "value")),
        (number("G01", "departments", "two"), ("range", "value")),
        (number("G01", "departments", "2.5"), ("range", "value")),
        (number("G01", "departments", "٣"), ("range", "value")),
        (number("COLLAB_MANAGER", "sites"), ("name", "name")),
        (number("COLLAB_MANAGER", "amount", "-1"), ("number", "value")),
        (number("COLLAB_MANAGER", "amount", "1e5"), ("number", "value")),
        (number("COLLAB_MANAGER", "amount", "1" + "0" * 13), ("number", "value")),
    ],
)
def test_a_number_nothing_counts_by_is_refused_at_its_place(said, told):
    assert found(said) == [(told[0], f"thresholds.0.{told[1]}")]


def test_a_number_is_set_once_read_by_some_form_and_meant_for_one_condition():
    right = number("COLLAB_MANAGER", "amount", "200000.50"), number("G01", "departments", "3")
    assert found(*right) == []
    assert found(*right, right[0]) == [("twice", "thresholds.2")]
    assert found(number("COLLAB_MANAGER", "amount"), compared=MANY) == [("several", "thresholds.0.name")]
    assert found(number("G01", "departments"), body=SEED_D) == [("unread", "thresholds.0.name")]


def test_a_number_nobody_set_is_the_usual_one():
    usual, own = read_playbook(SEED_C), read_playbook({**SEED_C, "thresholds": [number("G10", "responsible", "7")]})
    assert [number_of(usual, guard, name) for guard, names in NUMBERS.items() for name in names] == [2, 5, 3, 1]
    assert (number_of(own, "G10", "responsible"), number_of(own, "G01", "departments")) == (7, 2)


def test_a_number_is_written_read_and_compared():
    body = {**SEED_C, "thresholds": [number("COLLAB_MANAGER", "amount", "200000")]}
    assert shaped(read_text(write_text(body)).body) == (body, [])
    assert changes(SEED_C, body) == [Change(Changed.SET, word="thresholds", after="COLLAB_MANAGER amount = 200000")]
    (finding,) = shaped({**SEED_C, "thresholds": [{"of": "G01", "name": "departments", "value": ["3"]}]})[1]
    assert (finding.code, finding.place) == ("collaborations.playbook_word_text", "thresholds.0.value")


def published(company, at, *thresholds, key="SEED_C", **more):
    body = {**queries.newest(key).body, "thresholds": list(thresholds), **more}
    return operations.write_playbook(write_text(body), note="另定", actor=company.actor("PMO专员", at), at=at)


def test_a_route_asks_by_the_numbers_of_the_playbook_and_others_by_its_own(company, at, playbooks):
    earlier = Campaign.begin(company, at, "SEED_C")
    generous = [number("COLLAB_MANAGER", name, value) for name, value in
                (("amount", "900000"), ("departments", "9"), ("sites", "9"))]  # fmt: skip
    published(company, at, *generous)
    later = Campaign.begin(company, at, "SEED_C")
    earlier.request()
    later.submit("F01", samples.request(later.cast, later.start) | {"title": "2024年Q4用户增长活动"})

    def asked(campaign):
        slots = Slot.objects.filter(signoff__root_id=campaign.collaboration.pk, signoff__route="COLLAB_MANAGER")
        return "executive" in {slot.group for slot in slots}

    assert (asked(earlier), asked(later)) == (True, False)


def test_a_dry_run_asks_by_the_numbers_of_the_playbook(company, at, playbooks):
    supposed = Supposed(company["产品经理"].pk, company.departments["产品部"].pk, amount=Decimal(150_000))

    def executive():
        way = walk_through(queries.newest("SEED_C"), supposed, at)
        steps = [step for one in way for _code, tried in one.routes for step in tried.steps]
        return next(step.is_asked for step in steps if step.step.key == "executive")

    assert executive() is True
    published(company, at, number("COLLAB_MANAGER", "amount", "150000"))  # more than: the very amount is not above it
    assert executive() is False


def test_too_few_departments_for_a_playbook_are_refused_and_nothing_is_written(company, at, playbooks):
    published(company, at, number("G01", "departments", "5"))
    begun = Campaign.begin(company, at, "SEED_C")
    record = begun.fill("F01", samples.request(begun.cast, begun.start))
    before = everything()
    with pytest.raises(Refused) as refusal:
        records.submit(record, seen_revision=record.revision, actor=begun.actor("产品经理"), at=at)
    (finding,) = refusal.value.findings
    assert (finding.code, finding.place, finding.params) == (
        "collaborations.departments_too_few", "involved_depts", {"count": 4, "least": 5}
    )  # fmt: skip
    assert everything() == before


def test_a_number_that_is_no_number_is_refused_with_its_line(company, at, playbooks):
    before = everything()
    with pytest.raises(Refused) as refusal:
        published(company, at, number("COLLAB_MANAGER", "amount", "many"))
    (finding,) = refusal.value.findings
    assert (finding.code, finding.place) == ("collaborations.playbook_threshold_number", "thresholds.0.value")
    assert finding.params["line"] > 1
    assert everything() == before


def test_a_review_promises_as_many_improvements_as_its_playbook_asks():
    rows = [
        {
            "id": "i1",
            "text": "先约定接口",
            "owner": {"id": 1, "name": "甲"},
            "due": "2026-12-01",
            "verification": "抽查",
        }
    ]
    body = {"improvements": rows}

    def codes(least):
        said = review.improvement_findings(
            body, Matter(today=date(2026, 11, 17), initiating=1, involved={}, finish=None), least=least
        )
        return [each.code for each in said if "improvement" in each.code]

    assert (codes(1), codes(2)) == ([], ["collaborations.improvements_too_few"])


def test_a_risk_is_late_by_the_clock_of_its_playbook(company, at, playbooks):
    usual = Campaign.begin(company, at, "SEED_C").collaboration
    published(company, at, clocks=[{"rule": "T18", "limit": "8h"}])
    own = Campaign.begin(company, at, "SEED_C").collaboration
    assert [filed_within(each) for each in (usual, own)] == [timedelta(hours=24), timedelta(hours=8)]


def test_a_matter_is_reviewed_by_the_number_of_its_playbook(campaign):
    campaign.carry_to("RETRO")
    body = {**queries.newest("SEED_B").body, "thresholds": [{"of": "G25", "name": "improvements", "value": "2"}]}
    version = operations.write_playbook(
        write_text(body), note="多学一点", actor=campaign.actor("PMO专员"), at=campaign.at
    )
    Collaboration.objects.filter(pk=campaign.collaboration.pk).update(playbook_version=version)
    one = samples.review(campaign.cast, campaign.today)
    record = campaign.fill("F17", one)
    with refused(Refused, "collaborations.improvements_too_few"):
        records.submit(record, seen_revision=record.revision, actor=campaign.actor("产品经理"), at=campaign.at)
    (first,) = one["improvements"]
    campaign.submit("F17", {**one, "improvements": [first, {**first, "id": "v2", "text": "变更清单每周核对一次"}]})
    assert campaign.step == "ARCHIVE"
