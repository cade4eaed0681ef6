"""procedure.toml as a form shows it: read into plain fields, and written back so that its comments and order survive.

Only what was changed is touched: a value that stays the same keeps its spelling. What the form does not know stays.
"""

import re
import tomllib
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import tomlkit

NUMBER, YES_NO, TIME, DATE, TEXT = "number", "yes_no", "time", "date", "text"
KINDS = (NUMBER, YES_NO, TIME, DATE, TEXT)
NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
TITLES = ("title", "title_en", "key", "owner", "profile")
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_WHOLE = re.compile(r"-?[0-9]{1,15}")


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A parameter; `value` as it is typed, "yes" or "no" of a yes_no. A `list` is shown and kept as it is."""

    name: str
    kind: str
    value: str
    title: str = ""
    title_en: str = ""
    unit: str = ""
    convention: bool = False


@dataclass(frozen=True, kw_only=True)
class ProcedureSettings:
    """What procedure.toml says of a procedure; pairs are (lane, principal) and (Chinese name, English name)."""

    title: str = ""
    title_en: str = ""
    key: str = ""
    owner: str = ""
    profile: str = ""
    clauses: tuple[str, ...] = ()
    starters: tuple[str, ...] = ()
    lanes: tuple[tuple[str, str], ...] = ()
    parameters: tuple[Parameter, ...] = ()
    english: tuple[tuple[str, str], ...] = ()


def read(content: bytes) -> ProcedureSettings:
    """Read the file; what is of another kind than the form expects is shown as text.

    Raises:
        ValueError: It is no TOML.
    """
    values = tomllib.loads(content.decode())
    return ProcedureSettings(
        **{name: _text(values.get(name)) for name in TITLES},
        clauses=_texts(values.get("clauses")),
        starters=_texts(values.get("starters")),
        lanes=tuple((name, _text(value)) for name, value in _table(values.get("lanes")).items()),
        parameters=tuple(_parameter(name, value) for name, value in _table(values.get("parameters")).items()),
        english=tuple((name, _text(value)) for name, value in _table(values.get("english")).items()),
    )


def fault(kind: str, value: str) -> bool:
    """Whether a typed value is none of its kind."""
    match kind:
        case "number":
            return _WHOLE.fullmatch(value) is None
        case "time":
            return _TIME.fullmatch(value) is None
        case "date":
            return _day(value) is None
        case "yes_no":
            return value not in ("yes", "no")
        case "text":
            return not value
    return False


def written(content: bytes, wanted: ProcedureSettings) -> bytes:
    """The file with what is wanted; equal to `content` where nothing is to change.

    Raises:
        ValueError: `content` is no TOML.
    """
    before = read(content)
    file = tomlkit.parse(content.decode())
    for name in TITLES:
        if getattr(wanted, name) != getattr(before, name):
            _put(file, name, getattr(wanted, name))
    for name in ("clauses", "starters"):
        if getattr(wanted, name) != getattr(before, name):
            file[name] = list(getattr(wanted, name))
    _write_pairs(file, "lanes", before.lanes, wanted.lanes)
    _write_parameters(file, before.parameters, wanted.parameters)
    _write_pairs(file, "english", before.english, wanted.english)
    return tomlkit.dumps(file).encode()


def _write_pairs(
    file: tomlkit.TOMLDocument, name: str, before: tuple[tuple[str, str], ...], wanted: tuple[tuple[str, str], ...]
) -> None:
    old, new = dict(before), dict(wanted)
    if old == new:
        return
    table = _section(file, name)
    for key in old.keys() - new.keys():
        del table[key]
    for key, value in new.items():
        if old.get(key) != value:
            table[key] = value


def _write_parameters(file: tomlkit.TOMLDocument, before: tuple[Parameter, ...], wanted: tuple[Parameter, ...]) -> None:
    old, new = {one.name: one for one in before}, {one.name: one for one in wanted}
    if old == new:
        return
    table = _section(file, "parameters")
    for name in old.keys() - new.keys():
        del table[name]
    for name, one in new.items():
        if old.get(name) == one:
            continue
        kept = table.get(name)
        record = kept if isinstance(kept, MutableMapping) else tomlkit.inline_table()
        was = old.get(name)
        if was is None or (was.value, was.kind) != (one.value, one.kind) or "value" not in record:
            record["value"] = _value(one, kept)
        for part in ("title", "title_en", "unit"):
            _put(record, part, getattr(one, part))
        if one.convention != (record.get("convention") is True):
            _put(record, "convention", one.convention)
        if record is not kept:
            table[name] = record


def _section(file: tomlkit.TOMLDocument, name: str) -> Any:
    if name not in file:
        file[name] = tomlkit.table()
    return file[name]


def _put(record: MutableMapping[str, Any], name: str, value: str | bool) -> None:
    """Set a value, take it away where it is empty, leave it alone where it is the same."""
    if not value:
        record.pop(name, None)
    elif record.get(name) != value:
        record[name] = value


def _value(one: Parameter, kept: Any) -> Any:
    match one.kind:
        case "number":
            return int(one.value)
        case "yes_no":
            return one.value == "yes"
        case "list":
            return kept["value"] if isinstance(kept, Mapping) else kept
    return one.value


def _parameter(name: str, value: Any) -> Parameter:
    about = value if isinstance(value, Mapping) else {}
    plain = about.get("value") if isinstance(value, Mapping) else value
    return Parameter(
        name=name,
        kind=_kind(plain),
        value=("yes" if plain else "no") if isinstance(plain, bool) else _text(plain),
        title=_text(about.get("title")),
        title_en=_text(about.get("title_en")),
        unit=_text(about.get("unit")),
        convention=about.get("convention") is True,
    )


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return YES_NO
    if isinstance(value, int):
        return NUMBER
    if isinstance(value, list):
        return "list"
    text = _text(value)
    return TIME if _TIME.fullmatch(text) else DATE if _day(text) else TEXT


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2026-01-01") else None
    except ValueError:
        return None


def _table(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(_text(one) for one in value) if isinstance(value, list) else ()


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_text(one) for one in value)
    return "" if value is None else str(value)
