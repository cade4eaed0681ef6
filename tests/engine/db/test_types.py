"""Column types: the same values out of both stores."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from engine.db.models import draft, inbox
from engine.db.session import Store
from engine.db.types import NEVER

TASK = "0123456789abcdef0123456789abcdef"
SHANGHAI = timezone(timedelta(hours=8))


def test_what_was_stored_comes_back_in_utc_hex_and_plain_json(store: Store) -> None:
    at = datetime(2025, 9, 26, 16, 0, 0, 5, tzinfo=SHANGHAI)
    values = {"名": ["a", 1, None, True], "b": {}}

    with store.write() as connection:
        connection.execute(draft.insert(), {"task_id": TASK, "actor": "person:1", "values": values, "saved_at": at})
        row = connection.execute(sa.select(draft).where(draft.c.task_id == TASK)).one()

    assert row._asdict() == {"task_id": TASK, "actor": "person:1", "values": values, "saved_at": at}
    assert row.saved_at.tzinfo is UTC


def test_instants_sort_as_they_happen_and_never_comes_last(store: Store) -> None:
    base = datetime(2025, 9, 26, 8, tzinfo=UTC)
    instants = [base, base + timedelta(microseconds=1), base + timedelta(seconds=1), NEVER]

    with store.write() as connection:
        connection.execute(inbox.insert(), [{"principal": "g", "due_at": at, "task_id": TASK} for at in instants[::-1]])
        found = list(connection.scalars(sa.select(inbox.c.due_at).order_by(inbox.c.due_at)))

    assert found == instants


@pytest.mark.parametrize("value", [1.5, {"a": 0.1}, {1: "a"}, datetime(2025, 1, 1, tzinfo=UTC)])
def test_json_without_a_canonical_form_is_refused(store: Store, value: object) -> None:
    row = {"task_id": TASK, "actor": "person:1", "values": {"x": value}, "saved_at": NEVER}

    with store.write() as connection, pytest.raises((TypeError, sa.exc.StatementError)):
        connection.execute(draft.insert(), row)


def test_an_instant_without_a_zone_is_refused(store: Store) -> None:
    with store.write() as connection, pytest.raises(sa.exc.StatementError, match="offset"):
        connection.execute(inbox.insert(), {"principal": "g", "due_at": datetime(2025, 1, 1), "task_id": TASK})
