"""The four-part mechanism 四位一体: 强制报告、应急处置、评估帮扶、监护干预, declared as one table.

Time limits are not here: they are rows of ``rules/*.toml`` that name these tasks.
Sources: the 2020 notice (吉林省民政厅 2020-04-08) part 8; 未成年人保护法 11, 92-96, 108, 118;
反家庭暴力法 14-17, 23-32.
"""

from domain import protection_forms as f
from domain.approvals import approvals
from domain.process import Edge, Field, FieldKind, Level, Milestone, Option, Outcome, Process, Role, Stage, Task
from domain.words import N_

REPORT, ACCEPT, COORDINATE, SCREEN_OUT_REVIEW = "report", "accept", "coordinate", "screen_out_review"
NOTIFY_POLICE, POLICE_RECEIPT, ACKNOWLEDGE = "notify_police", "police_receipt", "acknowledge"
OMISSION, TRANSFER = "omission", "transfer"
ONSITE_CHECK, SAFETY_DECISION, UNSEEN_REPORT = "onsite_check", "safety_decision", "unseen_report"
REPRIMAND, ENTRUST_RELATIVE, TEMPORARY_GUARDIANSHIP = "reprimand", "entrust_relative", "temporary_guardianship"
MEDICAL, SEARCH_MISSING, SHELTER, HANDOVER = "medical", "search_missing", "shelter", "handover"
NOTIFY_TOWNSHIP, TEMPORARY_REVIEW, TEMPORARY_EXIT = "notify_township", "temporary_review", "temporary_exit"
GRADING, ASSESSMENT, HELP_PLAN, SERVICE = "grading", "assessment", "help_plan", "service"
PLAN_REVIEW, VISIT = "plan_review", "visit"
CONFERENCE, WARNING, WARNING_REVIEW = "conference", "warning", "warning_review"
ORDER_APPLICATION, ORDER_DECISION, ORDER_RENEWAL = "order_application", "order_decision", "order_renewal"
REVOCATION_DECISION, REVOCATION_FILING = "revocation_decision", "revocation_filing"
REVOCATION_JUDGMENT, DISHONESTY = "revocation_judgment", "dishonesty"
PROPOSE_CLOSE, APPROVE_CLOSE, APPROVE_END = "propose_close", "approve_close", "approve_end"
FINAL_FEEDBACK = "final_feedback"
REOPEN_WINDOW = "reopen_window"

REMOVALS = (TEMPORARY_GUARDIANSHIP, SHELTER, ENTRUST_RELATIVE)
"""Measures that take the child out of the home: each needs a written handover (EMG-03)."""

_DESK = (Role.COUNTY_OFFICER, Role.PROTECTION_CENTRE)
_FIELD = (Role.CHILD_SUPERVISOR, Role.PROTECTION_CENTRE, Role.COUNTY_OFFICER)
_VISITORS = (Role.CHILD_DIRECTOR, Role.CHILD_SUPERVISOR, Role.PROTECTION_CENTRE)
_LEADER = (Role.COUNTY_LEADER,)
_POLICE = (Role.POLICE, *_DESK)
_NOT_NEEDED = Outcome("not_needed", N_("不需要"), (f.REASON,))

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

_REPORTING = (
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
        _DESK,
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
        _LEADER,
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
        (Role.COUNTY_LEADER, *_DESK),
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
        _DESK,
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
            _NOT_NEEDED,
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
        _POLICE,
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
        _DESK,
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
        (*_DESK, Role.COUNTY_LEADER),
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
        _LEADER,
        Level.COUNTY,
        (Outcome("moved", N_("移送"), _MOVE.fields, moves=True), Outcome("kept", N_("不移送"), (f.REASON,))),
        N_("儿童已转移到其他地区时使用。时限不因移送停止。"),
        discretionary=True,
    ),
)

_EMERGENCY = (
    Task(
        ONSITE_CHECK,
        "emergency",
        N_("现场核查"),
        _FIELD,
        Level.TOWNSHIP,
        (
            Outcome("danger", N_("见到儿童，有危险"), (f.FINDING, f.CHILD_OPINION)),
            Outcome("no_danger", N_("见到儿童，暂无危险"), (f.FINDING, f.CHILD_OPINION)),
            Outcome("door_closed", N_("上门未见到儿童"), (f.FINDING,)),
            Outcome("missing", N_("儿童下落不明"), (f.FINDING,)),
        ),
        N_("必须见到儿童本人。敲门不开也是一种结果，连续两次即形成新的报告。"),
        N_("现场核查记录"),
        discretionary=True,
        safety=True,
    ),
    Task(
        UNSEEN_REPORT,
        "emergency",
        N_("连续未见儿童的报告处置"),
        _DESK,
        Level.COUNTY,
        (
            Outcome("police", N_("已请公安协助上门"), (Field("told_at", N_("通报时间"), FieldKind.INSTANT), f.NOTE)),
            Outcome("found", N_("已另行找到儿童"), (f.FINDING,)),
        ),
        N_("连续两次上门未见到儿童，按新的报告处置。"),
        safety=True,
        raises_report=True,
    ),
    Task(
        SAFETY_DECISION,
        "emergency",
        N_("安全决定"),
        _DESK,
        Level.COUNTY,
        (
            Outcome("safe", N_("可留在家中"), (f.REASON,)),
            Outcome(
                "measures",
                N_("采取应急措施"),
                (Field("measures", N_("应急措施"), FieldKind.CODES, options=f.MEASURES, least=1), f.REASON),
            ),
            Outcome("return", N_("退回重新核查"), (f.REASON,), returns=ONSITE_CHECK),
        ),
        paper=N_("安全决定"),
        safety=True,
    ),
    Task(
        REPRIMAND,
        "emergency",
        N_("责令返回与训诫"),
        _POLICE,
        Level.COUNTY,
        (Outcome("done", N_("已责令、训诫"), (f.ON_DAY, f.DOCUMENT_NUMBER, f.REVIEW_DAY)), _NOT_NEEDED),
        paper=N_("训诫书、责令书"),
        discretionary=True,
        safety=True,
    ),
    Task(
        ENTRUST_RELATIVE,
        "emergency",
        N_("委托亲属照护"),
        _FIELD,
        Level.TOWNSHIP,
        (Outcome("done", N_("已委托"), (f.ON_DAY, f.CARER)), _NOT_NEEDED),
        paper=N_("委托监护确认书"),
        discretionary=True,
        safety=True,
    ),
    Task(
        TEMPORARY_GUARDIANSHIP,
        "emergency",
        N_("临时监护安置"),
        _DESK,
        Level.COUNTY,
        (
            Outcome(
                "placed",
                N_("决定临时监护"),
                (
                    Field("ground", N_("法定情形"), FieldKind.CODE, options=f.TEMPORARY_GROUNDS),
                    Field("placement", N_("安置方式"), FieldKind.CODE, options=f.PLACEMENTS),
                    f.CHILD_OPINION,
                ),
            ),
            _NOT_NEEDED,
        ),
        N_("有法定七种情形之一的，应当临时监护。"),
        N_("临时监护决定"),
        discretionary=True,
        safety=True,
    ),
    Task(
        MEDICAL,
        "emergency",
        N_("就医"),
        _FIELD,
        Level.TOWNSHIP,
        (Outcome("done", N_("已就医"), (f.ON_DAY, f.NOTE)), _NOT_NEEDED),
        paper=N_("诊疗记录"),
        discretionary=True,
        safety=True,
    ),
    Task(
        SEARCH_MISSING,
        "emergency",
        N_("失踪查找"),
        _POLICE,
        Level.COUNTY,
        (
            Outcome("found", N_("已找到儿童"), (f.ON_DAY, f.NOTE)),
            Outcome("filed", N_("已立案查找"), (f.ON_DAY, f.DOCUMENT_NUMBER)),
            _NOT_NEEDED,
        ),
        discretionary=True,
        safety=True,
    ),
    Task(
        SHELTER,
        "emergency",
        N_("庇护"),
        _FIELD,
        Level.TOWNSHIP,
        (Outcome("done", N_("已庇护"), (f.ON_DAY, f.NOTE)), _NOT_NEEDED),
        discretionary=True,
        safety=True,
    ),
    Task(
        HANDOVER,
        "emergency",
        N_("书面交接"),
        _POLICE,
        Level.COUNTY,
        (
            Outcome(
                "done",
                N_("已交接"),
                (f.ON_DAY, Field("parties", N_("交接双方"), FieldKind.TEXT, most=200), f.CHILD_OPINION),
            ),
        ),
        paper=N_("交接单"),
        safety=True,
    ),
    Task(
        NOTIFY_TOWNSHIP,
        "emergency",
        N_("通报乡镇"),
        _POLICE,
        Level.COUNTY,
        (Outcome("done", N_("已通报"), (f.NOTE,)),),
        paper=N_("通报"),
    ),
    Task(
        TEMPORARY_REVIEW,
        "emergency",
        N_("临时监护检视"),
        _DESK,
        Level.COUNTY,
        (Outcome("done", N_("已检视"), (f.SEEN_CHILD, f.FINDING)),),
        N_("儿童现状、监护人情况、下一步去向。"),
        paper=N_("检视记录"),
    ),
    Task(
        TEMPORARY_EXIT,
        "emergency",
        N_("临时监护去向决定"),
        _DESK,
        Level.COUNTY,
        (Outcome("decided", N_("决定去向"), (Field("exit", N_("去向"), FieldKind.CODE, options=f.EXITS), f.REASON)),),
        N_("临时监护一般不超过一年；送回前必须评估。"),
        safety=True,
    ),
)

_ASSESSORS = (
    Field("assessors", N_("评估人数"), FieldKind.COUNT, least=2, most=20, help=N_("不少于两人。")),
    Field("assessor_names", N_("评估人员"), FieldKind.TEXT, most=200),
)
_SERVICES = Field(
    "services", N_("服务事项"), FieldKind.SERVICES, help=N_("每项写明服务内容、提供方、完成日期。"), least=1, most=20
)
_DECISIONS = (
    Option(WARNING, N_("训诫、家庭教育指导令或告诫书")),
    Option(ORDER_APPLICATION, N_("申请人身安全保护令")),
    Option(REVOCATION_DECISION, N_("研究申请撤销监护人资格")),
    Option(DISHONESTY, N_("失信惩戒")),
    Option("none", N_("暂不采取干预措施")),
)

_HELP = (
    Task(
        GRADING,
        "assessment",
        N_("首次风险分级"),
        _DESK,
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
        _DESK,
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
        (*_DESK, Role.CHILD_SUPERVISOR),
        Level.TOWNSHIP,
        (
            Outcome("planned", N_("制定方案"), (_SERVICES, f.NOTE)),
            _NOT_NEEDED,
            Outcome("return", N_("退回重新评估"), (f.REASON,), returns=ASSESSMENT),
        ),
        paper=N_("帮扶方案"),
    ),
    Task(
        SERVICE,
        "assessment",
        N_("服务事项"),
        (*_VISITORS, Role.COUNTY_OFFICER),
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
        (*_DESK, Role.CHILD_SUPERVISOR),
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
        _VISITORS,
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

_INTERVENTION = (
    Task(
        CONFERENCE,
        "intervention",
        N_("会商"),
        (*_DESK, Role.COUNTY_LEADER),
        Level.COUNTY,
        (
            Outcome(
                "decided",
                N_("形成会商意见"),
                (
                    Field("participants", N_("参加单位"), FieldKind.CODES, options=f.PARTICIPANTS, least=1),
                    Field("decisions", N_("会商决定"), FieldKind.CODES, options=_DECISIONS, least=1),
                    f.FINDING,
                ),
            ),
        ),
        paper=N_("会商纪要"),
        discretionary=True,
        safety=True,
    ),
    Task(
        WARNING,
        "intervention",
        N_("训诫与告诫登记"),
        _POLICE,
        Level.COUNTY,
        (
            Outcome(
                "issued",
                N_("已作出"),
                (
                    Field("kind", N_("文书种类"), FieldKind.CODE, options=f.WARNING_KINDS),
                    Field("body", N_("作出机关"), FieldKind.CODE, options=f.WARNING_BODIES),
                    f.ON_DAY,
                    f.DOCUMENT_NUMBER,
                    f.REVIEW_DAY,
                ),
            ),
            _NOT_NEEDED,
        ),
        N_("每一份训诫、告诫都要定下复查日期。"),
        N_("训诫书、家庭教育指导令、告诫书"),
        discretionary=True,
    ),
    Task(
        WARNING_REVIEW,
        "intervention",
        N_("训诫告诫复查"),
        (*_VISITORS, Role.POLICE),
        Level.VILLAGE,
        (
            Outcome("kept", N_("已改正"), (f.FINDING,)),
            Outcome("broken", N_("未改正"), (f.FINDING,)),
        ),
        paper=N_("查访记录"),
        safety=True,
    ),
    Task(
        ORDER_APPLICATION,
        "intervention",
        N_("申请人身安全保护令"),
        _POLICE,
        Level.COUNTY,
        (
            Outcome(
                "accepted",
                N_("法院已受理"),
                (
                    Field("accepted_at", N_("受理时间"), FieldKind.INSTANT),
                    Field("urgent", N_("情况紧急"), FieldKind.FLAG, fact="order_urgent"),
                    f.DOCUMENT_NUMBER,
                ),
            ),
            Outcome("refused", N_("法院未受理"), (f.REASON,)),
            _NOT_NEEDED,
        ),
        paper=N_("人身安全保护令申请书"),
        discretionary=True,
        safety=True,
    ),
    Task(
        ORDER_DECISION,
        "intervention",
        N_("登记法院裁定"),
        _DESK,
        Level.COUNTY,
        (
            Outcome(
                "granted",
                N_("作出保护令"),
                (f.ON_DAY, Field("valid_until", N_("有效期至"), FieldKind.DAY), f.DOCUMENT_NUMBER),
            ),
            Outcome("refused", N_("驳回申请"), (f.ON_DAY, f.REASON)),
        ),
        paper=N_("人身安全保护令"),
        safety=True,
    ),
    Task(
        ORDER_RENEWAL,
        "intervention",
        N_("保护令到期处置"),
        _DESK,
        Level.COUNTY,
        (
            Outcome("renewed", N_("已延长"), (Field("valid_until", N_("有效期至"), FieldKind.DAY), f.DOCUMENT_NUMBER)),
            Outcome("lapsed", N_("不再延长"), (f.REASON,)),
        ),
        N_("有效期届满前可以申请变更、延长或撤销。"),
        safety=True,
    ),
    Task(
        REVOCATION_DECISION,
        "intervention",
        N_("是否申请撤销监护人资格"),
        (*_DESK, Role.COUNTY_LEADER),
        Level.COUNTY,
        (
            Outcome(
                "file",
                N_("由民政部门申请"),
                (Field("ground", N_("法定情形"), FieldKind.CODE, options=f.REVOCATION_GROUNDS), f.REASON),
            ),
            Outcome("others", N_("由其他有权主体申请"), (f.REASON,)),
            Outcome("not_file", N_("不申请"), (f.REASON,)),
        ),
        N_("其他主体未及时申请的，民政部门应当申请。"),
        discretionary=True,
        safety=True,
    ),
    Task(
        REVOCATION_FILING,
        "intervention",
        N_("撤销监护人资格申请立案"),
        _DESK,
        Level.COUNTY,
        (Outcome("filed", N_("法院已立案"), (f.ON_DAY, f.DOCUMENT_NUMBER)), _NOT_NEEDED),
        paper=N_("撤销监护人资格申请书"),
        safety=True,
    ),
    Task(
        REVOCATION_JUDGMENT,
        "intervention",
        N_("登记撤销监护人资格判决"),
        _DESK,
        Level.COUNTY,
        (
            Outcome("revoked", N_("撤销并指定监护人"), (f.ON_DAY, f.DOCUMENT_NUMBER, f.NOTE)),
            Outcome("rejected", N_("驳回申请"), (f.ON_DAY, f.REASON)),
            Outcome("withdrawn", N_("撤回申请"), (f.ON_DAY, f.REASON)),
        ),
        paper=N_("判决书"),
        safety=True,
    ),
    Task(
        DISHONESTY,
        "intervention",
        N_("失信惩戒登记"),
        (*_DESK, Role.COUNTY_LEADER),
        Level.COUNTY,
        (
            Outcome(
                "recorded",
                N_("已列入"),
                (
                    Field("listed_item", N_("清单依据"), FieldKind.CODE, options=f.DISHONESTY_ITEMS),
                    Field("listed_basis", N_("清单条目"), FieldKind.TEXT, most=200),
                    Field("decision_document", N_("决定文书编号"), FieldKind.TEXT, most=100),
                    Field("hearing_record", N_("听取陈述申辩记录编号"), FieldKind.TEXT, most=100),
                    f.ON_DAY,
                ),
            ),
            _NOT_NEEDED,
        ),
        N_("必须有清单所列事项、决定文书和听取陈述申辩的记录，缺一不可。"),
        discretionary=True,
    ),
)

_CLOSING = (
    Task(
        PROPOSE_CLOSE,
        "closing",
        N_("结案申请"),
        _DESK,
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
        (Role.COUNTY_LEADER, *_DESK),
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
        (Role.COUNTY_LEADER, *_DESK),
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
        _DESK,
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

PROTECTION = Process(
    key="protection",
    version=1,
    title=N_("儿童保护个案"),
    basis=N_("未成年人保护法第十一条；强制报告、应急处置、评估帮扶、监护干预四位一体机制"),
    stages=(
        Stage("report", N_("强制报告")),
        Stage("emergency", N_("应急处置")),
        Stage("assessment", N_("评估帮扶")),
        Stage("intervention", N_("监护干预")),
        Stage("closing", N_("结案")),
    ),
    lanes=(
        ("reporter", N_("报告单位"), (Role.REPORTER,)),
        ("police", N_("公安"), (Role.POLICE,)),
        ("field", N_("乡镇、村"), (Role.CHILD_DIRECTOR, Role.CHILD_SUPERVISOR)),
        ("county", N_("县级民政、未保中心"), (Role.COUNTY_OFFICER, Role.PROTECTION_CENTRE)),
        ("leader", N_("县级负责人、市级"), (Role.COUNTY_LEADER, Role.CITY_OFFICER)),
    ),
    tasks=(*_REPORTING, *_EMERGENCY, *_HELP, *_INTERVENTION, *_CLOSING, *approvals("closing")),
    milestones=(
        Milestone("received", N_("已报告"), REPORT, "received"),
        Milestone("accepted", N_("已受理"), ACCEPT, "accept"),
        Milestone("safe", N_("安全决定"), SAFETY_DECISION, "safe"),
        Milestone("assessed", N_("完成评估"), ASSESSMENT, "assessed"),
        Milestone("closed", N_("已结案"), APPROVE_CLOSE, "approve"),
    ),
    edges=(
        Edge("", REPORT),
        Edge(REPORT, ACCEPT),
        Edge(REPORT, NOTIFY_POLICE, N_("涉及公安")),
        Edge(ACCEPT, COORDINATE, N_("三次移送")),
        Edge(ACCEPT, SCREEN_OUT_REVIEW, N_("不予受理")),
        Edge(ACCEPT, ACKNOWLEDGE),
        Edge(ACCEPT, ONSITE_CHECK),
        Edge(COORDINATE, ONSITE_CHECK),
        Edge(NOTIFY_POLICE, POLICE_RECEIPT),
        Edge(ONSITE_CHECK, SAFETY_DECISION),
        Edge(ONSITE_CHECK, UNSEEN_REPORT, N_("两次未见")),
        Edge(ONSITE_CHECK, SEARCH_MISSING, N_("下落不明")),
        Edge(SAFETY_DECISION, REPRIMAND),
        Edge(SAFETY_DECISION, ENTRUST_RELATIVE),
        Edge(SAFETY_DECISION, TEMPORARY_GUARDIANSHIP),
        Edge(SAFETY_DECISION, MEDICAL),
        Edge(SAFETY_DECISION, SHELTER),
        Edge(SAFETY_DECISION, NOTIFY_TOWNSHIP),
        Edge(SAFETY_DECISION, GRADING),
        Edge(TEMPORARY_GUARDIANSHIP, HANDOVER),
        Edge(TEMPORARY_GUARDIANSHIP, TEMPORARY_REVIEW),
        Edge(TEMPORARY_GUARDIANSHIP, TEMPORARY_EXIT),
        Edge(GRADING, ASSESSMENT),
        Edge(GRADING, VISIT),
        Edge(ASSESSMENT, HELP_PLAN),
        Edge(HELP_PLAN, SERVICE),
        Edge(HELP_PLAN, PLAN_REVIEW),
        Edge(ASSESSMENT, CONFERENCE, N_("失当、缺失或红色")),
        Edge(CONFERENCE, WARNING),
        Edge(CONFERENCE, ORDER_APPLICATION),
        Edge(CONFERENCE, REVOCATION_DECISION),
        Edge(CONFERENCE, DISHONESTY),
        Edge(WARNING, WARNING_REVIEW),
        Edge(ORDER_APPLICATION, ORDER_DECISION),
        Edge(ORDER_DECISION, ORDER_RENEWAL),
        Edge(REVOCATION_DECISION, REVOCATION_FILING),
        Edge(REVOCATION_FILING, REVOCATION_JUDGMENT),
        Edge(PROPOSE_CLOSE, APPROVE_CLOSE),
        Edge(PROPOSE_CLOSE, APPROVE_END, N_("终止")),
        Edge(APPROVE_CLOSE, FINAL_FEEDBACK),
        Edge(APPROVE_END, FINAL_FEEDBACK),
        Edge(APPROVE_CLOSE, REOPEN_WINDOW),
        Edge(REOPEN_WINDOW, ""),
        Edge(SCREEN_OUT_REVIEW, FINAL_FEEDBACK, N_("同意")),
    ),
)
