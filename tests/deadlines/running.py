"""Deadlines of the tests: a decision asked of the head of the marketing department on Friday, 20 November, 10:00."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bihuan.deadlines import operations
from bihuan.deadlines.models import Deadline
from bihuan.deadlines.operations import Start
from bihuan.kernel.subjects import SubjectRef
from tests.approvals.cast import AT, ROOT, Cast

SHANGHAI = ZoneInfo("Asia/Shanghai")
SIGNOFF = SubjectRef("signoff", 5)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def begin(cast: Cast, rule: str = "T29", *, at: datetime = AT, root: SubjectRef = ROOT, **changes) -> Deadline:
    arguments = {"subject": SIGNOFF, "owner": cast.head_key, "what": "会签 F01", **changes}
    (made,) = operations.start(
        rule, [Start(**arguments)], root=root, scope_id=cast.scope_id, actor=cast.actor("author"), at=at
    )
    return made
