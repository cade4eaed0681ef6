"""Triggers that keep the log and the ledger from being changed by mistake (design, section 3).

`command`, `access`, `ledger_entry`, `ledger_posting`, `seal`, `proof` and `publication` take new rows only. A
`submission` may lose its values (and with them the salt), nothing else. REPLACE deletes without firing delete triggers
in SQLite, so a BEFORE INSERT trigger refuses a key that exists.
"""

from collections.abc import Iterable

import sqlalchemy as sa

LOG = ("command", "submission")
LEDGER = ("ledger_entry", "ledger_posting")
PROOFS = ("seal", "proof")
PUBLICATIONS = ("publication",)
ACCESS = ("access",)
ALL = (*LOG, *LEDGER, *PROOFS, *PUBLICATIONS, *ACCESS)
_IN_FORCE = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'",
}
_FROZEN_SUBMISSION = ("stream", "seq", "scope", "element", "round", "item", "actor", "at")
_SAME = {
    "command": "stream = NEW.stream AND seq = NEW.seq OR request_id = NEW.request_id",
    "submission": "stream = NEW.stream AND seq = NEW.seq",
    "ledger_entry": "id = NEW.id",
    "ledger_posting": "entry = NEW.entry AND n = NEW.n",
    "seal": "number = NEW.number OR day = NEW.day",
    "proof": "number = NEW.number",
    "publication": "deployment_id = NEW.deployment_id",
    "access": "seq = NEW.seq",
}


def create_statements(dialect: str, tables: Iterable[str] = LOG) -> list[str]:
    """The DDL for one dialect, "sqlite" or "postgresql"; the log's comes first and brings what all share."""
    return _sqlite(tables) if dialect == "sqlite" else _postgresql(tables)


def trigger_names(dialect: str) -> set[str]:
    """What must stand in the database's catalogue after every migration."""
    return {name for table in ALL for name in _names(dialect, table)}


def missing_triggers(connection: sa.Connection) -> set[str]:
    """What does not stand in this database's catalogue, or is switched off."""
    return trigger_names(connection.dialect.name) - set(connection.scalars(sa.text(_IN_FORCE[connection.dialect.name])))


def drop_statements(dialect: str) -> list[str]:
    """Take the triggers away: for the restore of a backup and the erasure of a test, never in passing."""
    on = "" if dialect == "sqlite" else " ON {}"
    return [f"DROP TRIGGER {name}" + on.format(table) for table in ALL for name in sorted(_names(dialect, table))]


def _names(dialect: str, table: str) -> set[str]:
    actions = ("update", "delete", "insert" if dialect == "sqlite" else "truncate")  # PostgreSQL's upsert is an update
    return {f"{table}_no_{action}" for action in actions}


def _sqlite(tables: Iterable[str]) -> list[str]:
    kept = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in _FROZEN_SUBMISSION)
    erasure = f'{kept} AND NEW."values" IS NULL AND (NEW.salt IS NULL OR NEW.salt IS OLD.salt)'
    refuse = "BEGIN SELECT RAISE(ABORT, '{table} is append-only: {action}'); END"
    statements = []
    for table in tables:
        for action, when in (
            ("insert", f" WHEN EXISTS (SELECT 1 FROM {table} WHERE {_SAME[table]})"),
            ("update", f" WHEN NOT ({erasure})" if table == "submission" else ""),
            ("delete", ""),
        ):
            statements.append(
                f"CREATE TRIGGER {table}_no_{action} BEFORE {action.upper()} ON {table}{when} "
                + refuse.format(table=table, action=action)
            )
    return statements


def _postgresql(tables: Iterable[str]) -> list[str]:
    kept = " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in _FROZEN_SUBMISSION)
    erasure = f'{kept} AND NEW."values" IS NULL AND (NEW.salt IS NULL OR NEW.salt = OLD.salt)'
    function = (
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION '% is append-only: %', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation'; "
        "END $$"
    )
    statements = [function] if "command" in tables else []
    for table in tables:
        unless = f" WHEN (NOT ({erasure}))" if table == "submission" else ""
        run = "EXECUTE FUNCTION refuse_change()"
        statements += [
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW{unless} {run}",
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {run}",
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {run}",
        ]
    return statements
