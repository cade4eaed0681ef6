"""What a sheet would change in its register: shown before anything is written, and written just so."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.canonical import canonical
from engine.db.models import group_
from engine.errors import InvalidCommand, PersonUnavailable
from engine.registers import accounts, ledger, money, rows
from engine.sheets.contents import Words, contents
from engine.sheets.layout import Sheet
from engine.sheets.reading import Line, Problem, limits

LONGEST_KEY = 40


@dataclass(frozen=True, kw_only=True)
class Change:
    """A row that would be added (`before` is None) or changed; `after` has the columns that differ, as plain values."""

    line: int
    key: str | None  # None: it gets the next number
    before: Mapping[str, Any] | None
    after: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Preview:
    """`unchanged`: rows that stand in the register as they are; nothing may be written while there are problems."""

    changes: Sequence[Change]
    unchanged: int
    problems: Sequence[Problem]

    @property
    def digest(self) -> str:
        """What was shown, so that nothing else is written."""
        shown = [[one.key, one.before, one.after] for one in self.changes]
        return hashlib.sha256(canonical(shown)).hexdigest()


def preview(connection: sa.Connection, sheet: Sheet, lines: Sequence[Line], on: date) -> Preview:
    """Compare a sheet with its register.

    Args:
        on: Today, in the office.
    """
    known = {row["key"]: row for row in contents(connection, sheet)}
    words = Words(connection)
    check = _CHECKS.get(sheet.register, _check_row)
    changes: list[Change] = []
    problems: list[Problem] = []
    unchanged = 0
    taken = _Taken(connection, sheet)
    for line in lines:
        values, wrong = _meant(words, sheet, line)
        before = known.get(line.key) if line.key is not None else None
        after = {name: value for name, value in values.items() if value != (before or {}).get(name)}
        if not wrong and (after or before is None):
            wrong = _of_key(line, before) + check(connection, sheet, line, before, after, on) + taken(line, after)
        problems += wrong
        if after or before is None:
            shown = None if before is None else {name: before[name] for name in after}
            changes.append(Change(line=line.line, key=line.key, before=shown, after=after))
        else:
            unchanged += 1
    return Preview(changes=changes, unchanged=unchanged, problems=problems)


def problem(line: Line, name: str, code: str, **parameters: Any) -> Problem:
    """A problem at the column of this name, where the file has it."""
    return Problem(code=code, line=line.line, column=line.letters.get(name, ""), parameters=parameters)


def _meant(words: Words, sheet: Sheet, line: Line) -> tuple[dict[str, Any], list[Problem]]:
    values: dict[str, Any] = {}
    problems = []
    for name, value in line.values.items():
        kind = sheet.column(name).kind
        values[name] = value
        if value is None:
            continue
        try:
            if kind in ("person", "crew"):
                values[name] = words.meant(kind, value)
            if kind == "groups":
                values[name] = ",".join(sorted({key.strip() for key in value.replace("，", ",").split(",")} - {""}))
        except ValueError as error:
            problems.append(problem(line, name, str(error), value=value[:40]))
    return values, problems


def _of_key(line: Line, before: Mapping[str, Any] | None) -> list[Problem]:
    key = line.key
    if (
        key is None
        or before is not None
        or (len(key) <= LONGEST_KEY and not any(char.isspace() or char == "/" for char in key))
    ):
        return []
    return [Problem(code="sheet.key", line=line.line, parameters={"limit": LONGEST_KEY})]


Check = Callable[
    [sa.Connection, Sheet, Line, Mapping[str, Any] | None, Mapping[str, Any], date],
    list[Problem],
]


def _check_row(
    connection: sa.Connection,
    sheet: Sheet,
    line: Line,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any],
    on: date,
) -> list[Problem]:
    if before is None and line.key is None and sheet.register not in rows.PREFIXES:
        return [Problem(code="sheet.key_needed", line=line.line)]
    try:
        values = rows.columns(sheet.register, after)
        rows.check(connection, sheet.register, line.key or "", values, new=before is None, on=on)
    except PersonUnavailable as error:
        return [problem(line, str(error.context.get("field", "foreman")), error.code)]
    except InvalidCommand as error:
        name = str(error.context["field"])
        kind = next((column.kind for column in sheet.columns if column.name == name), "")
        code = "sheet.absurd" if kind == "money" else "sheet.reference"
        return [problem(line, name, code, value=str(after.get(name, line.key))[:40])]
    return []


def _check_person(
    connection: sa.Connection,
    sheet: Sheet,
    line: Line,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any],
    on: date,
) -> list[Problem]:
    if before is None and line.key is not None:
        return [Problem(code="sheet.key_unknown", line=line.line)]
    keys = [key for key in (after.get("groups") or "").split(",") if key]
    known = set(connection.scalars(sa.select(group_.c.key).where(group_.c.key.in_(keys)))) if keys else set()
    return [problem(line, "groups", "sheet.reference", value=key[:40]) for key in keys if key not in known]


def _check_entry(
    connection: sa.Connection,
    sheet: Sheet,
    line: Line,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any],
    on: date,
) -> list[Problem]:
    if line.key is not None:
        return [Problem(code="sheet.entry_stands" if before else "sheet.key_unknown", line=line.line)]
    kinds = sheet.column("kind")
    if after["kind"] not in kinds.choices:
        return [problem(line, "kind", "sheet.choice", **limits(kinds))]
    amount = money.fen(after["amount"])
    if not 0 < amount <= accounts.MOST:
        return [problem(line, "amount", "sheet.absurd")]
    if date.fromisoformat(after["on"]) > on:
        return [problem(line, "on", "sheet.in_future")]
    if after["kind"] == "return" and amount > ledger.balance(connection, f"retention:{after['crew']}"):
        return [problem(line, "amount", "sheet.more_than_there")]
    return []


_CHECKS: Mapping[str, Check] = {"person": _check_person, "ledger": _check_entry}


class _Taken:
    """What only one row may have: a user name, in the register and in the file."""

    def __init__(self, connection: sa.Connection, sheet: Sheet) -> None:
        self._sheet = sheet
        named = contents(connection, sheet) if sheet.register == "person" else ()
        self._owners: dict[str, str | None] = {row["username"]: row["key"] for row in named}

    def __call__(self, line: Line, after: Mapping[str, Any]) -> list[Problem]:
        name = after.get("username")
        if self._sheet.register != "person" or name is None:
            return []
        if name in self._owners and self._owners[name] != line.key:
            return [problem(line, "username", "sheet.taken", value=name)]
        self._owners[name] = line.key if line.key is not None else f"line {line.line}"
        return []
