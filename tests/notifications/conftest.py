"""A secret of the marketing department, and a kind of notice that no room tells."""

import pytest

from bihuan.access import operations as access
from bihuan.access.enums import Level, Role
from bihuan.kernel.subjects import SubjectRef
from bihuan.notifications import operations, registry
from bihuan.notifications.enums import Urgency
from tests.cast import Company

KIND, ROOT = "test.told", SubjectRef("parcel", 77)


@pytest.fixture(autouse=True)
def told_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = registry.Kind(KIND, "Told", registry.sentence("You are told: %(what)s"))
    monkeypatch.setitem(registry._KINDS, KIND, kind)


@pytest.fixture
def scope(company: Company, at):
    """What only the head of marketing reads."""
    opened = access.open_scope(ROOT, at=at)
    access.admit(opened.pk, company.head("市场部"), role=Role.HEAD, level=Level.READ, via="test", at=at)
    return opened


@pytest.fixture
def tell(at):
    def tell(
        *principals, scope_id=None, key="k", urgency=Urgency.NORMAL, what="来看", subject=ROOT, when=None, tell_by=None
    ):
        news = operations.News(
            kind=KIND, principals=principals, subject=subject, root=ROOT, scope_id=scope_id, params={"what": what},
            urgency=urgency, key=key, tell_by=tell_by,
        )  # fmt: skip
        operations.notify_all([news], at=when or at)

    return tell
