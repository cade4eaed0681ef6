"""Pay a foreman for the works of a site, less what he and his crew owe (procedures.md 3.18)."""

from engine.errors import OperationFailed
from engine.registers import crews, faults, ledger, locks, money
from engine.service_tasks.registry import Occasion, Result, operation, person_id


@operation(
    parameters={"site": True, "foreman": True, "gross": True, "fines": True, "repairs": True, "crew": False},
    results=frozenset({"entry", "net"}),
)
def settle_foreman(
    occasion: Occasion, *, site: str, foreman: str | None, gross: str, fines: str, repairs: str, crew: str | None = None
) -> Result:
    """Add one entry: the works cost the company `gross`; the debts set off are settled, the rest leaves the bank.

    Args:
        foreman: Id text, or a person's principal key.
        gross, fines, repairs: Yuan as text; the fines are the foreman's, the repairs his crew's, as they were shown. Of
            what was collected in between nothing is taken off again.
    Returns:
        `entry`: its id; `net`: what was paid, in yuan as text.
    Raises:
        OperationFailed: More is taken off than is paid, repairs are taken off and there is no crew, or nobody is paid.
    """
    assert occasion.connection is not None  # not a job
    if foreman is None:
        raise OperationFailed(operation="settle_foreman", site=site, reason="the site has no foreman")
    works, taken, costs = money.fen(gross), money.fen(fines), money.fen(repairs)
    if min(taken, costs, works - taken - costs) < 0 or works <= 0 or (costs and crew is None):
        raise OperationFailed(operation="settle_foreman", reason="what is taken off exceeds what is settled")
    person = person_id(foreman)
    locks.lock(occasion.connection, crews=[crew] if crew else [], people=[person])
    taken = min(taken, faults.owes(occasion.connection, person))
    costs = min(costs, crews.owes(occasion.connection, crew)) if crew else costs
    net = works - taken - costs
    postings = [
        ("company:works", -works),
        (f"person:{person}", taken),
        (f"crew:{crew}", costs),
        ("company:bank", net),
    ]
    entry = occasion.id("entry")
    ledger.post(
        occasion.connection,
        id=entry,
        at=occasion.now,
        month=None,
        kind="settlement",
        case_id=occasion.case_id,
        about=site,
        postings=[(account, amount) for account, amount in postings if amount],
    )
    return {"entry": entry, "net": money.text(net)}
