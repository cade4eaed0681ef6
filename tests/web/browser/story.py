"""The longest way of a complaint: two departments, a late one, two rounds, an escalation, 6000 yuan shared out.

Forms and values are those of the stories in processes/complaint-handling and processes/major-complaint.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.clock import OFFICE

SHARES = [
    {"bearer": "employee", "percent": 40, "person": "@tie_zhu"},
    {"bearer": "employee", "percent": 10, "person": "@tang_yi"},
]


@dataclass(frozen=True)
class Deed:
    """What one person does at one moment: the element of the diagram and the answers of its form.

    Attributes:
        at: In office time, "MM-DD HH:MM" of 2026.
        values: By field key; "@login" stands for that person.
        item: Which of several tasks of the element.
    """

    at: str
    by: str
    do: str
    values: dict[str, Any] = field(default_factory=dict)
    item: str | None = None

    @property
    def moment(self) -> datetime:
        return datetime.strptime(f"2026-{self.at}", "%Y-%m-%d %H:%M").replace(tzinfo=OFFICE)


COMPLAINT = {
    "customer": "林婉清",
    "phone": "000-1000-0001",
    "customer_record": "K-001",
    "contract": "C-001",
    "site": "S-001",
    "source": "phone",
    "complained_person": "何志远",
    "complained_person_record": "@he_zhiyuan",
    "reason": "卫生间地砖空鼓",
    "problem": "淋浴区六块地砖空鼓，已经报过一次。",
    "site_state": "completed",
    "same_issue": "first",
    "times_raised": 1,
}
CLASSIFIED = {
    "severity": "ordinary",
    "type": "engineering",
    "rd_list": ["engineering_dept", "design_dept"],
    "lead_rd": "engineering_dept",
    "needs_opinion": False,
}
PLAN = {"cannot_solve": False, "solution": "拆除空鼓砖，重新铺贴。"}
CLOSING = {
    "steps": "见各步骤。",
    "solution": "重贴。",
    "satisfaction": "yes",
    "analysis": "铺贴时砂浆不满，应在隐蔽验收时敲击检查。",
    "customer_told": True,
}


def _verified(call: str) -> dict[str, Any]:
    return {"call_time": call, "facts": "淋浴区六块空鼓，客户要求重贴。", "valid": "yes"}


def _plan(visit: str, **more: str) -> dict[str, Any]:
    return {**PLAN, **more, "visit": "yes", "visit_at": visit, "compensation": "no"}


def _visited(at: str) -> dict[str, Any]:
    return {"done_at": at, "result": "已重贴六块，客户在场。"}


def _not_satisfied(call: str) -> dict[str, Any]:
    return {"reached": "yes", "call_time": call, "satisfied": "no", "opinion": "客户的意见已记录。"}


START = Deed("11-19 16:00", "chen_siyu", "register_complaint", COMPLAINT)
HANDLING = (
    Deed("11-19 16:20", "chen_siyu", "classify_complaint", CLASSIFIED),
    Deed(
        "11-19 16:30",
        "chen_siyu",
        "transfer_complaint",
        {"copies_sent": True, "customer_told": True, "note": "请先联系客户。"},
    ),
    Deed("11-19 17:00", "gao_lifeng", "sign_receipt", {"signature": True}, "engineering_dept"),
    Deed("11-19 19:40", "su_wen", "sign_receipt", {"signature": True}, "design_dept"),
    Deed("11-20 10:00", "he_zhiyuan", "verify_with_customer", _verified("2026-11-20T10:00")),
    Deed("11-20 11:00", "chen_siyu", "confirm_validity", {"valid": "yes", "reason": "现场照片和通话记录一致。"}),
    Deed("11-20 12:00", "he_zhiyuan", "file_solution", _plan("2026-11-22T10:00")),
    Deed("11-22 10:00", "wu_kai", "visit_or_explain", _visited("2026-11-22T10:00")),
    Deed("11-22 15:00", "chen_siyu", "closing_call", _not_satisfied("2026-11-22T15:00")),
    Deed("11-22 15:10", "chen_siyu", "decide_next_round", {"escalated": "no", "reason": "客户要求换办法。"}),
    Deed(
        "11-23 10:00",
        "he_zhiyuan",
        "file_solution",
        _plan("2026-11-24T10:00", alternatives="更换同色新砖，或减免人工费。"),
    ),
    Deed("11-24 10:00", "wu_kai", "visit_or_explain", _visited("2026-11-24T10:00")),
    Deed("11-24 15:00", "chen_siyu", "closing_call", _not_satisfied("2026-11-24T15:00")),
    Deed("11-24 15:10", "chen_siyu", "decide_next_round", {"escalated": "yes", "reason": "客户要求赔偿。"}),
)
ESCALATED = (
    Deed(
        "11-24 16:00",
        "chen_siyu",
        "file_escalation",
        {
            "cause": "淋浴区空鼓，返工两次未好。",
            "process_so_far": "两轮办理，客户都不满意。",
            "demand": "赔偿并重做。",
            "rd_list": ["engineering_dept", "design_dept"],
        },
    ),
    Deed(
        "11-24 17:00",
        "lin_xiaomei",
        "study_case",
        {"visit_needed": "no", "needs_opinion": False, "note": "先看现场照片。"},
    ),
    Deed(
        "11-25 09:30",
        "lin_xiaomei",
        "decide_solution",
        {
            "liability": "铺贴工艺不当，设计未标防滑坡度。",
            "solution": "拆除重贴，赔偿客户误工。",
            "compensation": "yes",
            "amount": "6000.00",
            "shares": SHARES,
        },
    ),
    Deed(
        "11-25 14:00",
        "zheng_kai",
        "review_cost",
        {"decision": "approved", "amount": "6000.00", "shares": SHARES},
    ),
    Deed("11-25 15:00", "lin_xiaomei", "customer_answer", {"accepted": "yes", "reason": "客户意见已记录。"}),
    Deed(
        "11-26 10:00",
        "lin_xiaomei",
        "follow_to_solution",
        {"done_at": "2026-11-26T10:00", "note": "已重贴，客户在场。"},
    ),
    Deed(
        "11-26 11:00",
        "qian_lan",
        "payment_voucher",
        {"payee": "林婉清", "amount": "6000.00", "shares": SHARES},
    ),
    Deed("11-26 14:00", "zheng_kai", "sign_voucher", {"decision": "approved", "signature": True}),
    Deed(
        "11-26 15:00",
        "sun_jie",
        "wage_deduction",
        {"person": "@tie_zhu", "amount": "2400.00", "payroll_month": "2026-11-30"},
        "@tie_zhu",
    ),
    Deed(
        "11-26 15:10",
        "sun_jie",
        "wage_deduction",
        {"person": "@tang_yi", "amount": "600.00", "payroll_month": "2026-11-30"},
        "@tang_yi",
    ),
    Deed("11-26 17:00", "chen_siyu", "close_complaint", CLOSING),
)
