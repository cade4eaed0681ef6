"""What must be true after a step of a story, read from the database as anyone may read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine import audit, deployments, rebuild
from engine.clock import OFFICE
from engine.db.models import breach, deadline_met, instance, job, ledger_posting, notice, person, user_task
from engine.errors import StoryFailed
from engine.jobs import INCIDENT
from engine.projections import ASIDE
from engine.registers import ledger, money
from engine.stories.story import Deed, instant
from engine.workflow import runner
from engine.workflow.advance import Timer

if TYPE_CHECKING:
    from engine.stories.driver import Playing


def notices(connection: sa.Connection) -> Counter[str]:
    """Principal key → number of notices told so far."""
    return Counter(connection.scalars(sa.select(notice.c.principal)))


def open_tasks(connection: sa.Connection, case_id: str) -> list[sa.Row[Any]]:
    query = sa.select(user_task).where(
        user_task.c.case_id == case_id, user_task.c.completed_at.is_(None), user_task.c.cancelled_at.is_(None)
    )
    return list(connection.execute(query.order_by(user_task.c.element, user_task.c.item)))


def timers(connection: sa.Connection, case_id: str) -> list[Timer]:
    """The waiting timers of a case."""
    row = connection.execute(sa.select(instance).where(instance.c.id == case_id)).one()
    definition = deployments.definition(connection, row.deployment_id)
    return list(runner.frontier(definition, row.state).timers.values())


def label(task: sa.Row[Any]) -> str:
    return f"{task.element}[{task.item}]" if task.item else str(task.element)


def check(playing: Playing, deed: Deed, before: Counter[str]) -> None:
    """Compare every expectation of a step.

    Raises:
        StoryFailed: One does not hold; says what was found.
    """
    with playing.engine.read() as connection:
        case_id = playing.case_of(deed) if deed.expect.keys() & _READERS.keys() else ""
        for name, wanted in deed.expect.items():
            if name in _READERS:
                _compare(playing, deed, name, wanted, _READERS[name](connection, case_id))
        if "notices" in deed.expect:
            told = notices(connection) - before
            missing = sorted(set(deed.expect["notices"]) - set(told))
            if missing:
                playing.fail(deed, "not_told", missing=missing, told=sorted(told))


def _compare(playing: Playing, deed: Deed, name: str, wanted: Any, found: Any) -> None:
    if isinstance(wanted, dict):
        found = {key: found.get(key) for key in wanted}
        if name in ("due", "met"):
            wanted = {key: instant(value) if value else None for key, value in wanted.items()}
    elif name in ("open", "cases"):
        wanted = sorted(wanted)
    if found != wanted:
        playing.fail(deed, "differs", name=name, wanted=_said(wanted), found=_said(found))


def _said(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _said(item) for key, item in value.items()}
    return value.astimezone(OFFICE).strftime("%Y-%m-%d %H:%M:%S") if hasattr(value, "astimezone") else value


def _open(connection: sa.Connection, case_id: str) -> list[str]:
    return sorted(label(task) for task in open_tasks(connection, case_id))


def _by_task(read: Callable[[sa.Row[Any]], Any]) -> Callable[[sa.Connection, str], dict[str, Any]]:
    def found(connection: sa.Connection, case_id: str) -> dict[str, Any]:
        return {label(task): read(task) for task in open_tasks(connection, case_id)}

    return found


def _breaches(connection: sa.Connection, case_id: str) -> list[str]:
    query = sa.select(breach.c.deadline).where(breach.c.case_id == case_id)
    return list(connection.scalars(query.order_by(breach.c.due_at, breach.c.deadline)))


def _met(connection: sa.Connection, case_id: str) -> dict[str, Any]:
    """Deadline id → when it was last met, kept ones and missed ones."""
    rows: list[Any] = []
    for table in (breach, deadline_met):
        query = sa.select(table.c.deadline, table.c.met_at)
        query = query.where(table.c.case_id == case_id, table.c.met_at.is_not(None))
        rows += connection.execute(query).all()
    return dict(sorted(((name, at) for name, at in rows), key=lambda row: row[1]))


def _data(connection: sa.Connection, case_id: str) -> dict[str, Any]:
    """ "element.field" → value of the case's own data, "scope/element.field" of what it calls."""
    row = connection.execute(sa.select(instance).where(instance.c.id == case_id)).one()
    definition = deployments.definition(connection, row.deployment_id)
    found: dict[str, Any] = {}
    for scope, elements in runner.case_data(definition, row.state).items():
        for element, values in elements.items():
            prefix = f"{scope}/{element}" if scope else element
            found[prefix] = values
            if isinstance(values, dict):
                found |= {f"{prefix}.{key}": value for key, value in values.items()}
    return found


def _balances(connection: sa.Connection, _case_id: str) -> dict[str, str]:
    """Account → yuan; of a person under "person:@login" as well."""
    amount = sa.func.sum(ledger_posting.c.amount)
    rows = connection.execute(sa.select(ledger_posting.c.account, amount).group_by(ledger_posting.c.account)).all()
    logins = {str(row.id): row.username for row in connection.execute(sa.select(person.c.id, person.c.username))}
    found = {account: money.text(value) for account, value in rows}
    for account in list(found):
        kind, _, key = account.partition(":")
        if kind in ("person", "output"):
            found[f"{kind}:@{logins[key]}"] = found[account]
    return found


def _column(name: str) -> Callable[[sa.Connection, str], Any]:
    def found(connection: sa.Connection, case_id: str) -> Any:
        return connection.scalars(sa.select(instance.c[name]).where(instance.c.id == case_id)).one()

    return found


def _cases(connection: sa.Connection, _case_id: str) -> list[str]:
    running = sa.select(instance.c.procedure).where(instance.c.status.in_(("running", "suspended")))
    return sorted(connection.scalars(running))


def _incidents(connection: sa.Connection, _case_id: str) -> int:
    return len(list(connection.scalars(sa.select(job.c.id).where(job.c.status == "incident"))))


_READERS: dict[str, Callable[[sa.Connection, str], Any]] = {
    "open": _open,
    "assignee": _by_task(lambda task: task.assignee),
    "candidates": _by_task(lambda task: list(task.candidates)),
    "due": _by_task(lambda task: task.due_at),
    "breaches": _breaches,
    "met": _met,
    "data": _data,
    "status": _column("status"),
    "end_state": _column("end_state"),
    "balances": _balances,
    "cases": _cases,
    "incidents": _incidents,
}


def check_integrity(playing: Playing) -> None:
    """After a story: projections equal a rebuild, chains hold, cases replay, papers are made, the ledger adds up.

    Raises:
        StoryFailed: Names the case and what differs.
    """
    with playing.engine.read() as connection:
        for case_id in connection.scalars(sa.select(instance.c.id).order_by(instance.c.id)):
            findings = [*rebuild.compare(connection, case_id), *audit.examine(connection, case_id)[1]]
            if findings:
                raise StoryFailed(story=playing.story.name, step=len(playing.story.deeds), reason=str(findings[0]))
        unmade = sa.select(job.c.error).where(job.c.kind == ASIDE, job.c.status == INCIDENT)
        if failed := connection.scalars(unmade).all():
            raise StoryFailed(story=playing.story.name, step=len(playing.story.deeds), reason=f"papers: {failed[0]}")
        if wrong := ledger.unbalanced(connection):
            raise StoryFailed(story=playing.story.name, step=len(playing.story.deeds), reason=f"ledger: {wrong}")
