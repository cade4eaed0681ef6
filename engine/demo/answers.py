"""What the demo's people answer, form by form: Chinese as colleagues write it, from the story of the case.

By element; by form (procedure/form) where elements of several procedures have one name.
A field that stands here with None is left empty; one that does not stand here gets what it shows, or what fits.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from engine.demo.answers_of_acceptance import ACCEPTANCE
from engine.demo.answers_of_major import MAJOR
from engine.demo.answers_of_others import OTHERS
from engine.demo.answers_of_repair import REPAIR
from engine.demo.answers_of_termination import TERMINATION
from engine.demo.filling import typed
from engine.demo.plans import OWN_DEPARTMENT
from engine.demo.problems import OPINIONS, UNHAPPY
from engine.demo.sheet import Sheet

Answer: TypeAlias = Callable[[Sheet], dict[str, Any]]

MAJOR_SIGNS: tuple[dict[str, Any], ...] = (
    {"to_boss": True},
    {"claim": True},
    {"times_raised": 2, "conflict_escalated": True},
    {"times_raised": 3, "unsolved": True, "conflict_escalated": True},
    {"demands_now": True, "exposure_threat": True},
)  # procedures.md 3.2, rows M1 to M5
NO_SIGNS = ("unsolved", "to_boss", "claim", "conflict_escalated", "demands_now", "exposure_threat")


def _customer(sheet: Sheet) -> dict[str, Any]:
    house, problem, rng = sheet.plan.household, sheet.plan.problem, sheet.rng
    answer: dict[str, Any] = {
        "customer": house.customer["name"],
        "phone": house.customer["phone"],
        "customer_record": house.customer["key"],
        "contract": house.contract["key"],
        "site": house.site["key"],
        "address": house.site["address"],
        "source": rng.choices(("phone", "visit", "department", "callback", "leader"), (70, 12, 8, 7, 3))[0],
        "source_department": sheet.lead,
        "reason": problem.reason,
        "problem": problem.problem,
        "demand": problem.demand,
    }
    return answer | _complained(sheet, problem.about)


def _complained(sheet: Sheet, login: str) -> dict[str, Any]:
    return {"complained_person": sheet.names[login], "complained_person_record": sheet.ids[login]}


def _register_complaint(sheet: Sheet) -> dict[str, Any]:
    plan = sheet.plan
    answer = _customer(sheet) | dict.fromkeys(NO_SIGNS, False) | {"same_issue": "first", "times_raised": 1}
    completed = "completed_on" in plan.household.site
    answer |= {"site_state": "completed" if completed else "in_progress", "against_cs": False, "same_case": None}
    if plan.kind in ("major", "downgraded"):
        answer |= sheet.rng.choice(MAJOR_SIGNS)
    elif plan.kind == "against_cs":
        answer |= {"against_cs": True, **_complained(sheet, sheet.rng.choice(sheet.staff[OWN_DEPARTMENT][1:]))}
    elif plan.kind in ("contact", "stray", "repeat"):
        earlier = sheet.before[{"contact": "handled", "stray": "over", "repeat": "ended"}[plan.kind]]
        if earlier:
            issue = "after_closed" if plan.kind == "repeat" else "while_open"
            answer |= {"same_issue": issue, "same_case": sheet.rng.choice(earlier), "times_raised": 2}
            if plan.kind == "contact" and sheet.chance(0.25):
                answer["to_boss"] = True
    return answer


def _register_repeat(sheet: Sheet) -> dict[str, Any]:
    answer = _customer(sheet) | dict.fromkeys(NO_SIGNS, False) | {"times_raised": 2, "unsolved": sheet.chance(0.3)}
    answer["first_case"] = sheet.rng.choice(sheet.before["ended"] or sheet.before["any"])
    return answer | ({"conflict_escalated": True} if sheet.plan.number % 4 == 1 else {})


def _register_against_cs(sheet: Sheet) -> dict[str, Any]:
    about = sheet.rng.choice(sheet.staff[OWN_DEPARTMENT])
    words = {
        "reason": "态度生硬，答应的事没有下文",
        "problem": "客户说电话里被打断了两次，约好回电没有回，再打过去又要从头说一遍。",
        "demand": "换人跟进，并当面说明。",
    }
    return _customer(sheet) | _complained(sheet, about) | words | {"about_manager": about == "lin_xiaomei"}


def _classify(sheet: Sheet) -> dict[str, Any]:
    suggested = sheet.shown.get("severity") or "ordinary"
    severity = suggested
    if suggested == "major":
        severity = "ordinary" if sheet.plan.kind == "downgraded" else "major"
    elif sheet.chance(0.14) and not sheet.plan.brisk:
        severity = "major" if sheet.chance(0.12) else "medium"
    kinds = (70, 24, 6) if sheet.lead == "engineering_dept" else (8, 80, 12)
    kind = sheet.rng.choices(("engineering", "general", "special"), kinds)[0]
    return {
        "severity": severity,
        "type": "repair" if sheet.plan.kind == "repair" else kind,
        "reason": "客户多次来电，影响入住，按较重处理。" if severity != suggested or severity == "medium" else None,
        "rd_list": sheet.plan.departments,
        "lead_rd": sheet.lead,
        "needs_opinion": sheet.plan.kind == "opinion",
    }


def _validity(sheet: Sheet) -> dict[str, Any]:
    valid = "no" if sheet.plan.kind == "not_valid" else sheet.yes(0.95)
    return {"valid": valid, "reason": "与回电记录和照片一致。" if sheet.chance(0.5) else None}


def _verify(sheet: Sheet) -> dict[str, Any]:
    valid = "no" if sheet.plan.kind == "not_valid" else sheet.yes(0.95)
    return {"call_time": sheet.recently(), "facts": sheet.plan.problem.facts, "valid": valid}


def _file_solution(sheet: Sheet) -> dict[str, Any]:
    return {
        "cannot_solve": sheet.round == 1 and sheet.plan.kind == "cannot_solve",
        "obstacle": "厂家停产，同款材料找不到，超出本部门权限。",
        "solution": sheet.plan.problem.solution,
        "alternatives": "方案二：按原价折抵，由客户自行选购；方案三：延长一年保修。",
        "visit": sheet.yes(0.8),
        "visit_at": typed(sheet.days_on(0.8, 3, sheet.rng.randint(9, 16))),
        "compensation": "yes" if sheet.plan.kind == "compensation" else sheet.yes(0.02),
    }


def _visit(sheet: Sheet) -> dict[str, Any]:
    return {"done_at": sheet.recently(10), "result": sheet.plan.problem.result}


def _closing_call(sheet: Sheet) -> dict[str, Any]:
    satisfied = sheet.yes(0.3 if sheet.plan.kind == "not_valid" else 0.86)
    if sheet.every(2, "not_valid"):
        satisfied = "no"
    opinion = sheet.rng.choice(OPINIONS if satisfied == "yes" else UNHAPPY)
    return {"reached": sheet.yes(0.9), "call_time": sheet.recently(), "satisfied": satisfied, "opinion": opinion}


def _next_round(sheet: Sheet) -> dict[str, Any]:
    flags = {"claim": 0.05, "to_boss": 0.04, "demands_now": 0.2, "exposure_threat": 0.04, "cannot_solve": 0.04}
    answer: dict[str, Any] = {name: sheet.chance(share) for name, share in flags.items()}
    return answer | {"escalated": sheet.yes(0.15), "reason": "客户仍不满意，需要再上门一次。"}


def _coordinate(sheet: Sheet) -> dict[str, Any]:
    decision = sheet.rng.choices(("new_plan", "escalate", "arbitration"), (50, 25, 25))[0]
    if sheet.every(2, "cannot_solve") and sheet.round == 1:
        decision = "arbitration"
    return {"decision": decision, "note": "召集相关部门开会，明确由牵头部门负责。"}


def close(sheet: Sheet) -> dict[str, Any]:
    """The complaint file, F-03."""
    problem = sheet.plan.problem
    faulty: list[dict[str, Any]] = []
    if sheet.chance(0.16):
        faulty = [{"person": sheet.colleague(sheet.lead), "rule": sheet.rng.choice(("P-01", "P-03"))}]
        faulty[0] |= {"grade": "ordinary"} if sheet.chance(0.6) else {}
        if sheet.chance(0.2):
            head = {"person": sheet.ids[sheet.staff[sheet.lead][0]], "rule": "P-03", "department_head": True}
            faulty.append(head)
    return {
        "steps": problem.facts,
        "solution": problem.solution,
        "satisfaction": "yes",
        "cost": f"{sheet.rng.randrange(0, 900, 50)}.00" if sheet.chance(0.4) else None,
        "analysis": problem.analysis,
        "persons_at_fault": faulty,
        "customer_told": True,
    }


def _written_opinion(sheet: Sheet) -> dict[str, Any]:
    return {
        "inspectors": "文书、颜守",
        "facts": sheet.plan.problem.facts,
        "conclusion": "施工记录与现场基本相符，责任在我方，建议按方案整改并向客户致歉。",
    }


ANSWERS: Mapping[str, Answer] = {
    "register_complaint": _register_complaint,
    "register_repeat": _register_repeat,
    "register_against_cs": _register_against_cs,
    "classify_complaint": _classify,
    "agree_downgrade": lambda s: {"agreed": s.yes(0.7), "reason": "已与客户通话，客户同意先按一般处理。"},
    "transfer_complaint": lambda s: {
        "customer_told": True,
        "note": "请先联系客户，再上门。" if s.chance(0.4) else None,
    },
    "sign_receipt": lambda s: {"signed_at": None, "note": "已安排专人。" if s.chance(0.3) else None},
    "verify_with_customer": _verify,
    "confirm_validity": _validity,
    "file_solution": _file_solution,
    "visit_or_explain": _visit,
    "closing_call": _closing_call,
    "agree_not_valid": lambda s: {
        "agreed": "yes" if s.every(2, "not_valid") else s.yes(0.7),
        "reason": "已耐心解释，照片与合同都说明不属于我方责任。",
    },
    "decide_next_round": _next_round,
    "step_in": lambda s: {"note": "已与牵头部门负责人当面谈过，今天之内给客户答复。"},
    "coordinate": _coordinate,
    "close_complaint": close,
    "written_opinion": _written_opinion,
    "propose_escalation": lambda s: {
        "decision": "escalate" if s.chance(0.2) else "stay",
        "reason": "已两次超时，客户情绪尚稳，继续按现方案办。",
    },
    "sign_off": lambda s: {
        "agreed": s.yes(0.85),
        "reason": "客户还差一处没有验收。",
        "supervision": "全程参与，两次到现场。",
    },
    "written_notice": lambda s: {
        "issue": s.plan.problem.problem,
        "demand": "请于两日内拿出方案，并书面答复客服监察部。",
    },
    "check_first_handling": lambda s: {
        "poor": "yes" if s.every(2, "repeat_by_hand") else s.yes(0.35),
        "department": s.lead,
        "handler": s.colleague(s.lead),
        "reason": "第一次只做了表面处理，没有查原因。",
    },
    **MAJOR,
    **OTHERS,
    **REPAIR,
    **TERMINATION,
    **ACCEPTANCE,
}
