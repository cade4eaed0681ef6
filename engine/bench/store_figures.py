"""Figures that need no web: the engine against the library alone, growth, and age of a case."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

import sqlalchemy as sa

from engine.actor import ADMINISTRATOR, Actor
from engine.bench import procedures
from engine.bootstrap import build_engine
from engine.commands.complete_task import CompleteTask
from engine.commands.deploy_procedure import DeployProcedure
from engine.commands.put_group import PutGroup
from engine.commands.start_process import StartProcess
from engine.db import migrate, session
from engine.db.models import command, instance, user_task
from engine.executor import Engine
from engine.settings import Settings

OPERATOR = Actor(key="system", principals=frozenset(), roles=frozenset({ADMINISTRATOR}))
WORKER = Actor(key="person:1", principals=frozenset({"person:1", "group:service_specialist"}))
_TURNS = 9
_MOST = {"sqlite": 1.5, "postgresql": None}  # the driver's and the network's share is no engine's; it is reported
VALUES = {"amount": 3, "note": "已经联系客户"}
_OPEN = sa.select(user_task.c.id, user_task.c.revision).where(
    user_task.c.case_id == sa.bindparam("of_case"), user_task.c.completed_at.is_(None)
)


@dataclass(frozen=True)
class Figure:
    """A line of the table: what was measured, what it may be at most or must be at least, what it is compared with."""

    name: str
    value: float
    unit: str
    limit: float | None = None
    yardstick: str = ""
    least: float | None = None

    @property
    def good(self) -> bool:
        return (self.limit is None or self.value <= self.limit) and (self.least is None or self.value >= self.least)


def installation(settings: Settings) -> Engine:
    """An empty installation with the measured procedures."""
    database = session.connect(settings.url)
    migrate.upgrade(database)
    database.dispose()
    engine = build_engine(settings)
    for key in ("service_specialist", "service_manager"):
        engine.execute(PutGroup(key=key, name=key), OPERATOR)
    for files in (procedures.five_tasks(), procedures.looping()):
        engine.execute(DeployProcedure(files=files), OPERATOR)
    return engine


def library_alone(rounds: int = 60) -> float:
    """CPU milliseconds of the library for load + complete + save, in a process of its own."""
    diagram = procedures.five_tasks()["five-tasks.bpmn"]
    program = [sys.executable, "-m", "engine.workflow.yardstick", "five_tasks", str(rounds)]
    done = subprocess.run(program, input=diagram, capture_output=True, check=True)
    return float(done.stdout)


def empty_commit(engine: Engine, times: int = 300) -> float:
    """Wall milliseconds of a transaction that writes one small row and commits."""
    began = perf_counter()
    for number in range(times):
        with engine.store.write() as connection:
            connection.execute(sa.text("CREATE TABLE IF NOT EXISTS bench_empty (n INTEGER)"))
            connection.execute(sa.text("INSERT INTO bench_empty VALUES (:n)"), {"n": number})
            connection.commit()
    return (perf_counter() - began) * 1000 / times


def one_case(engine: Engine) -> float:
    """Start a five-task case and work it off; CPU milliseconds of its completions, commits apart."""
    case = engine.execute(StartProcess(procedure="five-tasks"), WORKER).stream
    spent = 0.0
    for _ in range(procedures.STEPS):
        task = open_task(engine, case)
        with _commits(engine) as commits:
            began = process_time()
            engine.execute(CompleteTask(task_id=task.id, revision=task.revision, values=VALUES), WORKER)
            spent += process_time() - began - sum(commits)
    return spent * 1000


@contextmanager
def _commits(engine: Engine) -> Iterator[list[float]]:
    """CPU seconds of each commit in the block; SQLAlchemy tells of a commit only before it."""
    dialect: Any = engine.store.engine.dialect
    seconds: list[float] = []
    commit = dialect.do_commit

    def timed(connection: object) -> None:
        began = process_time()
        commit(connection)
        seconds.append(process_time() - began)

    dialect.do_commit = timed
    try:
        yield seconds
    finally:
        dialect.do_commit = commit


def open_task(engine: Engine, case: str) -> Any:
    """Id and revision of the case's open user task."""
    with engine.read() as connection:
        return connection.execute(_OPEN, {"of_case": case}).one()


def engine_figures(engine: Engine, cases: int = 100) -> list[Figure]:
    """Completing a task in the engine: state, log, projections, jobs, but for the commit.

    The library alone is measured in turn with it, and the middle of the turns is told: other work on the machine that
    comes and goes slows down some of them.
    """
    ours, library = [], []
    for _ in range(_TURNS):
        one_case(engine)  # a program that was just started is slower
        ours.append(sum(one_case(engine) for _ in range(cases // _TURNS)) / (cases // _TURNS * procedures.STEPS))
        library.append(library_alone())
    each, alone = median(ours), median(library)
    ratio = median(one / other for one, other in zip(ours, library, strict=True))
    store = engine.store.dialect
    return [
        Figure(f"{store}: library alone: load, complete, save", alone, "CPU ms"),
        Figure(f"{store}: empty commit", empty_commit(engine), "ms"),
        Figure(f"{store}: engine, completing a task", each, "CPU ms"),
        Figure(f"{store}: engine against library alone", ratio, "×", _MOST[store], "library alone"),
    ]


def growth(engine: Engine, cases: int = 5000) -> Figure:
    """Kilobytes of all tables and indexes per completed five-task case, after VACUUM, documents apart."""
    before = _size(engine)
    for _ in range(cases):
        one_case(engine)
    per_case = (_size(engine) - before) / cases / 1024
    name = f"{engine.store.dialect}: growth per five-task case over {cases}"
    return Figure(name, per_case, "KB", 8.0, "Spiff-Arena 13.7")


def _size(engine: Engine) -> int:
    with engine.store.engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        if engine.store.dialect == "sqlite":
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("VACUUM")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            return Path(str(engine.store.engine.url.database)).stat().st_size
        connection.rollback()
        raw.autocommit = True
        raw.execute("VACUUM FULL")
        tables = "relkind = 'r' AND relnamespace = 'public'::regnamespace"
        query = f"SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE {tables}"
        return int(raw.execute(query).fetchone()[0])


def age(engine: Engine, turns: int = 1000) -> list[Figure]:
    """The nth completion of one looping case with a timer."""
    case = engine.execute(StartProcess(procedure="looping"), WORKER).stream
    spent = []
    for _ in range(turns):
        task = open_task(engine, case)
        began = process_time()
        engine.execute(CompleteTask(task_id=task.id, revision=task.revision, values=VALUES), WORKER)
        spent.append(process_time() - began)
    early, late = sorted(spent[5:25])[10], sorted(spent[-20:])[10]
    with engine.read() as connection:
        state = connection.scalars(sa.select(instance.c.state).where(instance.c.id == case)).one()
        commands = connection.scalar(sa.select(sa.func.count()).where(command.c.stream == case))
    return [
        Figure(f"completion {commands} against 10 of one case", late / early, "×", 1.5, "its own 10th"),
        Figure("state after that", len(state), "bytes", 2048),
    ]
