"""The life of one case, step by step, as the people in it take those steps on their pages."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from playwright.sync_api import expect

from domain.zone import CHINA
from tests.browser.officer import Officer
from tests.browser.visitor import Answer, Visitor

SEEN_AT_SCHOOL: dict[str, Answer] = {
    "孩子现在有危险吗": "是，孩子正处在危险中",
    "最接近的情形": "身上多处受伤、严重营养不良或意识不清，可能遭受殴打、欺凌、虐待或被下药",
    "您看到或听到的情况": "班主任发现孩子手臂和后背有多处新旧瘀伤，孩子说不敢回家。父亲酗酒，母亲在外地打工。",
    "现在有人照看孩子吗": "有成年人照料",
    "什么时候发现的": "更早，我写明时间",
    "具体地点": "前进街道中心小学",
    "您的电话": "13800138000",
}
HEARD_NEXT_DOOR: dict[str, Answer] = {
    "孩子现在有危险吗": "不清楚",
    "最接近的情形": "留守儿童疑似遭受家庭暴力",
    "您看到或听到的情况": "隔壁经常半夜传来孩子的哭声和打骂声，昨晚又有，一直到十二点多。",
    "现在有人照看孩子吗": "不清楚",
    "什么时候发现的": "刚刚，就是现在",
    "具体地点": "东田社区 3 号楼",
    "您的电话": "13900139000",
}
CHILD: dict[str, Answer] = {
    "孩子姓名": "王小雨",
    "孩子性别": "女",
    "孩子年龄（周岁）": "9",
    "学校和班级": "三年级二班",
}
PLAN = (("监护指导", "儿童督导员", 14), ("心理", "社会工作服务机构", 30), ("救助", "民政部门", 30))


def now() -> datetime:
    """The wall clock where the cases are, to the minute."""
    return datetime.now(CHINA).replace(second=0, microsecond=0)


def today(days: int = 0) -> str:
    """A day counted from today, as a date field takes it."""
    return (now().date() + timedelta(days=days)).isoformat()


@dataclass(frozen=True, slots=True)
class Slip:
    """What a reporter keeps."""

    number: str
    code: str


def fill_report(reporter: Visitor, answers: dict[str, Answer]) -> None:
    """The open questions, and those on the child behind their line."""
    reporter.fill(answers)
    reporter.page.locator("summary").filter(has_text="孩子").first.click()
    reporter.fill(CHILD)


def send_report(reporter: Visitor) -> Slip:
    """Send the form; the two numbers of its receipt."""
    reporter.page.get_by_role("button", name="提交报告").click()
    expect(reporter.page.get_by_role("heading", level=1)).to_have_text("报告已收到")
    number, code = reporter.page.locator(".sw-panel__number").all_inner_texts()
    return Slip(number, code)


def report_from_school(reporter: Visitor) -> Slip:
    """A school that is logged in: name, phone and place of its account stand there already."""
    reporter.open("/report")
    expect(reporter.page.get_by_text("您已登录，以“前进街道中心小学”的名义报告。")).to_be_visible()
    fill_report(reporter, {**SEEN_AT_SCHOOL, "发现的日期和时间": now() - timedelta(hours=5)})
    return send_report(reporter)


def report_without_scripts(reporter: Visitor) -> Slip:
    """A neighbour whose browser runs no scripts: the townships of a county come by a button."""
    reporter.open("/report")
    reporter.fill({"在哪个县（市、区）": "长春市朝阳区"})
    reporter.page.get_by_role("button", name="选择乡镇（街道）").click()
    reporter.fill({"乡镇（街道）": "前进街道"})
    fill_report(reporter, HEARD_NEXT_DOOR)
    return send_report(reporter)


def tell_the_police(county: Officer, police: Officer, case: str) -> None:
    """通报公安 and 受案回执."""
    county.do(case, "通报公安", "已通报", {"通报时间": now(), "接报单位与人员": "前进派出所值班民警"})
    filed: dict[str, Answer] = {
        "受案类别": "行政案件受案",
        "受案日期": today(),
        "文书编号": "朝公（前）受案字〔2026〕17号",
    }
    police.do(case, "登记受案回执", "已受案、立案", filed)


def see_the_child(township: Officer, case: str) -> None:
    """现场核查."""
    found: dict[str, Answer] = {"核查情况": "在学校见到儿童本人，伤情属实。", "儿童本人意见": "想和姥姥住。"}
    township.do(case, "现场核查", "见到儿童，有危险", found)


def make_safe(county: Officer, township: Officer, case: str) -> None:
    """安全决定 with two measures, and what they bring with them."""
    decision: dict[str, Answer] = {"应急措施": ("临时监护安置", "就医"), "理由": "父亲施暴，家中不安全。"}
    county.do(case, "安全决定", "采取应急措施", decision)
    placement: dict[str, Answer] = {
        "法定情形": "受到监护人严重伤害或面临人身安全威胁，需要紧急安置",
        "安置方式": "未成年人救助保护机构",
    }
    county.do(case, "临时监护安置", "决定临时监护", placement)
    county.do(case, "书面交接", answers={"日期": today(), "交接双方": "前进派出所、区未保中心"})
    county.do(case, "通报乡镇", answers={"情况说明": "已电话通报前进街道。"})
    township.do(case, "就医", "已就医", {"日期": today(), "情况说明": "区医院验伤，软组织挫伤。"})
    county.do(case, "首次反馈报告人", "已反馈", {"告知内容": "已采取保护措施"})


def assess(county: Officer, case: str) -> None:
    """首次风险分级 and 监护能力评估 by two people."""
    county.do(case, "首次风险分级", "确定等级", {"风险等级": "黄（中高风险）", "理由": "已带离，风险可控。"})
    conclusion: dict[str, Answer] = {
        "评估人数": "2",
        "评估人员": "县级民政干部、社会工作者",
        "监护状况": "失当",
        "风险等级": "黄（中高风险）",
        "核查情况": "父亲酗酒施暴，愿意接受指导；母亲计划返乡。",
    }
    county.do(case, "监护能力评估", "出具评估结论", conclusion)


def plan_help(county: Officer, case: str) -> None:
    """帮扶方案 with three services: the form gives room for two, a button adds one more."""
    county.choose(case, "帮扶方案", "制定方案")
    county.page.get_by_role("button", name="再加一项").click()
    for number, (service, provider, days) in enumerate(PLAN, 1):
        row = county.page.get_by_role("group", name=f"第 {number} 项", exact=True)
        row.get_by_label("服务内容").select_option(label=service)
        row.get_by_label("提供方").select_option(label=provider)
        row.get_by_label("完成日期").fill(today(days))
    county.send()
