"""Keep papers for some months (存档, T-27): records with a job each, so that no case stays open for them."""

from collections.abc import Sequence

from engine.clock import OFFICE
from engine.registers import announcements, kept_papers
from engine.service_tasks.registry import Occasion, Result, operation
from engine.working_time import add_months


@operation(parameters={"what": True, "holder": True, "months": True}, results=frozenset({"kept_until"}))
def keep_papers(occasion: Occasion, *, what: str, holder: str | Sequence[str], months: int) -> Result:
    """Note who keeps papers, and have each holder told on the last day, at this time of day.

    Args:
        what: A code, said by the message "paper.<what>": termination, …
        holder: Key of a group ("finance" or "group:finance"), or a list of them: each keeps a set.
        months: Calendar months from today.
    Returns:
        `kept_until`: ISO date.
    """
    connection = occasion.connection
    assert connection is not None  # not a job
    last = add_months(occasion.now.astimezone(OFFICE), months)
    until = last.date()
    for one in [holder] if isinstance(holder, str) else dict.fromkeys(holder):
        group = one.removeprefix("group:")
        kept_papers.put(
            connection,
            id=occasion.id("paper", group),
            case_id=occasion.case_id,
            what=what,
            holder=group,
            kept_until=until,
        )
        announcements.put(
            connection,
            id=occasion.id("announcement", group),
            at=last,
            to=[f"group:{group}"],
            code="notice.papers_kept",
            parameters={"paper": f"paper.{what}", "until": until.isoformat()},
            case_id=occasion.case_id,
        )
    return {"kept_until": until.isoformat()}
