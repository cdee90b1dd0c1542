"""Who of the PMO is on duty: said by the PMO, counted by day, told of what comes to nobody else."""

from datetime import timedelta

import pytest

from bihuan.kernel import principals
from bihuan.kernel.actor import SYSTEM
from bihuan.kernel.errors import NotAllowed, NotFound, Refused
from bihuan.organisation import duties, operations, queries
from bihuan.organisation.models import DutyTurn
from bihuan.organisation.queries.receiving import holders_of
from tests.cast import Company
from tests.witness import facts_since, last_entry, names_since, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(company: Company, at):
    """A second person of the PMO."""
    person = operations.add_person(username="song", name="宋雨", actor=SYSTEM, at=at)
    operations.appoint(person_id=person.pk, department_id=company.departments["PMO"].pk, actor=SYSTEM, at=at)
    return person


def put(company: Company, person, at, **more):
    return operations.put_on_duty(person.pk, **{"actor": company.actor("PMO专员"), "at": at, **more})


def told(at) -> set[int]:
    return set(holders_of([principals.PMO], at)[principals.PMO])


def test_who_is_on_duty_is_told_and_named_and_else_the_whole_pmo(company, second, at):
    he, before = company["PMO专员"], last_entry()
    assert (queries.on_duty(at), told(at)) == (None, {he.pk, second.pk})
    row = put(company, second, at, ends_on=queries.day_of(at) + timedelta(days=7))
    (fact,) = facts_since(before)
    assert (fact["name"], fact["turn_id"], fact["person_id"], fact["instead_of"]) == (
        "organisation.duty_turn.put", row.pk, second.pk, None,
    )  # fmt: skip
    assert (queries.on_duty(at), told(at)) == ((second.pk, "宋雨"), {second.pk})
    assert "宋雨" in queries.name_of(principals.PMO, at)
    assert "宋雨" not in queries.names_of([principals.PMO], at, says_who_is_on_duty=False)[principals.PMO]
    assert "宋雨" not in queries.name_of(principals.FILING, at)
    assert told(at + timedelta(days=7)) == {he.pk, second.pk}


def test_the_next_on_the_list_is_asked_when_the_first_is_away_or_left_the_pmo(company, second, at):
    he, day = company["PMO专员"], queries.day_of(at)
    put(company, second, at)
    put(company, he, at)
    operations.note_absence(second.pk, starts_on=day, ends_on=day + timedelta(days=2), actor=SYSTEM, at=at)
    assert queries.on_duty(at) == (he.pk, "何静")
    assert [(row.person.id, row.is_away, row.is_now) for row in queries.duty_turns(at)] == [
        (second.pk, True, False), (he.pk, False, True),
    ]  # fmt: skip
    back = at + timedelta(days=2)
    assert told(back) == {second.pk}
    (post,) = queries.person_page(company.administrator, second.pk, at).holdings
    operations.end_post(post[0].post_id, actor=SYSTEM, at=back)
    assert told(back) == {he.pk}


@pytest.mark.parametrize(
    ("office", "may"), [("PMO专员", True), ("管理员", True), ("行政专员", False), ("市场部负责人", False)]
)
def test_the_pmo_and_administrators_keep_the_list(company, at, office, may):
    actor, he = company.actor(office), company["PMO专员"]
    if not may:
        row = put(company, he, at)
        with refused(NotAllowed):
            put(company, he, at, starts_on=queries.day_of(at) + timedelta(days=30), actor=actor)
        with refused(NotAllowed):
            operations.end_turn(row.pk, actor=actor, at=at)
        return
    row, before = put(company, he, at, actor=actor), last_entry()
    assert operations.end_turn(row.pk, actor=actor, at=at).ends_on == queries.day_of(at)
    assert (names_since(before), queries.duty_turns(at)) == (["organisation.duty_turn.ended"], [])
    with refused(NotFound):
        operations.end_turn(row.pk, actor=actor, at=at)


def test_only_the_pmo_is_on_duty_in_days_that_can_be_and_once_a_day(company, at):
    he, day = company["PMO专员"], queries.day_of(at)
    with refused(Refused, "organisation.not_of_pmo"):
        put(company, company.staff, at)
    with refused(Refused, "organisation.person_unknown"):
        operations.put_on_duty(10**9, actor=SYSTEM, at=at)
    with refused(Refused, "organisation.ends_before_start"):
        put(company, he, at, ends_on=day)
    with refused(Refused, "organisation.days_have_passed"):
        put(company, he, at, starts_on=day - timedelta(days=9), ends_on=day)
    put(company, he, at, starts_on=day + timedelta(days=7), ends_on=day + timedelta(days=14))
    with refused(Refused, "organisation.on_duty_already"):
        put(company, he, at)
    put(company, he, at, ends_on=day + timedelta(days=7))
    assert [row.is_now for row in queries.duty_turns(at)] == [True, False]


def test_a_leaver_hands_his_turn_over_within_the_pmo_and_leaves_the_list(company, second, at):
    put(company, second, at)
    (duty,) = [each for each in duties.held_by(second.pk, at) if each.kind == "organisation.duty_turn"]
    who = {"reason": "离职", "actor": company.administrator, "at": at}
    with refused(Refused, "organisation.not_of_pmo"):
        operations.hand_over_duties(second.pk, successions=[operations.Succession(duty.key, company.staff.pk)], **who)
    before = last_entry()
    chosen = [operations.Succession(duty.key, company["PMO专员"].pk)]
    operations.hand_over_duties(second.pk, successions=chosen, **who)
    assert [fact["instead_of"] for fact in facts_since(before)] == [second.pk]
    put(company, second, at, starts_on=queries.day_of(at) + timedelta(days=9))
    before = last_entry()
    operations.deactivate_person(second.pk, actor=company.administrator, at=at)
    (fact,) = facts_since(before)
    assert fact["ended_turn_ids"] == [DutyTurn.objects.filter(person=second).latest("pk").pk]
    assert [row.person.name for row in queries.duty_turns(at)] == ["何静"]


def test_the_list_costs_the_same_for_one_and_for_three(company, second, at, django_assert_num_queries):
    for number in range(3):
        put(company, second, at, starts_on=queries.day_of(at) + timedelta(days=7 * number),
            ends_on=queries.day_of(at) + timedelta(days=7 * number + 7))  # fmt: skip
        if number in (0, 2):
            with django_assert_num_queries(5):
                assert len(queries.duty_turns(at)) == number + 1
