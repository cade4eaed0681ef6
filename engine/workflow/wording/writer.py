"""Says one expression in one language: `Writer.time`, `.condition`, `.who`, `.items`."""

import ast
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.workflow.wording.names import Label, Names, Pair

LENGTHS: dict[str, Pair] = {
    "minutes": ("{n} 分钟", "{n} minutes"),
    "hours": ("{n} 小时", "{n} hours"),
    "days": ("{n} 天", "{n} days"),
    "months": ("{n} 个月", "{n} months"),
    "working_hours": ("{n} 工作小时", "{n} working hours"),
    "working_days": ("{n} 个工作日", "{n} working days"),
}
DEEPEST = 4  # inputs that are given inputs again


class Unsayable(Exception):
    """There are no words for this expression."""


@dataclass(frozen=True, slots=True)
class Length:
    """A deadline in words: `length` after `anchor` (“24 小时”, “「登记投诉」完成”); no anchor: from the opening on."""

    length: str
    anchor: str = ""
    whole: str = ""  # both in one phrase; where there is no length it is all that there is

    @property
    def words(self) -> str:
        return self.whole or self.length

    @property
    def rest(self) -> str:
        """What is said beside the length."""
        return self.whole.replace(self.length, "") if self.length else self.whole


class Writer:
    """Words for the expressions of one procedure; every method raises `Unsayable`."""

    def __init__(self, names: Names, language: str = "zh", depth: int = 0) -> None:
        self.names = names
        self.language = language
        self.depth = depth

    def of(self, zh: str, en: str, **parts: object) -> str:
        """One of two texts, its braces filled."""
        return (zh if self.language == "zh" else en).format_map(parts)

    def pick(self, pair: Pair) -> str:
        return pair[0] if self.language == "zh" else pair[1]

    def quoted(self, text: str) -> str:
        return f"「{text}」" if self.language == "zh" else f"“{text}”"

    def time(self, text: str) -> Length:
        """A timer's expression."""
        from engine.workflow.wording.times import time_words  # the three kinds of words ask each other

        return time_words(self, parsed(text))

    def condition(self, text: str) -> str:
        """A condition: “「是否满意」选「不满意」且 …”."""
        from engine.workflow.wording.conditions import condition_words

        return condition_words(self, parsed(text))

    def who(self, text: str) -> str:
        """An expression that gives principal keys."""
        from engine.workflow.wording.people import who_words

        return who_words(self, parsed(text))

    def items(self, text: str) -> str:
        """An expression that gives a list."""
        from engine.workflow.wording.people import list_words

        return list_words(self, parsed(text))

    # What all kinds of words need

    def step(self, element: str) -> str:
        """“「登记投诉」”."""
        found = self.names.step(element)
        if found is None:
            raise Unsayable(element)
        return self.quoted(self.pick(found))

    def label(self, node: ast.expr) -> Label:
        """The label of a field that is read; of an input, what all callers give for it."""
        match node:
            case ast.Attribute(value=ast.Name(id="input"), attr=name):
                found = self.label_of_input(name)
            case ast.Attribute(value=ast.Name(id="item"), attr=name):
                found = self.label_of_column(name)
            case ast.Attribute(value=ast.Name(id=element), attr=name):
                found = self.names.field(element, name)
            case ast.IfExp() if (pair := either(node)) is not None:
                found = self.label_of_either(*pair)
            case ast.Call(func=ast.Name(id="number"), args=[inner]):
                found = self.label(inner)
            case _:
                found = None
        if found is None:
            raise Unsayable(ast.unparse(node))
        return found

    def label_of_either(self, one: ast.expr, other: ast.expr) -> Label | None:
        """Two ways in to one question (a start by hand and one by message) ask for the same field."""
        first, second = self.label(one), self.label(other)
        if first.text != second.text:
            return None
        return Label(first.text, first.kind, {**second.choices, **first.choices}, (*first.steps, *second.steps))

    def label_of_input(self, name: str) -> Label | None:
        found: list[Label] = []
        for names, text in self.names.callers(name):
            try:
                found.append(Writer(names, self.language, self.depth + 1).label(parsed(text)))
            except Unsayable:
                continue
        texts = {one.text for one in found}
        return Label(found[0].text, found[0].kind, found[0].choices) if len(texts) == 1 else None

    def label_of_column(self, name: str) -> Label | None:
        """A column of the one repeated group that has it."""
        from engine.workflow.wording.names import label_of

        groups = [c for form in self.names.material.own_forms.values() for c in form.components.values()]
        parts = [part for group in groups for part in group.get("components") or () if isinstance(part, dict)]
        return next((label_of(part) for part in parts if part.get("key") == name), None)

    def steps(self, label: Label) -> str:
        """“「首轮」或「再一轮」”, "" where the field belongs to no step of this procedure."""
        return self.of("或", " or ").join(self.quoted(self.pick(one)) for one in dict.fromkeys(label.steps))

    def field(self, node: ast.expr) -> str:
        """“「严重程度」”: a field by its label."""
        return self.quoted(self.pick(self.label(node).text))

    def from_callers(self, name: str, say: Callable[["Writer", ast.expr], str]) -> str:
        """What callers give for an input, where all give what sounds alike."""
        if self.depth > DEEPEST:
            raise Unsayable(name)
        said = {
            say(Writer(names, self.language, self.depth + 1), parsed(text)) for names, text in self.names.callers(name)
        }
        if len(said) != 1:
            raise Unsayable(name)
        return said.pop()

    def value(self, node: ast.expr) -> Any:
        """A constant, or a parameter's value."""
        match node:
            case ast.Constant(value=found):
                return found
            case ast.Call(func=ast.Name(id="parameter"), args=[ast.Constant(value=str(name))]):
                found, _title, _unit = self.names.parameter(name)
                if found is not None:
                    return found
        raise Unsayable(ast.unparse(node))


def parsed(text: str) -> ast.expr:
    """The tree of an expression.

    Raises:
        Unsayable: It is none.
    """
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise Unsayable(text) from None


def either(node: ast.IfExp) -> tuple[ast.expr, ast.expr] | None:
    """`a if a != None else b`: (a, b); None for any other choice."""
    match node.test:
        case ast.Compare(left=tested, ops=[ast.NotEq()], comparators=[ast.Constant(value=None)]):
            return (node.body, node.orelse) if ast.dump(tested) == ast.dump(node.body) else None
    return None
