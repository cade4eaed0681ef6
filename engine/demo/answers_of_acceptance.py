"""Answers around pre-acceptance: scheduling, inspecting, awards, settling the works (procedures.md 3.15 to 3.18)."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from engine.clock import OFFICE
from engine.demo.filling import typed
from engine.demo.names import EQUIPMENT, Household
from engine.demo.sheet import Sheet

PARTS = ("水电", "瓦工", "木工", "油工", "安装")
TOTAL = 100  # checkpoints of a part
PASSED = {"excellent": (96, 100), "good": (91, 94), "pass": (86, 89), "failed": (70, 84)}  # of them
FAILURES: Mapping[int, int] = {3: 1, 5: 2, 6: 3}  # number of an inspection of twenty → how often it fails
VOID, INCOMPLETE, UNCOOPERATIVE = 8, 9, 12  # of twenty
OF = 20


def _list(sheet: Sheet) -> dict[str, Any]:
    """Next week's sites, each at a time of its own by day."""
    sites = sheet.yard.next_for_inspection(sheet.reported, sheet.rng)
    monday = sheet.now.astimezone(OFFICE).date()
    monday += timedelta(days=7 - monday.weekday())
    return {"week_from": monday.isoformat(), "sites": [_row(sheet, house, n) for n, house in enumerate(sites)]}


def _row(sheet: Sheet, house: Household, n: int) -> dict[str, Any]:
    at = sheet.now.astimezone(OFFICE) + timedelta(days=5 + n % 4)
    return {
        "site": house.site["key"],
        "contract": house.contract["key"],
        "project_manager": sheet.ids[house.site["project_manager"]],
        "foreman": sheet.ids[house.site["foreman"]],
        "at": typed(at.replace(hour=9 + n // 4 % 8, minute=sheet.rng.choice((0, 30)))),
        "all_done": "yes",
    }


def _confirm(sheet: Sheet) -> dict[str, Any]:
    """The time that was asked for, unless it is past by now."""
    asked = sheet.shown["slot_at"]
    late = datetime.fromisoformat(asked) < sheet.now + timedelta(minutes=30)
    at = typed(sheet.days_on(1, 3, sheet.rng.randint(9, 16))) if late else asked
    return {"slot_at": at, "inspector": sheet.ids[sheet.rng.choice(("yan_shou", "jian_cha"))]}


def _change(sheet: Sheet) -> dict[str, Any]:
    return {
        "change": "new_time" if sheet.chance(0.8) else "withdraw",
        "new_at": typed(sheet.days_on(2, 5, sheet.rng.randint(9, 16))),
        "reason": "柜体晚到两天，客户要求改期。",
    }


def _failures(sheet: Sheet) -> int:
    """How often this inspection fails."""
    return FAILURES.get(sheet.plan.number % OF, 0) if sheet.plan.number < OF else int(sheet.plan.number % 7 == 3)


def _check(sheet: Sheet) -> dict[str, Any]:
    number, first = sheet.plan.number % OF, not sheet.plan.times["check_on_site"]
    return {
        "inspected_at": sheet.recently(0),
        "equipment_used": "no" if first and number == VOID else "yes",
        "equipment": EQUIPMENT,
        "calibrated_until": sheet.days_on(30, 31).date().isoformat(),
        "all_done": "no" if first and number == INCOMPLETE else "yes",
        "open_items": "阳台推拉门没有装，厨房台面缺挡水条。",
        "manual_shown": sheet.yes(0.95),
        "uncooperative": "foreman" if first and number == UNCOOPERATIVE else "nobody",
    }


def _score(sheet: Sheet) -> dict[str, Any]:
    fails = sheet.plan.times["score_items"] < _failures(sheet)
    passed = "excellent" if sheet.plan.number % 2 == 0 else sheet.rng.choice(("good", "good", "pass"))
    result = "failed" if fails else passed
    least, most = PASSED[result]
    return {
        "items": [{"part": part, "total": TOTAL, "passed": sheet.rng.randint(least, most)} for part in PARTS],
        "findings": "瓦工空鼓偏多，木工收口不齐。" if fails else "整体合格，细部已当场整改。",
    }


def _replacement(sheet: Sheet) -> dict[str, Any]:
    before = sheet.ids[sheet.site["foreman"]]
    return {"foreman": sheet.rng.choice([one for one in sheet.choices("foreman") if one != before])}


def _exception(sheet: Sheet) -> dict[str, Any]:
    return {
        "site": sheet.site["key"],
        "project_manager": sheet.ids[sheet.site["project_manager"]],
        "reason": "客户自购的木门推迟到货，其余项目都已完成。",
        "harm": "工长等着结算，工人已经转到下一个工地。",
        "planned_completion": sheet.days_on(5, 12).date().isoformat(),
    }


def _settlement(sheet: Sheet) -> dict[str, Any]:
    return {
        "site": sheet.site["key"],
        "contract": sheet.plan.household.contract["key"],
        "gross": f"{sheet.rng.randrange(15_000, 60_000, 100)}.00",
    }


ACCEPTANCE: Mapping[str, Callable[[Sheet], dict[str, Any]]] = {
    "submit_list": _list,
    "report_exception": _exception,
    "decide_exception": lambda s: {
        "decision": "approved" if s.chance(0.7) else "rejected",
        "reason": "先办客户完工，三天内再报。",
    },
    "finish_customer_side": lambda s: {"at": typed(s.days_on(1, 4, s.rng.randint(9, 16)))},
    "complete_items": lambda s: {"at": typed(s.days_on(1, 4, s.rng.randint(9, 16)))},
    "confirm_slot": _confirm,
    "change_time": _change,
    "decide_change": lambda s: {"decision": "accepted" if s.chance(0.5) else "refused", "remark": "验收人员已排满。"},
    "check_on_site": _check,
    "score_items": _score,
    "new_date": lambda s: {"at": typed(s.days_on(1, 3, s.rng.randint(9, 16)))},
    "rectification_notice": lambda s: {
        "defects": "卫生间地砖空鼓六处，客厅踢脚线收口不齐。",
        "deadline": s.days_on(2, 4).date().isoformat(),
    },
    "issue_proof": lambda s: {"number": f"YS-{s.now:%m%d}-{s.rng.randint(1, 99):02d}"},
    "replace_foreman": _replacement,
    "confirm_awards": lambda s: {"reason": "三项均符合条件。"},
    "approve_awards": lambda s: {"decision": "approved" if s.round > 1 or s.chance(0.9) else "rejected"},
    "announce_awards": lambda s: {"text": "本月优秀工地名单，请各项目经理组织参观学习。"},
    "request_settlement": _settlement,
    "check_proof": lambda s: {"shown": "no" if s.plan.kind == "settled_early" else "yes"},
    "refuse_settlement": lambda s: {"note": "请先通过预验收，拿到单据再来。"},
}
