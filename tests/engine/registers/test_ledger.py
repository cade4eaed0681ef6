"""The ledger only grows, adds up, and gives a retention no more than it holds."""

import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
import sqlalchemy as sa

from engine import audit
from engine.db.models import ledger_entry, ledger_posting
from engine.db.session import Store
from engine.errors import OperationFailed
from engine.registers import accounts, crews, faults, ledger, locks
from engine.service_tasks.crew_facts import crew_facts
from engine.service_tasks.registry import Occasion
from engine.service_tasks.transfer_money import transfer_money
from tests.engine.registers.conftest import CASE, NOW, TIE_ZHU

RETENTION, CREW = "retention:crew_tie_zhu", "crew:crew_tie_zhu"


def entry(**changes: object) -> ledger.Entry:
    return ledger.Entry(**{"id": uuid4().hex, "at": NOW, "kind": "deposit", "case_id": CASE, **changes})  # type: ignore[arg-type]


def hold(connection: sa.Connection, amount: str) -> None:
    ledger.transfer(connection, entry(), payer="company:bank", receiver=RETENTION, amount=Decimal(amount))


def test_an_entry_that_does_not_add_up_is_refused_and_leaves_nothing(store: Store) -> None:
    with store.write() as connection:
        for postings in ([], [(RETENTION, Decimal("1.00"))], [(RETENTION, Decimal(1)), (CREW, Decimal("-0.99"))]):
            with pytest.raises(OperationFailed):
                ledger.post(
                    connection,
                    id=uuid4().hex,
                    at=NOW,
                    month=None,
                    kind="deposit",
                    case_id=None,
                    about=None,
                    postings=postings,
                )

        assert connection.scalar(sa.select(sa.func.count()).select_from(ledger_entry)) == 0


@pytest.mark.parametrize(
    ("amount", "receiver"), [("0.00", "company:fines"), ("-1.00", "company:fines"), ("1.00", CREW)]
)
def test_a_transfer_moves_something_to_somebody_else(store: Store, amount: str, receiver: str) -> None:
    with store.write() as connection, pytest.raises(OperationFailed):
        ledger.transfer(connection, entry(), payer=CREW, receiver=receiver, amount=Decimal(amount))


def test_what_a_retention_holds_is_deducted(store: Store) -> None:
    """The example of 3.11: 5,000 held; 440 + 689 + 455 = 1,584 deducted, 3,416 left."""
    with store.write() as connection:
        hold(connection, "5000.00")

        for cost in ("440.00", "689.00", "455.00"):
            owed = ledger.transfer(
                connection, entry(), payer=RETENTION, receiver="company:repairs", amount=Decimal(cost)
            )
            assert owed == 0

        assert crews.retention(connection, "crew_tie_zhu") == Decimal("3416.00")
        assert crews.owes(connection, "crew_tie_zhu") == 0
        assert ledger.unbalanced(connection) == []


def test_what_a_retention_does_not_cover_the_crew_owes(store: Store) -> None:
    """The short example of 3.11: 1,000 held, 1,584 due: 0 left and 584 owed."""
    with store.write() as connection:
        hold(connection, "1000.00")

        owed = ledger.transfer(
            connection, entry(), payer=RETENTION, receiver="company:repairs", amount=Decimal("1584.00")
        )

        assert owed == Decimal("584.00")
        assert crews.retention(connection, "crew_tie_zhu") == 0
        assert crews.owes(connection, "crew_tie_zhu") == Decimal("584.00")
        assert ledger.balance(connection, "company:repairs") == Decimal("1584.00")
        assert ledger.unbalanced(connection) == []


def test_a_crew_without_any_retention_owes_it_all(store: Store) -> None:
    with store.write() as connection:
        ledger.transfer(connection, entry(), payer=RETENTION, receiver="company:repairs", amount=Decimal("455.00"))

        found = connection.execute(sa.select(ledger_posting.c.account, ledger_posting.c.amount)).all()

    assert {tuple(row) for row in found} == {(CREW, Decimal("-455.00")), ("company:repairs", Decimal("455.00"))}


def test_an_entry_stands_in_the_books_of_its_month_whenever_it_is_made(store: Store) -> None:
    with store.write() as connection:
        hold(connection, "5000.00")  # NOW is in September
        late = entry(month=date(2025, 8, 31))
        ledger.transfer(connection, late, payer=RETENTION, receiver="company:repairs", amount=Decimal("455.00"))

        august, september = date(2025, 8, 15), date(2025, 9, 1)
        assert ledger.balance(connection, "company:repairs", until_month=august) == Decimal("455.00")
        assert ledger.balance(connection, RETENTION, until_month=august) == Decimal("-455.00")
        assert ledger.balance(connection, RETENTION, until_month=september) == Decimal("4545.00")


def test_what_never_must_be_is_found(store: Store) -> None:
    with store.write() as connection:
        ledger.post(
            connection,
            id="ab" * 16,
            at=NOW,
            month=None,
            kind="wrong",
            case_id=None,
            about=None,
            postings=[(RETENTION, Decimal("-1.00")), ("company:bank", Decimal("1.00"))],
        )
        one = {"id": "cd" * 16, "at": NOW, "month": date(2025, 9, 1), "kind": "wrong"}
        connection.execute(ledger_entry.insert(), one)

        assert ledger.unbalanced(connection) == ["cd" * 16, RETENTION]
        assert [one.about for one in audit.verify(connection) if one.code == "ledger.unbalanced"] == [
            "cd" * 16,
            RETENTION,
        ]


def test_accounts_have_owners(store: Store) -> None:
    with store.read() as connection:
        known = [RETENTION, CREW, f"person:{TIE_ZHU}", f"output:{TIE_ZHU}", "customer:K-1", "company:repairs"]
        unknown = [
            "retention:crew_none",
            "person:99",
            "customer:K-9",
            "company:",
            "company:A b",
            "bank:x",
            "",
            "person",
        ]

        assert [one for one in known if not accounts.exists(connection, one)] == []
        assert [one for one in unknown if accounts.exists(connection, one)] == []


def test_two_at_once_on_one_retention_lose_nothing(store: Store) -> None:
    """400 and 400 from 500 held: the second looks only when the first is done, so that 300 are owed."""
    with store.write() as connection:
        hold(connection, "500.00")
        connection.commit()
    second_done = threading.Event()

    def deduct(connection: sa.Connection) -> None:
        ledger.transfer(connection, entry(), payer=RETENTION, receiver="company:repairs", amount=Decimal("400.00"))

    def second() -> None:
        with store.write() as connection:
            deduct(connection)
            connection.commit()
        second_done.set()

    thread = threading.Thread(target=second)
    with store.write() as connection:
        deduct(connection)
        thread.start()
        overtaken = second_done.wait(timeout=0.3)  # must not come
        connection.commit()
    thread.join()

    assert not overtaken
    assert second_done.is_set()
    with store.read() as connection:
        assert crews.retention(connection, "crew_tie_zhu") == 0
        assert crews.owes(connection, "crew_tie_zhu") == Decimal("300.00")
        assert ledger.balance(connection, "company:repairs") == Decimal("800.00")
        assert ledger.unbalanced(connection) == []


def test_many_at_once_neither_lose_anything_nor_wait_for_one_another(store: Store) -> None:
    """Two threads that deduct from two crews at once, in either order: what is owed and held adds up."""
    start, failures = threading.Barrier(2), list[Exception]()
    retentions = [RETENTION, "retention:crew_qiu_shan"]

    def deduct(order: list[str]) -> None:
        start.wait()
        try:
            for _ in range(10):
                with store.write() as connection:
                    ledger.lock(connection, order)
                    for payer in order:
                        ledger.transfer(
                            connection, entry(), payer=payer, receiver="company:repairs", amount=Decimal("10.00")
                        )
                    connection.commit()
        except Exception as error:  # a failure in a thread would be lost
            failures.append(error)

    threads = [threading.Thread(target=deduct, args=[order]) for order in (retentions, retentions[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with store.read() as connection:
        assert failures == []
        assert {crews.owes(connection, key) for key in ("crew_tie_zhu", "crew_qiu_shan")} == {Decimal("200.00")}
        assert ledger.balance(connection, "company:repairs") == Decimal("400.00")


def test_two_that_need_the_same_rows_named_in_another_order_do_not_wait_for_one_another(store: Store) -> None:
    start, failures = threading.Barrier(2), list[Exception]()

    def both(crew_keys: list[str], people: list[int]) -> None:
        start.wait()
        try:
            for _ in range(20):
                with store.write() as connection:
                    locks.lock(connection, people=people, sites=["S-1"], crews=crew_keys, contracts=["C-1"])
                    connection.commit()
        except Exception as error:
            failures.append(error)

    one, other = ["crew_tie_zhu", "crew_qiu_shan"], [1, 2, 3]
    threads = [
        threading.Thread(target=both, args=arguments)
        for arguments in ((one, other), (list(reversed(one)), list(reversed(other))))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []


def test_the_operation_says_what_was_taken_and_what_is_owed(occasion: Callable[..., Occasion]) -> None:
    connection = occasion().connection
    assert connection is not None
    hold(connection, "1000.00")

    found = transfer_money(
        occasion(),
        kind="repair_cost",
        payer=RETENTION,
        receiver="company:repairs",
        amount="1583.995",
        about="S-1",
        month="2025-08-31",
    )

    assert {name: found[name] for name in ("amount", "taken", "owed")} == {
        "amount": "1584.00",
        "taken": "1000.00",
        "owed": "584.00",
    }
    row = connection.execute(sa.select(ledger_entry).where(ledger_entry.c.id == found["entry"])).one()
    assert (row.month, row.kind, row.case_id, row.about) == (date(2025, 8, 1), "repair_cost", CASE, "S-1")
    assert crew_facts(occasion(), crew="crew_tie_zhu") == {
        "state": "active",
        "kind": "general",
        "foreman": "1",
        "retention": "0.00",
        "owes": "584.00",
    }
    assert faults.owes(connection, TIE_ZHU) == 0


@pytest.mark.parametrize("amount", ["0.00", "-1.00", "0.004", "NaN", "1,5"])
def test_the_operation_moves_no_absurd_sum(occasion: Callable[..., Occasion], amount: str) -> None:
    with pytest.raises(OperationFailed):
        transfer_money(occasion(), kind="refund", payer="company:bank", receiver="customer:K-1", amount=amount)
