"""The repairs under way, which the repair captain goes through every Wednesday (procedures.md 3.12, R-12)."""

from collections.abc import Collection

import sqlalchemy as sa

from engine.db.models import instance, membership, person, submission
from engine.service_tasks.registry import Occasion, Result, operation, person_key

PROCEDURE, CAPTAINS = "repair-handling", "repair_captain"
_REGISTERED = ("report_repair", "register_repair")
MOST = 200  # rows of a form


@operation(parameters={}, results=frozenset({"repairs", "count", "captain"}))
def current_repairs(occasion: Occasion) -> Result:
    """List the repairs that have not ended: urgent ones first, then the oldest.

    Returns:
        `repairs`: at most 200 rows {key, case, urgent}, `case` the number; `count` of all; `captain`: the repair
        captain as id text, of several the one entered first, None where there is none.
    """
    assert occasion.connection is not None  # not a job
    running = sa.select(instance.c.id, instance.c.business_key).where(
        instance.c.procedure == PROCEDURE, instance.c.ended_at.is_(None)
    )
    cases = occasion.connection.execute(running.order_by(instance.c.started_at, instance.c.id)).all()
    urgent = _urgent(occasion.connection, [case.id for case in cases])
    rows = [{"key": case.business_key, "case": case.business_key, "urgent": case.id in urgent} for case in cases]
    rows.sort(key=lambda row: not row["urgent"])
    return {"repairs": rows[:MOST], "count": len(rows), "captain": person_key(_captain(occasion.connection))}


def _urgent(connection: sa.Connection, cases: Collection[str]) -> set[str]:
    """Those of these repairs that were registered as urgent."""
    registered = sa.select(submission.c.stream, submission.c["values"]).where(
        submission.c.stream.in_(cases), submission.c.element.in_(_REGISTERED), submission.c["values"].is_not(None)
    )
    return {stream for stream, values in connection.execute(registered) if values.get("urgent") is True}


def _captain(connection: sa.Connection) -> int | None:
    found = sa.select(person.c.id).join(membership, membership.c.person_id == person.c.id)
    captains = found.where(membership.c.group_key == CAPTAINS, person.c.active).order_by(person.c.id)
    first: int | None = connection.scalars(captains).first()
    return first
