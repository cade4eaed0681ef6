"""Answers in a repair, by the crew, by the captain, for a crew that has left (procedures.md 3.8 to 3.13)."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from engine.demo.filling import typed
from engine.demo.sheet import Sheet

LABOUR = (120, 180, 240, 360)  # yuan: hours or pieces at the company's rates


def _report(sheet: Sheet) -> dict[str, Any]:
    house, problem = sheet.plan.household, sheet.plan.problem
    return {
        "customer": house.customer["name"],
        "phone": house.customer["phone"],
        "customer_record": house.customer["key"],
        "site": house.site["key"],
        "source": sheet.rng.choices(("phone", "visit", "callback"), (80, 10, 10))[0],
        "address": house.site["address"],
        "defect": problem.problem,
        "other_crew": "yes" if sheet.plan.kind == "departed" and sheet.chance(0.3) else "no",
        "urgent": sheet.chance(0.12),
    }


def _hand_over(sheet: Sheet) -> dict[str, Any]:
    return {
        "told_at": sheet.recently(),
        "foreman": sheet.shown.get("foreman") or sheet.ids[sheet.site["foreman"]],
        "note": "客户白天在家，请先打电话。" if sheet.chance(0.3) else None,
    }


def _solution(sheet: Sheet) -> dict[str, Any]:
    return {
        "defect": sheet.plan.problem.facts,
        "solution": sheet.plan.problem.solution,
        "customer_agrees": "no" if sheet.plan.kind == "refused_plan" and sheet.captain_is_out else "yes",
        "visit_at": typed(sheet.days_on(0.3, 2, sheet.rng.randint(9, 16))),
    }


def _feedback(sheet: Sheet) -> dict[str, Any]:
    unhappy = sheet.plan.kind == "unhappy" and sheet.captain_is_out and not sheet.plan.times["feedback_sheet"]
    return {
        "opinion": "接缝不平，颜色也对不上。" if unhappy else sheet.plan.problem.result,
        "satisfied": "no" if unhappy else "yes",
    }


def _final_call(sheet: Sheet) -> dict[str, Any]:
    fine = sheet.yes(0.97)
    return {
        "call_time": sheet.recently(),
        "state": "已经修好，客户在家验收。" if fine == "yes" else "又出现渗水，约定再上门。",
        "solved": fine,
        "satisfied": fine,
    }


def _ask_takeover(sheet: Sheet) -> dict[str, Any]:
    waits = sheet.plan.kind == "kept_waiting"
    return {
        "take_over": "yes" if waits else "no",
        "reason": "约好的时间没有到，客户要求换人。" if waits else "已与工长通话，马上到。",
    }


def _decide_takeover(sheet: Sheet) -> dict[str, Any]:
    return {"take_over": sheet.yes(0.6), "reason": "客户对原施工队已经没有信心。"}


def _close(sheet: Sheet) -> dict[str, Any]:
    faulty = []
    if sheet.chance(0.05):
        rule = sheet.rng.choice(("P-20", "P-23", "P-25"))
        faulty = [{"person": sheet.ids[sheet.site["foreman"]], "rule": rule}]
    agreed, scope = _agreed(sheet), "normal" if sheet.chance(0.8) else "non_normal"
    paid = {"scope": "normal", "labour": agreed, "material": None} if agreed else {"scope": scope}
    return {"summary": sheet.plan.problem.result, "satisfied": "yes", "persons_at_fault": faulty, **paid}


def _survey(sheet: Sheet) -> dict[str, Any]:
    number = sum(sheet.plan.rng.random() < share for share in (0.15, 0.15))  # 0: the company's, clear
    side = ("company", "customer", "unclear")[number]
    return {
        "crew_did": "工长来过一次，没有处理。",
        "defect": sheet.plan.problem.facts,
        "side": side,
        "has_plan": "yes" if side != "unclear" and sheet.chance(0.9) else "no",
        "plan": sheet.plan.problem.solution,
        "visit_at": typed(sheet.days_on(1, 3, sheet.rng.randint(9, 16))),
        "supply_by": typed(sheet.days_on(0.4, 0.9)),
    }


def _support(sheet: Sheet) -> dict[str, Any]:
    return {
        "side": "company" if sheet.chance(0.8) else "customer",
        "plan": sheet.plan.problem.solution,
        "visit_at": typed(sheet.days_on(1, 3, sheet.rng.randint(9, 16))),
        "supply_by": typed(sheet.days_on(0.4, 0.9)),
    }


def _cost(sheet: Sheet, *, material: bool) -> dict[str, Any]:
    labour, spent = Decimal(sheet.rng.choice(LABOUR)), Decimal(0)
    if material:
        spent = Decimal(sheet.rng.randrange(2_000, 60_000)) / 100
    return {
        "reckoning": f"人工 {labour} 元" + (f"，主、辅材料按成本价 {spent} 元" if spent else "，没有加材料"),
        "labour": f"{labour:.2f}",
        "material": f"{spent:.2f}",
    }


def _as_quoted(quote: str) -> dict[str, Any]:
    """A customer pays what he was quoted, for labour."""
    return {"reckoning": "按客户同意的报价", "labour": quote, "material": "0.00"}


def _agreed(sheet: Sheet) -> str | None:
    """The quote that the customer pays."""
    for step, field in (("quote", "amount"), ("offer_paid_service", "quote")):
        sent = sheet.plan.sent.get(step, {})
        if sent.get("consent") == "yes":
            return str(sent[field])
    return None


def _takeover_cost(sheet: Sheet) -> dict[str, Any]:
    agreed = _agreed(sheet)
    return _as_quoted(agreed) if agreed else _cost(sheet, material=True)


def _departed_cost(sheet: Sheet) -> dict[str, Any]:
    if agreed := _agreed(sheet):
        return {"scope": "normal", **_as_quoted(agreed)}
    changed = sheet.chance(0.5)
    return {"scope": "non_normal" if changed else "normal", **_cost(sheet, material=changed)}


def _quote(sheet: Sheet) -> dict[str, Any]:
    return {
        "offer": sheet.plan.problem.solution,
        "amount": f"{sheet.rng.randrange(200, 1_500, 10)}.00",
        "consent": sheet.yes(0.7),
    }


def _paid_service(sheet: Sheet) -> dict[str, Any]:
    return {
        "offer": sheet.plan.problem.solution,
        "quote": f"{sheet.rng.randrange(200, 1_500, 10)}.00",
        "consent": "no" if sheet.every(4, "paid_service") else "yes",
    }


def _signed(sheet: Sheet) -> dict[str, Any]:
    return {
        "decision": "approved" if sheet.chance(0.93) else "rejected",
        "reason": "人工费请按件重新计算。",
    }


def _reconcile(sheet: Sheet) -> dict[str, Any]:
    """Finance adds up its own vouchers, and comes to the sum of the list."""
    listed = {row["crew"]: row["total"] for row in sheet.plan.sent["hand_in_list"]["crews"]}
    agreed = not (sheet.round == 1 and sheet.chance(0.05))
    return {
        "agreed": "yes" if agreed else "no",
        "total": listed[sheet.shown["crew"]],
        "reason": "有一张单子没有公司主管签字。",
    }


def _plan_training(sheet: Sheet) -> dict[str, Any]:
    foremen = sheet.choices("foreman")
    return {
        "held_at": typed(sheet.days_on(1, 4, 14)),
        "place": sheet.rng.choice(("公司二楼会议室", "样板间", "仓库")),
        "topics": ["repair", "quality", sheet.rng.choice(("cleanliness", "manners", "feedback"))],
        "foremen": sheet.rng.sample(foremen, min(len(foremen), 8)),
    }


def _attendance(sheet: Sheet) -> dict[str, Any]:
    """Most foremen come themselves; one of their people does where the crew has more."""
    substitute = {sheet.ids["tie_zhu"]: sheet.ids["qi_jiang"]}
    rows = []
    for foreman in sheet.plan.sent["plan_training"]["foremen"]:
        came = sheet.chance(0.88)
        rows.append({"foreman": foreman, "sent": "yes" if came else "no"})
        rows[-1] |= {"worker": substitute.get(foreman, foreman)} if came else {}
    return {"attendance": rows}


def _assessments(sheet: Sheet) -> dict[str, Any]:
    return {"assessments": [{**row, "passed": sheet.yes(0.85)} for row in sheet.shown["assessments"]]}


def _other_worker(sheet: Sheet) -> dict[str, Any]:
    able = ("qi_jiang", "wa_long", "mu_gong")
    return {"replacement": next(sheet.ids[one] for one in able if sheet.ids[one] != sheet.shown["worker"])}


def _weekly_check(sheet: Sheet) -> dict[str, Any]:
    states = ("已上门，等瓷砖到货", "约好明天上午", "正在施工，后天完工")
    plans = ("材料到了就铺", "完工当天请客户验收", "与客户再定一次时间")
    rows = sheet.shown.get("repairs") or []
    told = [{"state": sheet.rng.choice(states), "plan": sheet.rng.choice(plans)} for _ in rows]
    return {
        "repairs": [{**row, **words} for row, words in zip(rows, told, strict=True)],
        "emergencies": "暴雨天两人待命，先止漏再维修。",
        "customer_feedback": "两户要求固定一位师傅跟到底。",
        "support": sheet.yes(0.85),
    }


_NOTE = "已提前约好客户。"
REPAIR: Mapping[str, Callable[[Sheet], dict[str, Any]]] = {
    "report_repair": _report,
    "repair-handling/report_repair": _report,
    "check_crew": lambda s: {"note": None},
    "offer_paid_service": _paid_service,
    "hand_over_sheet": _hand_over,
    "call_customer_back": lambda s: {"call_time": s.recently(), "appointment": None, "note": s.plan.problem.facts},
    "repair-round/file_solution": _solution,
    "arrive_on_site": lambda s: {"arrived_at": s.recently(0), "consent": "yes"},
    "repair": lambda s: {
        "done_at": s.recently(),
        "protected": "yes",
        "clean": s.yes(0.95),
        "labour_used": f"{s.rng.randint(2, 8)} 小时，一人",
    },
    "feedback_sheet": _feedback,
    "sign_by_service": lambda s: {"note": None},
    "sign_by_engineering": lambda s: {"note": None},
    "repair-service/final_call": _final_call,
    "ask_takeover": _ask_takeover,
    "decide_takeover": _decide_takeover,
    "close_repair": _close,
    "repair-captain-takeover/inform_captain": lambda s: {
        "called_at": s.recently(),
        "cause": {"neglected": "no_contact", "refused_plan": "solution_refused", "kept_waiting": "late"}.get(
            s.plan.kind, "not_satisfied"
        ),
        "note": _NOTE,
    },
    "survey_site": _survey,
    "technical_support": _support,
    "quote": _quote,
    "supply": lambda s: {"workers": "瓦工一名、小工一名", "material": "瓷砖两箱、瓷砖胶一袋"},
    "find_others": lambda s: {"workers": "另找瓦工一名", "material": "瓷砖两箱、瓷砖胶一袋"},
    "after_call": lambda s: {
        "call_time": s.recently(),
        "satisfied": s.yes(0.88),
        "opinion": "修得可以，就是等得久。",
    },
    "repair-captain-takeover/compute_cost": _takeover_cost,
    "departed-crew-repair/inform_captain": lambda s: {"called_at": s.recently(), "note": _NOTE},
    "departed-crew-repair/compute_cost": _departed_cost,
    "supervisor_signs": _signed,
    "executive_signs": _signed,
    "file_repair": lambda s: {"satisfied": "yes", "summary": s.plan.problem.result},
    "reconcile": _reconcile,
    "plan_training": _plan_training,
    "take_attendance": _attendance,
    "assess_workers": _assessments,
    "send_others": _other_worker,
    "check_repairs": _weekly_check,
    "confirm_check": lambda s: {"note": None},
    "acknowledge_receivable": lambda s: {"collection": "从下月工程款里扣。"},
    "bill_customer": lambda s: {"receipt_number": f"SJ-{s.rng.randint(1000, 9999)}"},
}
