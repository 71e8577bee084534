"""The BPMN document: what the OMG schema and the standard's cross references ask for, checked by structure."""

from collections import Counter
from xml.etree import ElementTree as ET

import pytest

from domain.bpmn import BPMN, BPMNDI, DC, DI, NAMESPACES, bpmn_xml
from domain.layout import layout
from domain.process import Process
from domain.protection import PROTECTION
from tests.domain.test_layout import LOOPING

PROCESSES = pytest.mark.parametrize("process", [PROTECTION, LOOPING], ids=lambda process: str(process.key))

_REFERENCES = ("processRef", "sourceRef", "targetRef", "bpmnElement", "categoryValueRef")
_CHILD_ORDER: dict[str, list[str | set[str]]] = {
    "definitions": ["category", "collaboration", "process", "BPMNDiagram"],
    "process": [
        "laneSet",
        {"userTask", "intermediateCatchEvent", "startEvent", "endEvent", "sequenceFlow"},
        {"group", "textAnnotation", "association"},
    ],
    "userTask": ["documentation", "incoming", "outgoing"],
    "intermediateCatchEvent": ["documentation", "incoming", "outgoing", "timerEventDefinition"],
}
"""The order of children the OMG schema demands; a set stands for a choice."""


def _parse(process: Process) -> ET.Element:
    return ET.fromstring(bpmn_xml(process))


def _name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _find(root: ET.Element, path: str) -> list[ET.Element]:
    return root.findall(path, NAMESPACES)


def _ids(root: ET.Element) -> list[str]:
    return [str(element.get("id")) for element in root.iter() if element.get("id")]


@PROCESSES
def test_ids_are_unique_names(process: Process) -> None:
    ids = _ids(_parse(process))
    assert [key for key, count in Counter(ids).items() if count > 1] == []
    assert all(key.replace("_", "").isalnum() and not key[0].isdigit() for key in ids)


@PROCESSES
def test_every_reference_leads_somewhere(process: Process) -> None:
    root = _parse(process)
    referred = {str(e.get(name)) for e in root.iter() for name in _REFERENCES if e.get(name)}
    named = {str(e.text) for tag in ("flowNodeRef", "incoming", "outgoing") for e in root.iter(f"{{{BPMN}}}{tag}")}
    assert (referred | named) - set(_ids(root)) == set()


@PROCESSES
def test_there_is_an_element_for_every_task_and_a_flow_for_every_edge(process: Process) -> None:
    root = _parse(process)
    tasks = {task.key for task in process.tasks if not task.is_system}
    waits = {task.key for task in process.tasks if task.is_system}
    assert {str(e.get("id")) for e in _find(root, ".//bpmn:userTask")} == {f"task_{key}" for key in tasks}
    timers = _find(root, ".//bpmn:intermediateCatchEvent[bpmn:timerEventDefinition]")
    assert {str(e.get("id")) for e in timers} == {f"task_{key}" for key in waits}
    assert len(_find(root, ".//bpmn:sequenceFlow")) == len(process.edges)
    assert len(_find(root, ".//bpmn:startEvent")) == len(_find(root, ".//bpmn:endEvent")) == 1


@PROCESSES
def test_nodes_name_exactly_the_flows_that_touch_them(process: Process) -> None:
    root = _parse(process)
    flows = _find(root, ".//bpmn:sequenceFlow")
    for tag, reference in (("incoming", "targetRef"), ("outgoing", "sourceRef")):
        told = {(str(node.get("id")), str(e.text)) for node in root.iter() for e in _find(node, f"bpmn:{tag}")}
        assert told == {(str(flow.get(reference)), str(flow.get("id"))) for flow in flows}


@PROCESSES
def test_every_node_is_in_exactly_one_lane(process: Process) -> None:
    placed = [str(e.text) for e in _find(_parse(process), ".//bpmn:lane/bpmn:flowNodeRef")]
    assert len(placed) == len(set(placed)) == len(layout(process).nodes)


@PROCESSES
def test_everything_that_can_be_seen_has_its_place(process: Process) -> None:
    root = _parse(process)
    seen = {
        str(element.get("id"))
        for parent in _find(root, ".//bpmn:process")
        + _find(root, ".//bpmn:laneSet")
        + _find(root, "bpmn:collaboration")
        for element in parent
        if _name(element) != "laneSet"
    }
    shapes = _find(root, ".//bpmndi:BPMNShape") + _find(root, ".//bpmndi:BPMNEdge")
    drawn = [str(shape.get("bpmnElement")) for shape in shapes]
    assert len(drawn) == len(set(drawn))
    assert set(drawn) == seen
    for shape in shapes:
        is_edge = _name(shape) == "BPMNEdge"
        assert len(_find(shape, "di:waypoint")) >= 2 if is_edge else len(_find(shape, "dc:Bounds")) == 1


@PROCESSES
def test_shapes_lie_inside_the_pool_and_lines_end_on_their_shapes(process: Process) -> None:
    root = _parse(process)

    def bounds(element: str) -> tuple[int, int, int, int]:
        (found,) = _find(root, f".//bpmndi:BPMNShape[@bpmnElement='{element}']/dc:Bounds")
        x, y, width, height = (int(str(found.get(name))) for name in ("x", "y", "width", "height"))
        return x, y, x + width, y + height

    left, top, right, bottom = bounds("pool")
    for node in _find(root, ".//bpmn:flowNodeRef"):
        x1, y1, x2, y2 = bounds(str(node.text))
        assert left < x1 and x2 < right and top < y1 and y2 < bottom
    for flow in _find(root, ".//bpmn:sequenceFlow"):
        points = _find(root, f".//bpmndi:BPMNEdge[@bpmnElement='{flow.get('id')}']/di:waypoint")
        for point, reference in ((points[0], "sourceRef"), (points[-1], "targetRef")):
            x1, y1, x2, y2 = bounds(str(flow.get(reference)))
            assert int(str(point.get("x"))) in {x1, x2} and y1 < int(str(point.get("y"))) < y2


def _rank(order: list[str | set[str]], name: str) -> int:
    return next(at for at, slot in enumerate(order) if name == slot or (isinstance(slot, set) and name in slot))


@PROCESSES
def test_children_stand_in_the_order_of_the_schema(process: Process) -> None:
    for element in _parse(process).iter():
        order = _CHILD_ORDER.get(_name(element))
        if order is not None:
            ranks = [_rank(order, _name(child)) for child in element]
            assert ranks == sorted(ranks), element.get("id")


def test_the_document_has_no_vendor_extensions() -> None:
    root = _parse(PROTECTION)
    assert {element.tag.partition("}")[0].lstrip("{") for element in root.iter()} == {BPMN, BPMNDI, DC, DI}
    assert not [name for element in root.iter() for name in element.attrib if name.startswith("{")]


def test_names_follow_the_language() -> None:
    text = bpmn_xml(PROTECTION, lambda words: f"<{words}>").decode()
    assert 'name="&lt;受理&gt;"' in text and "可以随时启动" in text


def test_the_same_process_gives_the_same_document() -> None:
    assert bpmn_xml(PROTECTION) == bpmn_xml(PROTECTION)
