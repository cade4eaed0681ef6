"""Rules about decision tables: one table a file, hit policy, outputs, overlaps and gaps where they can be decided."""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations, product

from engine.workflow.lint.decision_table import DecisionTable, Row
from engine.workflow.lint.diagram import called_decision
from engine.workflow.lint.material import Material
from engine.workflow.lint.problem import Problem, problem
from engine.workflow.lint.regions import Region, region_of, samples

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
        yield from _table(table)


def _table(table: DecisionTable) -> Iterator[Problem]:
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
        yield from _rows(table)


def _rows(table: DecisionTable) -> Iterator[Problem]:
    regions = [[region_of(cell) for cell in row.cells] for row in table.rows]
    if table.hit_policy == "UNIQUE":
        for (first, left), (second, right) in combinations(zip(table.rows, regions, strict=True), 2):
            if _overlap(left, right):
                context = {"first": first.number, "second": second.number}
                yield problem("decisions.overlap", table.file, second.id, **context)
    if table.hit_policy == "FIRST":
        yield from _hidden(table, regions)
    gap = None if table.hit_policy == "COLLECT" else _gap(regions, len(table.inputs))  # collecting nothing is an answer
    if gap is not None:
        shown = ", ".join(
            f"{column.name or column.text} = {value!r}" for column, value in zip(table.inputs, gap, strict=True)
        )
        yield problem("decisions.gap", table.file, table.id, example=shown)


def _overlap(left: list[Region | None], right: list[Region | None]) -> bool:
    """Whether some values hit both rows, as far as that can be decided: an undecidable cell gives no finding."""
    pairs = list(zip(left, right, strict=True))
    return all(a is not None and b is not None and a.meets(b) for a, b in pairs)


def _hidden(table: DecisionTable, regions: list[list[Region | None]]) -> Iterator[Problem]:
    """A row below one that takes everything is never hit."""
    everything: Row | None = None
    for row, cells in zip(table.rows, regions, strict=True):
        if everything is not None:
            yield problem("decisions.hidden", table.file, row.id, row=row.number, above=everything.number)
        elif all(cell is not None and cell.everything for cell in cells):
            everything = row


def _gap(regions: list[list[Region | None]], width: int) -> tuple[object, ...] | None:
    """Values that no row takes; None where there are none or it cannot be decided."""
    if any(cell is None for cells in regions for cell in cells):
        return None
    columns = [samples([cells[position] for cells in regions]) for position in range(width)]
    size = 1
    for values in columns:
        size *= len(values)
    if size * len(regions) > MOST_COMBINATIONS * 10 or size > MOST_COMBINATIONS:
        return None
    for combination in product(*columns):
        if not any(
            all(cell is not None and cell.holds(value) for cell, value in zip(cells, combination, strict=True))
            for cells in regions
        ):
            return combination
    return None
