"""Enter money into the ledger that no case moves: what was withheld from a crew, what somebody paid."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import NAMESPACE_OID, uuid5

from engine import authorization, log
from engine.actor import ADMINISTRATOR
from engine.errors import InvalidCommand
from engine.registers import accounts, ledger, money, rows
from engine.unit_of_work import UnitOfWork

FINANCE = "group:finance"


@dataclass(frozen=True, kw_only=True)
class EnterMoney:
    """Add one transfer to the ledger, by finance or an administrator.

    Raises:
        InvalidCommand: `field` says what is wrong: an account that there is not, no sum above 0 and up to 100,000,000.
    """

    kind: ClassVar[str] = "enter_money"
    purpose: str  # a code: deposit, payment, …
    payer: str  # account
    receiver: str
    amount: str  # yuan
    about: str | None = None  # a key, never a name
    month: str | None = None  # any day of the month of the books, ISO

    def run(self, work: UnitOfWork) -> None:
        if FINANCE not in work.actor.principals:
            authorization.require_role(work.actor, ADMINISTRATOR)
        head = log.head(work, rows.STREAM)
        for name in ("payer", "receiver"):
            if not accounts.exists(work.connection, getattr(self, name)):
                raise InvalidCommand(field=name)
        if self.payer == self.receiver:
            raise InvalidCommand(field="receiver")
        try:
            amount = money.fen(self.amount)
        except (TypeError, ValueError):
            raise InvalidCommand(field="amount") from None
        if not 0 < amount <= accounts.MOST:
            raise InvalidCommand(field="amount")
        try:
            month = date.fromisoformat(self.month) if self.month else None
        except ValueError:
            raise InvalidCommand(field="month") from None
        entry = ledger.Entry(
            id=uuid5(NAMESPACE_OID, f"{rows.STREAM}:{head.seq + 1}").hex,
            at=work.now,
            kind=self.purpose,
            about=self.about,
            month=month,
        )
        body = {"entry": entry.id, "purpose": self.purpose, "payer": self.payer, "receiver": self.receiver}
        log.append(work, head, {**body, "amount": money.text(amount), "about": self.about, "month": self.month})
        ledger.transfer(work.connection, entry, payer=self.payer, receiver=self.receiver, amount=amount)
