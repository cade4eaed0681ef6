"""Instants and deadlines in words."""

import ast

from engine.workflow.wording.conditions import condition_words
from engine.workflow.wording.writer import LENGTHS, Length, Unsayable, Writer, either

WEEKDAYS = {
    "mon": ("周一", "Monday"), "tue": ("周二", "Tuesday"), "wed": ("周三", "Wednesday"), "thu": ("周四", "Thursday"),
    "fri": ("周五", "Friday"), "sat": ("周六", "Saturday"), "sun": ("周日", "Sunday"),
}  # fmt: skip


def time_words(w: Writer, node: ast.expr) -> Length:
    """An expression that gives an instant."""
    match node:
        case ast.Call(func=ast.Name(id=name), args=[amount], keywords=keywords) if name in LENGTHS:
            return _length(w, name, amount, _after(keywords))
        case ast.Call(func=ast.Name(id="before"), args=[what], keywords=[ast.keyword(arg=str(unit), value=amount)]):
            length = _amount(w, unit, amount)
            return Length("", whole=w.of("{x}前 {n}", "{n} before {x}", x=instant(w, what), n=length))
        case ast.Call(func=ast.Name(id="end_of_day"), keywords=keywords):
            after = _after(keywords)
            if isinstance(after, ast.Call) and isinstance(after.func, ast.Name) and after.func.id == "month_end":
                return Length("", whole=w.of("当月最后一天结束前", "the end of the month"))
            day = instant(w, after) if after is not None else w.of("当天", "the day itself")
            return Length("", whole=w.of("{x}那天结束前", "the end of the day of {x}", x=day))
        case ast.Call(func=ast.Name(id="next_slot"), args=[day, opens, closes], keywords=keywords):
            return _slot(w, day, opens, closes, _after(keywords))
        case ast.IfExp(body=body, orelse=ast.Constant(value=None), test=test):
            return _only_if(w, time_words(w, body), body, test)
        case ast.IfExp(body=body, orelse=orelse, test=test) if either(node) is None:
            parts = {"a": time_words(w, body).words, "b": time_words(w, orelse).words, "c": condition_words(w, test)}
            return Length("", whole=w.of("{c}时为{a}，否则为{b}", "{a} if {c}, else {b}", **parts))
    return Length("", whole=instant(w, node))


def instant(w: Writer, node: ast.expr) -> str:
    """An instant as a noun phrase, to which “后 24 小时” can be put: “「登记投诉」完成”."""
    match node:
        case ast.Call(func=ast.Name(id="done_at"), args=[ast.Constant(value=str(element))]):
            return w.of("{x}完成", "the completion of {x}", x=w.step(element))
        case ast.Call(func=ast.Name(id="started_at")):
            return w.of("立案", "the start of the case")
        case ast.Call(func=ast.Name(id="now")):
            return w.of("交办", "the handing over") if w.depth else w.of("此刻", "that moment")
        case ast.Call(func=ast.Name(id="due_of"), args=[ast.Constant(value=str(key))]):
            found = w.names.deadline(key)
            name = w.quoted(w.pick(found)) if found else key
            return w.of("{x}到期", "{x} being due", x=name)
        case ast.Call(func=ast.Name(id="earlier" | "later" as name), args=parts):
            said = [instant(w, part) for part in parts]
            which = w.of("最早", "the earliest") if name == "earlier" else w.of("最晚", "the latest")
            return w.of("{x}中{which}的一个", "{which} of {x}", x=w.of("、", ", ").join(said), which=which)
        case ast.Call(func=ast.Name(id="at" | "number"), args=[what]):
            return instant(w, what)
        case ast.Call(func=ast.Name(id="weekly" | "monthly" | "month_end")):
            return recurring(w, node)
        case ast.Attribute(value=ast.Name(id="input"), attr=name):
            return _input(w, name)
        case ast.Attribute() | ast.IfExp():
            return _filled_in(w, node)
        case ast.Call():
            return time_words(w, node).words
    raise Unsayable(ast.unparse(node))


def recurring(w: Writer, node: ast.Call) -> str:
    """“每周三 09:00”, “每月 25 日”, “月末”."""
    values = [w.value(part) for part in node.args]
    more = {keyword.arg: w.value(keyword.value) for keyword in node.keywords}
    match node.func, values:
        case ast.Name(id="month_end"), [*at]:
            said, rest = w.of("每月最后一天", "the last day of each month"), at
        case ast.Name(id="monthly"), [day, *at]:
            month = w.of("每年 {m} 月 {d} 日", "day {d} of month {m} each year", m=more.get("month"), d=day)
            said = month if "month" in more else w.of("每月 {d} 日", "day {d} of each month", d=day)
            rest = at
        case ast.Name(id="weekly"), [day, *at]:
            name = w.pick(WEEKDAYS.get(str(day), (str(day), str(day))))
            nth = w.of("每月第 {n} 个{day}", "{day} number {n} of each month", n=more.get("nth"), day=name)
            said = nth if "nth" in more else w.of("每{day}", "each {day}", day=name)
            rest = at
        case _:
            raise Unsayable(ast.unparse(node))
    return f"{said} {rest[0]}" if rest else said


def _after(keywords: list[ast.keyword]) -> ast.expr | None:
    return next((keyword.value for keyword in keywords if keyword.arg == "after"), None)


def _amount(w: Writer, unit: str, amount: ast.expr) -> str:
    text = LENGTHS.get(unit)
    if text is None:
        raise Unsayable(unit)
    try:
        n = w.value(amount)
    except Unsayable:
        n = w.field(amount)  # a length that somebody fills in
    words = w.pick(text).format(n=n)
    if isinstance(n, str) and w.language == "zh":
        return words.replace("」 ", "」")
    return words.removesuffix("s") if w.language == "en" and n == 1 else words


def _length(w: Writer, unit: str, amount: ast.expr, after: ast.expr | None) -> Length:
    anchor = instant(w, after) if after is not None else ""
    if unit == "working_days" and isinstance(amount, ast.Constant) and amount.value == 0:
        day = w.of("{x}当天", "the day of {x}", x=anchor) if anchor else w.of("当天", "the same day")
        return Length(
            "",
            whole=w.of(
                "{day}（非工作日顺延）下班前", "the end of office hours on {day}, or the next working day", day=day
            ),
        )
    length = _amount(w, unit, amount)
    if not anchor:
        return Length(length)
    return Length(length, anchor, w.of("{x}后 {n}", "{n} after {x}", x=anchor, n=length))


def _slot(w: Writer, day: ast.expr, opens: ast.expr, closes: ast.expr, after: ast.expr | None) -> Length:
    key = str(w.value(day))
    name = w.pick(WEEKDAYS.get(key, (key, key)))
    said = w.of(
        "下一个{day} {opens}–{closes}",
        "the next {day}, {opens}–{closes}",
        day=name,
        opens=w.value(opens),
        closes=w.value(closes),
    )
    del after  # of a meeting: its own first hour
    return Length("", whole=said)


def _only_if(w: Writer, time: Length, body: ast.expr, test: ast.expr) -> Length:
    match test:
        case ast.Compare(left=ast.Call(func=ast.Name(id="now")), ops=[ast.Lt()], comparators=[right]):
            if ast.dump(right) == ast.dump(body):
                return Length(
                    time.length, time.anchor, w.of("{x}（过了就不再有）", "{x} (unless it is past)", x=time.words)
                )
    try:
        condition = condition_words(w, test)
    except Unsayable:
        return Length(time.length, time.anchor, w.of("{x}（不是每次都有）", "{x} (not always)", x=time.words))
    return Length(time.length, time.anchor, w.of("{x}（{c}时才有）", "{x} (only if {c})", x=time.words, c=condition))


def _input(w: Writer, name: str) -> str:
    try:
        return w.from_callers(name, instant)
    except Unsayable:
        pass
    try:
        return w.field(ast.Attribute(ast.Name("input"), name))
    except Unsayable:
        return w.of("交办", "the moment it was handed over")


def _filled_in(w: Writer, node: ast.expr) -> str:
    try:
        label = w.label(node)
    except Unsayable:
        return _named_by_step(w, node)
    field = w.quoted(w.pick(label.text))
    if not label.steps:
        return w.of("{f}所填时间", "the time given as {f}", f=field)
    return w.of("{s}所填{f}", "{f} as given in {s}", s=w.steps(label), f=field)


def _named_by_step(w: Writer, node: ast.expr) -> str:
    """A time that an operation has found, or of which two steps have a name each."""
    match node:
        case ast.IfExp() if (pair := either(node)) is not None:
            one, other = (instant(w, part) for part in pair)
            return one if one == other else w.of("{a}（没有则{b}）", "{a} (or else {b})", a=one, b=other)
        case ast.Attribute(value=ast.Name(id="item")):
            return w.of("该项的时间", "the time of the item")
        case ast.Attribute(value=ast.Name(id=element)):
            return w.of("{s}定下的时间", "the time that {s} gives", s=w.step(element))
    raise Unsayable(ast.unparse(node))
