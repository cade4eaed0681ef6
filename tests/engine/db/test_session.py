"""Transactions: who writes when, and what is left when nobody commits."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.db.models import counter
from engine.db.session import FifoLock, Store
from engine.errors import DatabaseBusy


def test_a_transaction_that_nobody_commits_leaves_nothing(store: Store) -> None:
    with store.write() as connection:
        connection.execute(counter.insert(), {"name": "a", "value": 1})

    with store.read() as connection:
        assert connection.execute(sa.select(counter)).all() == []


def test_a_reader_does_not_wait_for_the_writer(store: Store) -> None:
    with store.write() as writer, store.read() as reader:
        writer.execute(counter.insert(), {"name": "a", "value": 1})
        before = reader.execute(sa.select(counter)).all()
        writer.commit()

    assert before == []


def test_the_lock_is_handed_on_in_the_order_of_asking() -> None:
    lock, order, threads = FifoLock(), [], []

    with lock.hold():
        for number in range(5):
            thread = threading.Thread(target=lambda n=number: _enter(lock, order, n))
            thread.start()
            while len(lock._queue) <= number:
                pass
            threads.append(thread)
    for thread in threads:
        thread.join()

    assert order == [0, 1, 2, 3, 4]


def test_waiting_for_the_lock_ends_with_database_busy() -> None:
    lock = FifoLock()

    with lock.hold(), pytest.raises(DatabaseBusy), lock.hold(timedelta(milliseconds=5)):
        pass

    with lock.hold(timedelta(0)):
        assert not lock._queue


def _enter(lock: FifoLock, order: list[int], number: int) -> None:
    with lock.hold():
        order.append(number)
