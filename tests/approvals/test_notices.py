"""What who asked is told of an answer, in words."""

import pytest
from django.utils import translation

from bihuan.approvals.enums import Decision
from bihuan.approvals.notices import answered


@pytest.mark.parametrize(
    ("decision", "what", "chinese", "english"),
    [
        (Decision.APPROVE, "市场部", "王敏代表市场部同意。", "王敏 agreed for 市场部."),
        (Decision.APPROVE, "", "王敏已同意。", "王敏 agreed."),
        (Decision.APPROVE_WITH_CONDITION, "", "王敏有条件同意。", "王敏 agreed on conditions."),
        (Decision.REFUSE, "", "王敏不同意：缺预算", "王敏 refused: 缺预算"),
        (Decision.RESERVE, "", "王敏保留意见签署：缺预算", "王敏 signed with a reservation: 缺预算"),
    ],
)
def test_whoever_answers_for_no_department_answers_for_himself(decision, what, chinese, english):
    params = {"decision": decision.value, "who": "王敏", "what": what, "opinion": "缺预算", "state": ""}
    for language, said in (("zh-hans", chinese), ("en", english)):
        with translation.override(language):
            assert answered(params) == said
