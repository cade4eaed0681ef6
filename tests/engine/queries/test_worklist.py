"""The inbox."""

from datetime import UTC, datetime, timedelta

import pytest

from engine import clock
from engine.commands.claim_task import ClaimTask
from engine.commands.save_draft import SaveDraft
from engine.executor import Engine
from engine.queries import worklist
from tests.factories import COLLEAGUE, OUTSIDER, SPECIALIST, deploy, start

MORNING = datetime(2025, 9, 26, 1, tzinfo=UTC)


@pytest.fixture
def many(engine: Engine) -> Engine:
    """Seven cases, started a minute apart."""
    deploy(engine)
    for minute in range(7):
        with clock.hold(MORNING + timedelta(minutes=minute)):
            start(engine)
    return engine


def test_pages_follow_one_another_without_gap_or_repetition(many: Engine) -> None:
    seen, after = [], None
    with many.read() as connection:
        while True:
            page = worklist.worklist(connection, SPECIALIST, after=after, size=3)
            seen += [item.due_at for item in page.items]
            if page.next is None:
                break
            after = worklist.position(worklist.position_text(page.next))

    assert seen == [MORNING + timedelta(hours=3, minutes=minute) for minute in range(7)]


def test_a_claimed_task_is_in_its_assignees_list_alone(many: Engine) -> None:
    with many.read() as connection:
        first = worklist.worklist(connection, SPECIALIST).items[0]
    with clock.hold(MORNING):
        many.execute(ClaimTask(task_id=first.id), SPECIALIST)
        many.execute(SaveDraft(task_id=first.id, values={"words": "…"}), SPECIALIST)

    with many.read() as connection:
        mine = worklist.worklist(connection, SPECIALIST, scope="mine").items
        theirs = worklist.worklist(connection, COLLEAGUE).items
        assert [(item.id, item.has_draft, item.subject) for item in mine] == [(first.id, True, "林婉清")]
        assert first.id not in {item.id for item in theirs}
        assert worklist.worklist(connection, OUTSIDER).items == []


def test_counts_tell_late_and_due_today(many: Engine) -> None:
    with many.read() as connection:
        found = worklist.counts(
            connection, SPECIALIST, MORNING + timedelta(hours=3, minutes=2), MORNING.replace(hour=16)
        )

    assert found == worklist.Counts(all=7, mine=0, late=2, today=7)
