"""Cells of a decision table as sets of values, so that overlaps and gaps can be found (DMN 1.3, 8.3)."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import TypeAlias

from engine.workflow.lint.references import tree_of

Value: TypeAlias = "str | bool | Decimal | None"
COMPARISONS = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}
FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
MARK = "cell"
_OTHER = "…"  # a text that nobody names


@dataclass(frozen=True, slots=True)
class Region:
    """The values that meet every one of `tests`: (operator, value) or ("in", values). No test: everything."""

    tests: tuple[tuple[str, tuple[Value, ...]], ...] = ()

    @property
    def everything(self) -> bool:
        return not self.tests

    def holds(self, value: object) -> bool:
        return all(_holds(operator, values, value) for operator, values in self.tests)

    def covers(self, other: "Region") -> bool:
        """Whether every value of the other is in this one too."""
        if self.everything or other.everything:
            return self.everything
        return all(self.holds(value) for value in [*samples([self, other]), _OTHER] if other.holds(value))

    def meets(self, other: "Region", known: Sequence["Value"] = ()) -> bool:
        """Whether some value is in both; tried on all known ones, else on what either names and what lies between."""
        return any(self.holds(value) and other.holds(value) for value in known or samples([self, other]))


def region_of(cell: str) -> Region | None:
    """The region of a cell, None where it is no simple comparison with constants."""
    if cell in ("", "-"):
        return Region()
    tree = tree_of(cell.replace("?", MARK)) or tree_of(f"{MARK} {cell}")
    if tree is None:
        return None
    plain = _constant(tree)
    if not isinstance(plain, _Nothing):
        return Region((("==", (plain,)),))
    if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And):
        parts = [_compared(part) for part in tree.values]
        return None if None in parts else Region(tuple(test for part in parts for test in part or ()))
    tests = _compared(tree)
    return None if tests is None else Region(tests)


def samples(regions: Sequence[Region | None]) -> list[Value]:
    """One value of each kind that the regions tell apart: those named, and numbers below, between and above."""
    named = {value for region in regions if region for _, values in region.tests for value in values}
    numbers = sorted(value for value in named if isinstance(value, Decimal))
    others = [value for value in named if not isinstance(value, Decimal)]
    if not numbers:
        if {value for value in others if isinstance(value, bool)}:
            return [True, False, *(value for value in others if not isinstance(value, bool))]
        unequal = any(op in ("!=", "not in") for region in regions if region for op, _ in region.tests)
        return [*sorted(others, key=str), *([_OTHER] if unequal or not others else [])]
    between = [(low + high) / 2 for low, high in pairwise(numbers)]
    return [numbers[0] - 1, *numbers, *between, numbers[-1] + 1, *others]


class _Nothing:
    """Stands for "no constant", since None is one."""


_NOTHING = _Nothing()


def _constant(node: ast.expr) -> "Value | _Nothing":
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _constant(node.operand)
        return -inner if isinstance(inner, Decimal) else _NOTHING
    if not isinstance(node, ast.Constant):
        return _NOTHING
    value = node.value
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int | float):
        return Decimal(str(value))
    return _NOTHING


def _compared(node: ast.expr) -> "tuple[tuple[str, tuple[Value, ...]], ...] | None":
    """The tests in `cell < 5`, `1 <= cell < 5`, `cell in ["a", "b"]`."""
    if not isinstance(node, ast.Compare):
        return None
    found: list[tuple[str, tuple[Value, ...]]] = []
    sides = [node.left, *node.comparators]
    for left, operator, right in zip(sides, node.ops, sides[1:], strict=False):
        if isinstance(operator, ast.In | ast.NotIn) and _is_mark(left) and isinstance(right, ast.List | ast.Tuple):
            values = [_constant(part) for part in right.elts]
            if any(isinstance(value, _Nothing) for value in values):
                return None
            known = tuple(value for value in values if not isinstance(value, _Nothing))
            found.append(("in" if isinstance(operator, ast.In) else "not in", known))
            continue
        name = COMPARISONS.get(type(operator))
        value = _constant(right if _is_mark(left) else left)
        if name is None or isinstance(value, _Nothing) or _is_mark(left) == _is_mark(right):
            return None
        if name not in ("==", "!=") and not isinstance(value, Decimal):
            return None  # dates and times have an order that is not tried here
        found.append((name if _is_mark(left) else FLIPPED[name], (value,)))
    return tuple(found)


def _is_mark(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == MARK


def _holds(operator: str, values: tuple[Value, ...], value: object) -> bool:
    if operator in ("in", "not in"):
        return (value in values) == (operator == "in")
    wanted = values[0]
    if operator in ("==", "!="):
        return (value == wanted and isinstance(value, bool) == isinstance(wanted, bool)) == (operator == "==")
    if not isinstance(value, Decimal) or not isinstance(wanted, Decimal):
        return False
    return {"<": value < wanted, "<=": value <= wanted, ">": value > wanted, ">=": value >= wanted}[operator]
