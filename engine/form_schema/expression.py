"""Which of its own fields a form's expression reads; what it means is the evaluator's business."""

import ast
from functools import lru_cache


@lru_cache(maxsize=2048)
def own_names(text: str) -> frozenset[str]:
    """Return the bare names, which are the form's own fields; `element.field` is data of the case.

    Raises:
        SyntaxError: The text is no expression.
    """
    tree = ast.parse(text.strip(), mode="eval")
    others = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    others |= {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in others)
