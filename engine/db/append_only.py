"""Triggers that keep the log from being changed by mistake (design, section 3).

`command` takes new rows only. A `submission` may lose its values (and with them the salt), nothing else. REPLACE
deletes without firing delete triggers in SQLite, so a BEFORE INSERT trigger refuses a key that exists.
"""

import sqlalchemy as sa

_IN_FORCE = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'",
}
_FROZEN_SUBMISSION = ("stream", "seq", "scope", "element", "round", "item", "actor", "at")


def create_statements(dialect: str) -> list[str]:
    """The DDL for one dialect, "sqlite" or "postgresql"."""
    return _sqlite() if dialect == "sqlite" else _postgresql()


def trigger_names(dialect: str) -> set[str]:
    """What must stand in the database's catalogue after every migration."""
    actions = {"update", "delete", "insert" if dialect == "sqlite" else "truncate"}  # PostgreSQL's upsert is an update
    return {f"{table}_no_{action}" for table in ("command", "submission") for action in actions}


def missing_triggers(connection: sa.Connection) -> set[str]:
    """What does not stand in this database's catalogue, or is switched off."""
    return trigger_names(connection.dialect.name) - set(connection.scalars(sa.text(_IN_FORCE[connection.dialect.name])))


def drop_statements(dialect: str) -> list[str]:
    """Take the triggers away: for the restore of a backup and the erasure of a test, never in passing."""
    if dialect == "sqlite":
        return [f"DROP TRIGGER {name}" for name in sorted(trigger_names(dialect))]
    return [f"DROP TRIGGER {name} ON {name.split('_')[0]}" for name in sorted(trigger_names(dialect))]


def _sqlite() -> list[str]:
    kept = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in _FROZEN_SUBMISSION)
    erasure = f'{kept} AND NEW."values" IS NULL AND (NEW.salt IS NULL OR NEW.salt IS OLD.salt)'
    existing = {
        "command": "stream = NEW.stream AND seq = NEW.seq OR request_id = NEW.request_id",
        "submission": "stream = NEW.stream AND seq = NEW.seq",
    }
    refuse = "BEGIN SELECT RAISE(ABORT, '{table} is append-only: {action}'); END"
    statements = []
    for table, same in existing.items():
        for action, when in (
            ("insert", f" WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})"),
            ("update", f" WHEN NOT ({erasure})" if table == "submission" else ""),
            ("delete", ""),
        ):
            statements.append(
                f"CREATE TRIGGER {table}_no_{action} BEFORE {action.upper()} ON {table}{when} "
                + refuse.format(table=table, action=action)
            )
    return statements


def _postgresql() -> list[str]:
    kept = " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in _FROZEN_SUBMISSION)
    erasure = f'{kept} AND NEW."values" IS NULL AND (NEW.salt IS NULL OR NEW.salt = OLD.salt)'
    statements = [
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION '% is append-only: %', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation'; "
        "END $$"
    ]
    for table in ("command", "submission"):
        unless = f" WHEN (NOT ({erasure}))" if table == "submission" else ""
        run = "EXECUTE FUNCTION refuse_change()"
        statements += [
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW{unless} {run}",
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {run}",
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {run}",
        ]
    return statements
