"""Reading something secret is a fact; reading anything else is not."""

import pytest

from bihuan.access import operations
from bihuan.access.enums import Secrecy
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger.models import Entry

pytestmark = pytest.mark.django_db
MATTER = SubjectRef("collaboration", 7)


@pytest.mark.parametrize("secrecy", [Secrecy.SECRET, Secrecy.CONFIDENTIAL])
def test_reading_what_is_secret_is_kept_for_ever(company, at, secrecy):
    scope = operations.open_scope(MATTER, at=at, secrecy=secrecy)
    actor = company.actor("产品经理")
    operations.note_reading(scope.pk, actor=actor, at=at)
    entry = Entry.objects.get(name="access.secret.read")
    assert (entry.actor_id, entry.subject_kind, entry.subject_id) == (actor.person_id, "collaboration", 7)


@pytest.mark.parametrize("secrecy", [Secrecy.PUBLIC, Secrecy.INTERNAL])
def test_reading_what_is_not_secret_leaves_no_trace(company, at, secrecy):
    scope = operations.open_scope(MATTER, at=at, secrecy=secrecy)
    operations.note_reading(scope.pk, actor=company.actor("产品经理"), at=at)
    assert not Entry.objects.filter(name="access.secret.read").exists()
