"""Re-execute a case from its log, in memory, with the recorded answers, and compare the state after each command.

A case that was recorded in an older epoch is not re-executed: its chain may be intact, but this release need not walk
the same way.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from engine import deployments
from engine.db.models import command
from engine.errors import EngineError, ReplayMismatch
from engine.log import ENGINE_EPOCH
from engine.workflow import runner
from engine.workflow.advance import Step
from engine.workflow.definition import Definition
from engine.workflow.world import World

_ROWS = sa.select(command).where(command.c.stream == sa.bindparam("of_case")).order_by(command.c.seq)


@dataclass(frozen=True, kw_only=True)
class Replayed:
    """One command, re-executed.

    Attributes:
        step: What it did; None where it left the process alone.
        code: What is wrong: replay.mismatch (another state), replay.reads (it asked something else), replay.failed,
            replay.older_epoch; None where all is well.
    """

    seq: int
    at: datetime
    kind: str
    step: Step | None = None
    code: str | None = None
    reason: str = ""


_Mover = Callable[[Definition, bytes, World, Mapping[str, Any]], Step]


def _due(body: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(body["due_at"])


MOVERS: dict[str, _Mover] = {
    "event": lambda d, s, w, b: runner.start(d, w, event=b["event"], values=b["values"]),
    "task": lambda d, s, w, b: runner.complete(d, s, w, task=b["task"], values=b["values"]),
    "timer": lambda d, s, w, b: runner.fire(d, s, w, timer=b["timer"]),
    "wait": lambda d, s, w, b: runner.catch(d, s, w, wait=b["wait"], payload=b["payload"]),
    "call": lambda d, s, w, b: runner.finish_call(d, s, w, call=b["call"], result=b["result"]),
    "moved": lambda d, s, w, b: runner.reschedule(d, s, w, timer=b["moved"], due=_due(b)),
    "shifted_us": lambda d, s, w, b: runner.shift(d, s, w, by=timedelta(microseconds=b["shifted_us"])),
}  # by the key of the body that says what the command moved


def replay(connection: sa.Connection, case_id: str) -> Iterator[Replayed]:
    """Re-execute a case; give what is wrong, nothing where all is well."""
    return (one for one in steps(connection, case_id) if one.code is not None)


def steps(connection: sa.Connection, case_id: str) -> Iterator[Replayed]:
    """Re-execute a case command by command; ends with the first one that goes another way."""
    return walk(rows(connection, case_id), lambda key: deployments.definition(connection, key))


def rows(connection: sa.Connection, case_id: str) -> Iterable[sa.RowMapping]:
    """The log of a case, to walk."""
    return connection.execute(_ROWS, {"of_case": case_id}).mappings()


def walk(log: Iterable[sa.RowMapping], definition_of: Callable[[str], Definition]) -> Iterator[Replayed]:
    """Re-execute what `rows` has read; asks the store for nothing but the definition, once."""
    state, definition = b"", None
    for row in log:
        about = {name: row[name] for name in ("seq", "at", "kind")}
        if row["engine_epoch"] != ENGINE_EPOCH:
            yield Replayed(**about, code="replay.older_epoch")
            return
        if row["state_digest"] is None:
            yield Replayed(**about)
            continue
        if definition is None:
            definition = definition_of(row["body"]["deployment"])
        try:
            step = _again(definition, state, row)
        except EngineError as error:
            code = "replay.reads" if _is_mismatch(error) else "replay.failed"
            yield Replayed(**about, code=code, reason=str(error))
            return
        state = step.state
        if step.digest != row["state_digest"]:
            yield Replayed(**about, step=step, code="replay.mismatch")
            return
        yield Replayed(**about, step=step)


def _again(definition: Definition, state: bytes, row: sa.RowMapping) -> Step:
    body = row["body"]
    typed, fired = body.get("typed_at"), "timer" in body
    world = World(
        case=row["stream"],
        seq=row["seq"],
        now=_due(body) if fired else row["at"],
        actor=row["actor"],
        typed_at=datetime.fromisoformat(typed) if typed else None,
        recorded=row["reads"],
    )
    move = next(MOVERS[key] for key in MOVERS if key in body)
    step = move(definition, state, world, body)
    if len(world.reads) < len(row["reads"]):
        raise ReplayMismatch(expected=row["reads"][len(world.reads)][:3])
    return step


def _is_mismatch(error: BaseException | None) -> bool:
    """Whether something was asked that was not recorded; the runner wraps what an expression raised."""
    return error is not None and (isinstance(error, ReplayMismatch) or _is_mismatch(error.__cause__))
