"""A playbook's steps as BPMN 2.0 with its drawing, for modellers of other makers.

Each step is a user task; where a refusal leads back a gateway follows that leads on or back. Work that comes round
waits behind a timer until its period is over, and its acceptance, review and archive lead back there. What is made up
for is a task beside the way, between two parallel gateways. What guards, forms, routes and clocks do stands in the
documentation of the task.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from xml.etree import ElementTree as Xml

from bihuan.collaborations.policy.playbook import (
    FINAL,
    OF_A_PERIOD,
    WORK,
    Obligation,
    PlaybookPlan,
    StepPlan,
    enter,
    leave,
)

SPACES = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
}
TARGET, PERIOD = "urn:bihuan:playbook", "period_over"
WIDTH, HEIGHT, GAP, EVENT, GATEWAY, TOP, BETWEEN = 120, 80, 60, 36, 50, 120, 15
SIZES = {"userTask": (WIDTH, HEIGHT), "exclusiveGateway": (GATEWAY, GATEWAY), "parallelGateway": (GATEWAY, GATEWAY)}


def as_bpmn(plan: PlaybookPlan, *, title: str, names: Mapping[str, str]) -> bytes:
    """The document in UTF-8. `names` are the names of the steps and of the timer `PERIOD`, `title` the playbook's."""
    for prefix, address in SPACES.items():
        Xml.register_namespace(prefix, address)
    drawing = _Drawing(plan, title, names)
    drawing.draw()
    Xml.indent(drawing.root)
    document: bytes = Xml.tostring(drawing.root, encoding="utf-8", xml_declaration=True)
    return document


def _tag(prefix: str, name: str) -> str:
    return f"{{{SPACES[prefix]}}}{name}"


@dataclass(frozen=True, slots=True)
class _Place:
    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> int:
        return self.x + self.width // 2


class _Drawing:
    """Nodes from left to right, each with its shape; flows between them, each with its edge.

    What is made up for stands below: a parallel gateway behind the step that begins it leads there, another one leads
    back into the way at the gate it holds.
    """

    def __init__(self, plan: PlaybookPlan, title: str, names: Mapping[str, str]) -> None:
        self.plan, self.names = plan, names
        self.root = Xml.Element(_tag("bpmn", "definitions"), {"id": "definitions", "targetNamespace": TARGET})
        process = f"playbook_{plan.key}"  # RESOURCE is a playbook and a step
        self.process = Xml.SubElement(
            self.root, _tag("bpmn", "process"), {"id": process, "name": title, "isExecutable": "false"}
        )
        diagram = Xml.SubElement(self.root, _tag("bpmndi", "BPMNDiagram"), {"id": "diagram"})
        self.plane = Xml.SubElement(diagram, _tag("bpmndi", "BPMNPlane"), {"id": "plane", "bpmnElement": process})
        self.places: dict[str, _Place] = {}
        self.x, self.back = GAP, 0

    def draw(self) -> None:
        before = self._node("startEvent", "start", "")
        for step in self.plan.steps:
            before = self._joined(enter(step.key), before)
            if step.key == FINAL:
                break
            before = self._joined(leave(step.key), self._step(step, before))
        self._flow(before, self._node("endEvent", "end", self.names.get(FINAL, "")))

    def _step(self, step: StepPlan, before: str) -> str:
        """The task, and the gateways behind it where there is a way back or something begins beside the way."""
        if self.plan.recurs and step.key == WORK:
            before = self._timer(before)
        task = self._node("userTask", step.key, self.names.get(step.key, step.key), _documentation(step))
        self._flow(before, task)
        comes_round = self.plan.recurs and step.key in OF_A_PERIOD and step.key != WORK
        ways_back = [each for each in (step.back_to, PERIOD if comes_round else "") if each]
        if ways_back:
            gateway = self._node("exclusiveGateway", f"{step.key}_decided", "")
            self._flow(task, gateway)
            for each in ways_back:
                self._flow(gateway, each, is_back=True)
            task = gateway
        for row, owed in enumerate(self.plan.obligations):
            if step.asks_for(owed.opens):
                task = self._beside(owed, row, task)
        return task

    def _timer(self, before: str) -> str:
        """Until a period is over nothing is asked of anybody."""
        timer = self._node("intermediateCatchEvent", PERIOD, self.names.get(PERIOD, ""))
        event = next(each for each in self.process if each.get("id") == timer)
        Xml.SubElement(event, _tag("bpmn", "timerEventDefinition"), {"id": f"{timer}_timer"})
        self._flow(before, timer)
        return timer

    def _beside(self, owed: Obligation, row: int, before: str) -> str:
        gateway = self._node("parallelGateway", f"{owed.key}_begins", "")
        self._flow(before, gateway)
        said = f"due: {owed.hours} h; {_documentation(replace(owed.step, forms=owed.forms))}"
        self._node("userTask", _owed(owed), owed.key, said, row=row + 1)
        self._flow(gateway, _owed(owed))
        return gateway

    def _joined(self, gate: str, before: str) -> str:
        """A gateway for each obligation that holds the gate; answers what the way goes on from."""
        for owed in self.plan.obligations:
            if owed.gate == gate and _owed(owed) in self.places:
                gateway = self._node("parallelGateway", f"{owed.key}_done", "")
                self._flow(before, gateway)
                self._flow(_owed(owed), gateway)
                before = gateway
        return before

    def _node(self, kind: str, node: str, name: str, documentation: str = "", row: int = 0) -> str:
        element = Xml.SubElement(self.process, _tag("bpmn", kind), {"id": node, **({"name": name} if name else {})})
        if documentation:
            Xml.SubElement(element, _tag("bpmn", "documentation")).text = documentation
        width, height = SIZES.get(kind, (EVENT, EVENT))
        place = _Place(self.x, TOP + row * (2 * HEIGHT), width, height)
        shape = Xml.SubElement(self.plane, _tag("bpmndi", "BPMNShape"), {"id": f"{node}_shape", "bpmnElement": node})
        bounds = {"x": place.x, "y": place.y - height // 2, "width": width, "height": height}
        Xml.SubElement(shape, _tag("dc", "Bounds"), {key: str(value) for key, value in bounds.items()})
        if kind == "intermediateCatchEvent":  # its name stands above, since the ways back come from below
            above = {"x": place.middle - WIDTH // 2, "y": place.y - height, "width": WIDTH, "height": height // 2}
            label = Xml.SubElement(shape, _tag("bpmndi", "BPMNLabel"))
            Xml.SubElement(label, _tag("dc", "Bounds"), {key: str(value) for key, value in above.items()})
        self.places[node] = place
        self.x += 0 if row else width + GAP
        return node

    def _flow(self, source: str, target: str, *, is_back: bool = False) -> None:
        flow = f"{source}_to_{target}"
        ends = {"id": flow, "sourceRef": source, "targetRef": target}
        Xml.SubElement(self.process, _tag("bpmn", "sequenceFlow"), ends)
        edge = Xml.SubElement(self.plane, _tag("bpmndi", "BPMNEdge"), {"id": f"{flow}_edge", "bpmnElement": flow})
        for x, y in self._way(source, target, is_back=is_back):
            Xml.SubElement(edge, _tag("di", "waypoint"), {"x": str(x), "y": str(y)})

    def _way(self, source: str, target: str, *, is_back: bool) -> list[tuple[int, int]]:
        here, there = self.places[source], self.places[target]
        if is_back:
            self.back += 1
            below = TOP + HEIGHT + (self.back - 1) * BETWEEN
            ends = (here.middle, TOP + here.height // 2), (there.middle, TOP + there.height // 2)
            return [ends[0], (here.middle, below), (there.middle, below), ends[1]]
        if here.y < there.y:
            return [(here.middle, here.y + here.height // 2), (here.middle, there.y), (there.x, there.y)]
        if here.y > there.y:
            end = (there.middle, there.y + there.height // 2)
            return [(here.x + here.width, here.y), (there.middle, here.y), end]
        return [(here.x + here.width, here.y), (there.x, there.y)]


def _owed(owed: Obligation) -> str:
    return f"{owed.key}_owed"


def _documentation(step: StepPlan) -> str:
    forms = ", ".join(form.said for form in step.forms)
    routes = ", ".join(f"{route.code} ({route.form})" for route in step.routes)
    said = {"forms": forms, "routes": routes, "guards": ", ".join(step.guards)}
    return "; ".join(f"{word}: {text}" for word, text in said.items() if text)
