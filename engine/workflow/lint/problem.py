"""What the lint answers with: one problem, its place, and what to do about it in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from engine.workflow.lint.texts import HINTS, TEXTS, WARNINGS

LONGEST_QUOTE = 80
Severity: TypeAlias = Literal["error", "warning", "hint"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in the files of a procedure.

    `element` is the id of the shape that the editor marks, None where the whole file is meant. An error may not be
    deployed; a hint is a question that only the editor asks.
    """

    code: str
    severity: Severity
    file: str
    element: str | None
    message_zh: str
    message_en: str
    context: Mapping[str, str] = field(default_factory=dict, compare=False)


def problem(code: str, file: str, element: str | None = None, **context: object) -> Problem:
    """Build the problem `code` (a key of `texts.TEXTS`); context fills the braces of its texts, quoted shortly."""
    zh, en = TEXTS[code]
    shown = {key: shorten(str(value)) for key, value in context.items()}
    shown.setdefault("element", shorten(element or file))
    return Problem(
        code=code,
        severity="hint" if code in HINTS else "warning" if code in WARNINGS else "error",
        file=shorten(file),
        element=None if element is None else shorten(element),
        message_zh=zh.format_map(shown),
        message_en=en.format_map(shown),
        context=shown,
    )


def shorten(text: str) -> str:
    """Cut what a stranger wrote to a length that fits a message."""
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST_QUOTE else plain[: LONGEST_QUOTE - 1] + "…"
