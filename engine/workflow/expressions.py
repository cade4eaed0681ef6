"""Read and evaluate the expressions of diagrams, decisions and forms (processes/README.md).

Python parses the text and never runs it: the node types in `_BUILDERS` are turned into closures, every other one is
refused. Nothing can be repeated, formatted, looped over or reached into, so an expression ends at once and stays small;
what comes in from the data and from functions is measured as well.
"""

import ast
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any, NoReturn, TypeAlias

from engine.errors import ExpressionError
from engine.workflow.functions import SIGNATURES, Function, Value, refused, time_of_day, weekday_of, whole
from engine.workflow.operators import ARITHMETIC, COMPARISON, admit, signed, truth, within_range

Functions: TypeAlias = Mapping[str, Function]
Run: TypeAlias = Callable[[Mapping[str, Value], Functions], Value]

LONGEST_EXPRESSION = 500
MOST_PARTS = 60
DEEPEST = 12

_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_CHINESE_PUNCTUATION = re.compile("[，。；：（）【】“”‘’＝＜＞！、]")
_WORD_BEYOND_ASCII = re.compile(r"\w*[^\x00-\x7f]\w*")
_ODD_NUMBER = re.compile(r"(?<![\w.])(?:\d[\d.]*[A-Za-z_]\w*|\.\d\w*)", re.ASCII)
_BARE_DATE = re.compile(r"(?<![\w.])\d{4}-\d\d?-\d\d?(?![\w.])", re.ASCII)
_DURATION = re.compile(r"P(?:(\d+)([YMWD]))?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?)?", re.ASCII)
_OTHER_SPELLINGS = {"true": "True", "false": "False", "null": "None", "none": "None"}
_LITERAL_CHECKS: dict[str, tuple[Callable[[Value], Any], ...]] = {
    "next_slot": (weekday_of, time_of_day, time_of_day),
    "weekly": (weekday_of, time_of_day),
    "monthly": (partial(whole, least=1, most=31), time_of_day),
    "month_end": (time_of_day,),
}


class Expression:
    """A checked expression. Immutable, shared between threads."""

    def __init__(self, builder: "_Builder", run: Run) -> None:
        self.text = builder.text
        self._run = run
        self._names = frozenset(builder.names)
        self._calls = frozenset(builder.calls)
        self._literal_calls = frozenset(builder.literal_calls)
        self._problems = tuple(builder.problems)

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"

    def names(self) -> frozenset[str]:
        """Return the names it reads: "register_complaint.severity", "input.customer", "item"."""
        return self._names

    def calls(self) -> frozenset[str]:
        """Return the functions it calls."""
        return self._calls

    def literal_calls(self) -> frozenset[tuple[str, str]]:
        """Return (function, first argument) of each call whose first argument is a quoted text: ("due_of", "T-01")."""
        return self._literal_calls

    def literal_problems(self) -> tuple[ExpressionError, ...]:
        """Return what can be read but is surely not meant: a duration, a weekday or a time that is none."""
        return self._problems

    def evaluate(self, context: Mapping[str, Value], functions: Functions) -> Value:
        """Return the value: None, bool, int, Decimal, text, a list or a set of fields.

        Args:
            context: Element id → its values ({field → value}, or a list of these), `item`, or a form's own fields.
            functions: Name → function, for every name in `calls`.

        Raises:
            ExpressionError: It has no value with these data. What else a function raises passes through.
        """
        return self._run(context, functions)


@lru_cache(maxsize=4096)
def compile(text: str) -> Expression:
    """Read an expression.

    Raises:
        ExpressionError: It is not in the language of processes/README.md.
    """
    if len(text) > LONGEST_EXPRESSION:
        raise ExpressionError(text[:LONGEST_EXPRESSION], 0, "expression.too_long", limit=LONGEST_EXPRESSION)
    # XML breaks lines freely; one line, character for character, keeps the columns true.
    line = re.sub(r"[\r\n\t]", " ", text).strip()
    _check_characters(line)
    try:
        tree = ast.parse(line, mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise ExpressionError(line, getattr(error, "offset", None) or 0, "expression.syntax") from None
    builder = _Builder(line)
    return Expression(builder, builder.build(tree, 1))


def _check_characters(line: str) -> None:
    """Refuse what Python would read in another way than a person, or with a warning."""

    def refuse(found: re.Match[str] | None, reason: str, parameter: str, **others: str) -> None:
        if found:
            raise ExpressionError(line, found.start() + 1, reason, **{parameter: found.group()}, **others)

    refuse(re.search(r"[\x00-\x1f\\\ud800-\udfff]", line), "expression.not_in_language", "part")
    bare = _QUOTED.sub(lambda quoted: '"' + " " * (len(quoted.group()) - 2) + '"', line)
    comment = bare.find("#") + 1
    if comment:
        raise ExpressionError(line, comment, "expression.comment")
    refuse(_CHINESE_PUNCTUATION.search(bare), "expression.chinese_punctuation", "sign")
    refuse(_WORD_BEYOND_ASCII.search(bare), "expression.bad_name", "name")
    refuse(_ODD_NUMBER.search(bare), "expression.number_form", "number")
    date = _BARE_DATE.search(bare)
    refuse(date, "expression.write_instead", "literal", correction=f'"{date.group()}"' if date else "")


def _in_our_words(duration: str) -> str | None:
    """Return the call that means an ISO 8601 duration, None for any other text."""
    parts = _DURATION.fullmatch(duration)
    if parts is None or duration == "P":
        return None
    count, unit, hours, minutes = int(parts[1] or 0), parts[2], int(parts[3] or 0), int(parts[4] or 0)
    if unit in ("Y", "M"):
        return f"months({count * 12 if unit == 'Y' else count})"
    days = count * 7 if unit == "W" else count
    if minutes:
        return f"minutes({(days * 24 + hours) * 60 + minutes})"
    return f"hours({days * 24 + hours})" if hours else f"days({days})"


class _Builder:
    """Turns one expression's tree into closures and notes what it reads and calls."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.names: set[str] = set()
        self.calls: set[str] = set()
        self.literal_calls: set[tuple[str, str]] = set()
        self.problems: list[ExpressionError] = []
        self._parts = 0

    def build(self, node: ast.expr, depth: int) -> Run:
        self._parts += 1
        if self._parts > MOST_PARTS:
            self.refuse(node, "expression.too_many_parts", limit=MOST_PARTS)
        if depth > DEEPEST:
            self.refuse(node, "expression.too_deep", limit=DEEPEST)
        builder = _BUILDERS.get(type(node))
        if builder is None:
            self.refuse(node, "expression.not_in_language", part=ast.get_source_segment(self.text, node) or "")
        return builder(self, node, depth + 1)

    def refuse(self, node: ast.AST, reason: str, **parameters: Any) -> NoReturn:
        raise self.located(refused(reason, **parameters), node)

    def located(self, error: ExpressionError, node: ast.AST) -> ExpressionError:
        """Add text and column to the error of an operator or a function."""
        if error.text:
            return error
        offset: int = getattr(node, "col_offset", 0)  # in bytes of UTF-8
        column = len(self.text.encode()[:offset].decode()) + 1
        return ExpressionError(self.text, column, error.reason, **error.parameters)

    def constant(self, node: ast.Constant, depth: int) -> Run:
        value: Value = node.value
        if type(value) is float:
            value = Decimal(ast.get_source_segment(self.text, node) or "")
        elif value is not None and type(value) not in (bool, int, str):
            self.refuse(node, "expression.not_in_language", part=type(value).__name__)
        if type(value) in (int, Decimal):
            try:
                within_range(value)
            except ExpressionError as error:
                raise self.located(error, node) from None
        if depth == 2 and isinstance(value, str):
            self._suggest(node, value, _in_our_words(value))
        return lambda context, functions: value

    def list_(self, node: ast.List, depth: int) -> Run:
        items = tuple(self.build(item, depth) for item in node.elts)
        return lambda context, functions: [item(context, functions) for item in items]

    def tuple_(self, node: ast.Tuple, depth: int) -> Run:
        self.refuse(node, "expression.use_a_list")

    def name(self, node: ast.Name, depth: int) -> Run:
        name = self._checked_name(node, node.id)
        self.names.add(name)
        self._suggest(node, name, _in_our_words(name) or _OTHER_SPELLINGS.get(name))

        def run(context: Mapping[str, Value], functions: Functions) -> Value:
            try:
                return admit(context[name], name)
            except KeyError:
                self.refuse(node, "expression.unknown_name", name=name)
            except ExpressionError as error:
                raise self.located(error, node) from None

        return run

    def attribute(self, node: ast.Attribute, depth: int) -> Run:
        if not isinstance(node.value, ast.Name):
            self.refuse(node, "expression.not_in_language", part="…." + node.attr)
        name, field = self._checked_name(node, node.value.id), self._checked_name(node, node.attr)
        dotted = f"{name}.{field}"
        self.names.add(dotted)

        def run(context: Mapping[str, Value], functions: Functions) -> Value:
            fields = context.get(name)
            if type(fields) is not dict and not isinstance(fields, Mapping):
                if fields is None:
                    return None
                reason = "expression.list_field" if isinstance(fields, list) else "expression.no_fields"
                self.refuse(node, reason, name=name, field=field)
            try:
                return admit(fields.get(field), dotted)
            except ExpressionError as error:
                raise self.located(error, node) from None

        return run

    def unary(self, node: ast.UnaryOp, depth: int) -> Run:
        operand = self.build(node.operand, depth)
        if isinstance(node.op, ast.Not):
            decide = self._decide("not", node, operand)
            return lambda context, functions: not decide(context, functions)
        if not isinstance(node.op, ast.USub | ast.UAdd):
            self.refuse(node, "expression.not_in_language", part="~")
        symbol = "-" if isinstance(node.op, ast.USub) else "+"

        def run(context: Mapping[str, Value], functions: Functions) -> Value:
            value = operand(context, functions)
            try:
                return signed(symbol, value)
            except ExpressionError as error:
                raise self.located(error, node) from None

        return run

    def binary(self, node: ast.BinOp, depth: int) -> Run:
        combine = ARITHMETIC.get(type(node.op))
        if combine is None:
            self.refuse(node, "expression.not_in_language", part=type(node.op).__name__)
        return self._apply(node, combine, self.build(node.left, depth), self.build(node.right, depth))

    def boolean(self, node: ast.BoolOp, depth: int) -> Run:
        word = "and" if isinstance(node.op, ast.And) else "or"
        operands = tuple(self._decide(word, value, self.build(value, depth)) for value in node.values)
        choose = all if word == "and" else any
        if len(operands) > 2:
            return lambda context, functions: choose(operand(context, functions) for operand in operands)
        first, second = operands
        if word == "and":
            return lambda context, functions: first(context, functions) and second(context, functions)
        return lambda context, functions: first(context, functions) or second(context, functions)

    def comparison(self, node: ast.Compare, depth: int) -> Run:
        sides = [node.left, *node.comparators]
        for sign, right in zip(node.ops, node.comparators, strict=True):
            constant = isinstance(right, ast.Constant) and right.value is None
            if isinstance(sign, ast.Is | ast.IsNot) and not constant:
                self.refuse(right, "expression.not_in_language", part="is")
        first, *others = [self.build(side, depth) for side in sides]
        links = tuple(zip((COMPARISON[type(sign)] for sign in node.ops), others, strict=True))
        if len(links) == 1:
            return self._apply(node, links[0][0], first, others[0])

        def run(context: Mapping[str, Value], functions: Functions) -> bool:
            left = first(context, functions)
            for compare, side in links:
                right = side(context, functions)
                try:
                    if not compare(left, right):
                        return False
                except ExpressionError as error:
                    raise self.located(error, node) from None
                left = right
            return True

        return run

    def conditional(self, node: ast.IfExp, depth: int) -> Run:
        decide = self._decide("if", node.test, self.build(node.test, depth))
        then, otherwise = self.build(node.body, depth), self.build(node.orelse, depth)
        return lambda context, functions: (then if decide(context, functions) else otherwise)(context, functions)

    def call(self, node: ast.Call, depth: int) -> Run:
        if not isinstance(node.func, ast.Name):
            self.refuse(node, "expression.not_in_language", part="…(…)")
        name = self._checked_name(node, node.func.id)
        self._check_arguments(name, node)
        self.calls.add(name)
        arguments = tuple(self.build(argument, depth) for argument in node.args)
        keywords = tuple((str(keyword.arg), self.build(keyword.value, depth)) for keyword in node.keywords)

        def run(context: Mapping[str, Value], functions: Functions) -> Value:
            function = functions.get(name)
            if function is None:
                self.refuse(node, "expression.unknown_function", name=name)
            values = [argument(context, functions) for argument in arguments]
            named = {keyword: value(context, functions) for keyword, value in keywords}
            try:
                return admit(function(*values, **named), name)
            except ExpressionError as error:
                raise self.located(error, node) from None

        return run

    def _check_arguments(self, name: str, node: ast.Call) -> None:
        signature = SIGNATURES.get(name)
        for keyword in node.keywords:
            if keyword.arg is None or (signature and keyword.arg not in signature.keywords):
                self.refuse(keyword, "expression.unknown_argument", function=name, argument=keyword.arg or "**")
        if signature and not signature.least <= len(node.args) <= signature.most:
            least, most = signature.least, signature.most
            self.refuse(node, "expression.argument_count", function=name, least=least, most=most)
        if node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str):
            self.literal_calls.add((name, node.args[0].value))
        for check, argument in zip(_LITERAL_CHECKS.get(name, ()), node.args, strict=False):
            if isinstance(argument, ast.Constant):
                try:
                    check(argument.value)
                except ExpressionError as error:
                    self.problems.append(self.located(error, argument))

    def _checked_name(self, node: ast.AST, name: str) -> str:
        if name.startswith("_"):
            self.refuse(node, "expression.bad_name", name=name)
        return name

    def _suggest(self, node: ast.AST, literal: str, correction: str | None) -> None:
        if correction:
            error = refused("expression.write_instead", literal=literal, correction=correction)
            self.problems.append(self.located(error, node))

    def _apply(self, node: ast.AST, combine: Function, left: Run, right: Run) -> Run:
        def run(context: Mapping[str, Value], functions: Functions) -> Value:
            one, other = left(context, functions), right(context, functions)
            try:
                return combine(one, other)
            except ExpressionError as error:
                raise self.located(error, node) from None

        return run

    def _decide(self, word: str, node: ast.AST, operand: Run) -> Run:
        def run(context: Mapping[str, Value], functions: Functions) -> bool:
            value = operand(context, functions)
            if value is True or value is False:
                return value
            try:
                return truth(word, value)
            except ExpressionError as error:
                raise self.located(error, node) from None

        return run


_BUILDERS: dict[type[ast.expr], Callable[[_Builder, Any, int], Run]] = {
    ast.Constant: _Builder.constant,
    ast.List: _Builder.list_,
    ast.Tuple: _Builder.tuple_,
    ast.Name: _Builder.name,
    ast.Attribute: _Builder.attribute,
    ast.UnaryOp: _Builder.unary,
    ast.BinOp: _Builder.binary,
    ast.BoolOp: _Builder.boolean,
    ast.Compare: _Builder.comparison,
    ast.IfExp: _Builder.conditional,
    ast.Call: _Builder.call,
}
