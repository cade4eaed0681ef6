"""Answers in a complaint about customer service, in fault slips and in the month-end report (3.5, 3.7, 3.19)."""

from collections.abc import Callable, Mapping
from typing import Any

from engine.demo.plans import OWN_DEPARTMENT
from engine.demo.sheet import Sheet

SLIPS: tuple[dict[str, Any], ...] = (
    {"rule": "P-20", "grade": "ordinary", "facts": "回访记录漏填三户，月底才补。"},
    {"rule": "P-21", "grade": "ordinary", "facts": "客户来电没有当场登记。"},
    {"rule": "P-24", "grade": "serious", "facts": "对客户承诺后擅自改期，造成二次投诉。"},
    {"rule": "P-25", "fine": 800, "facts": "维修款延迟一周上交。"},
    {"rule": "P-28", "cost": "260.00", "facts": "领用材料丢失，按成本扣除。"},
    {"rule": "P-30", "grade": "ordinary", "facts": "预验收迟到半小时，没有事先说明。"},
    {"rule": "P-31", "grade": "serious", "facts": "隐蔽工程没有报验就封板。"},
    {"rule": "P-32", "fine": 500, "facts": "预验收两次不合格。"},
    {"rule": "P-35", "grade": "serious", "facts": "复查时发现同一问题未整改。"},
    {"rule": "P-50", "facts": "考勤异常，未按时说明。"},
)

P_32 = 500  # yuan, fixed by the rule


def _slip(sheet: Sheet) -> dict[str, Any]:
    department = sheet.rng.choice(("engineering_dept", "engineering_dept", "design_dept", "supervision_dept"))
    slip = dict(sheet.rng.choice(SLIPS))
    return {
        "person": sheet.colleague(department),
        "department": department,
        "department_head": False,
        "grade": None,
        "related_case": sheet.rng.choice(sheet.before["ended"])
        if sheet.before["ended"] and sheet.chance(0.5)
        else None,
        **slip,
    }


def _confirm(sheet: Sheet) -> dict[str, Any]:
    if sheet.every(6, "penalty"):
        return {"decision": "rejected", "reason": "事实不清，请补充证据后再提。"}
    fine = P_32 if sheet.shown.get("rule") == "P-32" else sheet.shown.get("fine") or sheet.rng.randrange(500, 2001, 100)
    return {"decision": "confirmed", "grade": sheet.shown.get("grade") or "ordinary", "fine": fine}


def _inform(sheet: Sheet) -> dict[str, Any]:
    objects = sheet.yes(0.18)
    return {"informed_at": sheet.recently(), "objection": objects, "objection_text": "当天已向主管口头说明，请核实。"}


def _accept(sheet: Sheet) -> dict[str, Any]:
    accused = sheet.plan.complained
    able = [one for one in sheet.staff[OWN_DEPARTMENT] if sheet.ids[one] != accused]
    return {
        "limit_hours": sheet.rng.choice((24, 48, 72, 96)),
        "handler": sheet.ids[sheet.rng.choice(able)],
        "note": "请当面听客户说完，限期给答复。",
    }


def _solve(sheet: Sheet) -> dict[str, Any]:
    justified = sheet.chance(0.6)
    return {
        "justified": "yes" if justified else "no",
        "facts": "调取通话记录，确有一次未按约回电。" if justified else "通话记录完整，两次都在约定时间内回电。",
        "solution": "当面致歉，改由专人跟进。" if justified else "向客户说明情况，客户表示理解。",
    }


def _close(sheet: Sheet) -> dict[str, Any]:
    accused = sheet.plan.complained
    faulty: list[dict[str, Any]] = []
    if accused and sheet.chance(0.6):
        is_head = accused == sheet.ids[sheet.staff[OWN_DEPARTMENT][0]]
        faulty = [{"person": accused, "grade": "ordinary", "department_head": is_head}]
    return {"analysis": "沟通不到位，部门内部已组织学习。", "persons_at_fault": faulty}


def _report(sheet: Sheet) -> dict[str, Any]:
    return {
        "analysis": "本月投诉集中在铺贴空鼓和工期延误，主要原因是交底不细、抽调工人没有报备。",
        "earlier_results": "上月遗留案件已全部回访，两户要求复查。",
        "departments": sheet.shown.get("departments") or ["engineering_dept", "design_dept"],
    }


OTHERS: Mapping[str, Callable[[Sheet], dict[str, Any]]] = {
    "propose_penalty": _slip,
    "confirm_penalty": _confirm,
    "inform_employee": _inform,
    "decide_objection": lambda s: {
        "decision": "upheld" if s.chance(0.7) else "withdrawn",
        "reason": "已核对记录，以书面材料为准。",
    },
    "record_penalty": lambda s: {
        "slip_number": f"GS-{s.now:%m%d}-{s.rng.randint(1, 99):02d}",
        "approver": s.ids["lin_xiaomei"],
    },
    "collect_fine": lambda s: {"way": s.rng.choice(("wages", "wages", "cash"))},
    "publish_bulletin": lambda s: {"text": "经确认，对本次预验收中的过失予以通报，请各部门引以为戒。"},
    "accept_complaint": _accept,
    "attend_acceptance": lambda s: {"opinion": "已会同受理，请按期答复。"},
    "solve_against_cs": _solve,
    "close_against_cs": _close,
    "build_report": _report,
    "review_report": lambda s: {
        "decision": "approved" if s.chance(0.8) or s.round > 1 else "rejected",
        "opinion": "超时一栏请写明是哪几户。",
    },
    "root_cause": lambda s: {
        "cause": "交底流于形式，班组之间没有交接记录。",
        "improvement": "每周一次现场交底，交接单由项目经理签字。",
        "improve_by": s.days_on(15, 30).date().isoformat(),
    },
    "acknowledge_report": lambda s: {"opinion": "重点盯工程部的整改，下月报结果。"},
}
