"""A process as BPMN 2.0 XML with its layout, for any BPMN viewer or modeller.

The document describes, it is not run: one pool with a lane for each lane of the picture, a user task for each task, a
timer event for each wait of the engine, groups for the stages, annotations for the milestones. No vendor extensions.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from domain.layout import END, MARGIN, START, Band, Flag, Line, Node, NodeKind, Picture, layout
from domain.phrase import Translate
from domain.process import Process
from domain.words import N_

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
NAMESPACES = {"bpmn": BPMN, "bpmndi": BPMNDI, "dc": DC, "di": DI}

_ELEMENTS: Mapping[NodeKind, str] = {
    NodeKind.TASK: "userTask",
    NodeKind.TIMER: "intermediateCatchEvent",
    NodeKind.START: "startEvent",
    NodeKind.END: "endEvent",
}
_ANY_TIME = N_("可以随时启动")
_FLAG_WIDTH, _FLAG_HEIGHT = 66, 17
_POOL_HEAD = 30

for _prefix, _uri in NAMESPACES.items():
    ET.register_namespace(_prefix, _uri)


@dataclass(frozen=True, slots=True)
class _Flow:
    id: str
    line: Line


def bpmn_xml(process: Process, translate: Translate = str) -> bytes:
    """The document in UTF-8; the same for the same process and language."""
    picture = layout(process)
    flows = [_Flow(f"flow_{place}", line) for place, line in enumerate(picture.edges, start=1)]
    root = ET.Element(
        _q(BPMN, "definitions"),
        {"id": f"definitions_{process.key}", "targetNamespace": "urn:shouwang:process", "exporter": "Shouwang"},
    )
    for stage in picture.stages:
        category = _add(root, BPMN, "category", id=f"category_{stage.key}")
        _add(category, BPMN, "categoryValue", id=f"stage_{stage.key}", value=translate(stage.title))
    title = translate(process.title)
    pool = _add(_add(root, BPMN, "collaboration", id="collaboration"), BPMN, "participant", id="pool", name=title)
    pool.set("processRef", process.key)
    body = _add(root, BPMN, "process", id=process.key, name=title, isExecutable="false")
    _lanes(body, picture, translate)
    for node in picture.nodes:
        _flow_node(body, process, node, flows, translate)
    for flow in flows:
        _sequence_flow(body, flow, translate)
    _artifacts(body, picture, translate)
    _diagram(root, picture, flows)
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _q(namespace: str, name: str) -> str:
    return f"{{{namespace}}}{name}"


def _add(parent: ET.Element, namespace: str, tag: str, /, **attributes: str) -> ET.Element:
    return ET.SubElement(parent, _q(namespace, tag), attributes)


def _text(parent: ET.Element, name: str, words: str) -> None:
    _add(parent, BPMN, name).text = words


def _id(key: str) -> str:
    """The id of a node in the document; prefixes keep tasks, lanes and stages of one name apart."""
    return f"{key.removeprefix(':')}_event" if key in {START, END} else f"task_{key}"


def _lanes(body: ET.Element, picture: Picture, translate: Translate) -> None:
    lane_set = _add(body, BPMN, "laneSet", id="lanes")
    for band in picture.lanes:
        lane = _add(lane_set, BPMN, "lane", id=f"lane_{band.key}", name=translate(band.title))
        for node in picture.nodes:
            if node.lane == band.key:
                _text(lane, "flowNodeRef", _id(node.key))


def _flow_node(body: ET.Element, process: Process, node: Node, flows: Iterable[_Flow], translate: Translate) -> None:
    element = _add(body, BPMN, _ELEMENTS[node.kind], id=_id(node.key))
    if process.has(node.key):
        task = process.task(node.key)
        element.set("name", translate(task.title))
        notes = [translate(words) for words in (task.hint, _ANY_TIME if task.discretionary else "") if words]
        if notes:
            _text(element, "documentation", "\n".join(notes))
    for flow in flows:
        if flow.line.target == node.key:
            _text(element, "incoming", flow.id)
    for flow in flows:
        if flow.line.source == node.key:
            _text(element, "outgoing", flow.id)
    if node.kind is NodeKind.TIMER:
        _add(element, BPMN, "timerEventDefinition", id=f"timer_{node.key}")


def _sequence_flow(body: ET.Element, flow: _Flow, translate: Translate) -> None:
    element = _add(body, BPMN, "sequenceFlow", id=flow.id)
    if flow.line.label:
        element.set("name", translate(flow.line.label))
    element.set("sourceRef", _id(flow.line.source))
    element.set("targetRef", _id(flow.line.target))


def _artifacts(body: ET.Element, picture: Picture, translate: Translate) -> None:
    for band in picture.stages:
        _add(body, BPMN, "group", id=f"group_{band.key}", categoryValueRef=f"stage_{band.key}")
    for flag in picture.flags:
        note = _add(body, BPMN, "textAnnotation", id=f"milestone_{flag.key}")
        _text(note, "text", translate(flag.title))
        _add(
            body,
            BPMN,
            "association",
            id=f"reached_{flag.key}",
            sourceRef=f"task_{flag.task}",
            targetRef=f"milestone_{flag.key}",
        )


def _diagram(root: ET.Element, picture: Picture, flows: Iterable[_Flow]) -> None:
    diagram = _add(root, BPMNDI, "BPMNDiagram", id="diagram")
    plane = _add(diagram, BPMNDI, "BPMNPlane", id="plane", bpmnElement="collaboration")
    top, last = picture.lanes[0], picture.lanes[-1]
    pool = (top.x, top.y, top.width + _POOL_HEAD, last.y + last.height - top.y)
    _shape(plane, "pool", pool, isHorizontal="true")
    for band in picture.lanes:
        lane = (band.x + _POOL_HEAD, band.y, band.width, band.height)
        _shape(plane, f"lane_{band.key}", lane, isHorizontal="true")
    for band in picture.stages:
        _shape(plane, f"group_{band.key}", _stage_bounds(band))
    for node in picture.nodes:
        _shape(plane, _id(node.key), (node.x + _POOL_HEAD, node.y, node.width, node.height))
    for flow in flows:
        _edge(plane, flow)
    for flag in picture.flags:
        _flag(plane, flag)


def _stage_bounds(band: Band) -> tuple[int, int, int, int]:
    return band.x + _POOL_HEAD + 2, band.y, band.width - 4, band.height + MARGIN


def _shape(plane: ET.Element, element: str, bounds: tuple[int, int, int, int], **attributes: str) -> ET.Element:
    shape = _add(plane, BPMNDI, "BPMNShape", id=f"{element}_shape", bpmnElement=element, **attributes)
    _bounds(shape, bounds)
    return shape


def _bounds(parent: ET.Element, bounds: tuple[int, int, int, int]) -> None:
    _add(parent, DC, "Bounds", **dict(zip(("x", "y", "width", "height"), map(str, bounds), strict=True)))


def _edge(plane: ET.Element, flow: _Flow) -> None:
    line = flow.line
    edge = _add(plane, BPMNDI, "BPMNEdge", id=f"{flow.id}_edge", bpmnElement=flow.id)
    for x, y in line.points:
        _add(edge, DI, "waypoint", x=str(x + _POOL_HEAD), y=str(y))
    if line.label:
        width = 11 * len(line.label)
        left = line.label_x + _POOL_HEAD - (width if line.anchor == "end" else 0)
        _bounds(_add(edge, BPMNDI, "BPMNLabel"), (left, line.label_y - 12, width, 14))


def _flag(plane: ET.Element, flag: Flag) -> None:
    x, y = flag.x + _POOL_HEAD, flag.y - _FLAG_HEIGHT
    _shape(plane, f"milestone_{flag.key}", (x + 12, y - 4, _FLAG_WIDTH, _FLAG_HEIGHT))
    edge = _add(plane, BPMNDI, "BPMNEdge", id=f"reached_{flag.key}_edge", bpmnElement=f"reached_{flag.key}")
    _add(edge, DI, "waypoint", x=str(x + 6), y=str(flag.y))
    _add(edge, DI, "waypoint", x=str(x + 12), y=str(flag.y - 8))
