"""Answers where a contract is terminated, and in the summary of a month (procedures.md 3.20 to 3.23)."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from engine.demo.kinds import KINDS
from engine.demo.sheet import Sheet

REASONS = ("客户工作调动，房子要卖", "客户资金紧张，暂时不装", "家人意见不一，决定不装了", "工期一再拖延，客户不愿再等")
LIABLE = ("customer", "crew", "designer", "other")
FATES = KINDS["termination"].fates  # one of each liability, and one customer who stays
ZERO = "0.00"


def _verify_cause(sheet: Sheet) -> dict[str, Any]:
    return {
        "cause": sheet.rng.choice(REASONS),
        "site_visit": "no",
        "retained": "yes" if sheet.plan.number % FATES == len(LIABLE) else "no",
    }


def _papers(sheet: Sheet) -> dict[str, Any]:
    missing = sheet.round == 1 and sheet.chance(0.15)
    return {"complete": "no" if missing else "yes", "missing": ["drawings"]}


def _paid(sheet: Sheet) -> str:
    """What the customer has paid: a third of the contract; one pays so little that he owes."""
    share = Decimal("0.05") if sheet.plan.number % (2 * FATES) == FATES else Decimal("0.3")
    return f"{(Decimal(sheet.plan.household.contract['amount']) * share).quantize(Decimal(1))}.00"


def _liability(sheet: Sheet) -> dict[str, Any]:
    """F-15: the sums as the form shows them, the refund as it reckons it."""
    liability = LIABLE[sheet.plan.number % FATES % len(LIABLE)]
    known = sheet.shown.get("paid")
    paid = known or (f"{Decimal(_paid(sheet)) + 1000}" if sheet.every(6, "termination") else _paid(sheet))
    fees = {name: sheet.shown.get(name) or ZERO for name in ("design_fee", "change_loss", "other_deductions")}
    if not known:
        fees["design_fee"] = f"{sheet.rng.randrange(1_000, 3_000, 100)}.00"
        fees["change_loss"] = f"{sheet.rng.randrange(0, 2_000, 50)}.00"
    loss = Decimal(sheet.shown["loss_fee"]) if liability == "customer" else Decimal(0)
    refund = Decimal(paid) - sum(Decimal(fee) for fee in fees.values()) - loss
    return {
        "paid": paid,
        "liability": liability,
        **fees,
        "actual_refund": f"{refund:.2f}",
        "opinion": "已与双方核对，按合同约定扣款。",
        "remark": None,
    }


def _pay_refund(sheet: Sheet) -> dict[str, Any]:
    return {
        "paid": "no" if sheet.round == 1 and sheet.chance(0.1) else "yes",
        "paid_at": sheet.recently(0),
        "reason": "客户没有带合同原件。",
    }


def _summary(sheet: Sheet) -> dict[str, Any]:
    rows = sheet.shown.get("rows") or []
    return {"rows": [{**row, "reason": row.get("reason") or sheet.rng.choice(REASONS)} for row in rows]}


TERMINATION: Mapping[str, Callable[[Sheet], dict[str, Any]]] = {
    "apply_termination": lambda s: {
        "contract": s.plan.household.contract["key"],
        "reason": s.rng.choice(REASONS),
    },
    "take_papers_in": _papers,
    "verify_cause": _verify_cause,
    "define_liability": _liability,
    "verify_payments": lambda s: {"paid": _paid(s), "opinion": "与收款台账核对无误。"},
    "approve_termination": lambda s: {
        "decision": "rejected" if s.round == 1 and s.chance(0.12) else "approved",
        "reason": "请再与客户谈一次扣款。",
    },
    "pay_refund": _pay_refund,
    "build_summary": _summary,
    "review_summary": lambda s: {"decision": "approved" if s.round > 1 or s.chance(0.85) else "rejected"},
    "acknowledge_summary": lambda s: {"opinion": "退单集中在设计阶段，请设计部说明。"},
}
