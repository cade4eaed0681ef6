"""A decision table's unary tests, evaluated on the value of their column (DMN 1.3, 8.2.4).

SpiffWorkflow pastes a cell behind its column's expression as text, which changes the meaning as soon as that expression
is more than a name; here the value is computed first and stands for `cell` in the test.
"""

import re
from typing import Any

from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine

_MARK = re.compile(r"\?(?=(?:[^'\"]|'[^']*'|\"[^\"]*\")*$)")  # a question mark outside quotes


class DecisionTable(DMNEngine):  # type: ignore[misc]
    """Decides with the case's own evaluator."""

    def evaluate(self, input_expr: str, match_expr: str | None, task: Any) -> bool:
        """Whether a cell holds for the value of its column; an empty one always does."""
        if match_expr is None or not match_expr.strip():
            return True
        engine = task.workflow.script_engine
        test = self.test(engine, match_expr.strip())
        return bool(engine.evaluate(task, test, external_context={"cell": engine.value(task, input_expr)}))

    @staticmethod
    def test(engine: Any, text: str) -> str:
        """`>= 5` → `cell >= 5`; `1 < ? < 5` → `1 < cell < 5`; `"major"` → `cell == ("major")`."""
        marked = _MARK.sub("cell", text)
        if marked != text:
            return marked
        try:
            engine.validate(text)
        except SyntaxError:
            return f"cell {text}"
        return f"cell == ({text})"
