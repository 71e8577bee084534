"""监护干预: conference, warnings, protection orders, revocation, dishonesty."""

from domain import protection_forms as f
from domain.process import Field, FieldKind, Level, Option, Outcome, Role, Task
from domain.protection_keys import (
    CONFERENCE,
    DISHONESTY,
    ORDER_APPLICATION,
    ORDER_DECISION,
    ORDER_RENEWAL,
    REVOCATION_DECISION,
    REVOCATION_FILING,
    REVOCATION_JUDGMENT,
    WARNING,
    WARNING_REVIEW,
)
from domain.protection_roles import DESK, NOT_NEEDED, POLICE, VISITORS
from domain.words import N_

_DECISIONS = (
    Option(WARNING, N_("训诫、家庭教育指导令或告诫书")),
    Option(ORDER_APPLICATION, N_("申请人身安全保护令")),
    Option(REVOCATION_DECISION, N_("研究申请撤销监护人资格")),
    Option(DISHONESTY, N_("失信惩戒")),
    Option("none", N_("暂不采取干预措施")),
)

INTERVENTION = (
    Task(
        CONFERENCE,
        "intervention",
        N_("会商"),
        (*DESK, Role.COUNTY_LEADER),
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
        POLICE,
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
            NOT_NEEDED,
        ),
        N_("每一份训诫、告诫都要定下复查日期。"),
        N_("训诫书、家庭教育指导令、告诫书"),
        discretionary=True,
    ),
    Task(
        WARNING_REVIEW,
        "intervention",
        N_("训诫告诫复查"),
        (*VISITORS, Role.POLICE),
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
        POLICE,
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
            NOT_NEEDED,
        ),
        paper=N_("人身安全保护令申请书"),
        discretionary=True,
        safety=True,
    ),
    Task(
        ORDER_DECISION,
        "intervention",
        N_("登记法院裁定"),
        DESK,
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
        DESK,
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
        (*DESK, Role.COUNTY_LEADER),
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
        DESK,
        Level.COUNTY,
        (Outcome("filed", N_("法院已立案"), (f.ON_DAY, f.DOCUMENT_NUMBER)), NOT_NEEDED),
        paper=N_("撤销监护人资格申请书"),
        safety=True,
    ),
    Task(
        REVOCATION_JUDGMENT,
        "intervention",
        N_("登记撤销监护人资格判决"),
        DESK,
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
        (*DESK, Role.COUNTY_LEADER),
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
            NOT_NEEDED,
        ),
        N_("必须有清单所列事项、决定文书和听取陈述申辩的记录，缺一不可。"),
        discretionary=True,
    ),
)
