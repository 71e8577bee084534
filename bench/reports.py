"""Reports as they come in: about 2 KB each, every one about another child, in the townships of the demonstration."""

import json
from collections.abc import Iterator
from itertools import count, cycle
from uuid import uuid4

from bench.load import request

PATH = "/api/v1/reports"
TOWNSHIPS = ("220104001", "220122100", "220202001")
"""One in each county that has officers in the demonstration."""

_SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡"
_GIVEN = "安宁欣怡子涵雨桐浩然梓萱宇轩思远佳琪明哲文博语嫣嘉懿晨曦若溪俊杰乐瑶"
_NARRATIVE = (
    "放学后一直没有人来接，班主任送孩子回家，敲门很久没有人应。邻居说家里已经三天没有大人，孩子自己热剩饭吃。"
    "孩子穿的还是上周的衣服，手背上有冻疮，说夜里害怕，把椅子顶在门后。父亲在外地打工，电话打不通；母亲两年前离家，"
    "没有留下联系方式。奶奶住在隔壁村，腿脚不好，偶尔送些菜来。班主任把孩子带回学校宿舍，联系了村委会，村委会主任说"
    "以前也有过一次，当时给了米面，没有往上报。孩子说不想离开学校，也不想一个人在家过夜。"
)
_EXTRA = {
    "danger": "no",
    "care": "unattended",
    "place": "前进街道东田社区三号楼二单元，小学东门往里走第二个路口",
    "reporter_phone": "13800138000",
    "reporter_name": "周老师",
    "reporter_relation": "teacher",
    "reporter_unit": "前进街道中心小学",
    "keep_secret": True,
    "child_school": "前进街道中心小学三年级二班",
    "child_category": "left_behind",
    "guardian_relation": "father",
    "guardian_whereabouts": "unreachable",
    "guardian_suspected": "unknown",
    "carer": "奶奶，住隔壁村，腿脚不便，没有电话",
    "child_condition": "手背冻疮，右脚踝旧伤，走路稍跛，视力不好，没有配眼镜",
    "child_words": "我一个人在家，晚上害怕，不敢关灯。奶奶上次来是星期天，带了白菜和鸡蛋。我不想告诉老师，怕爸爸生气。",
    "injuries": "手背冻疮两处，未见新的外伤",
    "witnesses": "邻居孙某，住同一单元二楼，愿意作证",
    "done_note": "班主任已把孩子接到学校宿舍暂住，学校安排女老师陪同，并已口头告知村委会主任。",
    "evidence": "班主任拍的房间照片两张，邻居的口述记录一份，均由学校保存",
    "stopped": "unknown",
    "medical": "no",
    "police_told": "no",
    "omission": "unknown",
}
_children = count()


def body(situation: str = "ABANDONED_UNATTENDED", **given: object) -> bytes:
    """A report about a child that no other report of this process names."""
    n = next(_children)
    surnames, given_names = len(_SURNAMES), len(_GIVEN)
    first, second = n // surnames % given_names, n // surnames // given_names % given_names
    name = _SURNAMES[n % surnames] + _GIVEN[first] + _GIVEN[second]
    report = {
        "situation": situation,
        "narrative": _NARRATIVE,
        "found": "now",
        "territory": TOWNSHIPS[n % len(TOWNSHIPS)],
        "child_name": name,
        "child_age": 4 + n % 13,
        **_EXTRA,
        **given,
    }
    return json.dumps(report, ensure_ascii=False).encode()


def filed(**given: object) -> bytes:
    """The whole request, with a key of its own."""
    return request("POST", PATH, body(**given), idempotency_key=uuid4().hex)  # type: ignore[arg-type]


def stock(size: int) -> Iterator[bytes]:
    """Requests without end, made from ``size`` bodies that are ready beforehand; each has a key of its own."""
    wires = [request("POST", PATH, body(), idempotency_key="#").partition(b"#") for _ in range(size)]
    return (before + uuid4().hex.encode() + after for before, _, after in cycle(wires))
