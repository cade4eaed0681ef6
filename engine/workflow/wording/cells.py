"""Cells of decision tables in words; shared by changes and by the explained tables."""

import ast

from engine.workflow.wording.conditions import ORDER, choice_name
from engine.workflow.wording.names import Label
from engine.workflow.wording.writer import Unsayable, Writer, parsed

SIGNS: dict[str, type[ast.cmpop]] = {"<=": ast.LtE, ">=": ast.GtE, "<": ast.Lt, ">": ast.Gt}


def cell_words(w: Writer, column: str, cell: str) -> str:
    """An input cell in words, "" where anything goes: “是”, “不少于 3”, “「工程」或「设计」”.

    Args:
        column: The expression of the column.
    """
    text = cell.strip()
    if text in ("", "-"):
        return ""
    if text.startswith("?"):
        return _asked(w, column, parsed(text.replace("?", "x", 1)))
    for sign, op in SIGNS.items():
        if text.startswith(sign):
            return w.pick(ORDER[op]).format(a="", b=_value(w, column, text.removeprefix(sign))).strip()
    if text.startswith("not(") and text.endswith(")"):
        return w.of("不是{x}", "not {x}", x=cell_words(w, column, text[4:-1]))
    node = parsed(text)
    parts = node.elts if isinstance(node, ast.Tuple | ast.List) else [node]
    return w.of("或", " or ").join(_value(w, column, ast.unparse(part)) for part in parts)


def _asked(w: Writer, column: str, node: ast.expr) -> str:
    """A cell that names its input with `?`: `? in [...]`, `? >= parameter("x")`."""
    match node:
        case ast.Compare(ops=[ast.In()], comparators=[ast.List(elts=parts)]):
            return w.of("或", " or ").join(_value(w, column, ast.unparse(part)) for part in parts)
        case ast.Compare(ops=[op], comparators=[right]) if type(op) in ORDER:
            return w.pick(ORDER[type(op)]).format(a="", b=_value(w, column, ast.unparse(right))).strip()
    raise Unsayable(ast.unparse(node))


def output_words(w: Writer, name: str, cell: str) -> str:
    """An output cell in words; a value that no form offers stands as it is."""
    try:
        return _value(w, f"result.{name}", cell)
    except Unsayable:
        pass
    try:
        return w.field(parsed(cell))
    except Unsayable:
        return cell.strip().strip("\"'")


def _value(w: Writer, column: str, text: str) -> str:
    node = parsed(text)
    match node:
        case ast.Constant(value=bool(value)):
            return w.of("是", "yes") if value else w.of("否", "no")
        case ast.Constant(value=None):
            return w.of("没有填", "not given")
        case ast.Constant(value=int(value)):
            return str(value)
        case ast.Constant(value=str(value)):
            return w.quoted(_choice(w, column, value))
        case ast.Call():
            return str(w.value(node))
    raise Unsayable(text)


def _choice(w: Writer, column: str, value: str) -> str:
    principal = w.names.principal(value) if ":" in value else None
    if principal is not None:
        return w.pick(principal)
    try:
        tree = parsed(column)
    except Unsayable:
        tree = ast.Name(column)
    try:
        label = w.label(tree)
    except Unsayable:
        label = Label((column, column), "")
    try:
        return choice_name(w, label, tree, value)
    except Unsayable:
        if value and not value.isascii():
            return value  # as a table of one's own words has it
        found = w.names.any_choice(value)
        if found is None:
            raise
        return w.pick(found)
