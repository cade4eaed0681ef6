"""What the operators of an expression do with values, and which values may take part.

Numbers are integers and decimals of at most 15 whole digits; text is compared, never joined; nothing (None) is neither
before nor after anything. An error has no text and no column yet: the expression adds them.
"""

import ast
import decimal
import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from engine.workflow.functions import (
    LARGEST_NUMBER_DIGITS,
    LONGEST_LIST,
    Function,
    Value,
    equal,
    in_order,
    kind_of,
    refused,
)

LONGEST_TEXT = 2000
LARGEST_NUMBER: int = 10**LARGEST_NUMBER_DIGITS

# A context of our own: the thread's may have been changed by a library.
_DECIMALS = decimal.Context(prec=28, rounding=decimal.ROUND_HALF_UP)


def admit(value: Value, name: str) -> Value:
    """Let a value of the data or of the function `name` pass if its kind and size are allowed."""
    found = type(value)
    if value is None or found is bool:
        return value
    if found is str:
        if len(value) > LONGEST_TEXT:
            raise refused("expression.text_too_long", limit=LONGEST_TEXT)
    elif found is int:
        within_range(value)
    elif found is list:
        if len(value) > LONGEST_LIST:
            raise refused("expression.list_too_long", limit=LONGEST_LIST)
    elif found is Decimal and value.is_finite():
        within_range(value)
    elif not isinstance(value, Mapping):
        raise refused("expression.value_kind", name=name, found="kind.other")
    return value


def within_range(value: Value) -> Value:
    if not -LARGEST_NUMBER <= value <= LARGEST_NUMBER:
        raise refused("expression.number_too_large", limit=LARGEST_NUMBER_DIGITS)
    return value


def truth(word: str, value: Value) -> bool:
    """Return what `and`, `or`, `not` and `if` decide by: yes, no, or nothing, which is no.

    A choice such as "no" would otherwise count as yes.
    """
    if value is None or type(value) is bool:
        return bool(value)
    raise refused("expression.needs_yes_no", operator=word, found=kind_of(value))


def signed(symbol: str, value: Value) -> Value:
    if type(value) is not int and type(value) is not Decimal:
        raise refused("expression.needs_number", operator=symbol, found=kind_of(value))
    return -value if symbol == "-" else value


def _arithmetic(symbol: str, whole_numbers: Callable[..., Value] | None, decimals: Callable[..., Value]) -> Function:
    def combine(left: Value, right: Value) -> Value:
        for value in (left, right):
            if type(value) is not int and type(value) is not Decimal:
                raise refused("expression.needs_number", operator=symbol, found=kind_of(value))
        if whole_numbers and type(left) is int and type(right) is int:
            return within_range(whole_numbers(left, right))
        if symbol == "/" and right == 0:
            raise refused("expression.divide_by_zero")
        return within_range(decimals(left, right))

    return combine


def _ordering(compare: Callable[[Any, Any], bool]) -> Function:
    numbers = {int, Decimal}

    def ordered(left: Value, right: Value) -> bool:
        if type(left) in numbers and type(right) in numbers:
            return compare(left, right)
        if left is None or right is None:
            return False
        if type(left) is str and type(right) is str:
            return compare(*in_order(left, right))
        raise refused("expression.not_comparable", left=kind_of(left), right=kind_of(right))

    return ordered


def _contained(left: Value, right: Value) -> bool:
    if right is None or (isinstance(right, Mapping) and not right):
        return False
    if type(right) is not list:
        raise refused("expression.needs_list", operator="in", found=kind_of(right))
    return left in right


def _not_equal(left: Value, right: Value) -> bool:
    return not equal(left, right)


ARITHMETIC: dict[type[ast.operator], Function] = {
    ast.Add: _arithmetic("+", operator.add, _DECIMALS.add),
    ast.Sub: _arithmetic("-", operator.sub, _DECIMALS.subtract),
    ast.Mult: _arithmetic("*", operator.mul, _DECIMALS.multiply),
    ast.Div: _arithmetic("/", None, _DECIMALS.divide),
}
COMPARISON: dict[type[ast.cmpop], Function] = {
    ast.Eq: equal,
    ast.Is: equal,
    ast.NotEq: _not_equal,
    ast.IsNot: _not_equal,
    ast.Lt: _ordering(operator.lt),
    ast.LtE: _ordering(operator.le),
    ast.Gt: _ordering(operator.gt),
    ast.GtE: _ordering(operator.ge),
    ast.In: _contained,
    ast.NotIn: lambda left, right: not _contained(left, right),
}
