"""Money has two places, half a fen goes up, and a float is no money."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from engine.db.session import Store
from engine.db.types import Money
from engine.registers import money


@given(st.fractions(min_value=-(10**9), max_value=10**9, max_denominator=10**5))
def test_what_is_rounded_is_off_by_half_a_fen_at_most_and_a_half_goes_away_from_zero(exact: Fraction) -> None:
    amount = Decimal(exact.numerator) / Decimal(exact.denominator)

    rounded = money.fen(amount)

    assert rounded.as_tuple().exponent == -2
    off = abs(Fraction(rounded) - Fraction(amount)) * 100
    assert off <= Fraction(1, 2)
    if off == Fraction(1, 2):
        assert abs(rounded) > abs(amount)


@given(st.integers(-(10**14), 10**14))
def test_whole_fen_stay_what_they_are_as_text_too(fen: int) -> None:
    amount = Decimal(fen).scaleb(-2)

    assert money.fen(money.text(amount)) == amount


def test_text_is_written_with_two_places_and_no_negative_zero() -> None:
    assert [money.text(Decimal(one)) for one in ("12500", "0.005", "-0.004", "1E+3")] == [
        "12500.00",
        "0.01",
        "0.00",
        "1000.00",
    ]


@pytest.mark.parametrize("amount", [0.1, True, None, [1]])
def test_what_is_no_amount_is_a_wrong_type(amount: object) -> None:
    with pytest.raises(TypeError):
        money.fen(amount)  # type: ignore[arg-type]


@pytest.mark.parametrize("amount", ["", "1,000", "NaN", "Infinity", "-Infinity", "1e400", "12 元", Decimal(10**13)])
def test_what_says_no_amount_is_refused(amount: str | Decimal) -> None:
    with pytest.raises(ValueError, match="amount"):
        money.fen(amount)


def test_the_store_keeps_fen_exactly_and_adds_them_up(store: Store) -> None:
    table = sa.Table("purse", sa.MetaData(), sa.Column("amount", Money))
    amounts = [Decimal("0.01"), Decimal("-0.02"), Decimal("99999999999.99"), None]
    with store.write() as connection:
        table.create(connection)
        connection.execute(table.insert(), [{"amount": amount} for amount in amounts])

        assert connection.scalars(sa.select(table.c.amount)).all() == amounts
        assert connection.scalar(sa.select(sa.func.sum(table.c.amount))) == Decimal("99999999999.98")


def test_the_store_takes_no_part_of_a_fen(store: Store) -> None:
    table = sa.Table("purse", sa.MetaData(), sa.Column("amount", Money))
    with store.write() as connection:
        table.create(connection)
        with pytest.raises(sa.exc.StatementError, match="two places"):
            connection.execute(table.insert(), {"amount": Decimal("0.005")})


@given(st.lists(st.integers(-(10**9), 10**9)))
def test_a_total_is_exact(fen: list[int]) -> None:
    amounts = [Decimal(one).scaleb(-2) for one in fen]

    assert money.total(amounts) == Decimal(sum(fen)).scaleb(-2).quantize(money.FEN, ROUND_HALF_UP)
