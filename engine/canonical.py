"""One way to write a value as bytes, so that the same value has the same hash everywhere."""

import json
from typing import Any


def _refuse(value: Any) -> Any:
    raise TypeError(f"{type(value).__name__} has no canonical form")


_PLAIN = (str, int, bool, type(None))  # most of what is written; nothing in them to look at
_ENCODER = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_refuse)


def _check(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError("floats have no canonical form; write decimals as text")
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise TypeError("keys are text")
            if type(item) not in _PLAIN:
                _check(item)
    elif isinstance(value, list | tuple):
        for item in value:
            if type(item) not in _PLAIN:
                _check(item)


def canonical(value: Any) -> bytes:
    """UTF-8 JSON with sorted keys, no spaces, no floats.

    Raises:
        TypeError: The value holds a float, or something that JSON does not know.
    """
    _check(value)
    return _ENCODER.encode(value).encode()


def stored(value: Any) -> bytes:
    """The same of what was read from the store: a float there is not refused, its form fits no hash."""
    return _ENCODER.encode(value).encode()
