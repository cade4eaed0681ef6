"""Who does a step, and for which things it is done once each, in words."""

import ast

from engine.workflow.wording.conditions import condition_words
from engine.workflow.wording.writer import Unsayable, Writer, either


def who_words(w: Writer, node: ast.expr) -> str:
    """An expression that gives principal keys."""
    match node:
        case ast.List(elts=parts):
            return w.of("、", " and ").join(who_words(w, part) for part in parts)
        case ast.Call(func=ast.Name(id="group" | "head_of" | "person" as kind), args=[what]):
            return _keyed(w, kind, what)
        case ast.Call(func=ast.Name(id="doer_of"), args=[ast.Constant(value=str(element))]):
            return w.of("办理{x}的人", "who did {x}", x=w.step(element))
        case ast.Call(func=ast.Name(id="initiator")):
            return w.of("发起人", "who started the case")
        case ast.Constant(value=str(key)):
            return _principal(w, key)
        case ast.Constant(value=None):
            return w.of("没有人", "nobody")
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return _choice(w, node, test, body, orelse)
    return _filled_in(w, node)


def list_words(w: Writer, node: ast.expr) -> str:
    """An expression that gives a list, as what its items are: “「责任部门」中的每一项”."""
    match node:
        case ast.IfExp(body=body):
            return list_words(w, body)
        case ast.Call(func=ast.Name(id="without" | "unique" | "pick"), args=[things, *_rest]):
            return list_words(w, things)
        case ast.List(elts=parts):
            return w.of("、", " and ").join(who_words(w, part) for part in parts)
        case ast.Name(id=element):
            return w.step(element)
        case ast.Attribute(value=ast.Name(id=element)):
            try:
                return w.field(node)
            except Unsayable:
                return w.of("{x}列出的各项", "what {x} lists", x=w.step(element))
    raise Unsayable(ast.unparse(node))


def _principal(w: Writer, key: str) -> str:
    found = w.names.principal(key)
    if found is None:
        raise Unsayable(key)
    return w.pick(found)


def _keyed(w: Writer, kind: str, what: ast.expr) -> str:
    match kind, what:
        case "group" | "person", ast.Constant(value=str(key)):
            return _principal(w, f"{kind}:{key}")
        case "head_of", ast.Constant(value=str(key)):
            return _principal(w, f"head:{key}")
        case "head_of", _:
            return w.of("{x}的负责人", "the head of {x}", x=_department(w, what))
    return who_words(w, what) if isinstance(what, ast.IfExp) else _filled_in(w, what)


def _department(w: Writer, node: ast.expr) -> str:
    match node:
        case ast.Name(id="item"):
            return w.of("该部门", "that department")
        case ast.Call(func=ast.Name(id="without" | "pick" | "unique"), args=[things, *_rest]):
            return _department(w, things)
    return _filled_in(w, node)


def _choice(w: Writer, node: ast.IfExp, test: ast.expr, body: ast.expr, orelse: ast.expr) -> str:
    one, other = who_words(w, body), who_words(w, orelse)
    if one == other:
        return one
    if either(node) is not None or _asks_for(test, body):
        return w.of("{a}（没有则{b}）", "{a} (or else {b})", a=one, b=other)
    try:
        condition = condition_words(w, test)
    except Unsayable:
        return w.of("{a}或{b}，视情况", "{a} or {b}, as the case may be", a=one, b=other)
    return w.of("{a}（{c}时），否则{b}", "{a} (if {c}), else {b}", a=one, b=other, c=condition)


def _asks_for(test: ast.expr, body: ast.expr) -> bool:
    """Whether the condition only asks if what the body reads is there."""
    read = {ast.unparse(part) for part in ast.walk(body) if isinstance(part, ast.Attribute)}
    asked = [part for part in ast.walk(test) if isinstance(part, ast.Compare)]
    return bool(asked) and all(
        isinstance(one.ops[0], ast.NotEq)
        and ast.unparse(one.left) in read
        and ast.unparse(one.comparators[0]) == "None"
        for one in asked
    )


def _filled_in(w: Writer, node: ast.expr) -> str:
    """Whom somebody has named in a form, or an operation has found."""
    match node:
        case ast.Name(id="item"):
            return w.of("该项所指的人", "whom the item names")
        case ast.Attribute(value=ast.Name(id="input"), attr=name):
            return _input(w, name, node)
    try:
        label = w.label(node)
    except Unsayable:
        match node:
            case ast.Attribute(value=ast.Name(id=element)) if element != "item":
                return w.of("{x}找到的人", "whom {x} finds", x=w.step(element))
            case ast.IfExp() if (pair := either(node)) is not None:
                one, other = (_filled_in(w, part) for part in pair)
                return one if one == other else w.of("{a}（没有则{b}）", "{a} (or else {b})", a=one, b=other)
        raise
    field = w.quoted(w.pick(label.text))
    if not label.steps:
        return field
    return w.of("{s}所填{f}", "{f} as given in {s}", s=w.steps(label), f=field)


def _input(w: Writer, name: str, node: ast.expr) -> str:
    try:
        return w.from_callers(name, who_words)
    except Unsayable:
        pass
    try:
        return w.field(node)
    except Unsayable:
        return w.of("交办时指定的人", "who was named when it was handed over")
