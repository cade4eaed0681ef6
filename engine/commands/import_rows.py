"""Bring the rows of an Excel sheet into a register, all of them or none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, ClassVar
from uuid import NAMESPACE_OID, uuid5

from engine import authorization, log
from engine.actor import ADMINISTRATOR
from engine.clock import OFFICE
from engine.errors import InvalidCommand, SheetChanged, SheetWrong
from engine.registers import ledger, money, people, rows
from engine.sheets.changes import Change, Preview, preview
from engine.sheets.layout import SHEETS, Sheet
from engine.sheets.reading import Line
from engine.unit_of_work import UnitOfWork

_PERSON_TEXTS = ("username", "name", "phone")


@dataclass(frozen=True, kw_only=True)
class ImportRows:
    """Write what a preview has shown.

    Raises:
        SheetWrong: There are problems; `problems` tells how many.
        SheetChanged: The register has changed since: what would be written is not what was shown.
    """

    kind: ClassVar[str] = "import_rows"
    register: str  # of layout.SHEETS
    lines: Sequence[Line]
    shown: str  # digest of the preview that somebody has agreed to

    def run(self, work: UnitOfWork) -> None:
        authorization.require_role(work.actor, ADMINISTRATOR)
        sheet = SHEETS.get(self.register)
        if sheet is None or not sheet.taken:
            raise InvalidCommand(field="register")
        head = log.head(work, people.STREAM if self.register == "person" else rows.STREAM)
        seen = preview(work.connection, sheet, self.lines, work.now.astimezone(OFFICE).date())
        if seen.problems:
            raise SheetWrong(count=len(seen.problems))
        if seen.digest != self.shown:
            raise SheetChanged()
        written = _with_keys(work, sheet, seen, head)
        texts = {key: found for key, change in written if (found := _texts(self.register, change))}
        plain = [{"key": key, "values": _routing(self.register, change)} for key, change in written]
        body = {"register": self.register, "rows": plain}
        log.append(work, head, body, submitted=log.Submitted(values=texts) if texts else None)
        for key, change in written:
            _WRITERS.get(self.register, _put_row)(work, sheet, key, change)


def _with_keys(work: UnitOfWork, sheet: Sheet, seen: Preview, head: log.Head) -> list[tuple[str, Change]]:
    """Each change with the key that it has or gets."""
    if sheet.register == "person":
        number = people.next_id(work.connection)
        free = iter([str(number + further) for further in range(len(seen.changes))])
    elif sheet.register == "ledger":
        free = iter([uuid5(NAMESPACE_OID, f"{head.stream}:{head.seq + 1}:{one.line}").hex for one in seen.changes])
    else:
        given = {one.key for one in seen.changes if one.key}
        free = rows.new_keys(work.connection, sheet.register, besides=given)
    return [(change.key or next(free), change) for change in seen.changes]


def _texts(register: str, change: Change) -> dict[str, Any]:
    private = _PERSON_TEXTS if register == "person" else rows.TEXTS.get(register, frozenset())
    return {name: change.after[name] for name in sorted(private) if name in change.after}


def _routing(register: str, change: Change) -> dict[str, Any]:
    private = _texts(register, change)
    return {name: value for name, value in change.after.items() if name not in private}


def _put_row(work: UnitOfWork, sheet: Sheet, key: str, change: Change) -> None:
    values = rows.columns(sheet.register, change.after)
    given = (
        values if change.before is not None else {name: value for name, value in values.items() if value is not None}
    )
    rows.put(work.connection, sheet.register, key, given, new=change.before is None)


def _put_person(work: UnitOfWork, sheet: Sheet, key: str, change: Change) -> None:
    values = dict(change.after)
    groups = values.pop("groups", None)
    if values.get("active", True) is None:
        values.pop("active")
    if change.before is None:
        values = {"roles": [], "active": True, "password_hash": None} | values
    people.put_person(work.connection, int(key), values, new=change.before is None)
    if groups is not None or (change.before is not None and "groups" in change.after):
        people.put_groups(work.connection, int(key), [one for one in (groups or "").split(",") if one])


def _put_entry(work: UnitOfWork, sheet: Sheet, key: str, change: Change) -> None:
    row: Mapping[str, Any] = change.after
    amount = money.fen(row["amount"]) * (-1 if row["kind"] == "return" else 1)
    month = row.get("month")
    ledger.post(
        work.connection,
        id=key,
        at=datetime.combine(date.fromisoformat(row["on"]), time(12), OFFICE),
        month=date.fromisoformat(month) if month else None,
        kind=row["kind"],
        case_id=None,
        about=row["crew"],
        postings=[(f"retention:{row['crew']}", amount), ("company:bank", -amount)],
    )


_WRITERS = {"person": _put_person, "ledger": _put_entry}
