"""Texts that people can see: what shows nothing is taken out, what can't be stored is named.

Direction marks come along with numbers copied from a telephone and turn what stands behind them around; a text of zero
width would pass for an answer. Joiners stay: emoji and some scripts are made with them.
"""

import re
from collections.abc import Mapping
from typing import Any

_UNSEEN = dict.fromkeys((0x00AD, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF))
_UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")  # categories Cc and Cs but for layout


def visible(text: str) -> str:
    """The text without characters that show nothing."""
    return text.translate(_UNSEEN)


def is_storable(text: str) -> bool:
    """Whether both stores take the text: no control characters but line ends and tabs, no half characters."""
    return _UNSTORABLE.search(text) is None


def unstorable(value: Any, path: str = "") -> str | None:
    """The path of the first text inside a value that can't be stored ("values.list.0.field"); None where all can."""
    if isinstance(value, str):
        return None if is_storable(value) else path
    if isinstance(value, Mapping):
        if any(isinstance(key, str) and not is_storable(key) for key in value):
            return path
        parts = [(f"{path}.{key}", part) for key, part in value.items()]
    elif isinstance(value, list | tuple | set | frozenset):
        parts = [(f"{path}.{number}", part) for number, part in enumerate(value)]
    else:
        return None
    return next((found for place, part in parts if (found := unstorable(part, place)) is not None), None)
