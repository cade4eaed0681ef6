"""What a termination books: output, customer's account, loss fee, compensation (procedures.md 3.20–3.22)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from engine.db.models import (
    contract,
    contract_change,
    crew,
    customer,
    group_,
    ledger_entry,
    ledger_posting,
    person,
    site,
)
from engine.db.session import Store
from engine.errors import OperationFailed
from engine.registers import ledger
from engine.service_tasks.cancel_contract import cancel_contract
from engine.service_tasks.collect_loss_fee import collect_loss_fee
from engine.service_tasks.payment_difference import payment_difference
from engine.service_tasks.registry import Occasion
from engine.service_tasks.settle_termination import settle_termination
from engine.service_tasks.tell_refund_slot import tell_refund_slot
from engine.service_tasks.termination_terms import termination_terms

CASE = "c" * 32
SEPTEMBER = datetime(2025, 9, 24, 2, 30, tzinfo=UTC)
OCTOBER = datetime(2025, 9, 30, 16, 0, 1, tzinfo=UTC)  # one second after midnight at the office
FEES = {
    "payer": "crew",
    "crew": "K",
    "designer": "7",
    "loss_fee": "12500.00",
    "compensation": "2500.00",
    "about": "C-1",
}


@pytest.fixture
def connection(store: Store) -> Iterator[sa.Connection]:
    """The contract of 3.21's example, its crew with 1,000.00 held."""
    with store.write() as connection:
        connection.execute(person.insert(), {"id": 7, "username": "d", "name": "唐一", "roles": [], "active": True})
        connection.execute(group_.insert(), {"key": "K", "kind": "crew", "name": "木工队"})
        connection.execute(crew.insert(), {"key": "K"})
        connection.execute(customer.insert(), {"key": "K-1", "name": "江一帆"})
        row = {"key": "S-1", "customer": "K-1", "address": "望江台", "crew": "K", "designer": 7}
        connection.execute(site.insert(), row)
        row = {"key": "C-1", "site": "S-1", "kind": "construction", "amount": Decimal("120000.00")}
        connection.execute(contract.insert(), row)
        changes = [("B-1", Decimal("8000.00")), ("B-2", Decimal("-3000.00"))]
        rows = [{"key": key, "contract": "C-1", "amount": amount} for key, amount in changes]
        connection.execute(contract_change.insert(), rows)
        post(connection, ("company:bank", "-1000.00"), ("retention:K", "1000.00"))
        yield connection


def post(connection: sa.Connection, *postings: tuple[str, str]) -> None:
    ledger.post(
        connection,
        id="d" * 32,
        at=SEPTEMBER,
        month=None,
        kind="deposit",
        case_id=None,
        about=None,
        postings=[(account, Decimal(amount)) for account, amount in postings],
    )


def occasion(connection: sa.Connection | None, now: datetime = SEPTEMBER, key: str = "k") -> Occasion:
    return Occasion(connection=connection, case_id=CASE, now=now, actor="person:1", key=key)


def balances(connection: sa.Connection) -> dict[str, str]:
    """Account → its balance, those at 0 left out; whatever happened, they add up to 0."""
    accounts = connection.scalars(sa.select(ledger_posting.c.account).distinct()).all()
    found = {account: ledger.balance(connection, account) for account in accounts}
    assert sum(found.values()) == 0
    return {account: str(amount) for account, amount in sorted(found.items()) if amount}


def terms(connection: sa.Connection, **changed: Any) -> Any:
    rates = {"loss_percent": 10, "compensation_percent": 2, "with_changes": True}
    return termination_terms(occasion(connection), contract="C-1", **rates | changed)


def test_the_fees_follow_from_the_contract_with_its_changes(connection: sa.Connection) -> None:
    found = terms(connection)

    assert (found["base"], found["loss_fee"], found["compensation"]) == ("125000.00", "12500.00", "2500.00")
    assert (found["customer"], found["crew"], found["designer"]) == ("K-1", "K", "7")


def test_without_the_changes_the_base_is_the_contract(connection: sa.Connection) -> None:
    assert terms(connection, with_changes=False)["base"] == "120000.00"


def test_half_a_fen_is_rounded_up(connection: sa.Connection) -> None:
    connection.execute(contract_change.delete())
    connection.execute(contract.update().values(amount=Decimal("99999.99")))

    found = terms(connection)

    assert (found["base"], found["loss_fee"], found["compensation"]) == ("99999.99", "10000.00", "2000.00")


@pytest.mark.parametrize("changed", [{"loss_percent": 101}, {"compensation_percent": -1}])
def test_a_rate_out_of_range_is_refused(connection: sa.Connection, changed: dict[str, int]) -> None:
    with pytest.raises(OperationFailed):
        terms(connection, **changed)


def test_a_base_below_nothing_is_refused(connection: sa.Connection) -> None:
    connection.execute(contract.update().values(amount=Decimal("-5000.01")))

    with pytest.raises(OperationFailed):
        terms(connection)


def test_the_difference_is_what_finance_found_less_what_was_stated() -> None:
    found = payment_difference(occasion(None), stated="40000.00", verified="39000.00")

    assert found == {"difference": "-1000.00", "agrees": False}
    assert payment_difference(occasion(None), stated="0.00", verified="0.00")["agrees"] is True


def test_a_cancelled_contract_comes_off_its_designers_output_of_the_month(connection: sa.Connection) -> None:
    found = cancel_contract(occasion(connection), contract="C-1", base="125000.00", late=False)

    assert found == {"month": "2025-09-01", "designer": "7", "reduced": "125000.00"}
    assert balances(connection)["output:7"] == "-125000.00"
    row = connection.execute(sa.select(contract.c.status, contract.c.cancelled_on)).one()
    assert tuple(row) == ("cancelled", date(2025, 9, 24))


def test_after_the_month_the_output_is_corrected_in_the_books_of_the_next(connection: sa.Connection) -> None:
    found = cancel_contract(occasion(connection, OCTOBER), contract="C-1", base="125000.00", late=True)

    entry = connection.execute(sa.select(ledger_entry).where(ledger_entry.c.case_id == CASE)).one()
    assert (entry.kind, entry.month, entry.about) == ("output_correction", date(2025, 10, 1), "C-1")
    assert found["month"] == "2025-10-01"


def test_where_nobody_designed_it_no_output_is_reduced(connection: sa.Connection) -> None:
    connection.execute(site.update().values(designer=None))

    found = cancel_contract(occasion(connection), contract="C-1", base="125000.00", late=False)

    assert (found["designer"], found["reduced"]) == (None, "0.00")
    assert connection.scalar(sa.select(contract.c.status)) == "cancelled"


def test_a_contract_is_cancelled_once(connection: sa.Connection) -> None:
    cancel_contract(occasion(connection), contract="C-1", base="125000.00", late=False)

    with pytest.raises(OperationFailed):
        cancel_contract(occasion(connection, key="again"), contract="C-1", base="125000.00", late=False)


def test_the_example_of_the_source_leaves_the_customer_23300(connection: sa.Connection) -> None:
    found = settle_termination(
        occasion(connection),
        customer="K-1",
        about="C-1",
        paid="40000.00",
        design_fee="3000.00",
        change_loss="1200.00",
        loss_fee="12500.00",
    )

    assert found == {"account": "customer:K-1", "refund": "23300.00", "owed": "0.00"}
    booked = balances(connection)
    assert booked["customer:K-1"] == "23300.00"
    assert (booked["company:design_fees"], booked["company:change_losses"]) == ("3000.00", "1200.00")
    assert (booked["company:loss_fees"], booked["company:contract_payments"]) == ("12500.00", "-40000.00")


def test_a_customer_who_paid_too_little_owes_the_rest(connection: sa.Connection) -> None:
    found = settle_termination(occasion(connection), customer="K-1", about="C-1", paid="10000.00", loss_fee="12500.00")

    assert (found["refund"], found["owed"]) == ("-2500.00", "2500.00")
    assert balances(connection)["customer:K-1"] == "-2500.00"


def test_where_nothing_was_paid_and_nothing_is_deducted_nothing_is_booked(connection: sa.Connection) -> None:
    found = settle_termination(occasion(connection), customer="K-1", about="C-1", paid="0.00", design_fee="0.00")

    assert found["refund"] == "0.00"
    assert connection.scalar(sa.select(sa.func.count()).select_from(ledger_entry)) == 1  # the deposit


def test_a_liable_crew_pays_from_its_retention_and_owes_the_rest(connection: sa.Connection) -> None:
    found = collect_loss_fee(occasion(connection), way="retention", **FEES)

    assert found == {"owed": "14000.00", "receiver": "person:7"}
    booked = balances(connection)
    assert (booked.get("retention:K"), booked["crew:K"]) == (None, "-14000.00")
    assert (booked["company:loss_fees"], booked["person:7"]) == ("12500.00", "2500.00")


def test_a_crew_that_pays_in_cash_keeps_its_retention(connection: sa.Connection) -> None:
    found = collect_loss_fee(occasion(connection), way="cash", **FEES)

    booked = balances(connection)
    assert (booked["retention:K"], booked["company:bank"], found["owed"]) == ("1000.00", "-16000.00", "0.00")


def test_a_liable_designer_pays_the_company_and_the_crew(connection: sa.Connection) -> None:
    found = collect_loss_fee(occasion(connection), way="wages", **FEES | {"payer": "designer"})

    booked = balances(connection)
    assert found == {"owed": "0.00", "receiver": "crew:K"}
    assert (booked["person:7"], booked["crew:K"], booked["company:loss_fees"]) == ("-15000.00", "2500.00", "12500.00")


def test_a_liable_customers_fee_is_set_off_elsewhere(connection: sa.Connection) -> None:
    found = collect_loss_fee(occasion(connection), **FEES | {"payer": "customer", "compensation": "0.00"})

    assert found == {"owed": "0.00", "receiver": None}
    assert "company:loss_fees" not in balances(connection)


def test_where_nobody_gets_a_compensation_there_is_no_receiver(connection: sa.Connection) -> None:
    alone = FEES | {"payer": "designer", "crew": None, "compensation": "0.00"}

    found = collect_loss_fee(occasion(connection), way="cash", **alone)

    assert found["receiver"] is None


@pytest.mark.parametrize("changed", [{"way": None}, {"crew": None}, {"designer": None}, {"way": "barter"}])
def test_a_fee_without_payer_receiver_or_way_is_refused(connection: sa.Connection, changed: dict[str, Any]) -> None:
    with pytest.raises(OperationFailed):
        collect_loss_fee(occasion(connection), **FEES | {"way": "retention"} | changed)


def test_a_slot_that_began_ends_on_its_own_day(connection: sa.Connection) -> None:
    found = tell_refund_slot(occasion(connection), opens="2025-09-25T07:20:00+00:00", closes_at="18:00", to=[])

    assert found["day"] == "2025-09-25"
    assert (found["opens"], found["closes"]) == ("2025-09-25T15:20:00+08:00", "2025-09-25T18:00:00+08:00")
