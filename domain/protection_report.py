"""强制报告: a report is taken in, passed on, merged or screened out; the police and the reporter are told."""

from domain import protection_forms as f
from domain.process import Field, FieldKind, Level, Outcome, Role, Task
from domain.protection_keys import (
    ACCEPT,
    ACKNOWLEDGE,
    COORDINATE,
    NOTIFY_POLICE,
    OMISSION,
    POLICE_RECEIPT,
    REPORT,
    SCREEN_OUT_REVIEW,
    TRANSFER,
)
from domain.protection_roles import DESK, LEADER, NOT_NEEDED, POLICE
from domain.words import N_

_MOVE = Outcome(
    "transfer",
    N_("移送"),
    (
        Field("territory", N_("移送至（乡镇）"), FieldKind.TERRITORY),
        Field("why", N_("移送原因"), FieldKind.CODE, options=f.TRANSFER_REASONS),
        f.NOTE,
    ),
    moves=True,
)
_TAKE = (
    Outcome("accept", N_("受理"), (f.VILLAGE, f.NOTE)),
    Outcome(
        "merge",
        N_("并案"),
        (Field("case", N_("并入的个案编号"), FieldKind.CASE, help=N_("同一儿童正在办理或可以重开的个案。")), f.REASON),
        joins=True,
    ),
    Outcome(
        "screen_out",
        N_("不予受理"),
        (Field("why", N_("不予受理的原因"), FieldKind.CODE, options=f.SCREEN_OUT_REASONS), f.REASON),
    ),
)

REPORTING = (
    Task(
        REPORT,
        "report",
        N_("发现并报告"),
        (Role.REPORTER,),
        Level.TOWNSHIP,
        (Outcome("received", N_("已收到")),),
        paper=N_("报告记录"),
    ),
    Task(
        ACCEPT,
        "report",
        N_("受理"),
        DESK,
        Level.COUNTY,
        (_TAKE[0], _MOVE, *_TAKE[1:]),
        N_("受理不因信息不全退回。不属本辖区的移送，同一儿童已有个案的并案。"),
        N_("受理登记"),
        safety=True,
    ),
    Task(
        COORDINATE,
        "report",
        N_("统筹受理"),
        LEADER,
        Level.COUNTY,
        _TAKE,
        N_("已经三次移送，由县级统筹确定办理单位，不得再移送。"),
        N_("受理登记"),
        safety=True,
    ),
    Task(
        SCREEN_OUT_REVIEW,
        "report",
        N_("不予受理复核"),
        (Role.COUNTY_LEADER, *DESK),
        Level.COUNTY,
        (
            Outcome("confirm", N_("同意不予受理"), (f.REASON,), second_person=ACCEPT),
            Outcome("reject", N_("应当受理"), (f.REASON,), returns=ACCEPT, second_person=ACCEPT),
        ),
        N_("由另一人复核。不同意的，退回受理。"),
        safety=True,
    ),
    Task(
        NOTIFY_POLICE,
        "report",
        N_("通报公安"),
        DESK,
        Level.COUNTY,
        (
            Outcome(
                "notified",
                N_("已通报"),
                (
                    Field("told_at", N_("通报时间"), FieldKind.INSTANT),
                    Field("receiver", N_("接报单位与人员"), FieldKind.TEXT, required=False),
                ),
            ),
            Outcome("already", N_("报告人已直接报警"), (f.NOTE,)),
            NOT_NEEDED,
        ),
        N_("先电话通报，再在此登记。"),
        N_("通报记录"),
        discretionary=True,
        safety=True,
    ),
    Task(
        POLICE_RECEIPT,
        "report",
        N_("登记受案回执"),
        POLICE,
        Level.COUNTY,
        (
            Outcome(
                "filed",
                N_("已受案、立案"),
                (
                    Field("answer", N_("受案类别"), FieldKind.CODE, options=f.POLICE_ANSWERS),
                    Field("filed_on", N_("受案日期"), FieldKind.DAY),
                    f.DOCUMENT_NUMBER,
                ),
            ),
            Outcome("passed_on", N_("已移送其他公安机关"), (f.ON_DAY, f.NOTE)),
            Outcome("not_police", N_("不属于公安职责，已告知"), (f.REASON,)),
        ),
        paper=N_("受案回执"),
    ),
    Task(
        ACKNOWLEDGE,
        "report",
        N_("首次反馈报告人"),
        DESK,
        Level.COUNTY,
        (
            Outcome("told", N_("已反馈"), (f.FEEDBACK_CODE,)),
            Outcome("unreachable", N_("无法联系"), (f.REASON,)),
        ),
        N_("只告知办理结果，不告知儿童信息。"),
        N_("结果告知"),
    ),
    Task(
        OMISSION,
        "report",
        N_("未报告线索登记"),
        (*DESK, Role.COUNTY_LEADER),
        Level.COUNTY,
        (
            Outcome(
                "recorded",
                N_("已登记"),
                (
                    Field("who", N_("应报未报的单位"), FieldKind.CODE, options=f.WHO_OMITTED),
                    Field("knew_on", N_("最早知情日期"), FieldKind.DAY, required=False),
                    Field("unit_name", N_("单位名称"), FieldKind.TEXT, required=False, most=100),
                    f.REASON,
                ),
            ),
        ),
        N_("谁先知道、每一次转手、哪个单位应当报告而没有报告，如实登记。"),
        discretionary=True,
    ),
    Task(
        TRANSFER,
        "report",
        N_("整案移送"),
        LEADER,
        Level.COUNTY,
        (Outcome("moved", N_("移送"), _MOVE.fields, moves=True), Outcome("kept", N_("不移送"), (f.REASON,))),
        N_("儿童已转移到其他地区时使用。时限不因移送停止。"),
        discretionary=True,
    ),
)
