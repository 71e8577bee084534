"""The forms of the protection process: option lists and questions, shared by tasks that ask the same thing.

Sources: law.md sections 5 (reports, emergency), 8 (visits), 11 (guardianship), 14 and 15 (instruments and papers).
Words about people (findings, reasons) are TEXT and stay in SQL; only coded answers reach a workflow.
"""

from domain.process import Field, FieldKind, Option
from domain.words import N_

COLOURS = (
    Option("red", N_("红（高风险）")),
    Option("yellow", N_("黄（中高风险）")),
    Option("blue", N_("蓝（中低风险）")),
    Option("green", N_("绿（低风险）")),
)
GUARDIANSHIP = (
    Option("normal", N_("正常")),
    Option("insufficient", N_("不足")),
    Option("improper", N_("失当")),
    Option("absent", N_("缺失")),
)
SCREEN_OUT_REASONS = (
    Option("not_a_minor", N_("当事人已满十八周岁")),
    Option("no_harm", N_("核实后不存在伤害或危险")),
    Option("repeated", N_("同一事项已由其他个案办理")),
    Option("untraceable", N_("线索无法核实且无法联系")),
)
TRANSFER_REASONS = (
    Option("place", N_("事发地或居住地不在本辖区")),
    Option("household", N_("由户籍地办理更有利于儿童")),
    Option("moved", N_("儿童已转移到其他地区")),
)
FEEDBACK = (
    Option("accepted", N_("已受理，正在处置")),
    Option("passed_on", N_("已移送有管辖权的部门")),
    Option("measures", N_("已采取保护措施")),
    Option("helped", N_("已纳入帮扶")),
    Option("not_accepted", N_("不属于受理范围，已告知途径")),
    Option("finished", N_("已办结")),
)
POLICE_ANSWERS = (
    Option("administrative", N_("行政案件受案")),
    Option("criminal", N_("刑事案件立案")),
    Option("assistance", N_("求助、协助查找")),
)
MEASURES = (
    Option("reprimand", N_("责令返回与训诫")),
    Option("entrust_relative", N_("委托亲属照护")),
    Option("temporary_guardianship", N_("临时监护安置")),
    Option("medical", N_("就医")),
    Option("search_missing", N_("失踪查找")),
    Option("shelter", N_("庇护")),
    Option("order_application", N_("申请人身安全保护令")),
)
TEMPORARY_GROUNDS = (
    Option("unknown_identity", N_("流浪乞讨或身份不明，暂时查找不到父母")),
    Option("whereabouts", N_("监护人下落不明且无其他人可以担任监护人")),
    Option("objective", N_("监护人因客观原因或突发事件不能履行职责")),
    Option("refusal", N_("监护人拒绝或怠于履行职责，儿童处于无人照料状态")),
    Option("instigation", N_("监护人教唆、利用未成年人犯罪，需要带离安置")),
    Option("harm", N_("受到监护人严重伤害或面临人身安全威胁，需要紧急安置")),
    Option("other_law", N_("法律规定的其他情形")),
)
PLACEMENTS = (
    Option("relatives", N_("亲属")),
    Option("foster_family", N_("寄养家庭")),
    Option("protection_centre", N_("未成年人救助保护机构")),
    Option("welfare_institution", N_("儿童福利机构")),
)
EXITS = (
    Option("returned", N_("经评估送回监护人")),
    Option("long_term", N_("转为长期监护")),
    Option("other_guardian", N_("由其他监护人监护")),
)
SERVICE_KINDS = (
    Option("guidance", N_("监护指导")),
    Option("medical", N_("医疗")),
    Option("psychological", N_("心理")),
    Option("behaviour", N_("行为矫治")),
    Option("legal_aid", N_("法律援助")),
    Option("relief", N_("救助")),
    Option("school", N_("劝返复学")),
    Option("registration", N_("户籍")),
)
PROVIDERS = (
    Option("child_director", N_("儿童主任")),
    Option("child_supervisor", N_("儿童督导员")),
    Option("protection_centre", N_("未成年人保护中心")),
    Option("hospital", N_("医疗卫生机构")),
    Option("school", N_("学校")),
    Option("legal_aid", N_("法律援助机构")),
    Option("social_work", N_("社会工作服务机构")),
    Option("police", N_("公安机关")),
    Option("civil_affairs", N_("民政部门")),
)
WARNING_KINDS = (
    Option("admonition", N_("训诫书")),
    Option("guidance_order", N_("家庭教育指导令")),
    Option("violence_warning", N_("家庭暴力告诫书")),
)
WARNING_BODIES = (
    Option("police", N_("公安机关")),
    Option("procuratorate", N_("人民检察院")),
    Option("court", N_("人民法院")),
)
WHO_OMITTED = (
    Option("school", N_("学校、幼儿园")),
    Option("hospital", N_("医疗机构")),
    Option("village_committee", N_("村（居）民委员会")),
    Option("hotel", N_("住宿经营者")),
    Option("welfare_institution", N_("救助、福利机构")),
    Option("other", N_("其他单位")),
)
DISHONESTY_ITEMS = (
    Option("wilful_abandonment", N_("恶意弃养")),
    Option("assistance_fraud", N_("骗取救助")),
    Option("order_breach", N_("拒不履行生效裁判")),
)
REVOCATION_GROUNDS = (
    Option("serious_harm", N_("实施严重损害被监护人身心健康的行为")),
    Option("neglect", N_("怠于履行或无法履行监护职责且拒绝委托")),
    Option("other", N_("实施严重侵害被监护人合法权益的其他行为")),
)
CLOSING_REASONS = (
    Option("safe", N_("风险消除，监护正常")),
    Option("guardian_changed", N_("监护人已变更")),
    Option("long_term_care", N_("已转入长期监护")),
)
ENDING_REASONS = (
    Option("moved_away", N_("已移交迁入地")),
    Option("grown_up", N_("已满十八周岁")),
    Option("deceased", N_("儿童死亡")),
)
PARTICIPANTS = (
    Option("police", N_("公安")),
    Option("procuratorate", N_("检察")),
    Option("court", N_("法院")),
    Option("education", N_("教育")),
    Option("health", N_("卫生健康")),
    Option("justice", N_("司法行政")),
    Option("women", N_("妇联")),
    Option("township", N_("乡镇（街道）")),
    Option("protection_centre", N_("未成年人保护中心")),
)

NOTE = Field("note", N_("情况说明"), FieldKind.TEXT, required=False, help=N_("写清事实，不写推测。"))
VILLAGE = Field(
    "village",
    N_("所在村（社区）"),
    FieldKind.VILLAGE,
    required=False,
    help=N_("填写后，走访等事项同时派给该村（社区）的儿童主任。"),
)
FINDING = Field("finding", N_("核查情况"), FieldKind.TEXT)
REASON = Field("reason", N_("理由"), FieldKind.TEXT)
ON_DAY = Field("on_day", N_("日期"), FieldKind.DAY)
COLOUR = Field("colour", N_("风险等级"), FieldKind.CODE, options=COLOURS, fact="colour")
GUARDIANSHIP_STATE = Field("guardianship", N_("监护状况"), FieldKind.CODE, options=GUARDIANSHIP, fact="guardianship")
CARER = Field("carer", N_("受委托人"), FieldKind.TEXT, most=200)
SEEN_CHILD = Field("seen_child", N_("是否见到儿童本人"), FieldKind.FLAG)
CHILD_OPINION = Field("child_opinion", N_("儿童本人意见"), FieldKind.TEXT, required=False)
DOCUMENT_NUMBER = Field("document_number", N_("文书编号"), FieldKind.TEXT, required=False, most=100)
FEEDBACK_CODE = Field("feedback", N_("告知内容"), FieldKind.CODE, options=FEEDBACK)
REVIEW_DAY = Field("review_day", N_("复查日期"), FieldKind.DAY)
