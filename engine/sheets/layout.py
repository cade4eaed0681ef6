"""What a sheet of each register looks like: its columns, what stands in them, what people call them.

The titles serve the pages too; what a column may hold is decided by `engine.registers`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

Names = tuple[str, str]  # Chinese, English

LONGEST = 500  # characters in a cell


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a sheet.

    Attributes:
        name: The column of the table; "key" is the row's own key.
        kind: text, date, money, choice, yes_no, groups, account, person, crew, or the register that a key belongs to.
        choices: value → what people call it.
        kept: The same for values that the program alone writes: shown and written out, in no row that is brought in.
    """

    name: str
    title: Names
    kind: str = "text"
    required: bool = False
    choices: Mapping[str, Names] = field(default_factory=lambda: MappingProxyType({}))
    kept: Mapping[str, Names] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def names(self) -> Mapping[str, Names]:
        """Whatever may stand in it."""
        return {**self.choices, **self.kept}


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A register as a sheet; `taken` says whether rows may be brought in, or only written out."""

    register: str
    title: Names
    columns: tuple[Column, ...]
    taken: bool = True

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


def _key(title: Names = ("编号", "Number")) -> Column:
    return Column(name="key", title=title, kind="key")


_CREW_KINDS = {"general": ("普通", "general"), "paving": ("铺装", "paving")}
_CREW_STATES = {"active": ("在职", "active"), "departed": ("离职", "departed")}
_CONTENT = {
    "dissatisfied": ("不满意", "dissatisfied"),
    "satisfied": ("满意", "satisfied"),
    "very_satisfied": ("很满意", "very satisfied"),
}
_CONTRACTS = {
    "design": ("设计", "design"),
    "construction": ("施工", "construction"),
    "materials": ("主材", "materials"),
}
_STATUS = {"active": ("有效", "active"), "cancelled": ("已解除", "cancelled")}
_GRADES = {"ordinary": ("一般", "ordinary"), "serious": ("严重", "serious"), "dismissal": ("开除或清退", "dismissal")}
_RESULTS = {
    "failed": ("不合格", "failed"),
    "pass": ("合格", "pass"),
    "good": ("良好", "good"),
    "excellent": ("优秀", "excellent"),
    "void": ("不计", "void"),
}
_MOVES = {"deposit": ("缴存", "deposit"), "return": ("退还", "return")}
BOOKED = {  # kinds of ledger entries that cases write
    "repair_cost": ("维修费用", "repair cost"),
    "repair_bill": ("维修收费", "repair bill"),
    "fine": ("罚款", "fine"),
    "fine_collected": ("罚款收讫", "fine collected"),
    "loss_fee": ("退单损失费", "loss fee"),
    "compensation": ("退单补偿", "compensation after a termination"),
    "termination_settlement": ("解约结算", "settlement after a termination"),
    "refund": ("退款", "refund"),
    "claim": ("收回欠款", "claim"),
    "output_reduction": ("核减产值", "output reduced"),
    "output_correction": ("更正产值", "output corrected"),
    "award": ("优质工地奖", "award"),
    "award_payment": ("奖金发放", "award paid"),
    "settlement": ("工程结算", "settlement of the works"),
    "payment": ("付款", "payment"),
}

CUSTOMER = Sheet(
    register="customer",
    title=("客户", "Customers"),
    columns=(
        _key(),
        Column(name="name", title=("姓名", "Name"), required=True),
        Column(name="phone", title=("电话", "Phone")),
        Column(name="address", title=("地址", "Address")),
        Column(
            name="grade",
            title=("级别", "Grade"),
            kind="choice",
            choices={grade: (grade, grade) for grade in ("A", "B", "C")},
        ),
        Column(name="note", title=("备注", "Note")),
    ),
)
SITE = Sheet(
    register="site",
    title=("工地", "Sites"),
    columns=(
        _key(),
        Column(name="customer", title=("客户编号", "Customer number"), kind="customer", required=True),
        Column(name="address", title=("地址", "Address"), required=True),
        Column(name="crew", title=("施工队", "Crew"), kind="crew"),
        Column(name="foreman", title=("工长", "Foreman"), kind="person"),
        Column(name="designer", title=("设计师", "Designer"), kind="person"),
        Column(name="project_manager", title=("项目经理", "Project manager"), kind="person"),
        Column(name="started_on", title=("开工日期", "Begun on"), kind="date"),
        Column(name="completed_on", title=("完工日期", "Completed on"), kind="date"),
        Column(name="final_paid_on", title=("尾款缴清日期", "Final payment on"), kind="date"),
        Column(name="satisfaction", title=("满意度", "Satisfaction"), kind="choice", choices=_CONTENT),
    ),
)
CONTRACT = Sheet(
    register="contract",
    title=("合同", "Contracts"),
    columns=(
        _key(),
        Column(name="site", title=("工地编号", "Site number"), kind="site", required=True),
        Column(name="kind", title=("类别", "Kind"), kind="choice", required=True, choices=_CONTRACTS),
        Column(name="amount", title=("合同额（元）", "Amount (CNY)"), kind="money"),
        Column(name="signed_on", title=("签约日期", "Signed on"), kind="date"),
        Column(name="warranty_until", title=("保修至", "Warranty until"), kind="date"),
        Column(name="status", title=("状态", "State"), kind="choice", choices=_STATUS),
        Column(name="cancelled_on", title=("解除日期", "Cancelled on"), kind="date"),
    ),
)
CONTRACT_CHANGE = Sheet(
    register="contract_change",
    title=("增减项", "Additions and deductions"),
    columns=(
        _key(),
        Column(name="contract", title=("合同编号", "Contract number"), kind="contract", required=True),
        Column(name="on", title=("日期", "Date"), kind="date"),
        Column(name="item", title=("项目", "Item")),
        Column(
            name="amount",
            title=("金额（元，减项为负）", "Amount (CNY, deductions below 0)"),
            kind="money",
            required=True,
        ),
        Column(name="approver", title=("批准人", "Approved by"), kind="person"),
    ),
)
CREW = Sheet(
    register="crew",
    title=("施工队", "Crews"),
    columns=(
        _key(("编号", "Key")),
        Column(name="foreman", title=("工长", "Foreman"), kind="person"),
        Column(name="kind", title=("类别", "Kind"), kind="choice", choices=_CREW_KINDS),
        Column(name="state", title=("状态", "State"), kind="choice", choices=_CREW_STATES),
        Column(name="departed_on", title=("离职日期", "Departed on"), kind="date"),
    ),
)
PERSON = Sheet(
    register="person",
    title=("员工", "Employees"),
    columns=(
        _key(),
        Column(name="username", title=("登录名", "User name"), required=True),
        Column(name="name", title=("姓名", "Name"), required=True),
        Column(name="phone", title=("电话", "Phone")),
        Column(name="groups", title=("小组（编号，逗号分隔）", "Groups (keys, with commas)"), kind="groups"),
        Column(name="active", title=("在职", "Employed"), kind="yes_no"),
    ),
)
WARRANTY_CARD = Sheet(
    register="warranty_card",
    title=("保修单", "Warranty cards"),
    columns=(
        _key(),
        Column(name="site", title=("工地编号", "Site number"), kind="site", required=True),
        Column(name="issued_on", title=("开具日期", "Issued on"), kind="date"),
        Column(name="until", title=("保修至", "Warranty until"), kind="date", required=True),
        Column(name="scope", title=("保修范围", "Scope")),
    ),
)
EQUIPMENT = Sheet(
    register="equipment",
    title=("检测设备", "Equipment"),
    columns=(
        _key(),
        Column(name="name", title=("名称", "Name"), required=True),
        Column(name="calibrated_until", title=("校对有效至", "Calibrated until"), kind="date"),
    ),
)
LEDGER = Sheet(
    register="ledger",
    title=("质保金账", "Retention ledger"),
    columns=(
        _key(("凭证号", "Entry")),
        Column(name="on", title=("日期", "Date"), kind="date", required=True),
        Column(name="month", title=("账期", "Book month"), kind="date"),
        Column(name="crew", title=("施工队", "Crew"), kind="crew", required=True),
        Column(name="kind", title=("类别", "Kind"), kind="choice", required=True, choices=_MOVES, kept=BOOKED),
        Column(name="amount", title=("金额（元）", "Amount (CNY)"), kind="money", required=True),
    ),
)
FAULT_SLIP = Sheet(
    register="fault_slip",
    title=("过失单与罚款", "Fault slips and fines"),
    taken=False,
    columns=(
        Column(name="case", title=("案件", "Case")),
        Column(name="person", title=("当事人", "Person"), kind="person"),
        Column(name="rule", title=("依据", "Rule")),
        Column(name="grade", title=("等级", "Grade"), kind="choice", choices=_GRADES),
        Column(name="amount", title=("金额（元）", "Amount (CNY)"), kind="money"),
        Column(name="decided_on", title=("确认日期", "Decided on"), kind="date"),
        Column(name="bulletin_on", title=("通报日期", "In the bulletin of"), kind="date"),
    ),
)
INSPECTION = Sheet(
    register="inspection",
    title=("工地验收", "Site inspections"),
    taken=False,
    columns=(
        Column(name="case", title=("案件", "Case")),
        Column(name="site", title=("工地编号", "Site number"), kind="site"),
        Column(name="foreman", title=("工长", "Foreman"), kind="person"),
        Column(name="on", title=("日期", "Date"), kind="date"),
        Column(name="number", title=("第几次", "Number")),
        Column(name="overall_rate", title=("总合格率（%）", "Overall rate (%)")),
        Column(name="result", title=("结果", "Result"), kind="choice", choices=_RESULTS),
    ),
)
AWARD = Sheet(
    register="award",
    title=("优秀工地奖励", "Awards"),
    taken=False,
    columns=(
        Column(name="case", title=("案件", "Case")),
        Column(name="month", title=("月份", "Month"), kind="date"),
        Column(name="site", title=("工地编号", "Site number"), kind="site"),
        Column(name="score", title=("得分", "Score")),
        Column(name="amount", title=("奖励（元）", "Award (CNY)"), kind="money"),
        Column(name="foreman", title=("工长", "Foreman"), kind="person"),
        Column(name="foreman_share", title=("工长所得（元）", "Foreman's share (CNY)"), kind="money"),
        Column(name="project_manager", title=("项目经理", "Project manager"), kind="person"),
        Column(
            name="project_manager_share",
            title=("项目经理所得（元）", "Project manager's share (CNY)"),
            kind="money",
        ),
    ),
)

SHEETS: Mapping[str, Sheet] = {
    sheet.register: sheet
    for sheet in (
        *(CUSTOMER, SITE, CONTRACT, CONTRACT_CHANGE, CREW, PERSON),
        *(LEDGER, FAULT_SLIP, AWARD, INSPECTION, WARRANTY_CARD, EQUIPMENT),
    )
}
