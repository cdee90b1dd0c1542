"""A route that waits for an office nobody holds: the PMO hears of it when it is opened."""

import pytest

from bihuan.access import operations as access
from bihuan.access.enums import Level, Role
from bihuan.approvals import operations
from bihuan.approvals.operations import Question
from bihuan.approvals.seating import Parties
from bihuan.kernel import principals
from bihuan.kernel.actor import SYSTEM
from bihuan.kernel.subjects import SubjectRef
from bihuan.notifications.models import Notice
from bihuan.organisation.models import Post
from tests.approvals.cast import DIGEST
from tests.witness import facts_since, last_entry

ROOT = SubjectRef("matter", 3)


@pytest.fixture
def opens(company, at):
    """Asks the head of marketing on a route that does, with an empty office, what it says."""
    department = company.departments["市场部"].pk
    scope = access.open_scope(ROOT, at=at)
    access.admit(scope.pk, principals.PMO, role=Role.PMO, level=Level.READ, via="pmo", at=at)

    def opened(empty):
        body = {
            "key": "MARKETING", "name": "市场部签核", "empty": empty,
            "steps": [{"key": "head", "name": "市场部",
                       "slots": [{"who": "HEAD", "department": department}]}],
        }  # fmt: skip
        operations.publish_route(body, actor=SYSTEM, at=at)
        question = Question(SubjectRef("paper", 1), ROOT, scope.pk, DIGEST, company["产品经理"].pk, Parties())
        return operations.open_on_route("MARKETING", question, actor=company.actor("产品经理", at), at=at)

    return opened


def test_the_pmo_is_told_at_once_and_nothing_is_approved(company, at, opens):
    Post.objects.filter(person=company["市场部负责人"]).update(ends_on=at.date())
    before = last_entry()
    slot = opens("WAIT").slots.get()
    (fact,) = facts_since(before, "approvals.signoff.opened")
    assert (fact["vacant"], slot.principal, slot.state) == ([slot.pk], company.head("市场部"), "PENDING")
    (notice,) = Notice.objects.filter(kind="approvals.vacant")
    assert (notice.person_id, notice.params["what"], notice.params["page"]) == (
        company["PMO专员"].pk, "市场部", ["slot", slot.pk],
    )  # fmt: skip


@pytest.mark.parametrize("empty", ["WAIT", "PMO", "SUPERIOR"])
def test_where_somebody_can_sign_the_pmo_hears_nothing(company, at, opens, empty):
    if empty != "WAIT":
        Post.objects.filter(person=company["市场部负责人"]).update(ends_on=at.date())
    before = last_entry()
    opens(empty)
    (fact,) = facts_since(before, "approvals.signoff.opened")
    assert fact["vacant"] == []
    assert not Notice.objects.filter(kind="approvals.vacant").exists()
