"""The ledger: entries whose postings add up to 0, only ever added; every balance is a sum of postings.

Accounts: `retention:<crew>` what we hold of a crew (never below 0), `crew:<crew>` and `person:<id>` (below 0: owes
us), `customer:<key>`, `output:<person id>` a designer's output, `company:<what>` (repairs, loss_fees, fines, awards,
bank, …).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa

from engine.clock import OFFICE
from engine.db.models import ledger_entry, ledger_posting
from engine.errors import OperationFailed
from engine.registers import locks, money

Postings = Sequence[tuple[str, Decimal]]  # (account, amount in yuan, two places)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What an entry is besides its postings.

    Attributes:
        id: 32 hex digits; the same id twice is refused by the store.
        month: Any day of the month in whose books it stands; None: the month of `at`.
        about: A key (of a site, a contract, a rule), never a name.
    """

    id: str
    at: datetime
    kind: str
    case_id: str | None = None
    about: str | None = None
    month: date | None = None


def post(
    connection: sa.Connection,
    *,
    id: str,
    at: datetime,
    month: date | None,
    kind: str,
    case_id: str | None,
    about: str | None,
    postings: Postings,
) -> None:
    """Add an entry.

    Raises:
        OperationFailed: The postings do not add up to 0, or there are none.
    """
    if not postings or money.total(amount for _, amount in postings):
        raise OperationFailed(operation="ledger", reason="an entry's postings add up to 0", kind=kind)
    first = (month or at.astimezone(OFFICE).date()).replace(day=1)
    entry = {"id": id, "at": at, "month": first, "kind": kind, "case_id": case_id, "about": about}
    connection.execute(ledger_entry.insert(), entry)
    rows = [
        {"entry": id, "n": n, "account": account, "amount": amount} for n, (account, amount) in enumerate(postings, 1)
    ]
    connection.execute(ledger_posting.insert(), rows)


def transfer(connection: sa.Connection, entry: Entry, *, payer: str, receiver: str, amount: Decimal) -> Decimal:
    """Move an amount from one account to another, as one entry.

    A retention pays what is there; the rest is owed by the crew (procedures.md 3.11). The crew's row is locked.

    Returns:
        What is owed besides: 0.00 but for a retention that was too small.
    Raises:
        OperationFailed: The amount is not above 0, or both accounts are one.
    """
    if amount <= 0 or payer == receiver:
        raise OperationFailed(operation="ledger", reason="a transfer moves something from one account to another")
    lock(connection, [payer, receiver])
    owed = money.ZERO
    if payer.startswith("retention:"):
        owed = amount - min(amount, max(balance(connection, payer), money.ZERO))
    parts = [(payer, owed - amount), (payer.replace("retention:", "crew:", 1), -owed), (receiver, amount)]
    post(
        connection,
        id=entry.id,
        at=entry.at,
        month=entry.month,
        kind=entry.kind,
        case_id=entry.case_id,
        about=entry.about,
        postings=[(account, part) for account, part in parts if part],
    )
    return owed


def balance(connection: sa.Connection, account: str, *, until_month: date | None = None) -> Decimal:
    """What an account comes to, in all or in the books up to and with a month (any day of it)."""
    found = sa.select(sa.func.sum(ledger_posting.c.amount)).where(ledger_posting.c.account == account)
    if until_month is not None:
        found = found.join(ledger_entry, ledger_entry.c.id == ledger_posting.c.entry)
        found = found.where(ledger_entry.c.month <= until_month.replace(day=1))
    return connection.scalar(found) or money.ZERO


def unbalanced(connection: sa.Connection) -> list[str]:
    """What must never be: ids of entries whose postings do not add up to 0, and retentions below 0."""
    amount = sa.func.sum(ledger_posting.c.amount)
    kept = ledger_posting.c.account.like("retention:%")
    entries = sa.select(ledger_entry.c.id).join(
        ledger_posting, ledger_posting.c.entry == ledger_entry.c.id, isouter=True
    )
    wrong = entries.group_by(ledger_entry.c.id).having(sa.func.coalesce(amount, Decimal(1)) != money.ZERO)
    below = (
        sa.select(ledger_posting.c.account).where(kept).group_by(ledger_posting.c.account).having(amount < money.ZERO)
    )
    return [*sorted(connection.scalars(wrong)), *sorted(connection.scalars(below))]


def lock(connection: sa.Connection, accounts: Iterable[str]) -> None:
    """Lock the crews of these accounts, so that what is read of their balance holds until the transaction ends."""
    held = ("retention", "crew")
    locks.lock(connection, crews=[key for kind, _, key in (one.partition(":") for one in accounts) if kind in held])
