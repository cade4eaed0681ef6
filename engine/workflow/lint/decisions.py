"""Rules about decision tables: one table a file, hit policy, outputs, overlaps and gaps where they can be decided."""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product
from math import prod
from typing import TypeAlias

from engine.workflow.lint.decision_table import DecisionTable
from engine.workflow.lint.diagram import Diagram, called_decision
from engine.workflow.lint.kinds import choices_of, kind_of
from engine.workflow.lint.material import Material
from engine.workflow.lint.problem import Problem, problem
from engine.workflow.lint.references import fields_in, text_in, tree_of
from engine.workflow.lint.regions import Region, Value, region_of, samples

Choices: TypeAlias = Mapping[Value, str]  # all that a column can be → its label; empty: not known

HIT_POLICIES = {"UNIQUE", "FIRST", "COLLECT"}
MOST_ROWS = 200
MOST_COMBINATIONS = 5_000


def check(material: Material) -> Iterator[Problem]:
    called = {called_decision(node) for diagram in material.diagrams for node in diagram.of_tag("businessRuleTask")}
    per_file = Counter(table.file for table in material.tables)
    for file in material.roots:
        if file.endswith(".dmn") and per_file[file] != 1:
            yield problem("decisions.one_decision", file, found=per_file[file])
    for table in material.tables:
        stem = table.file.rpartition("/")[2].removesuffix(".dmn")
        if stem != table.id:
            yield problem("decisions.file_name", table.file, table.id, name=stem)
        if table.id not in called and material.diagrams:
            yield problem("decisions.not_called", table.file, table.id)
        yield from _table(table, _choices(material, table))


def _table(table: DecisionTable, known: Sequence[Choices]) -> Iterator[Problem]:
    if table.tables != 1 or table.kinds - {"decisionTable"}:
        kinds = ", ".join(sorted(table.kinds)) or "–"
        yield problem("decisions.no_table", table.file, table.id, kinds=kinds)
        return
    if table.hit_policy not in HIT_POLICIES or table.aggregation:
        policy = f"{table.hit_policy} {table.aggregation}".strip()
        yield problem("decisions.hit_policy", table.file, table.id, policy=policy)
    if not table.rows or not table.outputs or not table.inputs:
        yield problem("decisions.empty", table.file, table.id)
        return
    if len(table.rows) > MOST_ROWS:
        yield problem("decisions.too_many_rows", table.file, table.id, most=MOST_ROWS)
        return
    for column in table.inputs:
        if not column.text:
            yield problem("decisions.no_input_expression", table.file, column.id or table.id, name=column.name)
    names = Counter(column.name for column in table.outputs)
    for column in table.outputs:
        if not column.name.isidentifier() or names[column.name] > 1:
            yield problem("decisions.output_name", table.file, column.id or table.id, name=column.name)
    ragged = False
    for row in table.rows:
        if len(row.cells) != len(table.inputs) or len(row.results) != len(table.outputs):
            ragged = True
            yield problem("decisions.ragged", table.file, row.id or table.id, row=row.number)
        elif not all(row.results):
            yield problem("decisions.empty_result", table.file, row.id, row=row.number)
    if not ragged:
        yield from _rows(table, known)


def _rows(table: DecisionTable, known: Sequence[Choices]) -> Iterator[Problem]:
    regions = [[region_of(cell) for cell in row.cells] for row in table.rows]
    if table.hit_policy == "UNIQUE":
        for (first, left), (second, right) in combinations(zip(table.rows, regions, strict=True), 2):
            if _overlap(left, right, known):
                context = {"first": first.number, "second": second.number}
                yield problem("decisions.overlap", table.file, second.id, **context)
    if table.hit_policy == "COLLECT":  # collecting nothing, or twice, is an answer
        return
    if table.hit_policy == "FIRST":
        yield from _hidden(table, regions)
    gap = _gap(regions, known)
    if gap is not None:
        shown = ", ".join(
            f"{column.name or column.text} = {labels.get(value) or repr(value)}"
            for column, value, labels in zip(table.inputs, gap, known, strict=True)
        )
        yield problem("decisions.gap", table.file, table.id, example=shown)


def _overlap(left: list[Region | None], right: list[Region | None], known: Sequence[Choices]) -> bool:
    """Whether some values hit both rows, as far as that can be decided: an undecidable cell gives no finding."""
    pairs = zip(left, right, known, strict=True)
    return all(a is not None and b is not None and a.meets(b, list(choices)) for a, b, choices in pairs)


def _hidden(table: DecisionTable, regions: list[list[Region | None]]) -> Iterator[Problem]:
    """A row below one that takes all that it would is never hit."""
    told: set[int] = set()
    for (above, wide), (row, narrow) in combinations(zip(table.rows, regions, strict=True), 2):
        pairs = list(zip(wide, narrow, strict=True))
        if row.number not in told and all(a is not None and b is not None and a.covers(b) for a, b in pairs):
            told.add(row.number)
            yield problem("decisions.hidden", table.file, row.id, row=row.number, above=above.number)


def _gap(regions: list[list[Region | None]], known: Sequence[Choices]) -> tuple[Value, ...] | None:
    """Values that no row takes; None where there are none or it cannot be decided."""
    if any(cell is None for cells in regions for cell in cells):
        return None
    columns = [list(choices) or samples([cells[n] for cells in regions]) for n, choices in enumerate(known)]
    size = prod(len(values) for values in columns)
    if size > MOST_COMBINATIONS or size * len(regions) > MOST_COMBINATIONS * 10:
        return None
    for combination in product(*columns):
        if not any(
            all(cell is not None and cell.holds(value) for cell, value in zip(cells, combination, strict=True))
            for cells in regions
        ):
            return combination
    return None


def _choices(material: Material, table: DecisionTable) -> list[Choices]:
    """What each input can be, where its field's form or the decision that gives it says so: value → label."""
    for diagram in material.diagrams:
        if any(called_decision(node) == table.id for node in diagram.of_tag("businessRuleTask")):
            return [_of_column(material, diagram, tree_of(column.text)) for column in table.inputs]
    return [{} for _ in table.inputs]


def _of_column(material: Material, diagram: Diagram, tree: ast.expr | None) -> Choices:
    owner, field = fields_in(tree)[0] if isinstance(tree, ast.Attribute) and fields_in(tree) else ("", "")
    node = diagram.nodes.get(owner)
    if node is None or node.multi:
        return {}
    if node.tag == "businessRuleTask":
        return given_by(material.table(called_decision(node) or ""), field)
    form = material.own_forms.get(node.properties.get("form", f"{diagram.procedure}/{owner}"))
    component = form.components.get(field, {}) if form is not None else {}
    kind = kind_of(component)
    if kind == "yes_no":
        return {True: "", False: ""}
    return dict(choices_of(component)) if kind == "choice" else {}


def given_by(table: DecisionTable | None, field: str) -> Choices:
    """The constants that another decision can give."""
    numbers = [n for n, column in enumerate(table.outputs) if column.name == field] if table is not None else []
    found = [tree_of(row.results[n]) for n in numbers for row in (table.rows if table else ()) if n < len(row.results)]
    texts = [text_in(tree) if tree is not None else None for tree in found]
    return {text: "" for text in texts if text is not None} if None not in texts else {}
