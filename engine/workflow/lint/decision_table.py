"""A DMN decision table as plain data (DMN 1.3, 8.2)."""

from dataclasses import dataclass, field

from engine.workflow.lint.reading import Element, content_of, local


@dataclass(slots=True)
class Column:
    """An input (`name` is its label, `text` its expression) or an output (`name` is what the caller reads)."""

    id: str
    name: str
    text: str = ""


@dataclass(slots=True)
class Row:
    id: str
    number: int
    cells: list[str] = field(default_factory=list)
    results: list[str] = field(default_factory=list)


@dataclass(slots=True)
class DecisionTable:
    file: str
    id: str
    name: str
    tables: int
    hit_policy: str
    aggregation: str
    inputs: list[Column] = field(default_factory=list)
    outputs: list[Column] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)  # of decision logic: decisionTable, literalExpression …


def read_decisions(file: str, root: Element) -> list[DecisionTable]:
    """Every decision of a file with its first table; one without a table has `tables` = 0."""
    return [_decision(file, element) for element in root.iter() if local(element) == "decision"]


def _decision(file: str, element: Element) -> DecisionTable:
    tables = [child for child in element if local(child) == "decisionTable"]
    table = tables[0] if tables else element
    found = DecisionTable(
        file,
        element.get("id", ""),
        element.get("name", ""),
        len(tables),
        table.get("hitPolicy", "UNIQUE").upper(),
        table.get("aggregation", ""),
        kinds={local(child) for child in element} - {"extensionElements", "description", "variable"},
    )
    for child in tables[0] if tables else ():
        if local(child) == "input":
            text = next((_text(part) for part in child if local(part) == "inputExpression"), "")
            found.inputs.append(Column(child.get("id", ""), child.get("label", ""), text))
        elif local(child) == "output":
            found.outputs.append(Column(child.get("id", ""), child.get("name", ""), child.get("label", "")))
        elif local(child) == "rule":
            row = Row(child.get("id", ""), len(found.rows) + 1)
            row.cells = [_text(part) for part in child if local(part) == "inputEntry"]
            row.results = [_text(part) for part in child if local(part) == "outputEntry"]
            found.rows.append(row)
    return found


def _text(element: Element) -> str:
    return next((content_of(part) for part in element if local(part) == "text"), "")
