"""Who has failed repair trainings so often that others must be sent (procedures.md 3.13, P-22)."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from engine.db.models import instance, submission
from engine.service_tasks.registry import Occasion, Result, operation

PROCEDURE, ASSESSMENT = "repair-training", "assess_workers"


@operation(parameters={"rows": True, "times": True}, results=frozenset({"repeaters"}))
def repeated_failures(occasion: Occasion, *, rows: Sequence[Mapping[str, Any]] | None, times: int) -> Result:
    """Find who fails this training and has now failed so many; each training counts once.

    Args:
        rows: {worker, foreman, passed ("yes" or "no")} of this training's assessment.
        times: From how many failures on.
    Returns:
        `repeaters`: {key, worker, foreman, failures}.
    """
    assert occasion.connection is not None  # not a job
    failed = {row["worker"]: row["foreman"] for row in rows or () if row["passed"] == "no"}
    earlier = Counter(_failures(occasion.connection, occasion.case_id))
    counts = {worker: earlier[worker] + 1 for worker in failed}
    return {
        "repeaters": [
            {"key": worker, "worker": worker, "foreman": foreman, "failures": counts[worker]}
            for worker, foreman in failed.items()
            if counts[worker] >= times
        ]
    }


def _failures(connection: sa.Connection, case_id: str) -> Iterator[str]:
    """Everybody who failed in another training, once a training; nothing where the assessment was erased."""
    trainings = sa.select(instance.c.id).where(instance.c.procedure == PROCEDURE, instance.c.id != case_id)
    assessed = sa.select(submission.c["values"]).where(
        submission.c.stream.in_(list(connection.scalars(trainings))),
        submission.c.element == ASSESSMENT,
        submission.c["values"].is_not(None),
    )
    for values in connection.scalars(assessed):
        yield from {row["worker"] for row in values.get("assessments") or () if row["passed"] == "no"}
