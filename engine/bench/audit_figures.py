"""Figures of the auditor's room: how fast the record is verified, re-executed and exported, and in how much memory."""

import tracemalloc
from collections.abc import Callable
from statistics import median
from time import process_time

import sqlalchemy as sa

from engine import audit
from engine.bench.store_figures import Figure
from engine.executor import Engine
from engine.exports import WRITERS
from engine.exports.events import Selection

_TURNS = 3
_REPLAYED = 200  # cases
_EVENT = b"<event>"


def audit_figures(engine: Engine) -> list[Figure]:
    """Of whatever cases there are, on one core: CPU seconds, the middle of some turns."""
    with engine.snapshot() as connection:
        ids = audit.cases(connection)[:_REPLAYED]
        verified = _per_second(lambda: _verify(connection, engine))
        replayed = _per_second(lambda: sum(_examine(connection, case) for case in ids))
        exported = _per_second(lambda: sum(piece.count(_EVENT) for piece in WRITERS["xes"](connection, Selection())))
        small, large = _export_peaks(connection)
    return [
        Figure("verifying the record", verified, "commands/s", least=20_000),
        Figure("re-executing it, projections compared", replayed, "commands/s", least=300),
        Figure("XES export", exported, "events/s", least=10_000),
        Figure("XES export: memory, all cases against a tenth", large / small, "×", 1.5, "a tenth of them"),
    ]


def _per_second(deed: Callable[[], int]) -> float:
    """How many of what `deed` counts are done in a CPU second."""
    rates = []
    for _ in range(_TURNS):
        began = process_time()
        rates.append(deed() / (process_time() - began))
    return median(rates)


def _verify(connection: sa.Connection, engine: Engine) -> int:
    if flaws := audit.verify(connection, settings=engine.settings):
        raise RuntimeError(f"a record that nobody has touched is flawed: {flaws[0]}")
    return audit.commands(connection)


def _examine(connection: sa.Connection, case: str) -> int:
    count, flaws = audit.examine(connection, case)
    if flaws:
        raise RuntimeError(f"a case that nobody has touched is flawed: {flaws[0]}")
    return count


def _export_peaks(connection: sa.Connection) -> tuple[int, int]:
    """Bytes that are held at most while a tenth of the events, and then all of them, are taken piece by piece."""
    total = sum(piece.count(_EVENT) for piece in WRITERS["xes"](connection, Selection()))
    peaks = []
    for most in (total // 10, total):
        tracemalloc.start()
        seen = 0
        for piece in WRITERS["xes"](connection, Selection()):
            seen += piece.count(_EVENT)
            if seen >= most:
                break
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    return peaks[0], peaks[1]
