"""The beginning of a case, by a person, a message or the calendar."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from engine import case_files, case_forms, cases, deployments, log
from engine.clock import OFFICE
from engine.db.models import counter
from engine.errors import NotFound
from engine.unit_of_work import UnitOfWork
from engine.workflow import runner
from engine.workflow.definition import Definition


def current(work: UnitOfWork, procedure: str) -> tuple[str, Definition]:
    """The deployment that starts new cases, and its definition.

    Raises:
        NotFound: The procedure was never deployed.
    """
    row = deployments.current(work.connection, procedure)
    if row is None:
        raise NotFound(procedure=procedure)
    return row.id, deployments.definition(work.connection, row.id)


def start(
    work: UnitOfWork,
    *,
    deployment: tuple[str, Definition],
    event: str | None,
    values: Mapping[str, Any],
    business_key: str | None,
    case_id: str,
    **body: Any,
) -> None:
    """Start a case and write it.

    Raises:
        FormRejected: The start form does not take the values.
        NotFound: The procedure has no such start event.
    """
    deployment_id, definition = deployment
    event = event or _plain_start(definition)
    if event not in definition.process.starts:
        raise NotFound(start=event)
    form_key = definition.form_key(definition.element(definition.process.id, event))
    form = deployments.form(definition, deployment_id, form_key)
    checked = case_forms.check(work, form, values, now=work.now, started_at=work.now)
    case = cases.new(
        work,
        case_id=case_id,
        deployment_id=deployment_id,
        definition=definition,
        business_key=business_key or _next_key(work, definition, work.now),
    )
    world = cases.world(work, case, typed_at=checked.typed_instant)
    step = runner.start(definition, world, event=event, values=checked.routing)
    body |= {"deployment": deployment_id, "procedure": definition.procedure, "event": event, "key": case.business_key}
    cases.advance(
        work,
        case,
        step,
        world,
        cases.with_values(body, checked),
        submitted=log.Submitted(values=checked.everything, scope="", element=event, round=1) if form else None,
        concerns=case_forms.concerns(form, checked.routing),
        subject=case_forms.subject(work, form, checked.everything),
        started_by=work.actor.key,
    )
    case_files.keep(work, case, event, case_forms.files_in(form, checked.everything))


def _plain_start(definition: Definition) -> str:
    starts = definition.process.starts
    return next((name for name, kind in starts.items() if kind == "none"), next(iter(starts)))


def _next_key(work: UnitOfWork, definition: Definition, now: datetime) -> str:
    """The next number people call a case by: "TS-2025-0007"; the letters are `key` in procedure.toml."""
    initials = "".join(word[0] for word in definition.procedure.split("-")).upper()
    name = f"{definition.process.settings.get('key', initials)}-{now.astimezone(OFFICE):%Y}"
    insert: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[work.dialect]
    statement = insert(counter).values(name=name, value=1)
    statement = statement.on_conflict_do_update(index_elements=["name"], set_={"value": counter.c.value + 1})
    return f"{name}-{work.connection.scalars(statement.returning(counter.c.value)).one():04d}"
