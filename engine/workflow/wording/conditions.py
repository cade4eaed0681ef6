"""Conditions in words: “「是否满意」选「不满意」”, “「审核」已完成且 …”."""

import ast
from typing import Any

from engine.workflow.wording.names import Label, Pair
from engine.workflow.wording.writer import Unsayable, Writer

MOST_CHOICES = 4  # named one by one
ORDER: dict[type[ast.cmpop], Pair] = {
    ast.Lt: ("{a}小于 {b}", "{a} is less than {b}"),
    ast.LtE: ("{a}不超过 {b}", "{a} is at most {b}"),
    ast.Gt: ("{a}大于 {b}", "{a} is more than {b}"),
    ast.GtE: ("{a}不少于 {b}", "{a} is at least {b}"),
    ast.Eq: ("{a}是 {b}", "{a} is {b}"),
    ast.NotEq: ("{a}不是 {b}", "{a} is not {b}"),
}
INSTANTS: dict[type[ast.cmpop], Pair] = {
    ast.Lt: ("{a}早于{b}", "{a} is before {b}"),
    ast.LtE: ("{a}不晚于{b}", "{a} is not after {b}"),
    ast.Gt: ("{a}晚于{b}", "{a} is after {b}"),
    ast.GtE: ("{a}不早于{b}", "{a} is not before {b}"),
}
OF_TIME = {"now", "at", "before", "done_at", "due_of", "started_at", "hours", "days", "minutes", "working_days"} | {
    "months", "working_hours", "end_of_day", "monthly", "weekly", "month_end", "earlier", "later",
}  # fmt: skip


def condition_words(w: Writer, node: ast.expr) -> str:
    """An expression that is true or false."""
    match node:
        case ast.BoolOp(op=op, values=values):
            word = w.pick(("，且", " and ") if isinstance(op, ast.And) else ("，或", " or "))
            return word.join(_part(w, value) for value in values)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return w.of("不符合“{x}”", "not: {x}", x=condition_words(w, operand))
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _comparison(w, left, op, right)
        case ast.Call(func=ast.Name(id="any_of" | "all_of" as name), args=[things, key, value]):
            return _of_list(w, name, things, key, value)
        case ast.Call(func=ast.Name(id="parameter"), args=[ast.Constant(value=str(name))]):
            _value, title, _unit = w.names.parameter(name)
            return w.of("参数{x}为是", "the parameter {x} is yes", x=w.quoted(w.pick(title)))
        case ast.Attribute():
            return _yes(w, node, wanted=True)
    raise Unsayable(ast.unparse(node))


def _part(w: Writer, node: ast.expr) -> str:
    said = condition_words(w, node)
    return w.of("（{x}）", "({x})", x=said) if isinstance(node, ast.BoolOp) else said


def _comparison(w: Writer, left: ast.expr, op: ast.cmpop, right: ast.expr) -> str:
    match left, op, right:
        case _, ast.Eq() | ast.NotEq(), ast.Constant(value=None):
            return _given(w, left, given=isinstance(op, ast.NotEq))
        case _, ast.Eq() | ast.NotEq(), ast.Constant(value=bool(wanted)):
            return _yes(w, left, wanted=wanted is isinstance(op, ast.Eq))
        case _, ast.Eq() | ast.NotEq(), ast.Constant(value=str(value)):
            return _choice(w, left, [value], chosen=isinstance(op, ast.Eq))
        case _, ast.In() | ast.NotIn(), ast.List(elts=elements):
            values = [w.value(element) for element in elements]
            return _choice(w, left, values, chosen=isinstance(op, ast.In))
        case ast.Call(func=ast.Name(id="len"), args=[things]), _, ast.Constant(value=0):
            word = w.pick(
                ("{x}不为空", "{x} has entries") if isinstance(op, ast.Gt) else ("{x}为空", "{x} has no entries")
            )
            return word.format(x=_things(w, things))
        case ast.Call(func=ast.Name(id="rounds"), args=[ast.Constant(value=str(element))]), _, ast.Constant(value=0):
            done = w.pick(
                ("{x}办过", "{x} has been done") if isinstance(op, ast.Gt) else ("{x}没有办过", "{x} has not been done")
            )
            return done.format(x=w.step(element))
        case ast.Call(func=ast.Name(id="breaches"), args=[ast.Constant(value=str(key))]), _, ast.Constant(value=0):
            found = w.names.deadline(key)
            name = w.quoted(w.pick(found)) if found else key
            late = w.pick(
                ("{x}超时过", "{x} was breached") if isinstance(op, ast.Gt) else ("{x}没有超时", "{x} was not breached")
            )
            return late.format(x=name)
    if type(op) in INSTANTS and (_is_time(left) or _is_time(right)):
        from engine.workflow.wording.times import instant

        return w.pick(INSTANTS[type(op)]).format(a=instant(w, left), b=instant(w, right))
    if type(op) in ORDER:
        return w.pick(ORDER[type(op)]).format(a=quantity(w, left), b=quantity(w, right))
    raise Unsayable(ast.unparse(left))


def quantity(w: Writer, node: ast.expr) -> str:
    """A number as it is compared."""
    match node:
        case ast.Constant(value=int(value)):
            return str(value)
        case ast.Call(func=ast.Name(id="parameter"), args=[ast.Constant(value=str(name))]):
            value, _title, unit = w.names.parameter(name)
            return f"{value} {w.pick(unit)}".strip()
        case ast.Call(func=ast.Name(id="breaches"), args=[]):
            return w.of("本案超时次数", "the number of breaches")
        case ast.Call(func=ast.Name(id="rounds"), args=[ast.Constant(value=str(element))]):
            return w.of("{x}的次数", "the number of times of {x}", x=w.step(element))
        case ast.Call(func=ast.Name(id="len"), args=[things]):
            return w.of("{x}的项数", "the number of {x}", x=_things(w, things))
    return w.field(node)


def _is_time(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in OF_TIME


def _given(w: Writer, node: ast.expr, *, given: bool) -> str:
    match node:
        case ast.Call(func=ast.Name(id="done_at"), args=[ast.Constant(value=str(element))]):
            words = w.pick(("{x}已完成", "{x} is done") if given else ("{x}还没有完成", "{x} is not done yet"))
            return words.format(x=w.step(element))
        case ast.Attribute(value=ast.Name(id=element), attr=name) if name == "end_state" and element != "input":
            words = w.pick(("{x}有结果", "{x} has ended") if given else ("{x}还没有结果", "{x} has not ended yet"))
            return words.format(x=w.step(element))
    words = w.pick(("填了{x}", "{x} is given") if given else ("没有填{x}", "{x} is not given"))
    return words.format(x=w.field(node))


def _yes(w: Writer, node: ast.expr, *, wanted: bool) -> str:
    label = w.label(node)
    text = w.quoted(w.pick(label.text))
    if label.kind == "checkbox":
        words = ("勾选了{x}", "{x} is ticked") if wanted else ("没有勾选{x}", "{x} is not ticked")
    else:
        words = ("{x}为是", "{x} is yes") if wanted else ("{x}为否", "{x} is no")
    return w.pick(words).format(x=text)


def _choice(w: Writer, node: ast.expr, values: list[Any], *, chosen: bool) -> str:
    label = w.label(node)
    said = [choice_name(w, label, node, str(value)) for value in values[:MOST_CHOICES]]
    some = w.of("或", " or ").join(w.quoted(one) for one in said)
    if len(values) > MOST_CHOICES:
        some += w.of(" 等 {n} 项之一", " or another of {n}", n=len(values))
    if label.kind in ("end", "result") and label.steps:
        words = ("{x}的结果是{v}", "{x} ended as {v}") if chosen else ("{x}的结果不是{v}", "{x} did not end as {v}")
        return w.pick(words).format(x=w.steps(label), v=some)
    parts = {"x": w.quoted(w.pick(label.text)), "v": some}
    if label.kind in ("radio", "select"):
        words = ("{x}选{v}", "{x} is {v}") if chosen else ("{x}没有选{v}", "{x} is not {v}")
    else:
        words = ("{x}是{v}", "{x} is {v}") if chosen else ("{x}不是{v}", "{x} is not {v}")
    return w.pick(words).format_map(parts)


def choice_name(w: Writer, label: Label, node: ast.expr, value: str) -> str:
    """What a chosen value is called; a group by its name."""
    found = label.choices.get(value) or w.names.principal(f"group:{value}")
    if found is None and isinstance(node, ast.Attribute):
        found = w.names.choice(node.attr, value)
    if found is None:
        raise Unsayable(value)
    return w.pick(found)


def _of_list(w: Writer, name: str, things: ast.expr, key: ast.expr, value: ast.expr) -> str:
    column = str(w.value(key))
    match things:
        case ast.Name(id=element):
            label = w.names.field(element, column)
            said = w.step(element)
        case _:
            label, said = w.label_of_column(column), _things(w, things)
    if label is None:
        raise Unsayable(column)
    chosen = w.quoted(choice_name(w, label, ast.Attribute(ast.Name("item"), column), str(w.value(value))))
    words = ("{s}中有一项{x}是{v}", "of {s}, {x} is {v} once") if name == "any_of" else (
        "{s}各项{x}都是{v}", "of {s}, {x} is always {v}")  # fmt: skip
    return w.pick(words).format(s=said, x=w.quoted(w.pick(label.text)), v=chosen)


def _things(w: Writer, node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return w.step(node.id)
    return w.field(node)
