"""评估帮扶: grading, assessment, help plan, services, reviews and visits."""

from domain import protection_forms as f
from domain.process import Field, FieldKind, Level, Outcome, Role, Task
from domain.protection_keys import (
    ASSESSMENT,
    GRADING,
    HELP_PLAN,
    PLAN_REVIEW,
    SAFETY_DECISION,
    SERVICE,
    VISIT,
)
from domain.protection_roles import DESK, NOT_NEEDED, VISITORS
from domain.words import N_

_ASSESSORS = (
    Field("assessors", N_("评估人数"), FieldKind.COUNT, least=2, most=20, help=N_("不少于两人。")),
    Field("assessor_names", N_("评估人员"), FieldKind.TEXT, most=200),
)
_SERVICES = Field(
    "services", N_("服务事项"), FieldKind.SERVICES, help=N_("每项写明服务内容、提供方、完成日期。"), least=1, most=20
)
HELP = (
    Task(
        GRADING,
        "assessment",
        N_("首次风险分级"),
        DESK,
        Level.COUNTY,
        (
            Outcome("graded", N_("确定等级"), (f.COLOUR, f.REASON)),
            Outcome("return", N_("退回安全决定"), (f.REASON,), returns=SAFETY_DECISION),
        ),
        safety=True,
    ),
    Task(
        ASSESSMENT,
        "assessment",
        N_("监护能力评估"),
        DESK,
        Level.COUNTY,
        (
            Outcome("assessed", N_("出具评估结论"), (*_ASSESSORS, f.GUARDIANSHIP_STATE, f.COLOUR, f.FINDING)),
            Outcome("return", N_("退回重新分级"), (f.REASON,), returns=GRADING),
        ),
        N_("两名以上评估人员；结论为监护正常、不足、失当、缺失之一，并确定风险等级。"),
        N_("监护能力评估报告"),
        discretionary=True,
        safety=True,
    ),
    Task(
        HELP_PLAN,
        "assessment",
        N_("帮扶方案"),
        (*DESK, Role.CHILD_SUPERVISOR),
        Level.TOWNSHIP,
        (
            Outcome("planned", N_("制定方案"), (_SERVICES, f.NOTE)),
            NOT_NEEDED,
            Outcome("return", N_("退回重新评估"), (f.REASON,), returns=ASSESSMENT),
        ),
        paper=N_("帮扶方案"),
    ),
    Task(
        SERVICE,
        "assessment",
        N_("服务事项"),
        (*VISITORS, Role.COUNTY_OFFICER),
        Level.VILLAGE,
        (
            Outcome("done", N_("已完成"), (f.ON_DAY, f.FINDING)),
            Outcome("failed", N_("未能完成"), (f.REASON,)),
        ),
        paper=N_("服务记录"),
    ),
    Task(
        PLAN_REVIEW,
        "assessment",
        N_("方案检视"),
        (*DESK, Role.CHILD_SUPERVISOR),
        Level.TOWNSHIP,
        (
            Outcome("continue", N_("继续执行"), (f.COLOUR, f.FINDING)),
            Outcome("change", N_("增加服务事项"), (f.COLOUR, _SERVICES, f.FINDING)),
            Outcome("finish", N_("方案完成"), (f.COLOUR, f.FINDING)),
        ),
        paper=N_("检视记录"),
    ),
    Task(
        VISIT,
        "assessment",
        N_("走访"),
        VISITORS,
        Level.VILLAGE,
        (
            Outcome("seen", N_("见到儿童，情况正常"), (f.FINDING, f.CHILD_OPINION)),
            Outcome("danger", N_("见到儿童，发现危险"), (f.FINDING, f.CHILD_OPINION)),
            Outcome("door_closed", N_("上门未见到儿童"), (f.FINDING,)),
        ),
        N_("频次由风险等级决定。连续两次未见到儿童即形成新的报告。"),
        N_("走访记录"),
        discretionary=True,
    ),
)
