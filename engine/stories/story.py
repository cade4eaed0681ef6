"""A story as it is written (processes/README.md, "Stories"): TOML in, plain data out."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from engine.clock import OFFICE
from engine.errors import StoryFailed

EXPECTATIONS = frozenset(
    {"open", "assignee", "candidates", "due", "breaches", "met", "notices", "data", "balances"}
    | {"status", "end_state", "cases", "incidents", "refused", "field"}
)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True, kw_only=True)
class Deed:
    """One step of a story; `at` is aware, `do` an element id or a name of deeds.BY_NAME."""

    number: int
    at: datetime
    do: str
    by: str | None = None
    case: str | None = None  # procedure of another case that the story has caused
    item: str | None = None
    form: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)  # reason, to, due …: the fields of the command
    expect: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Story:
    path: Path
    title: str
    clauses: tuple[str, ...]
    procedure: str
    start: Deed
    deeds: tuple[Deed, ...]
    parameters: Mapping[str, Any]  # "procedure.name" or "name" of the own procedure → value, for this story alone
    registers: tuple[tuple[str, Mapping[str, Any]], ...] = ()  # (register, row) that are there before it begins

    @property
    def name(self) -> str:
        return f"{self.procedure}/{self.path.stem}"


def instant(text: str) -> datetime:
    """Office time as written in a story."""
    return datetime.fromisoformat(text).replace(tzinfo=OFFICE)


def load(path: Path) -> Story:
    """Read a story file.

    Raises:
        StoryFailed: It is not TOML, or has an unknown key.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        start = dict(raw["start"])
        moment = instant(start.pop("at"))
        procedure = start.pop("procedure", path.parent.parent.name)
        first = _deed(path, 0, moment, {"do": start.pop("event", ""), **start})
        deeds = []
        for number, step in enumerate(raw.get("step", []), 1):
            moment = _moment(step, moment)
            deeds.append(_deed(path, number, moment, step))
    except (tomllib.TOMLDecodeError, KeyError, ValueError) as error:
        raise StoryFailed(story=str(path), step=0, reason=repr(error)) from error
    return Story(
        path=path,
        title=raw["title"],
        clauses=tuple(raw.get("clauses", ())),
        procedure=procedure,
        start=first,
        deeds=tuple(deeds),
        parameters=raw.get("parameters", {}),
        registers=tuple(row for block in raw.get("registers", ()) for row in _rows(block)),
    )


def _rows(block: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The register rows of a block: `count` of them, `{n}` in a text being 1, 2, …"""
    row = {name: value for name, value in block.items() if name not in ("register", "count")}
    for n in range(1, block.get("count", 1) + 1):
        numbered = {name: value.replace("{n}", str(n)) for name, value in row.items() if isinstance(value, str)}
        yield block["register"], {**row, **numbered}


def _moment(step: Mapping[str, Any], before: datetime) -> datetime:
    if "at" in step:
        return instant(step["at"])
    after = str(step.get("after", "0s"))
    return before + timedelta(**{_UNITS[after[-1]]: int(after[:-1])})


def _deed(path: Path, number: int, at: datetime, step: Mapping[str, Any]) -> Deed:
    known = {"at", "after", "by", "do", "case", "item", "form", "expect"}
    expect = dict(step.get("expect", {}))
    unknown = set(expect) - EXPECTATIONS
    if unknown:
        raise StoryFailed(story=str(path), step=number, reason=f"unknown expectation {sorted(unknown)}")
    return Deed(
        number=number,
        at=at,
        do=step["do"],
        by=step.get("by"),
        case=step.get("case"),
        item=step.get("item"),
        form=step.get("form", {}),
        extra={key: value for key, value in step.items() if key not in known},
        expect=expect,
    )


def find(paths: list[Path]) -> Iterator[Path]:
    """Story files among the paths given: files, procedure folders, or a folder of procedures."""
    for path in paths:
        if path.is_file():
            yield path
        else:
            yield from sorted(path.rglob("scenarios/*.toml"))
