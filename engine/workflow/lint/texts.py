"""What the lint says: code → (Chinese, English); each names what is wrong and what to do about it.

`{element}` is the shape's id. Codes never change; a problem that is only a warning stands in `WARNINGS`, one that only
the editor shows in `HINTS`.
"""

from engine.workflow.lint import drawing_checks
from engine.workflow.lint.texts_of_data import TEXTS as OF_DATA
from engine.workflow.lint.texts_of_names import TEXTS as OF_NAMES
from engine.workflow.lint.texts_of_shapes import TEXTS as OF_SHAPES

TEXTS: dict[str, tuple[str, str]] = OF_SHAPES | OF_NAMES | OF_DATA | drawing_checks.TEXTS

HINTS = {"deadlines.none"}
WARNINGS = drawing_checks.WARNINGS | {
    "decisions.gap",
    "decisions.not_called",
    "events.uncaught",
    "expressions.unknown_input",
    "gateways.too_tangled",
    "gateways.useless",
    "names.flow_id",
    "names.length",
    "names.no_english",
    "names.no_question",
    "tasks.empty_group",
    "tasks.unused_input",
}
