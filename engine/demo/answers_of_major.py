"""Answers in a major complaint, in arbitration and in paying a compensation (procedures.md 3.3, 3.6)."""

from collections.abc import Callable, Mapping
from typing import Any

from engine.demo.sheet import Sheet


def _escalation(sheet: Sheet) -> dict[str, Any]:
    return {
        "cause": sheet.plan.problem.problem,
        "process_so_far": sheet.plan.problem.facts,
        "demand": sheet.plan.problem.demand,
        "rd_list": sheet.shown.get("rd_list") or sheet.plan.departments,
    }


def _shares(sheet: Sheet) -> list[dict[str, Any]]:
    """Who bears the cost: at most 100 % together, the rest is the company's."""
    employee = sheet.rng.choice((0, 10, 20, 30))
    rows: list[dict[str, Any]] = [{"bearer": "company", "percent": 40}]
    if employee:
        rows.append({"bearer": "employee", "person": sheet.colleague(sheet.lead), "percent": employee})
    if sheet.lead == "engineering_dept" and sheet.chance(0.6):
        rows.append({"bearer": "crew", "person": sheet.ids["tie_zhu"], "percent": 30})
    return rows


def _decide_solution(sheet: Sheet) -> dict[str, Any]:
    return {
        "liability": "我方施工和沟通均有责任，客户没有过错。",
        "solution": sheet.plan.problem.solution,
        "compensation": sheet.shown.get("compensation") or sheet.yes(0.6 if sheet.plan.brisk else 0.45),
        "amount": sheet.shown.get("amount") or f"{sheet.rng.randrange(500, 12_000, 100)}.00",
        "shares": _shares(sheet) if sheet.chance(0.7) else [],
    }


def _review_cost(sheet: Sheet) -> dict[str, Any]:
    return {
        "decision": "approved" if sheet.chance(0.85) else "rejected",
        "reason": "金额偏高，请再与客户谈一次。",
        "shares": sheet.shown.get("shares") or _shares(sheet),
    }


def _customer_answer(sheet: Sheet) -> dict[str, Any]:
    accepted = sheet.chance(0.78)
    return {
        "accepted": "yes" if accepted else "no",
        "answered_at": sheet.recently(),
        "reason": "同意方案，希望尽快。" if accepted else "不接受，要求提高补偿。",
        "next_step": "new_solution" if sheet.chance(0.65) else "arbitration",
    }


def _lawyer(sheet: Sheet) -> dict[str, Any]:
    dates = [{"date": sheet.days_on(2.5, 30).date().isoformat(), "subject": "开庭"}]
    if sheet.chance(0.5):
        dates.append({"date": sheet.days_on(2.5, 12).date().isoformat(), "subject": "提交证据"})
    return {"lawyer": "白鹭", "lawyer_phone": "000-0000-0038", "dates": dates if sheet.chance(0.8) else []}


def _result(sheet: Sheet) -> dict[str, Any]:
    results = ("settled", "award", "judgment", "withdrawn")
    free = sheet.every(4, "cannot_solve")
    return {
        "result": "settled" if free else sheet.rng.choices(results, (50, 20, 10, 20))[0],
        "company_pays": "no" if free else sheet.yes(0.5),
        "sum": f"{sheet.rng.randrange(1_000, 20_000, 500)}.00",
        "summary": "双方达成一致，文书已签收。",
    }


MAJOR: Mapping[str, Callable[[Sheet], dict[str, Any]]] = {
    "file_escalation": _escalation,
    "study_case": lambda s: {
        "visit_needed": "yes" if "agree_and_visit" in s.plan.left else s.yes(0.6),
        "needs_opinion": bool(s.shown.get("needs_opinion")) or (s.chance(0.12) and not s.plan.brisk),
        "note": "先听客户说完，再定责任。",
    },
    "agree_and_visit": lambda s: {"visit_at": s.recently(), "findings": s.plan.problem.facts},
    "decide_solution": _decide_solution,
    "review_cost": _review_cost,
    "customer_answer": _customer_answer,
    "follow_to_solution": lambda s: {"done_at": s.recently(), "note": s.plan.problem.result},
    "payment_voucher": lambda s: {"payee": s.plan.household.customer["name"]},
    "sign_voucher": lambda s: {
        "decision": "approved" if s.chance(0.92) else "rejected",
        "signature": True,
        "reason": "附件不全，请补客户签字的协议。",
    },
    "wage_deduction": lambda s: {"payroll_month": s.now.date().replace(day=1).isoformat()},
    "propose_arbitration": lambda s: {
        "forum": "commission" if s.chance(0.7) else "court",
        "reason": "协商三次未果，金额分歧较大，建议由第三方裁定。",
        "related_case": s.plan.business_key or None,
    },
    "approve_arbitration": lambda s: {
        "decision": "approved" if s.every(2, "cannot_solve") or s.chance(0.8) else "rejected",
        "reason": "再协商一次，能谈成就不走仲裁。",
    },
    "appoint_lawyer": _lawyer,
    "record_result": _result,
}
