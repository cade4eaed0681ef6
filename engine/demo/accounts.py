"""Who may be tried out in the demo, and what each of them has to show."""

from collections.abc import Mapping
from typing import Any

from engine.executor import Engine
from engine.queries import login

SHOWS: Mapping[str, tuple[str, str, str]] = {
    "lin_xiaomei": (
        "客服经理",
        "重大客诉、提议升级、过失单；可暂停、恢复、撤销案件，改约时间",
        "major complaints, escalations, pauses",
    ),
    "chen_siyu": ("客服专员", "登记、界定、转交投诉，回访客户，结案归档", "registers, classifies, calls back, closes"),
    "gao_lifeng": ("工程部负责人", "签收转来的投诉，看本部门的时限", "signs for receipt, watches deadlines"),
    "he_zhiyuan": ("项目经理", "回电核实，制定方案，上门解决", "calls the customer, plans, visits"),
    "tie_zhu": ("工长", "手机上回电、签到、拍照，维修，申请结算", "repairs on a phone, asks for his settlement"),
    "shi_qiang": (
        "维修队长",
        "接手没人管的维修，核算费用，周三核对",
        "takes repairs over, computes costs, weekly check",
    ),
    "yan_shou": ("预验收", "排时间，到场评分，开整改单和通过单据", "schedules and scores pre-acceptance"),
    "su_wen": (
        "设计部负责人",
        "申请解除合同，多部门投诉的签收",
        "contract terminations, complaints with several departments",
    ),
    "zheng_kai": ("公司主管", "核定费用，审批支付", "reviews costs, signs vouchers"),
    "qian_lan": (
        "财务主管",
        "核实付款，周四退款，维修对帐，收取罚款",
        "refunds, repair settlement, vouchers and fines",
    ),
    "kao_ping": ("绩效考核", "过失单备案，工资扣回", "records slips, deducts wages"),
    "luo_jing": ("总经办主任", "书面意见，奖罚通报，优秀工地", "written opinions, bulletins, excellent sites"),
    "wang_jianguo": (
        "总经理",
        "对客服的投诉，解约和仲裁审批，月报",
        "complaints about us, terminations, the monthly report",
    ),
    "an_cha": ("稽核", "看全部案件，重演和验证记录，不能改动", "reads all, replays and verifies"),
    "guan_li": ("系统管理员", "人员、部门、日历、流程发布", "people, groups, calendar, publishing"),
}  # login → role, what there is to see


def accounts(engine: Engine) -> list[dict[str, Any]]:
    """Everybody: login, name, department, role, shows, shows_en; those of SHOWS first."""
    with engine.read() as connection:
        everybody = login.demo_people(connection)
    rows = [_account(one) for one in everybody]
    order = list(SHOWS)
    return sorted(rows, key=lambda row: order.index(row["login"]) if row["login"] in order else len(order))


def _account(one: Mapping[str, Any]) -> dict[str, Any]:
    role, shows, shows_en = SHOWS.get(one["username"], ("、".join(one["groups"]), "", ""))
    return {
        "login": one["username"],
        "name": one["name"],
        "department": one["department"],
        "role": role,
        "shows": shows,
        "shows_en": shows_en,
    }


def is_demo(engine: Engine) -> bool:
    """Whether this installation is a demo."""
    with engine.read() as connection:
        return login.is_demo(connection)
