"""A list shows exactly what each single look would show."""

from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from bihuan.access import operations, queries
from bihuan.access.enums import Level, Role
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
    @given(acts=ACTS, held=st.frozensets(st.sampled_from(KEYS)), level=st.sampled_from(tuple(Level)))
    def test_the_list_is_the_filter_of_the_single_decisions(self, acts, held, level) -> None:
        scopes = [operations.open_scope(SubjectRef("thing", number), at=MORNING) for number in range(4)]
        open_rows: dict[tuple[int, str, Role], Level] = {}
        for admits, place, key, role, given_level in acts:
            pk = scopes[place].pk
            if admits:
                operations.admit(pk, key, role=role, level=given_level, via="", at=MORNING)
                open_rows[pk, key, role] = given_level
            else:
                operations.dismiss(pk, key, role=role, via="", at=MORNING)
                open_rows.pop((pk, key, role), None)
        actor = Actor(ActorKind.PERSON, 1, "somebody", held)
        expected = {pk for (pk, key, _), reached in open_rows.items() if key in held and reached >= level}
        listed = set(
            Scope.objects.filter(queries.visible(actor, at=MORNING, level=level, path="pk")).values_list(
                "pk", flat=True
            )
        )
        singles = {
            scope.pk for scope in scopes if queries.levels(actor, [scope.pk], at=MORNING).get(scope.pk, 0) >= level
        }
        assert listed == singles == expected
