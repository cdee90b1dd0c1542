"""AS18: an assessment is told by facts and signed, before anybody else reads it or is asked for anything."""

import pytest

from bihuan.collaborations.errors import NotThisStep
from bihuan.kernel.errors import NotFound, Refused
from bihuan.records import queries as records
from tests.problem import REPORTER, Trouble
from tests.witness import facts_since, last_entry, refused


def test_blame_without_a_figure_is_refused_and_facts_go_on_with_the_signature(trouble: Trouble) -> None:
    record = trouble.fill(
        "F13", trouble.assessment(figures=[], initial_cause="技术部不配合", impact_users=""), REPORTER
    )
    found = records.findings_of(record, record.draft, at=trouble.at)
    assert [(each.code, each.is_error) for each in found if each.place == "initial_cause"] == [("records.blame", False)]
    with refused(Refused, "collaborations.problem_without_fact"):
        trouble.submit("F13", trouble.assessment(figures=[], initial_cause="技术部不配合"), REPORTER)

    version = trouble.assess(initial_cause="系统接口数据同步异常", impact_users="500+", impact_region="华东")
    assert (version.data["users_count"], version.data["users_at_least"]) == (500, True)
    assert trouble.collaboration.loops.filter(kind="ACKNOWLEDGE").count() == 0
    with pytest.raises(NotFound):
        records.record_for(trouble.actor("技术部负责人"), version.record_id, at=trouble.at)
    with refused(NotThisStep):
        trouble.draft("F02", REPORTER)

    before = last_entry()
    trouble.sign()
    assert records.record_for(trouble.actor("技术部负责人"), version.record_id, at=trouble.at).number == "XC20261117001"
    assert [fact["name"] for fact in facts_since(before)] == [
        "approvals.slot.decided", "records.record.settled", "collaborations.problem.synced",
    ]  # fmt: skip
    for post in ("开发组长", "推广经理", "财务部负责人"):
        assert trouble.desk(post) == [("ACKNOWLEDGE", "")]
