"""The log and the ledger can't be changed by mistake."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from engine.db.models import command, deployment, ledger_entry, ledger_posting, publication, submission
from engine.db.session import Store

AT = datetime(2025, 9, 26, 8, tzinfo=UTC)


@pytest.fixture
def written(store: Store) -> Store:
    """A store with one command and its submission, one entry of the ledger and its postings, a publication."""
    with store.write() as connection:
        connection.execute(
            command.insert(),
            {
                "stream": "people",
                "seq": 1,
                "at": AT,
                "actor": "person:1",
                "kind": "add_person",
                "body": {"person": 1},
                "reads": [],
                "engine_epoch": 1,
                "request_id": "ab" * 16,
                "prev_hash": bytes(32),
                "hash": b"\1" * 32,
            },
        )
        connection.execute(
            submission.insert(),
            {
                "stream": "people",
                "seq": 1,
                "actor": "person:1",
                "at": AT,
                "salt": b"s" * 16,
                "values": {"name": "林婉清"},
            },
        )
        entry = {"id": "ab" * 16, "at": AT, "month": date(2025, 9, 1), "kind": "fine"}
        connection.execute(ledger_entry.insert(), entry)
        moved = {"person:1": Decimal("-500.00"), "company:fines": Decimal("500.00")}
        postings = [{"entry": entry["id"], "n": n, "account": a, "amount": moved[a]} for n, a in enumerate(moved, 1)]
        connection.execute(ledger_posting.insert(), postings)
        made = {"procedure": "one-task", "version": 1, "title": "一步", "hash": bytes(32), "deployed_by": "system"}
        connection.execute(deployment.insert(), {"id": "cd" * 16, "deployed_at": AT, **made})
        who = {"author": "person:1", "approver": "person:2", "effective_at": AT, "submitted_seq": 1}
        connection.execute(publication.insert(), {"deployment_id": "cd" * 16, **who})
        connection.commit()
    return store


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE command SET actor = 'person:2'",
        "UPDATE command SET hash = hash",
        "DELETE FROM command",
        "DELETE FROM submission",
        "UPDATE submission SET actor = 'person:2'",
        "UPDATE submission SET \"values\" = '{}'",
        'UPDATE submission SET "values" = NULL, seq = 2',
        "UPDATE submission SET salt = NULL",
        "INSERT INTO command SELECT * FROM command",
        "INSERT INTO submission SELECT * FROM submission",
        "UPDATE ledger_entry SET month = '2025-08-01'",
        "UPDATE ledger_posting SET amount = 0",
        "DELETE FROM ledger_posting",
        "DELETE FROM ledger_entry",
        "INSERT INTO ledger_posting SELECT * FROM ledger_posting",
        "UPDATE publication SET approver = 'person:1'",
        "DELETE FROM publication",
        "INSERT INTO publication SELECT * FROM publication",
    ],
)
def test_a_change_of_the_log_is_refused(written: Store, statement: str) -> None:
    with written.write() as connection, pytest.raises(DBAPIError):
        connection.execute(sa.text(statement))


@pytest.mark.parametrize(
    "statement",
    [
        "REPLACE INTO command SELECT * FROM command",
        "INSERT OR REPLACE INTO submission SELECT * FROM submission",
        "REPLACE INTO ledger_posting SELECT * FROM ledger_posting",
        "REPLACE INTO ledger_entry SELECT * FROM ledger_entry",
        "REPLACE INTO publication SELECT * FROM publication",
        "REPLACE INTO command SELECT 'calendar', seq, at, actor, kind, body, reads, state_digest, state_bytes_hash,"
        " engine_epoch, request_id, prev_hash, hash FROM command",
    ],
)
def test_a_replace_is_refused_by_sqlite(written: Store, statement: str) -> None:
    if written.dialect != "sqlite":
        return

    with written.write() as connection, pytest.raises(DBAPIError, match="append-only"):
        connection.execute(sa.text(statement))


@pytest.mark.parametrize("table", ["command", "submission", "ledger_entry", "ledger_posting", "publication"])
def test_a_truncate_is_refused_by_postgresql(written: Store, table: str) -> None:
    if written.dialect != "postgresql":
        return

    with written.write() as connection, pytest.raises(DBAPIError, match="append-only"):
        connection.execute(sa.text(f"TRUNCATE {table} CASCADE"))


def test_the_values_of_a_submission_may_be_erased(written: Store) -> None:
    with written.write() as connection:
        connection.execute(sa.text('UPDATE submission SET "values" = NULL, salt = NULL'))
        connection.commit()

    with written.read() as connection:
        row = connection.execute(sa.select(submission)).one()
    assert (row.values, row.salt, row.actor) == (None, None, "person:1")
