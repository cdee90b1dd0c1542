"""A playbook's steps as BPMN 2.0 with its drawing, for modellers of other makers.

Each step is a user task; where a refusal leads back, a gateway follows that leads on or back. What guards, forms and
routes do has no word in BPMN: it stands in the documentation of the task.
"""

from collections.abc import Mapping
from xml.etree import ElementTree as Xml

from bihuan.collaborations.policy.playbook import FINAL, PlaybookPlan, StepPlan

SPACES = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
}
TARGET = "urn:bihuan:playbook"
WIDTH, HEIGHT, GAP, EVENT, GATEWAY, TOP = 120, 80, 60, 36, 50, 120
SIZES = {"userTask": (WIDTH, HEIGHT), "exclusiveGateway": (GATEWAY, GATEWAY)}


def as_bpmn(plan: PlaybookPlan, *, title: str, names: Mapping[str, str]) -> bytes:
    """The document in UTF-8. `names` are the names of the steps, `title` that of the playbook."""
    for prefix, address in SPACES.items():
        Xml.register_namespace(prefix, address)
    drawing = _Drawing(plan, title, names)
    drawing.draw()
    Xml.indent(drawing.root)
    document: bytes = Xml.tostring(drawing.root, encoding="utf-8", xml_declaration=True)
    return document


def _tag(prefix: str, name: str) -> str:
    return f"{{{SPACES[prefix]}}}{name}"


class _Drawing:
    """Nodes from left to right, each with its shape; flows between them, each with its edge."""

    def __init__(self, plan: PlaybookPlan, title: str, names: Mapping[str, str]) -> None:
        self.plan, self.names = plan, names
        self.root = Xml.Element(_tag("bpmn", "definitions"), {"id": "definitions", "targetNamespace": TARGET})
        self.process = Xml.SubElement(
            self.root, _tag("bpmn", "process"), {"id": plan.key, "name": title, "isExecutable": "false"}
        )
        diagram = Xml.SubElement(self.root, _tag("bpmndi", "BPMNDiagram"), {"id": "diagram"})
        self.plane = Xml.SubElement(diagram, _tag("bpmndi", "BPMNPlane"), {"id": "plane", "bpmnElement": plan.key})
        self.places: dict[str, tuple[int, int, int]] = {}
        self.x = GAP

    def draw(self) -> None:
        before = self._node("startEvent", "start", "")
        for step in self.plan.steps:
            if step.key == FINAL:
                break
            before = self._step(step, before)
        self._flow(before, self._node("endEvent", "end", self.names.get(FINAL, "")))

    def _step(self, step: StepPlan, before: str) -> str:
        """The task, and the gateway behind it where there is a way back; answers what the next one follows."""
        task = self._node("userTask", step.key, self.names.get(step.key, step.key), _documentation(step))
        self._flow(before, task)
        if not step.back_to:
            return task
        gateway = self._node("exclusiveGateway", f"{step.key}_decided", "")
        self._flow(task, gateway)
        self._flow(gateway, step.back_to, is_back=True)
        return gateway

    def _node(self, kind: str, node: str, name: str, documentation: str = "") -> str:
        element = Xml.SubElement(self.process, _tag("bpmn", kind), {"id": node, **({"name": name} if name else {})})
        if documentation:
            Xml.SubElement(element, _tag("bpmn", "documentation")).text = documentation
        width, height = SIZES.get(kind, (EVENT, EVENT))
        shape = Xml.SubElement(self.plane, _tag("bpmndi", "BPMNShape"), {"id": f"{node}_shape", "bpmnElement": node})
        bounds = {"x": self.x, "y": TOP - height // 2, "width": width, "height": height}
        Xml.SubElement(shape, _tag("dc", "Bounds"), {key: str(value) for key, value in bounds.items()})
        self.places[node] = (self.x, width, height)
        self.x += width + GAP
        return node

    def _flow(self, source: str, target: str, *, is_back: bool = False) -> None:
        flow = f"{source}_to_{target}"
        ends = {"id": flow, "sourceRef": source, "targetRef": target}
        Xml.SubElement(self.process, _tag("bpmn", "sequenceFlow"), ends)
        edge = Xml.SubElement(self.plane, _tag("bpmndi", "BPMNEdge"), {"id": f"{flow}_edge", "bpmnElement": flow})
        for x, y in self._way(source, target, is_back=is_back):
            Xml.SubElement(edge, _tag("di", "waypoint"), {"x": str(x), "y": str(y)})

    def _way(self, source: str, target: str, *, is_back: bool) -> list[tuple[int, int]]:
        (from_x, from_width, from_height), (to_x, to_width, to_height) = self.places[source], self.places[target]
        if not is_back:
            return [(from_x + from_width, TOP), (to_x, TOP)]
        middle, there, below = from_x + from_width // 2, to_x + to_width // 2, TOP + HEIGHT
        return [(middle, TOP + from_height // 2), (middle, below), (there, below), (there, TOP + to_height // 2)]


def _documentation(step: StepPlan) -> str:
    forms = ", ".join(f"{form.code} ({form.filler})" for form in step.forms)
    routes = ", ".join(f"{route.code} ({route.form})" for route in step.routes)
    said = {"forms": forms, "routes": routes, "guards": ", ".join(step.guards)}
    return "; ".join(f"{word}: {text}" for word, text in said.items() if text)
