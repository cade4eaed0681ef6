"""Look at the phone number of a customer, which pages mask."""

from dataclasses import dataclass
from typing import ClassVar

from engine import authorization, log
from engine.errors import Forbidden, NotFound
from engine.registers import rows
from engine.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class ShowCustomerNumber:
    """Record that a person had a customer's number shown to them; the number itself is not recorded."""

    kind: ClassVar[str] = "show_customer_number"
    customer: str

    def run(self, work: UnitOfWork) -> None:
        if authorization.only_reads(work.actor):
            raise Forbidden()
        head = log.head(work, rows.STREAM)
        if not rows.exists(work.connection, "customer", self.customer):
            raise NotFound(register="customer", key=self.customer)
        log.append(work, head, {"customer": self.customer})
