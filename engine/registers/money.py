"""Money: yuan as Decimal with two places, half a fen rounded up; as text in case data and JSON. Never a float."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

FEN = Decimal("0.01")
LARGEST = Decimal(10**13)  # no sum in these books is near it; more would not fit the column
ZERO = Decimal("0.00")


def fen(amount: str | int | Decimal) -> Decimal:
    """The amount in yuan, rounded half up to the fen.

    Raises:
        ValueError: No number, not finite, or too large.
        TypeError: A float, or anything else that is no amount.
    """
    if isinstance(amount, bool) or not isinstance(amount, str | int | Decimal):
        raise TypeError(f"money is text, a whole number or a Decimal, not {type(amount).__name__}")
    try:
        value = Decimal(amount)
    except InvalidOperation:
        raise ValueError("not an amount of money") from None
    if not value.is_finite() or abs(value) >= LARGEST:
        raise ValueError("not an amount of money")
    return value.quantize(FEN, ROUND_HALF_UP) + ZERO  # no negative zero


def text(amount: Decimal) -> str:
    """As it stands in case data: "12500.00"."""
    return format(fen(amount), "f")


def total(amounts: Iterable[Decimal]) -> Decimal:
    """The sum, with two places also where there is nothing to add."""
    return sum(amounts, ZERO)
