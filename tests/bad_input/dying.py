"""A process that does one thing on an installation and stands still in the midst of it, to be killed there.

    python -m tests.bad_input.dying WHERE DEED [ARGUMENT…]        settings from the environment

WHERE: "written" (the first statement that writes is done, the second is not), "committing" (all are), "sent" (a notice
has left the house). DEED: "start REQUEST NOW", "complete TASK REQUEST NOW", "approve REQUEST NOW", or "jobs": perform
what falls due.
It says "here" when it stands still.
"""

import sys
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import clock, notifications, worker, worker_postgres
from engine.bootstrap import build_engine
from engine.cli.speaking import log_to_stderr
from engine.commands.approve_draft import ApproveDraft
from engine.commands.complete_task import CompleteTask
from engine.commands.start_process import StartProcess
from engine.executor import Engine
from engine.settings import Settings
from tests.factories import ADMIN, CALL, SPECIALIST

WRITES = ("INSERT", "UPDATE", "DELETE")


def stand_still(*_: Any) -> None:
    print("here", flush=True)
    threading.Event().wait()


def stop_at(where: str, engine: Engine) -> None:
    """Lay the trap."""
    send = notifications.send

    writes = []

    def when_written(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().upper().startswith(WRITES):
            writes.append(statement)
        if len(writes) == 2:
            stand_still()

    def when_sent(*arguments: Any) -> None:
        send(*arguments)
        stand_still()

    def when_committing(connection: sa.Connection) -> None:
        if connection.get_execution_options().get("writes"):
            stand_still()

    if where == "written":
        sa.event.listen(engine.store.engine, "before_cursor_execute", when_written)
    elif where == "committing":
        sa.event.listen(engine.store.engine, "commit", when_committing)
    else:
        notifications.send = when_sent


def start(engine: Engine, request: str, now: str) -> None:
    with clock.hold(datetime.fromisoformat(now)):
        engine.execute(StartProcess(procedure="one-task", values=CALL), SPECIALIST, request)


def complete(engine: Engine, task: str, request: str, now: str) -> None:
    with clock.hold(datetime.fromisoformat(now)):
        engine.execute(CompleteTask(task_id=task, values={"result": "settled"}), SPECIALIST, request)


def approve(engine: Engine, request: str, now: str) -> None:
    with clock.hold(datetime.fromisoformat(now)):
        engine.execute(ApproveDraft(procedure="one-task"), ADMIN, request)


def jobs(engine: Engine) -> None:
    """As `renoflow serve` does on SQLite and `renoflow worker` on PostgreSQL."""
    if engine.store.dialect == "sqlite":
        worker.Loop(engine).run()
    worker_postgres.run(engine)


DEEDS: dict[str, Callable[..., None]] = {"start": start, "complete": complete, "approve": approve, "jobs": jobs}


def main(where: str, deed: str, *arguments: str) -> None:
    log_to_stderr()
    engine = build_engine(Settings.read())
    stop_at(where, engine)
    DEEDS[deed](engine, *arguments)


if __name__ == "__main__":
    main(*sys.argv[1:])
