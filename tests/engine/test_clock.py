"""The clock: aware, in UTC, and still when held."""

from datetime import UTC, datetime, timedelta

import pytest

from engine import clock


def test_the_present_is_aware_and_in_utc() -> None:
    before = datetime.now(UTC)

    present = clock.now()

    assert present.utcoffset() == timedelta(0)
    assert before <= present <= datetime.now(UTC)


def test_a_held_clock_stands_still_and_runs_again_afterwards() -> None:
    instant = datetime(2025, 9, 26, 16, 0, 0, 1, tzinfo=clock.OFFICE)

    with clock.hold(instant):
        assert clock.now() == instant
        assert clock.now().tzinfo is UTC
        with clock.hold(instant + timedelta(hours=3)):
            assert clock.now() == instant + timedelta(hours=3)
        assert clock.now() == instant

    assert clock.now() > instant


def test_a_held_clock_runs_again_after_an_error() -> None:
    instant = datetime(2025, 9, 26, tzinfo=UTC)

    with pytest.raises(RuntimeError), clock.hold(instant):
        raise RuntimeError

    assert clock.now() > instant


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"), clock.hold(datetime(2025, 9, 26)):
        pass
