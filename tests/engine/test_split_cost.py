"""The shares of a compensation (procedures.md 3.3)."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import OperationFailed
from engine.service_tasks.registry import Occasion
from engine.service_tasks.split_cost import split_cost

OCCASION = Occasion(connection=None, case_id="", now=datetime(2025, 9, 26, tzinfo=UTC), actor="system", key="")


def row(bearer: str, percent: int, person: str | None = None) -> dict[str, object]:
    return {"bearer": bearer, "percent": percent, "person": person}


def test_the_example_of_the_source_comes_out() -> None:
    found = split_cost(OCCASION, amount="6000.00", shares=[row("employee", 40, "12"), row("employee", 10, "17")])

    assert [entry["amount"] for entry in found["employees"]] == ["2400.00", "600.00"]
    assert found["company"] == "3000.00"


def test_two_rows_for_one_person_are_one_deduction() -> None:
    found = split_cost(OCCASION, amount="100.00", shares=[row("employee", 10, "12"), row("employee", 5, "12")])

    assert found["employees"] == [{"key": "12", "person": "12", "amount": "15.00"}]


def test_a_crew_is_kept_apart_from_the_employees() -> None:
    found = split_cost(OCCASION, amount="1000.00", shares=[row("crew", 30, "13"), row("company", 70)])

    assert (found["crew_sum"], found["employee_sum"], found["company"]) == ("300.00", "0.00", "700.00")
    assert found["employees"] == []


def test_half_a_fen_is_rounded_up_and_never_made_out_of_nothing() -> None:
    found = split_cost(OCCASION, amount="0.01", shares=[row("employee", 50, "12"), row("employee", 50, "17")])

    assert found["employees"] == [{"key": "12", "person": "12", "amount": "0.01"}]
    assert found["company"] == "0.00"


def test_more_than_the_whole_is_refused() -> None:
    with pytest.raises(OperationFailed):
        split_cost(OCCASION, amount="6000.00", shares=[row("employee", 70, "12"), row("employee", 40, "17")])


@given(fen=st.integers(1, 10**8), percents=st.lists(st.integers(0, 25), max_size=4))
def test_what_is_shared_out_is_the_whole_amount(fen: int, percents: list[int]) -> None:
    amount = format(Decimal(fen) / 100, ".2f")
    shares = [
        row("employee" if number % 2 else "crew", percent, str(number)) for number, percent in enumerate(percents)
    ]

    found = split_cost(OCCASION, amount=amount, shares=shares)

    parts = [Decimal(entry["amount"]) for entry in (*found["employees"], *found["crews"])]
    assert sum(parts) + Decimal(found["company"]) == Decimal(amount)
    assert all(part > 0 for part in parts) and Decimal(found["company"]) >= 0
