"""消息: what people were told, newest first, new ones marked until the page was opened."""

from datetime import timedelta

from engine import worker
from tests.web import stage
from tests.web.conftest import Office


def test_a_breach_is_told_once_and_then_counts_as_seen(office: Office) -> None:
    stage.start(office.engine, office.people, stage.NOW - timedelta(hours=4))
    worker.run_until(office.engine, stage.NOW)
    manager = office.visit("lin_xiaomei")

    first = manager.get("/notices").text
    second = manager.get("/notices").text

    assert "T-01" in first and "rf-line-new" in first
    assert "T-01" in second and "rf-line-new" not in second
