"""Whether a site has passed its pre-acceptance, and the paper that proves it (procedures.md 3.18, P-37)."""

import sqlalchemy as sa

from engine.db.models import submission
from engine.registers import inspections
from engine.service_tasks.registry import Occasion, Result, operation

PROOF = "issue_proof"  # the step in which F-63 is issued


@operation(parameters={"site": True}, results=frozenset({"result", "overall_rate", "issued"}))
def pre_acceptance_proof(occasion: Occasion, *, site: str) -> Result:
    """Look up the last inspection that counted.

    Returns:
        `result` of it (failed, pass, good, excellent; None: never inspected), its `overall_rate` as text, and `issued`:
        whether the proof of passing (F-63) was issued for it.
    """
    connection = occasion.connection
    assert connection is not None  # not a job
    last = inspections.last(connection, site)
    if last is None:
        return {"result": None, "overall_rate": None, "issued": False}
    proof = sa.select(submission.c.seq).where(submission.c.stream == last.case_id, submission.c.element == PROOF)
    issued = last.result in inspections.PASSED and connection.scalars(proof).first() is not None
    return {"result": last.result, "overall_rate": last.overall_rate, "issued": issued}
