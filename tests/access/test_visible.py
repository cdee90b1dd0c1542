"""A list shows exactly what each single look would show."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from bihuan.access import operations, queries
from bihuan.access.enums import Level, Role, Secrecy
from bihuan.access.models import Scope
from bihuan.kernel.actor import Actor, ActorKind
from bihuan.kernel.subjects import SubjectRef

MORNING = datetime(2026, 11, 17, 2, 0, tzinfo=UTC)

KEYS = ("all", "p:1", "p:2", "d:1", "h:1", "x:1", "g:pmo")
ACTS = st.lists(
    st.tuples(
        st.booleans(),
        st.integers(0, 3),
        st.sampled_from(KEYS),
        st.sampled_from((Role.LEAD, Role.STAFF)),
        st.sampled_from(tuple(Level)),
    ),
    max_size=12,
)


class ListsAndSingles(TestCase):
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        acts=ACTS,
        held=st.frozensets(st.sampled_from(KEYS)),
        acting=st.frozensets(st.sampled_from(("h:1", "x:1"))),
        level=st.sampled_from(tuple(Level)),
    )
    def test_the_list_is_the_filter_of_the_single_decisions(self, acts, held, acting, level) -> None:
        classes = (Secrecy.INTERNAL, Secrecy.PUBLIC, Secrecy.SECRET, Secrecy.CONFIDENTIAL)
        scopes = [
            operations.open_scope(SubjectRef("thing", number), at=MORNING, secrecy=secrecy)
            for number, secrecy in enumerate(classes)
        ]
        open_rows: dict[tuple[int, str, Role], Level] = {}
        for admits, place, key, role, given_level in acts:
            pk = scopes[place].pk
            if admits:
                operations.admit(pk, key, role=role, level=given_level, via="", at=MORNING)
                named = key.partition(":")[0] in {"p", "h", "x"}
                open_rows[pk, key, role] = given_level if place < 2 or named else min(given_level, Level.OUTLINE)
            else:
                operations.dismiss(pk, key, role=role, via="", at=MORNING)
                open_rows.pop((pk, key, role), None)
        stood_in_for = dict.fromkeys(acting & held, "somebody else")
        actor = Actor(ActorKind.PERSON, 1, "somebody", held, frozenset(), stood_in_for)
        secret = {scope.pk for scope in scopes[2:]}
        expected = {
            pk
            for (pk, key, _), reached in open_rows.items()
            if key in held and reached >= level and not (pk in secret and key in stood_in_for)
        }
        listed = set(
            Scope.objects.filter(queries.visible(actor, at=MORNING, level=level, path="pk")).values_list(
                "pk", flat=True
            )
        )
        singles = {
            scope.pk for scope in scopes if queries.levels(actor, [scope.pk], at=MORNING).get(scope.pk, 0) >= level
        }
        paged = Scope.objects.filter(queries.visible_in_list(actor, at=MORNING, level=level, path="pk"))
        assert listed == singles == expected == set(paged.values_list("pk", flat=True))


@pytest.mark.django_db
@pytest.mark.parametrize("few", [0, 1, 2])
def test_a_page_says_the_same_whether_few_or_many_are_seen(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    scopes = [operations.open_scope(SubjectRef("thing", number), at=MORNING) for number in range(3)]
    for scope in scopes[:2]:
        operations.admit(scope.pk, "p:1", role=Role.LEAD, level=Level.READ, via="", at=MORNING)
    monkeypatch.setattr(queries, "FEW", few)
    actor = Actor(ActorKind.PERSON, 1, "somebody", frozenset({"p:1"}))
    with CaptureQueriesContext(connection) as captured:
        page = Scope.objects.filter(queries.visible_in_list(actor, at=MORNING, path="pk")).order_by("pk")
        assert [scope.pk for scope in page] == [scope.pk for scope in scopes[:2]]
    asked = captured.captured_queries[-1]["sql"]
    assert ("EXISTS" in asked) == (connection.vendor != "sqlite" or few < 2)
