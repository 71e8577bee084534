"""The report form 强制报告表: every question in its section, declared as data.

No official form was found; the fields are those that 未成年人保护法 11 and 103, 反家庭暴力法 14 and the papers of the
ministry ask about. "不清楚" is an answer everywhere but to what, where and a call-back. ``reporter_…`` answers say who
reports: they are sealed apart from the rest.
"""

from dataclasses import dataclass

from domain.process import Field, FieldKind, Level, Option, Outcome, Role, Task
from domain.triage import CARES, DANGERS, SITUATIONS
from domain.words import N_

UNKNOWN = Option("unknown", N_("不清楚"))
YES_NO = (Option("yes", N_("是")), Option("no", N_("否")), UNKNOWN)

FOUND = (
    Option("now", N_("刚刚，就是现在")),
    Option("at", N_("更早，我写明时间")),
    Option("unclear", N_("不清楚")),
)
RELATIONS = (
    Option("teacher", N_("学校、幼儿园工作人员")),
    Option("doctor", N_("医务人员")),
    Option("village", N_("村（居）民委员会工作人员")),
    Option("social_worker", N_("社会工作者、志愿者")),
    Option("neighbour", N_("邻居、路人")),
    Option("relative", N_("亲属")),
    Option("self", N_("孩子本人")),
    Option("other", N_("其他")),
)
SEXES = (Option("male", N_("男")), Option("female", N_("女")), UNKNOWN)
CATEGORIES = (
    Option("left_behind", N_("农村留守儿童")),
    Option("unsupported", N_("事实无人抚养儿童")),
    Option("orphan", N_("孤儿")),
    Option("disabled", N_("残疾儿童")),
    Option("poor", N_("低保、特困家庭儿童")),
    Option("migrant", N_("流动儿童")),
    Option("none", N_("以上都不是")),
    UNKNOWN,
)
EXPRESSES = (
    Option("yes", N_("能说清楚")),
    Option("partly", N_("能说一部分")),
    Option("no", N_("不能")),
    UNKNOWN,
)
GUARDIAN_RELATIONS = (
    Option("father", N_("父亲")),
    Option("mother", N_("母亲")),
    Option("grandparent", N_("祖父母、外祖父母")),
    Option("relative", N_("其他亲属")),
    Option("other", N_("其他")),
    UNKNOWN,
)
WHEREABOUTS = (
    Option("home", N_("和孩子在一起")),
    Option("away", N_("外出，联系得上")),
    Option("unreachable", N_("联系不上")),
    Option("custody", N_("被羁押、服刑或强制戒毒")),
    Option("dead", N_("已去世")),
    UNKNOWN,
)


@dataclass(frozen=True, slots=True)
class Section:
    """Questions that stand together. ``essential``: shown at once; the others wait behind a line to open."""

    key: str
    title: str
    fields: tuple[Field, ...]
    essential: bool = False


def _text(key: str, title: str, most: int, help_: str = "", *, required: bool = False) -> Field:
    return Field(key, title, FieldKind.TEXT, required, help=help_, most=most)


def _code(key: str, title: str, options: tuple[Option, ...], help_: str = "", *, required: bool = False) -> Field:
    return Field(key, title, FieldKind.CODE, required, options, help_)


def _field(key: str, title: str, kind: FieldKind, help_: str = "", *, required: bool = False) -> Field:
    return Field(key, title, kind, required, help=help_)


SECTIONS: tuple[Section, ...] = (
    Section(
        "what",
        N_("发生了什么"),
        (
            _code("danger", N_("孩子现在有危险吗"), DANGERS),
            _code(
                "situation",
                N_("最接近的情形"),
                tuple(Option(info.code.value, info.title) for info in SITUATIONS),
                N_("有怀疑就可以选，不用自己判断真假。"),
                required=True,
            ),
            _text("narrative", N_("您看到或听到的情况"), 2000, N_("想到什么写什么，几句话也可以。"), required=True),
            _code("care", N_("现在有人照看孩子吗"), CARES),
        ),
        essential=True,
    ),
    Section(
        "when",
        N_("什么时候发现的"),
        (_code("found", N_("发现时间"), FOUND), _field("found_at", N_("发现的日期和时间"), FieldKind.INSTANT)),
        essential=True,
    ),
    Section(
        "where",
        N_("在哪里"),
        (
            _field("territory", N_("乡镇（街道）"), FieldKind.TERRITORY, required=True),
            _text("place", N_("具体地点"), 200, N_("村屯、小区、学校或路口，知道多少写多少。")),
        ),
        essential=True,
    ),
    Section(
        "reporter",
        N_("怎样联系您"),
        (
            _field("reporter_phone", N_("您的电话"), FieldKind.PHONE, N_("只用于核实情况和告知结果。"), required=True),
            _field("reporter_name", N_("您的称呼"), FieldKind.NAME),
            _code("reporter_relation", N_("您是"), RELATIONS),
            _text("reporter_unit", N_("您的单位"), 100),
            _field("keep_secret", N_("为我的身份保密"), FieldKind.FLAG),
        ),
        essential=True,
    ),
    Section(
        "child",
        N_("孩子"),
        (
            _field("child_name", N_("孩子姓名"), FieldKind.NAME, N_("不知道全名，写小名也可以。")),
            _code("child_sex", N_("孩子性别"), SEXES),
            Field("child_age", N_("孩子年龄（周岁）"), FieldKind.COUNT, required=False, most=120),
            _field("child_birth", N_("孩子出生日期"), FieldKind.DAY),
            _field("child_id_number", N_("孩子身份证号"), FieldKind.ID_NUMBER),
            _text("child_school", N_("学校和班级"), 100),
            _text("child_address", N_("现住址"), 200),
            _text("child_household", N_("户籍地"), 200),
            _code("child_category", N_("孩子属于"), CATEGORIES),
            _text("child_condition", N_("残疾或疾病"), 200),
            _code("child_expresses", N_("孩子能说清自己的情况吗"), EXPRESSES),
            _text("child_words", N_("孩子的原话"), 500),
        ),
    ),
    Section(
        "guardian",
        N_("监护人和照料人"),
        (
            _field("guardian_name", N_("监护人姓名"), FieldKind.NAME),
            _code("guardian_relation", N_("监护人是孩子的"), GUARDIAN_RELATIONS),
            _field("guardian_phone", N_("监护人电话"), FieldKind.PHONE),
            _code("guardian_whereabouts", N_("监护人现在"), WHEREABOUTS),
            _code("guardian_suspected", N_("监护人可能是加害人吗"), YES_NO),
            _text("carer", N_("实际照料人"), 200, N_("受委托照看孩子的人：姓名、关系、电话。")),
        ),
    ),
    Section(
        "facts",
        N_("伤情、嫌疑人和证据"),
        (
            _text("injuries", N_("伤情"), 500),
            _text("suspects", N_("可能的加害人"), 500, N_("姓名或样貌，与孩子的关系。")),
            _text("witnesses", N_("还有谁看到"), 500),
            _text("evidence", N_("照片、录音、病历等证据"), 500, N_("写明有什么、在谁手里，先保存好。")),
        ),
    ),
    Section(
        "done",
        N_("已经做了什么"),
        (
            _code("stopped", N_("伤害制止了吗"), YES_NO),
            _code("medical", N_("送医了吗"), YES_NO),
            _code("police_told", N_("报警了吗"), YES_NO),
            _field("police_told_at", N_("报警时间"), FieldKind.INSTANT),
            _text("police_slip", N_("受案回执编号"), 50),
            _code("superior_filed", N_("报主管部门备案了吗"), YES_NO),
            _text("done_note", N_("其他已采取的措施"), 500),
        ),
    ),
    Section(
        "omission",
        N_("有人早就知道却没有报告"),
        (
            _code("omission", N_("有单位或人员早已知情而没有报告吗"), YES_NO),
            _text("omission_note", N_("谁，什么时候知道的"), 500),
        ),
    ),
)

QUESTIONS: dict[str, Field] = {field.key: field for section in SECTIONS for field in section.fields}
"""Every question by its key, in the order of the form."""

FILED = Outcome("filed", N_("提交报告"), tuple(QUESTIONS.values()))
FORM = Task("report_form", "report", N_("强制报告"), (Role.REPORTER,), Level.TOWNSHIP, (FILED,))
"""The form as the machinery of forms takes it. It is no task of a case: a report comes before there is one."""

REPORTER_FIELDS = frozenset(key for key in QUESTIONS if key.startswith("reporter_"))
