"""A thousand single bytes, changed at random over all tables that mean something: each one is found."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from engine import access, audit, beside, seals
from engine.db.models import access as access_table
from engine.db.models import metadata, user_task
from tests.engine.tampering.conftest import TRIGGER, Company

pytestmark = pytest.mark.slow
CHANGES = {"sqlite": 1000, "postgresql": 200}
OF_CASES = (
    "command",
    "submission",
    "instance",
    "user_task",
    "inbox",
    "party",
    "breach",
    "deadline_met",
    "job",
    "case_file",
)
OTHERS = (
    *("deployment", "deployment_file", "seal", "access", "file"),
    *("person", "group_", "membership", "customer", "crew", "ledger_entry", "ledger_posting"),
)
NO_RECORD = {  # tables that no proof covers, and why
    "draft": "what somebody is still writing",
    "session_": "who is logged in now",
    "api_token": "who may log in",
    "notice": "a message about what the log says",
    "counter": "the next number only; numbers are unique",
    "proof": "a report; what it proved can be proved again",
    "epoch": "said by the release",
    "message": "under way to a case; what was received stands in its log",
    "message_wait": "compared, but no case of this company waits for a message",
    "concern": "compared, but no form of this company names a row",
    "start_message": "follows from the version in force",
    "calendar_day": "seeded by the installation; what it answered stands in the log of each case",
    "calendar_year": "likewise",
    **dict.fromkeys(("procedure_draft", "draft_file"), "work in hand, outside of the log"),
    **dict.fromkeys(("publication",), "compared, but this company has published nothing through the studio"),
    "option": "how the studio behaves",
    **dict.fromkeys(("site", "contract", "contract_change", "warranty_card", "equipment"), "compared like customers"),
    **dict.fromkeys(
        ("suspension", "repair_cost", "fault_slip", "inspection", "award", "kept_paper"),
        "written by operations, whose answers stand in the log of the case",
    ),
}
NO_COLUMN = {  # columns of the others, and why
    ("instance", "subject"): "what lists call a case; erased with what people sent",
    ("job", "tries"): "how often it was tried",
    ("job", "status"): "likewise",
    ("person", "password_hash"): "salted anew with each change",
    ("person", "notices_seen_at"): "what somebody has seen",
    ("file", "media_type"): "stands in the submission",
    ("file", "created_at"): "stands with the file's case",
    ("crew", "kind"): "set by the store where nobody said it",
    ("crew", "state"): "operations change it",
    ("ledger_entry", "month"): "set by the store where nobody said it",
}


@dataclass(frozen=True)
class Change:
    """A byte that was changed, and the case that it is of."""

    table: str
    column: str
    before: Any
    after: Any
    case: str | None


class Vandal:
    """Changes bytes as they lie in the store: of text and numbers as text, of blobs as they are."""

    def __init__(self, connection: sa.Connection, seed: int) -> None:
        self.connection, self.random = connection, random.Random(seed)
        self.is_sqlite = connection.dialect.name == "sqlite"
        self.counts = {name: self._scalar(f"SELECT count(*) FROM {name}") for name in (*OF_CASES, *OTHERS)}

    def changes(self) -> Iterator[Change]:
        """One change after the other, each undone when the next is asked for; what the store refuses is none."""
        while True:
            kind = OF_CASES if self.random.random() < 0.9 else OTHERS
            table = metadata.tables[self.random.choice(kind)]
            column = self.random.choice([one for one in table.c if (table.name, one.name) not in NO_COLUMN])
            savepoint = self.connection.begin_nested()
            try:
                change = self._change(table, column.name)
            except (DBAPIError, UnicodeDecodeError):
                change = None
            if change is not None:
                yield change
            savepoint.rollback()

    def _change(self, table: sa.Table, column: str) -> Change | None:
        place = "rowid" if not table.primary_key.columns else ", ".join(f'"{one.name}"' for one in table.primary_key)
        place = place if self.is_sqlite else "ctid"
        skipped = self.random.randrange(self.counts[table.name])
        row = self._row(f"SELECT {place} FROM {table.name} ORDER BY {place} LIMIT 1 OFFSET {skipped}")
        names = place.split(", ")
        where = " AND ".join(f"{name} = :k{number}" for number, name in enumerate(names))
        keys = {f"k{number}": value for number, value in enumerate(row)}
        if not self.is_sqlite:
            where, keys = f"ctid = '{row[0]}'", {}
        typeof = "typeof" if self.is_sqlite else "pg_typeof"
        about = f'SELECT {typeof}("{column}"), "{column}", CAST("{column}" AS TEXT) FROM {table.name} WHERE {where}'
        if self.is_sqlite:
            about = about.replace(f'CAST("{column}" AS TEXT)', f'CAST("{column}" AS BLOB)')
        kind, value, raw = self._row(about, keys)
        if value is None:
            return None
        case = self._case_of(table.name, where, keys)
        is_blob = kind in ("blob", "bytea")
        before = bytes(value) if is_blob else raw if isinstance(raw, bytes) else raw.encode()
        after = self._altered(before)
        if not after or (not is_blob and not self.is_sqlite and b"\0" in after):
            return None
        new = ":new" if is_blob else "CAST(:new AS TEXT)" if self.is_sqlite else f"CAST(:new AS {kind})"
        given = after if is_blob or self.is_sqlite else after.decode()
        update = f'UPDATE {table.name} SET "{column}" = {new} WHERE {where} RETURNING "{column}"'
        same = self._row(update, {"new": given, **keys})[0] == value  # PostgreSQL: another text of the same value
        return None if same else Change(table.name, column, before, after, case)

    def _altered(self, before: bytes) -> bytes:
        """One byte becomes another one; digits and letters more often than what no text has."""
        if not before:
            return b""
        place = self.random.randrange(len(before))
        other = self.random.choice([*b"0123456789abcdefxyz", self.random.randrange(256)])
        return before[:place] + bytes([other]) + before[place + 1 :] if other != before[place] else b""

    def _case_of(self, table: str, where: str, keys: dict[str, Any]) -> str | None:
        if table in ("command", "submission", "job"):
            return str(self._scalar(f"SELECT stream FROM {table} WHERE {where}", keys))
        if table not in OF_CASES:
            return None
        query = f"SELECT {'id' if table == 'instance' else 'case_id'} FROM {table} WHERE {where}"
        if table == "inbox":
            query = f"SELECT case_id FROM user_task WHERE id = (SELECT task_id FROM inbox WHERE {where})"
        found = self._scalar(query, keys)
        return found.hex() if isinstance(found, bytes) else str(found).replace("-", "")

    def _row(self, query: str, keys: dict[str, Any] | None = None) -> Any:
        return self.connection.execute(sa.text(query), keys or {}).one()

    def _scalar(self, query: str, keys: dict[str, Any] | None = None) -> Any:
        return self._row(query, keys)[0]


def found(company: Company, connection: sa.Connection, change: Change) -> bool:
    """Whether the proof of the case, or of all that is no case's, tells."""
    settings, case = company.engine.settings, change.case
    if case is not None:
        told = audit.verify(connection, case, settings=settings)
        if not told and case in audit.cases(connection, case):
            told = audit.examine(connection, case)[1]
        if told:
            return True
    with audit.lenient(connection):
        parts = (beside.verify(connection), beside.files(connection, settings), seals.verify(connection, settings))
        if change.table == "access" and list(access.verify(connection)):
            return True
        try:
            if any(True for part in parts for _ in part):
                return True
        except audit.UNREADABLE:
            pass
    return any(one.code != TRIGGER for one in audit.verify(connection, settings=settings))


def test_every_table_is_proved_or_named_with_a_reason() -> None:
    assert {*OF_CASES, *OTHERS, *NO_RECORD} == set(metadata.tables)
    assert not {*OF_CASES, *OTHERS} & NO_RECORD.keys()
    assert all(column in metadata.tables[table].c for table, column in NO_COLUMN)
    assert access_table.name in OTHERS and user_task.name in OF_CASES


def test_a_byte_that_is_changed_anywhere_is_found(company: Company) -> None:
    most = CHANGES[company.engine.store.dialect]
    missed: list[Change] = []
    tables: set[str] = set()
    with company.altered() as connection:
        for number, change in enumerate(Vandal(connection, seed=20251119).changes(), 1):
            tables.add(change.table)
            if not found(company, connection, change):
                missed.append(change)
            if number == most:
                break

    assert missed == []
    assert tables >= {*OF_CASES} and len(tables) > len(OF_CASES)
