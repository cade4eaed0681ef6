"""How long a job waits after it failed."""

from hypothesis import given
from hypothesis import strategies as st

from engine.jobs import FIRST_WAIT, LONGEST_WAIT, wait_after


@given(st.integers(1, 10_000))
def test_the_wait_never_shrinks_and_has_an_end(tries: int) -> None:
    assert FIRST_WAIT <= wait_after(tries) <= wait_after(tries + 1) <= LONGEST_WAIT
