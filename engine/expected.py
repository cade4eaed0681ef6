"""What the rows of a case must say, followed from its log while it is re-executed; `rebuild` knows only what is open.

Left out is what no log decides: `subject` (as the registers called things then, and erased with the submissions), how
often a job was tried, notices, drafts.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

import sqlalchemy as sa

from engine import case_forms, deployments, projections, replay
from engine.actor import SYSTEM
from engine.db.models import breach, case_file, deadline_met, instance, job, message_wait, party, submission, user_task
from engine.replay import Replayed
from engine.workflow.advance import Frontier, Step
from engine.workflow.definition import Definition

Row = dict[str, Any]
_JOINING = ("claim_task", "comment", "attach_file", "transfer_task")  # who does this takes part from then on
_ASSIGNED: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    "claim_task": lambda row: row["actor"],
    "transfer_task": lambda row: row["body"]["to"],
    "release_task": lambda row: None,
}
_PLACE = ("scope", "element", "round", "item")
_MET = ("element", "item", "deadline", "due_at", "met_at")
_OF_CASE = ("status", "end_state", "suspended_at", "ended_at")
_OF_TASK = ("assignee", "revision", "created_at", "claimed_at", "completed_at", "cancelled_at")
_REPEATED = ("name", "form", "candidates", "excluded", "due_at", "deadline", "not_before")  # rebuild: while it is open


@dataclass
class Expected:
    """A case's rows up to the commands that were taken, by their ids.

    Attributes:
        case: Columns of `instance`.
        since: Timer → when its time began to run, or was moved.
        files: Command's number → (element, [digest, name]); the name is None where it was erased.
    """

    case_id: str
    case: Row = field(default_factory=lambda: dict.fromkeys(_OF_CASE) | {"status": "running"})
    tasks: dict[str, Row] = field(default_factory=dict)
    breaches: dict[str, Row] = field(default_factory=dict)
    met: Counter[tuple[Any, ...]] = field(default_factory=Counter)
    parties: set[str] = field(default_factory=set)
    since: dict[str, datetime] = field(default_factory=dict)
    commands: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    open: Frontier = field(default_factory=Frontier)
    state: bytes = b""

    def walk(self, connection: sa.Connection) -> Iterator[Replayed]:
        """Re-execute the case as `replay.steps` does, and follow what its rows must say."""
        log = list(replay.rows(connection, self.case_id))
        for row, one in zip(
            map(dict, log), replay.walk(log, lambda key: deployments.definition(connection, key)), strict=False
        ):
            if one.code is None:
                self._take(row, one)
            yield one

    def _take(self, row: Mapping[str, Any], one: Replayed) -> None:
        at, kind, actor = row["at"], row["kind"], row["actor"]
        self.commands[row["seq"]] = row
        if kind in _JOINING:
            self.parties |= {actor, row["body"].get("to") or actor} - {SYSTEM.key}
        if kind in _ASSIGNED:
            task = self.tasks[row["body"]["task"]]
            task["assignee"], task["revision"] = _ASSIGNED[kind](row), task["revision"] + 1
            task["claimed_at"] = at if task["assignee"] else None
        if kind == "suspend_instance":
            self.case |= {"status": "suspended", "suspended_at": at}
        if kind == "resume_instance":
            self.case |= {"status": "running", "suspended_at": None}
        if kind == "cancel_instance":
            self.case = {"status": "cancelled", "end_state": "cancelled", "ended_at": at, "suspended_at": None}
            self._moved(Step(state=self.state, digest=b"", before=self.open, after=Frontier()), at, actor)
            self.open = Frontier()
        if one.step is not None:
            self._moved(one.step, at, actor)
            self.parties |= projections.parties(one.step, None if actor == SYSTEM.key else actor)
            self.open, self.state = one.step.after, one.step.state
            if one.step.end_state:
                self.case |= {"status": "completed", "end_state": one.step.end_state, "ended_at": at}

    def _moved(self, step: Step, at: datetime, actor: str) -> None:
        before, after = step.before.tasks, step.after.tasks
        for key, task in before.items():
            row = self.tasks[key]
            if key not in after:
                done = key in step.completed
                row |= {"completed_at": at, "assignee": actor} if done else {"cancelled_at": at}
                row["claimed_at"] = row["claimed_at"] or (at if done else None)
                row["revision"] += 1
            elif after[key] != task:
                mutable = projections.task_row(self.case_id, after[key], at=at)
                row |= {name: mutable[name] for name in _REPEATED} | {"revision": row["revision"] + 1}
        for key, task in after.items():
            if key not in before:
                self.tasks[key] = projections.task_row(self.case_id, task, at=at)
        for key, timer in step.after.timers.items():
            if key not in step.before.timers:
                self.since[key] = timer.opened_at
            elif step.before.timers[key] != timer:
                self.since[key] = at
        self._deadlines(step, at)

    def _deadlines(self, step: Step, at: datetime) -> None:
        for passed in step.breaches:
            place = projections.place_row(self.case_id, passed)
            self.breaches[passed.id] = place | {"deadline": passed.deadline, "due_at": passed.due_at, "met_at": None}
        for met in step.met:
            if met.id in self.breaches:
                self.breaches[met.id]["met_at"] = met.met_at
            elif met.due_at >= at or met.id in step.before.timers:
                self.met[tuple(getattr(met, name) for name in _MET)] += 1


def compare(connection: sa.Connection, wanted: Expected) -> Iterator[str]:
    """Say where rows and log differ; nothing where all is well."""
    case_id = wanted.case_id
    case = connection.execute(sa.select(instance).where(instance.c.id == case_id)).mappings().one()
    yield from _columns("instance", case, wanted.case)
    rows = connection.execute(sa.select(party.c.principal).where(party.c.case_id == case_id))
    yield from _sets("party", wanted.parties, {row.principal for row in rows})
    if case["parties"] != sorted(wanted.parties):
        yield f"instance: parties is {case['parties']!r}"
    yield from _rows(connection, user_task, case_id, _tasks(wanted))
    yield from _rows(connection, breach, case_id, wanted.breaches)
    columns = [deadline_met.c[name] for name in _MET]
    met = Counter(map(tuple, connection.execute(sa.select(*columns).where(deadline_met.c.case_id == case_id))))
    yield from _sets("deadline_met", set(wanted.met.items()), set(met.items()))
    waits = {
        key: {"case_id": case_id} | {name: getattr(wait, name) for name in _PLACE}
        for key, wait in wanted.open.waits.items()
    }
    yield from _rows(connection, message_wait, case_id, waits)
    yield from _jobs(connection, wanted)
    definition = deployments.definition(connection, wanted.commands[1]["body"]["deployment"])
    yield from _files(connection, wanted, definition)


def _tasks(wanted: Expected) -> dict[str, Row]:
    """What `rebuild` has not compared: of open tasks who has them and since when, of others all."""
    return {
        key: {name: row[name] for name in _OF_TASK} if key in wanted.open.tasks else row
        for key, row in wanted.tasks.items()
    }


def _jobs(connection: sa.Connection, wanted: Expected) -> Iterator[str]:
    """The arguments of what waits; a reminder that was given is gone, one that no timer has is too many."""
    known: dict[str, Row] = {}
    for key, timer in wanted.open.timers.items():
        known |= {row["id"]: row for row in projections.timer_jobs(wanted.case_id, timer, wanted.since[key])}
    for key, call in wanted.open.calls.items():
        args = {"operation": call.operation, "arguments": dict(call.arguments)}
        known[key] = {"id": key, "kind": "call", "args": args}
    kinds = ("timer", "reminder", "call")
    for row in connection.execute(sa.select(job).where(job.c.stream == wanted.case_id)).mappings():
        if row["id"] in known:
            yield from _columns(f"job {row['id']}", row, known[row["id"]])
        elif row["kind"] in kinds:
            yield f"job {row['id']}: should not be there"


def _files(connection: sa.Connection, wanted: Expected, definition: Definition) -> Iterator[str]:
    rows = connection.execute(sa.select(submission).where(submission.c.stream == wanted.case_id)).mappings()
    sent = {row["seq"]: row["values"] for row in rows}
    known: dict[str, Row] = {}
    for seq, row in wanted.commands.items():
        brought = list(_brought(definition, wanted, row, sent.get(seq)))
        for number, (digest, name) in enumerate(brought, 1):
            key = uuid5(UUID(hex=wanted.case_id), f"{seq}:file:{number}").hex
            element = row["body"].get("element") or row["body"].get("event")
            known[key] = {"seq": seq, "hash": bytes.fromhex(digest), "actor": row["actor"], "at": row["at"]}
            known[key] |= {"element": element} | ({"name": name} if name is not None else {})
    found = connection.execute(sa.select(case_file).where(case_file.c.case_id == wanted.case_id)).mappings()
    erased = {seq for seq, values in sent.items() if values is None}
    rows_by_id = {row["id"]: row for row in found if row["seq"] not in erased or row["id"] in known}
    yield from _different("case_file", known, rows_by_id)


def _brought(
    definition: Definition, wanted: Expected, row: Mapping[str, Any], values: Any
) -> Iterator[tuple[str, str | None]]:
    """(digest, name) of the files that came with a command."""
    body = row["body"]
    if row["kind"] == "attach_file":
        yield body["file"], values["file"]["name"] if values else None
    elif row["kind"] == "keep_made":
        yield from ((digest, None) for digest in body["files"])
    elif values and ("task" in body or "event" in body) and row["state_digest"] is not None:
        start = definition.elements.get((definition.process.id, body.get("event", "")))
        key = definition.form_key(start) if start else wanted.tasks[body["task"]]["form"]
        form = deployments.form(definition, wanted.commands[1]["body"]["deployment"], key)
        yield from ((one["digest"], one["name"]) for one in case_forms.files_in(form, values))


def _rows(connection: sa.Connection, table: sa.Table, case_id: str, wanted: Mapping[str, Row]) -> Iterator[str]:
    found = connection.execute(sa.select(table).where(table.c.case_id == case_id)).mappings()
    yield from _different(table.name, wanted, {row["id"]: row for row in found})


def _different(table: str, wanted: Mapping[str, Row], found: Mapping[str, Any]) -> Iterator[str]:
    yield from _sets(table, set(wanted), set(found))
    for key in sorted(wanted.keys() & found.keys()):
        yield from _columns(f"{table} {key}", found[key], wanted[key])


def _columns(what: str, found: Any, wanted: Row) -> Iterator[str]:
    for name, value in wanted.items():
        if found[name] != value:
            yield f"{what}: {name} is {found[name]!r}, not {value!r}"


def _sets(table: str, wanted: set[Any], found: set[Any]) -> Iterator[str]:
    for row in sorted(map(str, wanted - found)):
        yield f"{table}: {row} is missing"
    for row in sorted(map(str, found - wanted)):
        yield f"{table}: {row} should not be there"
