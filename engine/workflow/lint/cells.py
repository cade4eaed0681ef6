"""Rules about the expressions of decision tables: inputs, cells and results, read with the data of who calls them."""

import ast
from collections.abc import Iterator

from engine.workflow.lint.decision_table import DecisionTable
from engine.workflow.lint.diagram import called_decision
from engine.workflow.lint.expressions import check_text
from engine.workflow.lint.kinds import check_kinds
from engine.workflow.lint.material import Material
from engine.workflow.lint.problem import Problem
from engine.workflow.lint.references import Place, tree_of
from engine.workflow.lint.vocabulary import Vocabulary, vocabulary_of

MARK = "cell"  # stands for the input's value where a person writes ?


def check(material: Material) -> Iterator[Problem]:
    for diagram in material.diagrams:
        called = {called_decision(node) for node in diagram.of_tag("businessRuleTask")}
        known = vocabulary_of(material, diagram)
        for table in material.tables:
            if table.id in called:
                yield from _table(material, table, known)


def _table(material: Material, table: DecisionTable, known: Vocabulary) -> Iterator[Problem]:
    for column in table.inputs:
        yield from check_text(material, table.file, Place(column.id, f"input {column.name}", column.text), known)
    for row in table.rows:
        for number, cell in enumerate(row.cells, 1):
            if cell not in ("", "-"):
                place = Place(row.id, f"cell {row.number}.{number}", as_expression(cell))
                yield from check_text(material, table.file, place, known, frozenset({MARK}))
                if number <= len(table.inputs):
                    yield from _compared(table.file, place, table.inputs[number - 1].text, known)
        for number, result in enumerate(row.results, 1):
            if result not in ("", "-"):
                yield from check_text(
                    material, table.file, Place(row.id, f"result {row.number}.{number}", result), known
                )


def _compared(file: str, place: Place, column: str, known: Vocabulary) -> Iterator[Problem]:
    """Whether a cell fits the field that its column reads."""
    tree, field = tree_of(place.text), tree_of(column)
    if tree is None or not isinstance(field, ast.Attribute):
        return
    if isinstance(tree, ast.Constant):
        tree = ast.Compare(field, [ast.Eq()], [tree])
    put_in: ast.expr = _PutIn(field).visit(tree)
    yield from check_kinds(file, place, put_in, known.components, decides=False)


class _PutIn(ast.NodeTransformer):
    """Puts the column's field where a cell says ?."""

    def __init__(self, field: ast.expr) -> None:
        self._field = field

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._field if node.id == MARK else node


def as_expression(cell: str) -> str:
    """A cell as the expression that is evaluated: `>= 5` → `cell >= 5`, `1 < ? < 5` → `1 < cell < 5`."""
    marked = _mark(cell)
    if marked != cell or tree_of(cell) is not None:
        return marked
    return f"{MARK} {cell}"


def _mark(cell: str) -> str:
    """Put `cell` for each question mark that does not stand in quotes."""
    quote, out = "", []
    for letter in cell:
        if letter in "'\"" and (not quote or quote == letter):
            quote = "" if quote else letter
        out.append(MARK if letter == "?" and not quote else letter)
    return "".join(out)
