"""The text of a playbook: read with its lines, refused where it is no playbook, compared, drawn for other makers."""

import copy
import json
from importlib.resources import files
from xml.etree import ElementTree as Xml

import pytest

from bihuan.approvals.policy.routes import read_route
from bihuan.collaborations import guards
from bihuan.collaborations.policy.bpmn import SPACES, as_bpmn
from bihuan.collaborations.policy.playbook import read_playbook
from bihuan.collaborations.policy.playbook_check import check_playbook
from bihuan.collaborations.policy.playbook_diff import Change, Changed, changes
from bihuan.collaborations.policy.playbook_signers import check_signers
from bihuan.collaborations.policy.playbook_text import LONGEST, Unreadable, read_text, shaped, write_text
from scripts.playbook_table import shipped

SEED_B, EMERGENCY = (
    json.loads((files("bihuan.collaborations") / "playbooks" / f"{name}.json").read_text(encoding="utf-8"))
    for name in ("seed_b", "emergency")
)


def test_a_text_written_and_read_says_the_same():
    body, findings = shaped(read_text(write_text(SEED_B)).body)
    assert (body, findings) == (SEED_B, [])
    assert shaped(read_text(json.dumps(SEED_B)).body) == (SEED_B, [])


def test_every_word_has_its_line():
    written = read_text("key: A\nsteps:\n- key: PLAN\n  forms:\n  - {code: F01,\n     filler: LEAD}\n")
    assert written.body == {"key": "A", "steps": [{"key": "PLAN", "forms": [{"code": "F01", "filler": "LEAD"}]}]}
    lines = {place: written.line_of(place) for place in ("key", "steps.0.key", "steps.0.forms.0.filler")}
    assert lines == {"key": 1, "steps.0.key": 3, "steps.0.forms.0.filler": 6}
    assert written.line_of("steps.0.forms.0.nothing") == 5
    assert written.line_of("name") == 1


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("key: [", "broken", 1),
        ("key: A\n\tname: B", "broken", 2),
        ("key: \x00", "unkeepable", 1),
        ("a: 1\n\nb: x\x07", "unkeepable", 3),
        ("? [a]\n: b", "broken", 1),
        ("", "no_map", 1),
        ("- key: A", "no_map", 1),
        ("just words", "no_map", 1),
        ("a: &x [1]\nb: [*x, *x]", "alias", 1),
        ("a: 1\nb: !!python/object/apply:os.system [ls]", "tag", 2),
        ("a: 1\nb: 2\na: 3", "twice", 3),
        ("a: 1\nb: x\u202ey", "hidden", 2),
        ("a: 1\nb\u200b: x", "hidden", 2),
        ('a: "x\\Ny"', "hidden", 1),
        ("a: " + "[" * 9 + "]" * 9, "too_deep", 1),
        ("x" * (LONGEST + 1), "too_long", 1),
        ("a:\n" * LONGEST, "too_long", LONGEST // 3 + 1),
        ("a: 1\n---\nb: 2", "broken", 2),
    ],
)
def test_what_is_no_playbook_is_refused_with_its_line(text, code, line):
    with pytest.raises(Unreadable) as refusal:
        read_text(text)
    finding = refusal.value.finding
    assert (finding.code, finding.params["line"]) == (f"collaborations.playbook_text_{code}", line)


def test_of_thousands_of_wrong_words_fifty_are_told_and_the_others_counted():
    _body, found = shaped({f"k{number}": "1" for number in range(9000)})
    assert (len(found), found[-1].code, found[-1].params["count"] > 8900) == (
        51, "collaborations.playbook_text_more", True,
    )  # fmt: skip


def test_a_guard_that_is_no_text_is_named_by_its_word():
    _body, (finding,) = shaped({**SEED_B, "steps": [{"key": "REQUEST", "guards": [{"id": "G01"}]}]})
    assert (finding.place, finding.params["word"]) == ("steps.0.guards.0", "guards")


@pytest.mark.parametrize(
    ("change", "code", "place"),
    [
        ({"key": "small letters"}, "pattern", "key"),
        ({"name": ""}, "empty", "name"),
        ({"name": "x" * 81}, "long", "name"),
        ({"name": ["a"]}, "text", "name"),
        ({"colour": "red"}, "unknown", "colour"),
        ({"condition_gate": "EXECUTE"}, "pattern", "condition_gate"),
        ({"steps": []}, "empty", "steps"),
        ({"steps": "PLAN"}, "list", "steps"),
        ({"steps": [{"key": "PLAN"}] * 41}, "many", "steps"),
        ({"steps": ["PLAN"]}, "map", "steps.0"),
        ({"steps": [{"auto": "true"}]}, "missing", "steps.0.key"),
        ({"steps": [{"key": "PLAN", "auto": "perhaps"}]}, "yes_or_no", "steps.0.auto"),
        ({"steps": [{"key": "PLAN", "guards": [["G01"]]}]}, "text", "steps.0.guards.0"),
    ],
)
def test_a_word_of_another_kind_is_named_at_its_place(change, code, place):
    body, findings = shaped({**SEED_B, **change})
    assert body == {}
    assert [(finding.code, finding.place) for finding in findings] == [(f"collaborations.playbook_word_{code}", place)]


def lint(body):
    known = {"forms": frozenset({"F01", "F03", "F16"}), "guards": guards.known(), "routes": frozenset({"HEAD_REVIEW"})}
    return [(found.code.rpartition(".")[2], found.place) for found in check_playbook(body, **known)]


def test_a_guard_finds_its_form_and_its_decision_and_what_is_judged_and_kept_is_asked_for():
    request = {"key": "REQUEST", "forms": [{"code": "F01", "filler": "INITIATOR"}], "guards": ["G01", "G02", "G03"]}
    body = {
        "key": "X",
        "acceptance": ["F16", "F01"],
        "archive": ["F01", "F09", "F03"],
        "condition_gate": "leave:REQUEST",
    }
    assert lint(body | {"steps": [request, {"key": "CLOSED"}]}) == [
        ("playbook_guard_without_route", "steps.0.guards.1"), ("playbook_guard_without_form", "steps.0.guards.2"),
        ("playbook_guard_without_route", "steps.0.guards.2"), ("playbook_not_judged", "acceptance.0"),
        ("playbook_not_archived", "archive.2"),
    ]  # fmt: skip
    routed = request | {"guards": ["G01", "G02"], "routes": [{"code": "HEAD_REVIEW", "form": "F01"}]}
    assert lint(body | {"acceptance": ["F01"], "archive": [], "steps": [routed, {"key": "CLOSED"}]}) == []


def route(*steps):
    body = {"key": "ROUTE", "name": "r", "steps": [{"key": "one", "name": "one", **step} for step in steps]}
    return {"ROUTE": read_route(body)}


HEADS, LENDERS = {"who": "EACH", "of": "INVOLVED"}, {"who": "EACH", "of": "LENDING"}


@pytest.mark.parametrize(
    ("form", "routes", "said"),
    [
        ("F01", route({"slots": [HEADS]}), []),
        ("F01", route({"slots": [HEADS, LENDERS]}), []),
        ("F19", route({"slots": [LENDERS]}), []),
        ("F06", route({"slots": [{"who": "EACH", "of": "ANSWERABLE"}]}), []),
        ("F03", route({"slots": [HEADS], "parts": ["criteria", "commitments"]}), []),
        (
            "F01", route({"slots": [HEADS]}, {"slots": [LENDERS, {"who": "ROLE", "role": "LENT_PERSON"}]}),
            [("playbook_route_without_signer", "F19")],
        ),
        (
            "F19", route({"slots": [{"who": "EACH", "of": "ANSWERABLE"}]}),
            [("playbook_route_without_signer", "F06")],
        ),
        (
            "F01", route({"slots": [HEADS], "parts": ["criteria"]}),
            [("playbook_route_without_lines", "criteria")],
        ),
        ("F01", {}, []),
    ],
)  # fmt: skip
def test_a_route_that_would_find_nobody_to_sign_its_form_is_named_at_its_place(form, routes, said):
    routed = {"routes": [{"code": "ROUTE", "form": form}]}
    body = {"key": "X", "steps": [{"key": "REQUEST"}, {"key": "PLAN", **routed}]}
    owed = {"key": "OWED", "opens": "F01", "hours": 1, "gate": "leave:PLAN", **routed}
    lists = {"F03": frozenset({"criteria", "commitments"}), "F01": frozenset(), "F19": frozenset(), "F06": frozenset()}
    for places, plan in (
        ("steps.1", body),
        ("obligations.0", {**body, "steps": body["steps"][:1], "obligations": [owed]}),
    ):
        found = list(check_signers(read_playbook(plan), routes, lists))
        assert [(one.code.rpartition(".")[2], [*one.params.values()][2]) for one in found] == said
        assert {one.place for one in found} <= {f"{places}.routes.0"}


def test_what_changed_is_told_act_by_act():
    new = copy.deepcopy(SEED_B)
    new["name_en"] = "Short project"
    new["condition_gate"] = "leave:PLAN"
    new["acceptance"] = ["F03"]
    retro = new["steps"].pop(8)
    new["steps"][1], new["steps"][2] = new["steps"][2], new["steps"][1]
    new["steps"][0]["routes"] = []
    new["steps"][6]["auto"] = True
    del new["steps"][3]["back_to"]
    new["steps"].insert(6, {"key": "KICKOFF", "guards": ["G08"]})
    assert retro["key"] == "RETRO"
    assert changes(SEED_B, new) == [
        Change(Changed.SET, word="name_en", before="Project with plan approval and filing", after="Short project"),
        Change(Changed.SET, word="condition_gate", before="enter:EXECUTE", after="leave:PLAN"),
        Change(Changed.SET, word="acceptance", before="F03, F04", after="F03"),
        Change(Changed.STEP_REMOVED, step="RETRO"),
        Change(Changed.REMOVED, "REQUEST", "routes", before="OPINIONS (F01)"),
        Change(Changed.STEP_MOVED, step="PLAN"),
        Change(Changed.STEP_MOVED, step="ALIGN"),
        Change(Changed.SET, "APPROVAL", "back_to", before="PLAN"),
        Change(Changed.STEP_ADDED, step="KICKOFF"),
        Change(Changed.ADDED, "KICKOFF", "guards", after="G08"),
        Change(Changed.SET, "EXECUTE", "auto", before="false", after="true"),
    ]
    assert changes(SEED_B, copy.deepcopy(SEED_B)) == []


def flows_of(root) -> set[tuple[str, str]]:
    """Every flow; each joins two nodes that are there, and every node and flow is drawn."""
    process = root.find("bpmn:process", SPACES)
    flows = {(flow.get("sourceRef"), flow.get("targetRef")) for flow in process.findall("bpmn:sequenceFlow", SPACES)}
    elements = {node.get("id") for node in process if node.get("id")}
    assert {end for flow in flows for end in flow} <= elements
    drawn = [shape.get("bpmnElement") for shape in root.iter() if shape.tag.endswith(("BPMNShape", "BPMNEdge"))]
    assert sorted(drawn) == sorted(elements)
    return flows


def test_what_is_made_up_for_is_drawn_beside_the_way():
    """Begun behind the step of its form, done before the gate it holds: by both the way goes on."""
    root = Xml.fromstring(as_bpmn(read_playbook(EMERGENCY), title="突发", names={}))
    flows = flows_of(root)
    assert {
        ("ASSESS", "BACKFILL_begins"), ("BACKFILL_begins", "KICKOFF"), ("BACKFILL_begins", "BACKFILL_owed"),
        ("BACKFILL_owed", "BACKFILL_done"), ("ACCEPT_decided", "BACKFILL_done"), ("BACKFILL_done", "RETRO"),
    } <= flows  # fmt: skip
    said = root.find(".//bpmn:userTask[@id='BACKFILL_owed']/bpmn:documentation", SPACES).text
    assert said.startswith("due: 24 h; forms: F13 (INITIATOR), F02 (INITIATOR); routes: ASSESSMENT (F13)")
    assert "CONFIRM_AFTER (F15)" in said


@pytest.mark.parametrize("key", sorted(shipped()))
def test_a_modeller_finds_every_id_once_and_a_drawing_of_everything(key):
    """What bpmn-js complains of otherwise: an id that stands twice, a flow to nowhere, an element without a shape."""
    root = Xml.fromstring(as_bpmn(read_playbook(shipped()[key]), title=key, names={}))
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    process = root.find("bpmn:process", SPACES)
    drawn = {element.get("bpmnElement") for element in root.iter() if element.get("bpmnElement")}
    assert drawn == {process.get("id"), *(element.get("id") for element in process)}
    nodes = {element.get("id") for element in process if element.get("sourceRef") is None}
    flows = [(element.get("sourceRef"), element.get("targetRef")) for element in process if element.get("sourceRef")]
    assert {end for flow in flows for end in flow} == nodes
    if key != "RECURRING":
        assert ("ACCEPT_decided", "EXECUTE") in flows
        return
    timer = process.find("bpmn:intermediateCatchEvent[@id='period_over']/bpmn:timerEventDefinition", SPACES)
    assert timer is not None
    back = {(f"{step}_decided", "period_over") for step in ("ACCEPT", "RETRO", "ARCHIVE")}
    assert {("KICKOFF", "period_over"), ("period_over", "EXECUTE"), ("ARCHIVE_decided", "end")} | back <= set(flows)


def test_the_order_of_the_steps_is_drawn_as_bpmn():
    """A way back is a second way."""
    names = {step["key"]: f"<{step['key']}>" for step in SEED_B["steps"]}
    root = Xml.fromstring(as_bpmn(read_playbook(SEED_B), title="项目 & 合作", names=names))
    process = root.find("bpmn:process", SPACES)
    assert (process.get("name"), process.get("isExecutable")) == ("项目 & 合作", "false")
    tasks = process.findall("bpmn:userTask", SPACES)
    assert [task.get("id") for task in tasks] == [step["key"] for step in SEED_B["steps"][:-1]]
    assert tasks[0].get("name") == "<REQUEST>"
    assert {("APPROVAL_decided", "PLAN"), ("ACCEPT_decided", "EXECUTE"), ("ARCHIVE", "end")} <= flows_of(root)


def test_what_is_made_up_for_is_read_written_and_compared():
    owed = {"key": "LATER", "opens": "F01", "hours": "24", "gate": "enter:RETRO", "forms": [], "routes": []}
    said, wrong = shaped({**SEED_B, "obligations": [owed]})
    assert (wrong, said["obligations"][0]["hours"]) == ([], 24)
    assert shaped(read_text(write_text(said)).body)[0] == said
    (change,) = changes(SEED_B, said)
    assert (change.word, change.before, change.after) == ("obligations", "", "LATER: F01 + 24 h → enter:RETRO,  / ")
    for hours in ("0", "721", "soon"):
        found = shaped({**SEED_B, "obligations": [owed | {"hours": hours}]})[1]
        assert [(one.code, one.place) for one in found] == [
            ("collaborations.playbook_word_number", "obligations.0.hours")
        ]
