"""Whether a text is an expression of the language, whatever it names: the evaluator's judgement, and a little more."""

import ast
from difflib import get_close_matches

from engine.errors import ExpressionError
from engine.messages import say
from engine.workflow import expressions
from engine.workflow.functions import SIGNATURES
from engine.workflow.lint.problem import Problem, problem
from engine.workflow.lint.references import Place, calls_in, text_in, tree_of

EMPTY_IS_SAID_ELSEWHERE = ("condition", "timer")
DECIDING = ("condition", "met_when")


def understood(file: str, place: Place) -> tuple[ast.expr | None, list[Problem]]:
    """The tree of an expression, None where it is none, and what is wrong with it by itself."""
    tree, refusal = tree_of(place.text), refused(place.text)
    context = {"role": place.role, "text": place.text}
    if refusal is not None or tree is None:
        silent = not place.text.strip() and place.role in EMPTY_IS_SAID_ELSEWHERE
        return None, [] if silent else [
            problem("expressions.refused", file, place.element, **context, **(refusal or _UNREADABLE))
        ]
    found = []
    if _never_has_a_value(tree, decides=place.role in DECIDING):
        found.append(problem("expressions.kind", file, place.element, **context))
    for name, _ in calls_in(tree):
        if name not in SIGNATURES:
            likely = get_close_matches(name, SIGNATURES, n=1) or ["processes/README.md"]
            found.append(
                problem("expressions.unknown_function", file, place.element, **context, name=name, known=likely[0])
            )
    return tree, found


_UNREADABLE = {"reason_zh": "读不懂", "reason_en": "it can't be read", "column": "1"}


def refused(text: str) -> dict[str, str] | None:
    """Why the evaluator does not take a text, in both languages; None where it does."""
    try:
        found = expressions.compile(text).literal_problems()
    except ExpressionError as error:
        found = (error,)
    if not found:
        return None
    zh, en = (say(found[0].reason, language, **found[0].parameters) for language in ("zh", "en"))
    return {"reason_zh": zh, "reason_en": en, "column": str(found[0].column)}


def _never_has_a_value(tree: ast.expr, *, decides: bool) -> bool:
    """Whether evaluating must fail: text or a list in arithmetic, or a number or text where yes or no is wanted."""
    sums = [node for node in ast.walk(tree) if isinstance(node, ast.BinOp)]
    sides = [side for node in sums for side in (node.left, node.right)]
    if any(isinstance(side, ast.List) or text_in(side) is not None for side in sides):
        return True
    plain = isinstance(tree, ast.Constant) and not isinstance(tree.value, bool | None)
    return decides and (plain or isinstance(tree, ast.BinOp | ast.List))
