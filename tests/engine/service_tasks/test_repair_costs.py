"""What repairs cost the crews, month by month (procedures.md 3.9–3.11)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa

from engine.db.models import crew, customer, group_, ledger_entry, ledger_posting, repair_cost, site
from engine.db.session import Store
from engine.errors import OperationFailed
from engine.registers import crews, ledger
from engine.service_tasks.bill_repair import bill_repair
from engine.service_tasks.month_repair_costs import month_repair_costs
from engine.service_tasks.record_repair_cost import record_repair_cost
from engine.service_tasks.registry import Occasion, Result
from engine.service_tasks.settle_repair_costs import settle_repair_costs
from engine.service_tasks.sign_repair_cost import sign_repair_cost

SEPTEMBER = datetime(2025, 9, 24, 2, 0, tzinfo=UTC)
MIDNIGHT = datetime(2025, 9, 30, 16, 0, tzinfo=UTC)  # 1 October, 00:00 at the office
MONTH_END = datetime(2025, 9, 30, 10, 0, tzinfo=UTC)
AT = "2025-09-30T18:00:00+08:00"


@pytest.fixture
def connection(store: Store) -> Iterator[sa.Connection]:
    """Crews A with 5,000 and B with 1,000 held; a site of each."""
    with store.write() as connection:
        connection.execute(customer.insert(), {"key": "K-1", "name": "林婉清"})
        for key, held in (("A", "5000.00"), ("B", "1000.00")):
            connection.execute(group_.insert(), {"key": key, "kind": "crew", "name": key})
            connection.execute(crew.insert(), {"key": key})
            connection.execute(site.insert(), {"key": f"S-{key}", "customer": "K-1", "address": "枫林苑", "crew": key})
            entry = ledger.Entry(id=f"{ord(key):032x}", at=SEPTEMBER, kind="deposit")
            ledger.transfer(connection, entry, payer="company:bank", receiver=f"retention:{key}", amount=Decimal(held))
        yield connection


def on(connection: sa.Connection, case: int, now: datetime = SEPTEMBER, seq: int = 1) -> Occasion:
    return Occasion(connection=connection, case_id=f"{case:032x}", now=now, actor="person:1", key=f"{case}:{seq}")


def cost(
    connection: sa.Connection,
    case: int,
    labour: str,
    material: str | None = None,
    *,
    crew: str = "A",
    signed: bool = True,
    now: datetime = SEPTEMBER,
    seq: int = 1,
) -> Result:
    occasion = on(connection, case, now, seq)
    return record_repair_cost(
        occasion, site=f"S-{crew}", crew=crew, payer="crew", labour=labour, material=material, signed=signed
    )


def settled(connection: sa.Connection) -> Result:
    listed = month_repair_costs(on(connection, 9, MONTH_END), at=AT)
    return settle_repair_costs(on(connection, 9, MIDNIGHT), at=AT, crews=listed["crews"])


def the_three_of_the_example(connection: sa.Connection, crew: str) -> None:
    for case, (labour, material) in enumerate((("440.00", None), ("440.00", "249.00"), ("360.00", "95.00")), 1):
        cost(connection, case, labour, material, crew=crew)


def test_the_retention_of_the_example_comes_to_3416(connection: sa.Connection) -> None:
    the_three_of_the_example(connection, "A")

    found = settled(connection)

    assert found["crews"] == [
        {"key": "A", "crew": "A", "total": "1584.00", "before": "5000.00", "after": "3416.00", "owed": "0.00"}
    ]
    assert crews.retention(connection, "A") == Decimal("3416.00")
    assert ledger.balance(connection, "company:repairs") == Decimal("1584.00")


def test_a_retention_that_is_too_small_is_emptied_and_the_rest_is_owed(connection: sa.Connection) -> None:
    the_three_of_the_example(connection, "B")
    listed = month_repair_costs(on(connection, 9, MONTH_END), at=AT)
    assert len(listed["crews"][0]["costs"]) == listed["crews"][0]["count"] == 3

    found = settled(connection)

    assert [listed["crews"][0][name] for name in ("total", "retention", "owed")] == ["1584.00", "1000.00", "584.00"]
    assert (found["crews"][0]["after"], found["owed"]) == ("0.00", "584.00")
    assert crews.retention(connection, "B") == 0
    assert crews.owes(connection, "B") == Decimal("584.00")


def test_each_cost_is_an_entry_of_its_case_in_the_books_of_its_month(connection: sa.Connection) -> None:
    the_three_of_the_example(connection, "A")

    settled(connection)

    entries = connection.execute(
        sa.select(ledger_entry.c.case_id, ledger_entry.c.month, ledger_entry.c.about).where(
            ledger_entry.c.kind == "repair_cost"
        )
    ).all()
    assert sorted(entry.case_id for entry in entries) == [f"{case:032x}" for case in (1, 2, 3)]
    assert {(entry.month, entry.about) for entry in entries} == {(date(2025, 9, 1), "S-A")}
    assert connection.scalar(sa.select(sa.func.count()).where(repair_cost.c.entry.is_(None))) == 0


def test_what_is_not_signed_is_listed_and_left_out(connection: sa.Connection) -> None:
    cost(connection, 1, "440.00")
    waiting = cost(connection, 2, "455.00", signed=False)

    listed = month_repair_costs(on(connection, 9, MONTH_END), at=AT)

    assert (listed["count"], listed["total"], listed["unsigned_count"]) == (1, "440.00", 1)
    (line,) = listed["unsigned"]
    assert (line["key"], line["crew"], line["total"]) == (waiting["cost"], "A", "455.00")
    assert settled(connection)["total"] == "440.00"


@pytest.mark.parametrize(
    ("signed_at", "month"), [(datetime(2025, 9, 30, 15, 59, 59, tzinfo=UTC), "2025-09-01"), (MIDNIGHT, "2025-10-01")]
)
def test_a_cost_signed_on_the_first_belongs_to_the_next_month(
    connection: sa.Connection, signed_at: datetime, month: str
) -> None:
    waiting = cost(connection, 1, "440.00", signed=False)

    assert sign_repair_cost(on(connection, 1, signed_at, 2), cost=waiting["cost"]) == {"month": month}

    listed = month_repair_costs(on(connection, 9, MONTH_END), at=AT)
    assert listed["month"] == "2025-09-30"
    assert (listed["count"], listed["unsigned_count"]) == ((1, 0) if month == "2025-09-01" else (0, 1))


def test_a_month_without_costs_settles_nothing(connection: sa.Connection) -> None:
    assert settled(connection) == {"month": "2025-09-01", "crews": [], "total": "0.00", "owed": "0.00"}


def test_what_was_settled_is_not_settled_again(connection: sa.Connection) -> None:
    cost(connection, 1, "440.00")
    settled(connection)

    assert month_repair_costs(on(connection, 9, MIDNIGHT), at=AT)["crews"] == []


def test_costs_that_finance_did_not_reconcile_are_not_taken(connection: sa.Connection) -> None:
    cost(connection, 1, "440.00")
    listed = month_repair_costs(on(connection, 9, MONTH_END), at=AT)["crews"]
    cost(connection, 2, "100.00")

    with pytest.raises(OperationFailed):
        settle_repair_costs(on(connection, 9, MIDNIGHT), at=AT, crews=listed)

    assert crews.retention(connection, "A") == Decimal("5000.00")


def test_a_cost_that_was_sent_back_is_replaced(connection: sa.Connection) -> None:
    cost(connection, 1, "440.00", signed=False)
    cost(connection, 1, "330.00", signed=False, seq=2)

    listed = month_repair_costs(on(connection, 9, MONTH_END), at=AT)
    assert [row["total"] for row in listed["unsigned"]] == ["330.00"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"scope": "normal", "material": "0.01"},
        {"labour": "0.00"},
        {"labour": "-440.00"},
        {"material": "-1.00", "scope": "non_normal"},
        {"crew": None},
    ],
)
def test_a_cost_that_can_not_be_is_refused(connection: sa.Connection, wrong: dict[str, str | None]) -> None:
    given = {"site": "S-A", "crew": "A", "payer": "crew", "labour": "440.00", **wrong}

    with pytest.raises(OperationFailed):
        record_repair_cost(on(connection, 1), **given)  # type: ignore[arg-type]

    assert connection.scalar(sa.select(sa.func.count()).select_from(repair_cost)) == 0


def test_what_the_customer_pays_costs_no_crew(connection: sa.Connection) -> None:
    record_repair_cost(on(connection, 1), site="S-A", crew="A", payer="customer", labour="440.00", signed=True)

    billed = bill_repair(on(connection, 1, seq=2), site="S-A", amount="600.00")

    assert month_repair_costs(on(connection, 9, MONTH_END), at=AT)["crews"] == []
    postings = sa.select(ledger_posting.c.account, ledger_posting.c.amount)
    booked = connection.execute(postings.where(ledger_posting.c.entry == billed["entry"]))
    assert dict(booked.all()) == {"customer:K-1": Decimal("-600.00"), "company:repairs": Decimal("600.00")}


def test_a_bill_for_an_unknown_site_is_refused(connection: sa.Connection) -> None:
    with pytest.raises(OperationFailed):
        bill_repair(on(connection, 1), site="S-9", amount="600.00")
