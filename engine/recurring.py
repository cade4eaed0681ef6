"""Recurring starts: a job of the definition that starts a case and puts itself again for the next time.

The next nominal instant follows the last nominal one; a non-working day moves the deed, never the series, so that two
occurrences which land on one day stay two (procedures.md 0.4).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID, uuid5

import sqlalchemy as sa

from engine.db.models import job
from engine.registers import calendar
from engine.unit_of_work import UnitOfWork
from engine.workflow import expressions
from engine.workflow.functions import PURE, instant_of
from engine.workflow.lint.diagram import Diagram, Node, read_diagram, timer_of
from engine.workflow.lint.reading import children, read_xml
from engine.workflow.time_functions import time_functions
from engine.working_time import Shift

STREAM = "definitions"


@dataclass(frozen=True, kw_only=True)
class Series:
    """A timer start event: when cases begin by themselves."""

    procedure: str
    event: str
    cycle: str  # expression
    shift: Shift


def diagram_of(files: Mapping[str, bytes]) -> Diagram | None:
    """The deployment's own diagram."""
    for path, content in files.items():
        if path.endswith(".bpmn") and "/" not in path:
            root, _ = read_xml(path, content)
            if root is not None:
                process = next(iter(children(root, "process")), None)
                return None if process is None else read_diagram(path, path.removesuffix(".bpmn"), root, process)
    return None


def series_of(files: Mapping[str, bytes]) -> list[Series]:
    """The timer start events of a deployment's own diagram."""
    diagram = diagram_of(files)
    nodes: list[Node] = list(diagram.of_tag("startEvent")) if diagram else []
    found = []
    for node in nodes:
        timer = timer_of(node)
        if diagram and timer:
            shift = cast(Shift, node.properties.get("shift", "none"))
            found.append(Series(procedure=diagram.procedure, event=node.id, cycle=timer[1], shift=shift))
    return found


def replace(work: UnitOfWork, procedure: str, found: list[Series]) -> None:
    """Let the series of a new deployment take the place of the old one's."""
    old = sa.select(job.c.id, job.c.args).where(job.c.stream == STREAM, job.c.kind == "start")
    for row in work.connection.execute(old):
        if row.args["procedure"] == procedure:
            work.connection.execute(job.delete().where(job.c.id == row.id))
    for series in found:
        put_next(work, series, after=work.now)


def put_next(work: UnitOfWork, series: Series, *, after: datetime) -> None:
    """Put the job of the next occurrence whose nominal instant is later than `after`."""
    nominal = _evaluate(work, series, after, "none")
    # Evaluated a second time just before the nominal instant, so that the shift applies to this very occurrence.
    moved = _evaluate(work, series, _just_before(nominal), series.shift)
    args: dict[str, Any] = {"procedure": series.procedure, "event": series.event, "nominal": nominal.isoformat()}
    key = uuid5(UUID(int=0), f"{series.procedure}:{series.event}:{nominal.isoformat()}").hex
    row = {"id": key, "stream": STREAM, "kind": "start", "args": args, "due_at": moved}
    work.connection.execute(job.insert(), row)


def _just_before(instant: datetime) -> datetime:
    return instant - datetime.resolution


def _evaluate(work: UnitOfWork, series: Series, after: datetime, shift: Shift) -> datetime:
    functions = {**PURE, **time_functions(after, after, calendar.current(work.connection), shift=shift)}
    instant = instant_of(expressions.compile(series.cycle).evaluate({}, functions))
    assert instant is not None  # the lint refuses a cycle without a result
    return instant
