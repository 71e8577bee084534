"""One child, from the first report to the last word to those who reported, through the pages of everybody involved."""

from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Visit
from tests.browser.life import (
    Slip,
    assess,
    make_safe,
    plan_help,
    report_from_school,
    report_without_scripts,
    see_the_child,
    tell_the_police,
    today,
)
from tests.browser.officer import Officer
from tests.browser.visitor import Answer, Visitor


def test_a_report_is_carried_to_its_end_by_everybody_in_turn(visit: Visit) -> None:
    school, neighbour = visit("school1", width=PHONE), visit(width=PHONE, script=False)
    county, leader, police, township, director = map(visit, ("county1", "leader1", "police1", "township1", "director1"))
    known = county.newest_case()
    slip = report_from_school(school)
    case = county.case_after(known)
    _accept(county, case)
    _merge(county, neighbour, case)
    tell_the_police(county, police, case)
    see_the_child(township, case)
    make_safe(county, township, case)
    assess(county, case)
    plan_help(county, case)
    _help(county, township, director, case)
    _refuse_to_close(county, case)
    _close(county, leader, case)
    _ask(school, slip)
    expect(school.page.get_by_role("heading", name="已办结")).to_be_visible()
    school.audit()


def _accept(county: Officer, case: str) -> None:
    """Claimed from the list of work, accepted from the form that follows."""
    line = county.waiting(case, "受理")
    county.audit()
    line.get_by_role("button", name="认领并办理").click()
    county.pick("受理")
    county.audit()
    county.fill({"所在村（社区）": "东田社区", "情况说明": "电话核实属实。"})
    county.send()
    county.audit()


def _merge(county: Officer, neighbour: Visitor, case: str) -> None:
    """A second report on the same child: found by its name, merged by hand, its reporter asks for the progress."""
    slip = report_without_scripts(neighbour)
    other = county.case_after(case)
    county.open(f"{other}/links")
    county.audit()
    same = county.page.get_by_role("article").filter(has=county.page.locator(f'a[href="{case}"]'))
    same.get_by_role("link", name="是同一儿童，去并案").click()
    county.fill({"理由": "同名、同龄、同一小区，班主任确认是同一人。"})
    county.send()
    county.audit()
    _ask(neighbour, slip)
    expect(neighbour.page.get_by_role("heading", name="已受理，正在处置")).to_be_visible()


def _help(county: Officer, township: Officer, director: Officer, case: str) -> None:
    """Services, a visit, the conference that an improper guardianship asks for, the plan looked at again."""
    county.open(case)
    county.audit()
    county.open(f"{case}/records")
    county.audit()
    for helper in (director, township, county):
        helper.do(case, "服务事项", "已完成", {"日期": today(), "核查情况": "已提供服务，家庭配合。"})
    director.do(case, "走访", "见到儿童，情况正常", {"核查情况": "精神状态好转，伤已愈合。"})
    director.audit()
    meeting: dict[str, Answer] = {"参加单位": ("公安", "教育", "乡镇（街道）"), "会商决定": ("暂不采取干预措施",)}
    county.do(case, "会商", "形成会商意见", {**meeting, "核查情况": "继续帮扶。"})
    county.do(case, "方案检视", "方案完成", {"风险等级": "绿（低风险）", "核查情况": "监护状况明显改善。"})


def _refuse_to_close(county: Officer, case: str) -> None:
    """While the child is in care the case cannot be closed: the page says what is open, and so does the answer."""
    county.start(case, "结案申请")
    address = county.link(case, "结案申请")
    county.open(address)
    expect(county.page.get_by_text("下面的事项没有完成，还不能结案")).to_be_visible()
    county.audit()
    with county.refused(409):
        county.open(f"{address}/propose")
    county.audit()
    county.page.get_by_role("main").get_by_role("link", name="临时监护去向决定").click()
    county.pick("决定去向")
    county.fill({"去向": "经评估送回监护人", "理由": "母亲已返乡，评估合格。"})
    county.send()


def _close(county: Officer, leader: Officer, case: str) -> None:
    """Asked for by one person, allowed by another, and told to those who reported."""
    county.do(case, "结案申请", "申请结案", {"结案原因": "风险消除，监护正常", "核查情况": "连续走访正常。"})
    expect(county.line(case, "结案审批").get_by_role("link", name="办理")).to_have_count(0)
    with county.refused(409):
        county.open(f"{leader.link(case, '结案审批')}/approve")
    county.audit()
    leader.do(case, "结案审批", "同意结案", {"理由": "材料齐全。"})
    leader.audit()
    county.do(case, "告知报告人结果", "已告知", {"告知内容": "已办结"})
    county.audit()


def _ask(reporter: Visitor, slip: Slip) -> None:
    reporter.open("/status")
    reporter.fill({"回执号": slip.number, "查询码": slip.code})
    reporter.page.get_by_role("button", name="查询", exact=True).click()
