"""Who came to a repair training, and which foremen sent nobody (procedures.md 3.13, P-21)."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.service_tasks.registry import Occasion, Result, operation


@operation(parameters={"rows": True}, results=frozenset({"absent", "present", "count"}))
def training_attendance(occasion: Occasion, *, rows: Sequence[Mapping[str, Any]] | None) -> Result:
    """Sort the attendance list.

    Args:
        rows: {foreman, sent ("yes" or "no"), worker} of F-10; several of a foreman who sent several.
    Returns:
        `absent`: foremen who sent nobody at all, as id texts; `present`: {key, worker, foreman}, each once; `count` of
        them.
    """
    given = list(rows or ())
    present = {row["worker"]: row["foreman"] for row in given if row.get("sent") == "yes"}
    sending = {row["foreman"] for row in given if row.get("sent") == "yes"}
    absent = list(dict.fromkeys(row["foreman"] for row in given if row["foreman"] not in sending))
    came = [{"key": worker, "worker": worker, "foreman": foreman} for worker, foreman in present.items()]
    return {"absent": absent, "present": came, "count": len(came)}
