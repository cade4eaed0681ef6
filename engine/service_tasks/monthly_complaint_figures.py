"""The figures of R-09, the month-end complaint report (procedures.md 3.7)."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from engine.clock import OFFICE
from engine.db.models import breach, instance, submission
from engine.service_tasks.registry import Occasion, Result, operation
from engine.working_time import add_months

PROCEDURES = ("complaint-handling", "repeat-complaint", "complaint-against-cs")
# Such a case goes on as another one, or belongs to one, which counts.
ELSEWHERE = ("rerouted", "contact_added")
SEVERITIES = ("ordinary", "medium", "major")
_FIGURES = {"month", "total", "repeat_count", "open_count", "late_count", "cost", "departments"}


@operation(parameters={"at": True}, results=frozenset(_FIGURES | {f"{severity}_count" for severity in SEVERITIES}))
def monthly_complaint_figures(occasion: Occasion, *, at: str) -> Result:
    """Count the complaints registered in the month of an instant, until its last day 24:00, as they stand now.

    Args:
        at: An instant as ISO text with offset.
    Returns:
        `month`: the last day of the month, "2025-09-30"; counts; `cost` in yuan as text; `departments`: keys, sorted.
    """
    assert occasion.connection is not None  # not a job
    first = datetime.combine(datetime.fromisoformat(at).astimezone(OFFICE).replace(day=1).date(), time(), OFFICE)
    following = add_months(first, 1)
    cases = occasion.connection.execute(
        sa.select(instance.c.id, instance.c.procedure, instance.c.ended_at).where(
            instance.c.procedure.in_(PROCEDURES),
            instance.c.started_at >= first,
            instance.c.started_at < following,
            sa.func.coalesce(instance.c.end_state, "").not_in(ELSEWHERE),
        )
    ).all()
    ids = [case.id for case in cases]
    filled = _submitted(occasion.connection, ids)
    severities = [filled[case].get("severity") or "ordinary" for case in ids]
    late = sa.select(sa.func.count(sa.distinct(breach.c.case_id))).where(breach.c.case_id.in_(ids))
    return {
        "month": (following - timedelta(days=1)).date().isoformat(),
        "total": len(cases),
        **{f"{severity}_count": severities.count(severity) for severity in SEVERITIES},
        "repeat_count": sum(case.procedure == "repeat-complaint" for case in cases),
        "open_count": sum(case.ended_at is None for case in cases),
        "late_count": occasion.connection.scalar(late) or 0,
        "cost": format(sum((Decimal(values.get("amount") or 0) for values in filled.values()), Decimal(0)), ".2f"),
        "departments": sorted({key for values in filled.values() for key in values.get("rd_list") or ()}),
    }


def _submitted(connection: sa.Connection, ids: list[str]) -> Mapping[str, Mapping[str, Any]]:
    """Case → the severity, the departments and the sum paid that people entered last; nothing where it was erased."""
    wanted = {
        "classify_complaint": ("severity", "rd_list"),
        "payment_voucher": ("amount",),
        "file_escalation": ("rd_list",),
    }
    rows = connection.execute(
        sa.select(submission.c.stream, submission.c.element, submission.c["values"])
        .where(submission.c.stream.in_(ids), submission.c.element.in_(wanted))
        .order_by(submission.c.stream, submission.c.seq)
    )
    found: dict[str, dict[str, Any]] = {case: {} for case in ids}
    for case, element, values in rows:
        found[case] |= {field: values[field] for field in wanted[element] if field in (values or {})}
        if element == "file_escalation":
            found[case]["severity"] = "major"
    return found
