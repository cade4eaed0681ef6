"""Book a compensation that was approved, and what wages gave back of it (procedures.md 3.3, formula; P-04)."""

from collections.abc import Mapping, Sequence

from engine.registers import crews as crew_register
from engine.registers import faults, ledger, locks, money
from engine.service_tasks.registry import Occasion, Result, operation, person_id

RULE = "P-04"
Shares = Sequence[Mapping[str, str]]  # {key, person, amount in yuan}, as `split_cost` lists them


@operation(parameters={"company": True, "employees": True, "crews": True}, results=frozenset({"owed"}))
def book_compensation(occasion: Occasion, *, company: str, employees: Shares, crews: Shares) -> Result:
    """Pay the customer out of the shares: the company's, the employees', who owe theirs from now on, and the crews'.

    A crew's share leaves its retention; somebody who leads no crew owes it himself.

    Args:
        company: Yuan as text, 0.00 where the others bear everything.
    Returns:
        `owed`: what retentions did not cover, in yuan as text.
    """
    connection = occasion.connection
    assert connection is not None  # not a job
    payers = [("company", "company:compensations", company)]
    payers += [(one["key"], f"person:{person_id(one['person'])}", one["amount"]) for one in employees]
    for one in crews:
        led = crew_register.of_foreman(connection, person_id(one["person"]))
        account = f"retention:{led}" if led else f"person:{person_id(one['person'])}"
        payers.append((f"crew of {one['key']}", account, one["amount"]))
    ledger.lock(connection, [account for _, account, _ in payers])
    owed = money.ZERO
    for name, account, share in payers:
        if amount := money.fen(share):
            entry = _entry(occasion, f"compensation of {name}", "compensation_shared")
            owed += ledger.transfer(connection, entry, payer=account, receiver="company:bank", amount=amount)
    return {"owed": money.text(owed)}


@operation(parameters={"employees": True}, results=frozenset({"settled"}))
def settle_wages(occasion: Occasion, *, employees: Shares) -> Result:
    """Credit employees with what wages gave, at most with what they still owe: it may have been set off meanwhile.

    Returns:
        `settled` of all, in yuan as text.
    """
    connection, settled = occasion.connection, money.ZERO
    assert connection is not None  # not a job
    locks.lock(connection, people=[person_id(one["person"]) for one in employees])
    for one in employees:
        who = person_id(one["person"])
        if amount := min(money.fen(one["amount"]), faults.owes(connection, who)):
            entry = _entry(occasion, f"wages of {one['key']}", "wage_deduction")
            ledger.transfer(connection, entry, payer="company:wages", receiver=f"person:{who}", amount=amount)
            settled += amount
    return {"settled": money.text(settled)}


def _entry(occasion: Occasion, part: str, kind: str) -> ledger.Entry:
    return ledger.Entry(id=occasion.id(part), at=occasion.now, kind=kind, case_id=occasion.case_id, about=RULE)
