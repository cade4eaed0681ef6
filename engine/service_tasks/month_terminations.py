"""The lines of R-10, the monthly summary of terminated contracts (procedures.md 3.23)."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from engine.clock import OFFICE
from engine.db.models import instance, submission
from engine.registers import money
from engine.service_tasks.contract_facts import contract_facts
from engine.service_tasks.registry import Occasion, Result, operation
from engine.working_time import add_months

PROCEDURE = "contract-termination"
_SUMS = {"base": "base", "fee": "loss_fee", "compensation": "compensation", "refund": "actual_refund"}


@operation(parameters={"at": True}, results=frozenset({"month", "count", "rows", "fees", "refunds"}))
def month_terminations(occasion: Occasion, *, at: str) -> Result:
    """List the terminations that the general manager approved in the month of an instant, until its last day 24:00.

    Args:
        at: An instant as ISO text with offset.
    Returns:
        `month`: the last day of the month; `rows`: one a contract, in the order of approval, {contract, customer, crew,
        designer, liability, base, fee, compensation, refund, case}; `count`; `fees`, `refunds`: sums. All money in yuan
        as text; keys that there are not are left out, as is a case whose entries were erased.
    """
    assert occasion.connection is not None  # not a job
    first = datetime.combine(datetime.fromisoformat(at).astimezone(OFFICE).replace(day=1).date(), time(), OFFICE)
    following = add_months(first, 1)
    cases = occasion.connection.execute(
        sa.select(instance.c.id, instance.c.business_key).where(
            instance.c.procedure == PROCEDURE,
            instance.c.started_at < following,
            sa.or_(instance.c.ended_at.is_(None), instance.c.ended_at >= first),
        )
    ).all()
    numbers: dict[str, str] = {case.id: case.business_key for case in cases}
    approvals = occasion.connection.execute(
        sa.select(submission.c.stream, submission.c["values"])
        .where(
            submission.c.stream.in_(numbers),
            submission.c.element == "approve_termination",
            submission.c.at >= first,
            submission.c.at < following,
        )
        .order_by(submission.c.at, submission.c.stream)
    )
    approved = [case for case, values in approvals if (values or {}).get("decision") == "approved"]
    rows = [_row(occasion, case, numbers[case]) for case in approved]
    found = [row for row in rows if row is not None]
    return {
        "month": (following - timedelta(days=1)).date().isoformat(),
        "count": len(found),
        "rows": found,
        "fees": money.text(money.total(Decimal(row["fee"]) for row in found)),
        "refunds": money.text(money.total(max(Decimal(row["refund"]), money.ZERO) for row in found)),
    }


def _row(occasion: Occasion, case: str, number: str) -> dict[str, Any] | None:
    assert occasion.connection is not None
    entered = occasion.connection.execute(
        sa.select(submission.c.element, submission.c["values"])
        .where(submission.c.stream == case, submission.c.element.in_(("apply_termination", "define_liability")))
        .order_by(submission.c.seq)
    )
    latest = {element: values for element, values in entered}
    applied, decided = latest.get("apply_termination"), latest.get("define_liability")
    if applied is None or decided is None:
        return None
    facts = contract_facts(occasion, contract=applied["contract"])
    people = {name: facts[name] for name in ("customer", "crew", "designer") if facts[name] is not None}
    sums = {name: money.text(money.fen(decided.get(field) or 0)) for name, field in _SUMS.items()}
    return {"contract": applied["contract"], "liability": decided["liability"], "case": number, **people, **sums}
