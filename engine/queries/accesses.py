"""The access log as auditors read it: who saw what when, by person, case, kind and day."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine import authorization
from engine.actor import ADMINISTRATOR, AUDITOR, Actor
from engine.db.models import access, case_file, instance, person, user_task
from engine.queries import people
from engine.registers import lookup

MOST_MEANT = 50  # people that one text may mean
AT_ONCE = 500  # rows of a list that is written out
_NAMES = ("seq", "at", "actor", "kind", "case_id", "subject", "code", "client", "about")
_ROWS = sa.select(*(access.c[name] for name in _NAMES), instance.c.business_key).join(
    instance, instance.c.id == access.c.case_id, isouter=True
)
Position = tuple[datetime, int]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is looked for; empty where it does not matter.

    Attributes:
        person: A login, or part of a name.
        case: A case's number.
        kinds: Any of these.
        since, until: At or after, and before.
    """

    person: str = ""
    case: str = ""
    kinds: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Names:
    """What people call those whom some rows name.

    Attributes:
        people: Principal key → name.
        tasks: Task id → what the diagram calls the step, and the deployment whose it is.
        files: (case id, digest) → name.
        rows: (register, key) → name.
    """

    people: Mapping[str, str]
    tasks: Mapping[str, tuple[str, str]]
    files: Mapping[tuple[str, str], str]
    rows: Mapping[tuple[str, str], str]


def search(
    connection: sa.Connection, actor: Actor, wanted: Wanted, *, after: Position | None = None, size: int
) -> list[sa.RowMapping]:
    """Rows, the newest first; `after` (at, seq) continues a list.

    Raises:
        Forbidden: This is neither an auditor nor an administrator.
    """
    authorization.require_role(actor, AUDITOR, ADMINISTRATOR)
    rows = _ROWS.where(*_conditions(connection, wanted))
    if after is not None:
        start = sa.literal(after[0], access.c.at.type)
        earlier = sa.and_(access.c.at == start, access.c.seq < after[1])
        rows = rows.where(access.c.at <= start, sa.or_(access.c.at < start, earlier))
    return list(connection.execute(rows.order_by(access.c.at.desc(), access.c.seq.desc()).limit(size)).mappings())


def every(connection: sa.Connection, actor: Actor, wanted: Wanted) -> Iterator[list[sa.RowMapping]]:
    """All that are looked for, some at a time."""
    after: Position | None = None
    while True:
        found = search(connection, actor, wanted, after=after, size=AT_ONCE)
        yield found
        if len(found) < AT_ONCE:
            return
        after = found[-1]["at"], found[-1]["seq"]


def names(connection: sa.Connection, rows: Iterable[sa.RowMapping], language: str = "zh_CN") -> Names:
    """What is to be said of these rows; what is gone has no name."""
    rows = list(rows)
    subjects: dict[str, set[str]] = {}
    for row in rows:
        if row["subject"]:
            subjects.setdefault(row["kind"], set()).add(row["subject"])
    keys: dict[str, set[str]] = {}
    for text in {one for kind in ("customer", "register", "number") for one in subjects.get(kind, ())}:
        register, _colon, key = text.partition(":")
        if register in lookup.REGISTERS:
            keys.setdefault(register, set()).add(key)
    found = {(reg, key): name for reg, of in keys.items() for key, name in lookup.names(connection, reg, of).items()}
    return Names(
        people=people.names(connection, {row["actor"] for row in rows}, language),
        tasks=_tasks(connection, subjects.get("task", set())),
        files=_files(connection, {row["case_id"] for row in rows if row["kind"] == "file" and row["case_id"]}),
        rows=found,
    )


def _tasks(connection: sa.Connection, ids: set[str]) -> dict[str, tuple[str, str]]:
    rows = sa.select(user_task.c.id, user_task.c.name, instance.c.deployment_id)
    known = [one for one in ids if re.fullmatch("[0-9a-f]{32}", one)]  # a row that was altered may say anything
    rows = rows.join(instance, instance.c.id == user_task.c.case_id).where(user_task.c.id.in_(known))
    return {row.id: (row.name, row.deployment_id) for row in connection.execute(rows)} if known else {}


def _files(connection: sa.Connection, cases: set[str]) -> dict[tuple[str, str], str]:
    rows = sa.select(case_file.c.case_id, case_file.c.hash, case_file.c.name).where(case_file.c.case_id.in_(cases))
    return {(row.case_id, row.hash.hex()): row.name for row in connection.execute(rows)} if cases else {}


def _conditions(connection: sa.Connection, wanted: Wanted) -> Iterator["sa.ColumnElement[bool]"]:
    if wanted.person:
        meant = sa.or_(person.c.username == wanted.person, person.c.name.contains(wanted.person, autoescape=True))
        ids = connection.scalars(sa.select(person.c.id).where(meant).order_by(person.c.id).limit(MOST_MEANT))
        yield access.c.actor.in_([f"person:{one}" for one in ids])
    if wanted.case:
        numbered = sa.select(instance.c.id).where(instance.c.business_key == wanted.case)
        yield access.c.case_id.in_(list(connection.scalars(numbered)))
    if wanted.kinds:
        yield access.c.kind.in_(wanted.kinds)
    if wanted.since:
        yield access.c.at >= sa.literal(wanted.since, access.c.at.type)
    if wanted.until:
        yield access.c.at < sa.literal(wanted.until, access.c.at.type)
