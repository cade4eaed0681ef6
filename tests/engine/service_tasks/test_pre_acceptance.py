"""Rates of an inspection, counts of failures, awards and the settlement of the works (procedures.md 3.16–3.18)."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from engine.db.models import award, contract, crew, customer, group_, ledger_entry, person, site
from engine.db.session import Store
from engine.errors import OperationFailed
from engine.registers import inspections, ledger
from engine.service_tasks.award_candidates import award_candidates
from engine.service_tasks.open_debts import open_debts
from engine.service_tasks.pre_acceptance_proof import pre_acceptance_proof
from engine.service_tasks.record_awards import record_awards
from engine.service_tasks.record_inspection import record_inspection
from engine.service_tasks.registry import Occasion
from engine.service_tasks.score_inspection import score_inspection
from engine.service_tasks.settle_awards import settle_awards
from engine.service_tasks.settle_foreman import settle_foreman

CASE = "c" * 32
NOW = datetime(2025, 9, 30, 15, 59, tzinfo=UTC)
FOREMAN, MANAGER, OTHER = 1, 2, 3
RULES: dict[str, Any] = {"percent": 10, "most": 3, "lowest_score": 95}
AWARD: dict[str, Any] = {"month": "2025-09-01", "percent": 1, "cap": 1000, "foreman_percent": 70}
Occasions = Callable[[], Occasion]
NOWHERE = Occasion(connection=None, case_id=CASE, now=NOW, actor="system", key="")


@pytest.fixture
def connection(store: Store) -> Iterator[sa.Connection]:
    """A foreman with a crew, a project manager, another foreman, a customer."""
    with store.write() as connection:
        people = {FOREMAN: "穆工", MANAGER: "吴凯", OTHER: "铁柱"}
        rows = [{"id": n, "username": f"p{n}", "name": x, "roles": [], "active": True} for n, x in people.items()]
        connection.execute(person.insert(), rows)
        connection.execute(group_.insert(), {"key": "crew_mu_gong", "kind": "crew", "name": "穆工施工队"})
        connection.execute(crew.insert(), {"key": "crew_mu_gong", "foreman": FOREMAN})
        connection.execute(customer.insert(), {"key": "K", "name": "客户"})
        yield connection


@pytest.fixture
def occasions(connection: sa.Connection) -> Occasions:
    numbers = count()
    return lambda: Occasion(
        connection=connection, case_id=CASE, now=NOW, actor="system", key=f"{CASE}:1:{next(numbers)}"
    )


def build(connection: sa.Connection, key: str, *, score: str | None = None, amount: str = "86000", **more: Any) -> str:
    """A site of September, paid and satisfied where nothing else is said, with its contract and inspection."""
    facts = {"completed_on": date(2025, 9, 12), "final_paid_on": date(2025, 9, 20), "satisfaction": "satisfied"}
    people = {"foreman": FOREMAN, "project_manager": MANAGER}
    connection.execute(site.insert(), {"key": key, "customer": "K", "address": key, **facts, **people, **more})
    row = {"key": f"C-{key}", "site": key, "kind": "construction", "amount": Decimal(amount)}
    connection.execute(contract.insert(), row)
    if score is not None:
        result = "excellent" if Decimal(score) >= 95 else "good"
        values = {"site": key, "foreman": FOREMAN, "at": NOW, "overall_rate": score, "result": result}
        inspections.put(connection, id=f"{int(key[1:]):032x}", case_id=CASE, **values)
    return key


def rows(*pairs: tuple[int, int]) -> list[dict[str, Any]]:
    return [{"passed": passed, "total": total} for passed, total in pairs]


def test_the_example_of_the_source_comes_out() -> None:
    found = score_inspection(NOWHERE, items=rows((95, 100), (93, 100)))

    assert (found["overall_rate"], found["lowest_rate"]) == ("94.00", "93.00")
    assert score_inspection(NOWHERE, items=rows((16, 19), (172, 181)))["item_rates"] == ["84.21", "95.02"]


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(1, 500)).map(lambda p: (min(p), max(p))), min_size=1))
def test_a_rate_reaches_a_threshold_in_text_exactly_when_the_fraction_does(pairs: list[tuple[int, int]]) -> None:
    found = score_inspection(NOWHERE, items=rows(*pairs))

    for threshold in (85, 90, 95):
        exact = 100 * sum(p for p, _ in pairs) >= threshold * sum(t for _, t in pairs)
        assert (Decimal(found["overall_rate"]) >= threshold) == exact
    assert Decimal(found["lowest_rate"]) <= Decimal(found["overall_rate"])  # so one row of the table is never first


@pytest.mark.parametrize("items", [[], rows((5, 4)), rows((0, 0)), rows((-1, 4))])
def test_a_sheet_without_checkpoints_or_with_too_many_passed_is_refused(items: list[dict[str, Any]]) -> None:
    with pytest.raises(OperationFailed):
        score_inspection(NOWHERE, items=items)


def test_a_void_inspection_does_not_count_and_a_new_foreman_begins_anew(
    connection: sa.Connection, occasions: Occasions
) -> None:
    build(connection, "S1")

    def inspect(result: str, foreman: int = FOREMAN) -> tuple[int, int]:
        values = {"site": "S1", "foreman": str(foreman), "result": result, "at": NOW.isoformat()}
        found = record_inspection(occasions(), **values)
        return found["number"], found["failures"]

    assert [inspect("void"), inspect("failed"), inspect("void"), inspect("failed")] == [(0, 0), (1, 1), (0, 1), (2, 2)]
    assert inspect("failed", OTHER) == (1, 1)
    assert inspect("pass", FOREMAN) == (3, 2)


def test_there_is_no_proof_before_it_is_issued(connection: sa.Connection, occasions: Occasions) -> None:
    build(connection, "S1", score="96.00")

    assert pre_acceptance_proof(occasions(), site="S1") == {
        "result": "excellent",
        "overall_rate": "96.00",
        "issued": False,
    }
    assert pre_acceptance_proof(occasions(), site="S2")["result"] is None


def test_of_34_completed_sites_with_5_eligible_the_three_best_win(
    connection: sa.Connection, occasions: Occasions
) -> None:
    for n in range(1, 30):
        build(connection, f"S{n}")
    scores = {"S30": "95.00", "S31": "97.50", "S32": "99.00", "S33": "96.00", "S34": "98.00"}
    for key, score in scores.items():
        build(connection, key, score=score)
    build(connection, "S35", score="100.00", completed_on=date(2025, 8, 31))
    build(connection, "S36", score="100.00", completed_on=date(2025, 10, 1))

    found = award_candidates(occasions(), at="2025-09-30T23:59:00+08:00", **RULES)

    assert (found["month"], found["completed"], found["quota"]) == ("2025-09-01", 34, 3)
    assert found["winners"] == ["S32", "S34", "S31"]
    assert found["eligible"] == ["S32", "S34", "S31", "S33", "S30"]


def test_of_8_completed_sites_the_only_one_eligible_wins(connection: sa.Connection, occasions: Occasions) -> None:
    for n in range(1, 8):
        build(connection, f"S{n}")
    build(connection, "S8", score="96.00")

    found = award_candidates(occasions(), at=NOW.isoformat(), **RULES)

    assert (found["completed"], found["quota"], found["winners"]) == (8, 1, ["S8"])


@pytest.mark.parametrize(
    "lacking",
    [{"score": "94.90"}, {"final_paid_on": None}, {"satisfaction": "dissatisfied"}, {"satisfaction": None}, {}],
)
def test_nobody_wins_without_score_payment_and_satisfaction(
    connection: sa.Connection, occasions: Occasions, lacking: dict[str, Any]
) -> None:
    build(connection, "S1", **({"score": "96.00"} | lacking if lacking else {}))

    found = award_candidates(occasions(), at=NOW.isoformat(), **RULES)

    assert (found["quota"], found["eligible"], found["winners"], found["tied"]) == (0, [], [], [])


def test_ties_go_to_the_very_satisfied_then_to_the_earlier_completed_then_to_the_office(
    connection: sa.Connection, occasions: Occasions
) -> None:
    build(connection, "S1", score="96.00")
    build(connection, "S2", score="96.00", satisfaction="very_satisfied")
    build(connection, "S3", score="96.00", completed_on=date(2025, 9, 2))
    build(connection, "S4", score="96.00")

    found = award_candidates(occasions(), at=NOW.isoformat(), percent=75, most=3, lowest_score=95)

    assert found["eligible"] == ["S2", "S3", "S1", "S4"]
    assert (found["winners"], found["tied"]) == (["S2", "S3", "S1"], ["S1", "S4"])


@pytest.mark.parametrize(
    ("output", "amount", "shares"),
    [
        ("86000.00", "860.00", ("602.00", "258.00")),
        ("150000.00", "1000.00", ("700.00", "300.00")),
        ("100000.00", "1000.00", ("700.00", "300.00")),
        ("100001.00", "1000.00", ("700.00", "300.00")),
        ("86050.50", "860.51", ("602.36", "258.15")),
    ],
)
def test_an_award_is_one_percent_at_most_a_thousand_and_shared_70_to_30(
    connection: sa.Connection, occasions: Occasions, output: str, amount: str, shares: tuple[str, str]
) -> None:
    build(connection, "S1", score="96.00", amount=output)

    found = record_awards(occasions(), sites=["S1"], **AWARD)
    row = found["awards"][0]

    assert (row["amount"], (row["foreman_share"], row["project_manager_share"])) == (amount, shares)
    assert found["total"] == amount
    kept = connection.execute(sa.select(award)).one()
    assert (kept.amount, kept.month, kept.score) == (Decimal(amount), date(2025, 9, 1), "96.00")


def test_an_award_is_owed_from_the_list_and_gone_with_the_payment(
    connection: sa.Connection, occasions: Occasions
) -> None:
    build(connection, "S1", score="96.00")
    build(connection, "S2", score="97.00", amount="150000.00")
    accounts = [f"person:{FOREMAN}", f"person:{MANAGER}", "company:awards", "company:bank"]

    found = record_awards(occasions(), sites=["S2", "S1"], **AWARD)

    assert [ledger.balance(connection, one) for one in accounts] == [Decimal(n) for n in (1302, 558, -1860, 0)]
    assert settle_awards(occasions(), awards=found["awards"]) == {"total": "1860.00"}
    assert [ledger.balance(connection, one) for one in accounts] == [Decimal(n) for n in (0, 0, -1860, 1860)]
    assert set(connection.scalars(sa.select(ledger_entry.c.about))) == {"S1", "S2"}


def test_a_site_without_a_project_manager_gets_no_award(connection: sa.Connection, occasions: Occasions) -> None:
    build(connection, "S1", score="96.00", project_manager=None)

    with pytest.raises(OperationFailed):
        record_awards(occasions(), sites=["S1"], **AWARD)


def owe(connection: sa.Connection, account: str, amount: str, number: int) -> None:
    entry = ledger.Entry(id=f"{number:032x}", at=NOW, kind="fine", case_id=CASE, about="P-32")
    ledger.transfer(connection, entry, payer=account, receiver="company:fines", amount=Decimal(amount))


def test_a_settlement_takes_open_fines_and_repair_debts_off(connection: sa.Connection, occasions: Occasions) -> None:
    build(connection, "S1")
    owe(connection, f"person:{FOREMAN}", "500.00", 1)
    owe(connection, "crew:crew_mu_gong", "455.00", 2)
    who = {"foreman": f"person:{FOREMAN}", "crew": "crew_mu_gong"}

    debts = open_debts(occasions(), person=str(FOREMAN), crew="crew_mu_gong")
    found = settle_foreman(occasions(), site="S1", gross="12000.00", fines="500.00", repairs="455.00", **who)

    assert debts == {"fines": "500.00", "repairs": "455.00", "total": "955.00"}
    assert found["net"] == "11045.00"
    assert open_debts(occasions(), person=str(FOREMAN), crew="crew_mu_gong")["total"] == "0.00"
    assert ledger.balance(connection, "company:works") == Decimal("-12000.00")
    assert ledger.balance(connection, "company:bank") == Decimal("11045.00")


def test_what_was_collected_in_between_is_not_taken_off_again(connection: sa.Connection, occasions: Occasions) -> None:
    build(connection, "S1")
    owe(connection, f"person:{FOREMAN}", "500.00", 1)
    paid = ledger.Entry(id=f"{2:032x}", at=NOW, kind="fine_collected", case_id=CASE)
    ledger.transfer(connection, paid, payer="company:bank", receiver=f"person:{FOREMAN}", amount=Decimal("300.00"))

    found = settle_foreman(
        occasions(), site="S1", foreman=str(FOREMAN), gross="1000.00", fines="500.00", repairs="0.00"
    )

    assert found["net"] == "800.00"
    assert ledger.balance(connection, f"person:{FOREMAN}") == 0


def test_nobody_is_settled_below_zero(connection: sa.Connection, occasions: Occasions) -> None:
    build(connection, "S1")
    owe(connection, f"person:{FOREMAN}", "500.00", 1)
    values: dict[str, Any] = {"site": "S1", "foreman": str(FOREMAN), "fines": "500.00", "repairs": "0.00"}

    with pytest.raises(OperationFailed):
        settle_foreman(occasions(), gross="499.99", **values)
    with pytest.raises(OperationFailed):
        settle_foreman(occasions(), gross="500.00", **{**values, "foreman": None})
    assert settle_foreman(occasions(), gross="500.00", **values)["net"] == "0.00"
    assert open_debts(occasions(), person=None, crew=None)["total"] == "0.00"
