"""结案: proposed by one, approved by another, told to the reporter, open to be reopened for a while."""

from domain import protection_forms as f
from domain.process import Field, FieldKind, Level, Outcome, Role, Task
from domain.protection_keys import (
    APPROVE_CLOSE,
    APPROVE_END,
    FINAL_FEEDBACK,
    PROPOSE_CLOSE,
    REOPEN_WINDOW,
)
from domain.protection_roles import DESK
from domain.words import N_

CLOSING = (
    Task(
        PROPOSE_CLOSE,
        "closing",
        N_("结案申请"),
        DESK,
        Level.COUNTY,
        (
            Outcome(
                "propose",
                N_("申请结案"),
                (Field("why", N_("结案原因"), FieldKind.CODE, options=f.CLOSING_REASONS), f.FINDING),
                needs_clear=True,
            ),
            Outcome(
                "end",
                N_("申请终止"),
                (Field("why", N_("终止原因"), FieldKind.CODE, options=f.ENDING_REASONS), f.FINDING),
            ),
            Outcome("keep", N_("继续办理"), (f.REASON,)),
        ),
        N_("安全事项未完成、走访缺失时不能结案。儿童死亡、成年或迁出的，申请终止。"),
        N_("结案报告"),
        discretionary=True,
    ),
    Task(
        APPROVE_CLOSE,
        "closing",
        N_("结案审批"),
        (Role.COUNTY_LEADER, *DESK),
        Level.COUNTY,
        (
            Outcome("approve", N_("同意结案"), (f.REASON,), second_person=PROPOSE_CLOSE, needs_clear=True),
            Outcome("return", N_("退回"), (f.REASON,), returns=PROPOSE_CLOSE, second_person=PROPOSE_CLOSE),
        ),
        N_("由另一人审批。"),
    ),
    Task(
        APPROVE_END,
        "closing",
        N_("终止审批"),
        (Role.COUNTY_LEADER, *DESK),
        Level.COUNTY,
        (
            Outcome("approve", N_("同意终止"), (f.REASON,), second_person=PROPOSE_CLOSE),
            Outcome("return", N_("退回"), (f.REASON,), returns=PROPOSE_CLOSE, second_person=PROPOSE_CLOSE),
        ),
        N_("由另一人审批。未完成的事项随终止撤回。"),
    ),
    Task(
        FINAL_FEEDBACK,
        "closing",
        N_("告知报告人结果"),
        DESK,
        Level.COUNTY,
        (
            Outcome("told", N_("已告知"), (f.FEEDBACK_CODE,)),
            Outcome("unreachable", N_("无法联系"), (f.REASON,)),
        ),
        N_("结案不等于反馈：报告人必须被告知结果。"),
        N_("结果告知"),
    ),
    Task(
        REOPEN_WINDOW,
        "closing",
        N_("重新打开的窗口期"),
        (Role.SYSTEM,),
        Level.COUNTY,
        (Outcome("elapsed", N_("窗口期满")),),
    ),
)
