"""Publishing playbooks."""

import copy
import json
from importlib.resources import files

import pytest

from bihuan.collaborations import operations, queries
from bihuan.collaborations.models import Playbook, PlaybookVersion
from bihuan.collaborations.operations.playbooks import SHIPPED
from bihuan.collaborations.operations.routes import publish_shipped_routes
from bihuan.kernel.actor import SYSTEM
from bihuan.kernel.errors import NotFound, Refused
from tests.campaign import Campaign
from tests.witness import facts_since, last_entry, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def body(at):
    publish_shipped_routes(at=at)
    return json.loads((files("bihuan.collaborations") / "playbooks" / "seed_b.json").read_text(encoding="utf-8"))


def publish(body, at):
    return operations.publish_playbook(body, actor=SYSTEM, at=at)


def test_the_shipped_ones_are_published_once(at):
    first, second = (operations.publish_shipped_playbooks(at=at) for _ in range(2))
    assert first == second
    assert PlaybookVersion.objects.count() == len(SHIPPED)
    told = [fact["key"] for fact in facts_since(0, "collaborations.playbook.published")]
    assert told == ["IMPORTED", "SEED_A", "SEED_B", "SEED_C", "SEED_D", "PROJECT", "RESOURCE", "EMERGENCY", "RECURRING"]


def test_a_changed_text_is_a_further_version(body, at):
    publish(body, at)
    before = last_entry()
    changed = copy.deepcopy(body)
    changed["steps"][6]["auto"] = True
    version = publish(changed, at)
    assert (version.version, queries.newest("SEED_B")) == (2, version)
    assert facts_since(before) == [
        {
            "name": "collaborations.playbook.published",
            "key": "SEED_B",
            "version": 2,
            "digest": version.digest,
            "note": "",
        }
    ]
    assert Playbook.objects.count() == 1


@pytest.mark.parametrize(
    ("part", "value", "what"),
    [
        ("forms", [{"code": "F99", "filler": "LEAD"}], "form"),
        ("forms", [{"code": "F01", "filler": "BOSS"}], "filler"),
        ("guards", ["G99"], "guard"),
        ("routes", [{"code": "NOWHERE", "form": "F01"}], "route"),
    ],
)
def test_unknown_names_are_refused(body, at, part, value, what):
    body["steps"][0][part] = value
    with refused(Refused, "collaborations.playbook_names_unknown") as caught:
        publish(body, at)
    named = [one for one in caught.value.findings if one.code == "collaborations.playbook_names_unknown"]
    assert [finding.params["what"] for finding in named] == [what]


def test_a_running_matter_stays_on_its_version(company, body, at):
    operations.publish_shipped_playbooks(at=at)
    running = Campaign.begin(company, at)
    body["steps"] = [step for step in body["steps"] if step["key"] != "FILING"]
    publish(body, at)
    assert queries.plan_of(running.refreshed()).has("FILING")
    assert not queries.plan_of(Campaign.begin(company, at).refreshed()).has("FILING")


def test_only_the_newest_of_each_can_be_begun_and_imports_on_none(body, at):
    operations.publish_shipped_playbooks(at=at)
    body["name"] = "改名"
    newest = publish(body, at)
    startable = {version.playbook.key: version for version in queries.startable()}
    assert (list(startable), startable["SEED_B"]) == (
        ["SEED_A", "SEED_B", "SEED_C", "SEED_D", "PROJECT", "RESOURCE", "EMERGENCY", "RECURRING"],
        newest,
    )
    with pytest.raises(NotFound):
        queries.newest("NO_SUCH")


def test_the_playbook_for_problems_goes_by_two_names_and_nobody_takes_the_other(company, body, at):
    """playbooks.md §2: SEED_D = PROBLEM. One row in every list, found, begun and narrowed to by either name."""
    operations.publish_shipped_playbooks(at=at)
    assert queries.newest("PROBLEM") == queries.version_of("PROBLEM", 1) == queries.newest("SEED_D")
    assert list(queries.versions_of("PROBLEM")) == [queries.newest("SEED_D")]
    before = last_entry()
    begun = operations.start_collaboration(
        title="订单延迟", department_id=company.departments["产品部"].pk, playbook="PROBLEM",
        actor=company.actor("产品经理", at), at=at,
    )  # fmt: skip
    assert [fact["playbook"] for fact in facts_since(before, "collaborations.collaboration.started")] == ["SEED_D"]
    actor = company.actor("产品经理", at)
    listed = queries.portfolio(actor, queries.Filters(playbook="PROBLEM"), before=None, at=at).rows
    assert [row.collaboration.pk for row in listed] == [begun.pk]
    with refused(Refused, "collaborations.playbook_key_taken"):
        publish(body | {"key": "PROBLEM"}, at)
