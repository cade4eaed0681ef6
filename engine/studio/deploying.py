"""Files become a version: checked, kept unchangeable under the hash of their content, and in force from then on."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import deployments, recurring
from engine.db.models import deployment, deployment_file, start_message
from engine.errors import InvalidDiagram
from engine.studio import checking
from engine.unit_of_work import UnitOfWork
from engine.workflow import parser
from engine.workflow.definition import Definition


def keep(work: UnitOfWork, files: Mapping[str, bytes], at: datetime) -> dict[str, Any] | None:
    """Keep the files of a procedure, called ones included, as its next version; None where it is the one in force.

    Gives what the log says of it: deployment, procedure, version and hash.

    Args:
        at: The instant that the command's row in the log will have.
    Raises:
        InvalidDiagram: The files have problems.
    """
    problems = checking.checked(work.connection, files)
    if any(problem.severity == "error" for problem in problems):
        raise InvalidDiagram(problems)
    definition = parser.parse(files)
    content = deployments.content_hash(files)
    before = deployments.current(work.connection, definition.procedure)
    if before is not None and before.hash == content:
        return None
    series = recurring.series_of(files)
    if before is None or series != recurring.series_of(deployments.files(work.connection, str(before.id))):
        recurring.replace(work, definition.procedure, series)  # else what is due, or was moved, stays so
    version = before.version + 1 if before is not None else 1
    key = deployments.deployment_id(definition.procedure, version, content)
    kept = {"deployment": key, "procedure": definition.procedure, "version": version, "hash": content.hex()}
    work.connection.execute(deployment.insert(), _row(work, definition, kept, content) | {"deployed_at": at})
    rows = [{"deployment_id": key, "path": path, "content": data} for path, data in sorted(files.items())]
    work.connection.execute(deployment_file.insert(), rows)
    _replace_start_messages(work.connection, definition)
    return kept


def _row(work: UnitOfWork, definition: Definition, kept: Mapping[str, Any], content: bytes) -> dict[str, Any]:
    return {
        "id": kept["deployment"],
        "procedure": definition.procedure,
        "version": kept["version"],
        "title": definition.process.title,
        "hash": content,
        "deployed_by": work.actor.key,
    }


def _replace_start_messages(connection: sa.Connection, definition: Definition) -> None:
    connection.execute(start_message.delete().where(start_message.c.procedure == definition.procedure))
    process = definition.process
    events = [definition.element(process.id, event) for event, kind in process.starts.items() if kind == "message"]
    rows = [{"name": event.message, "procedure": process.procedure, "event": event.id} for event in events]
    if rows:
        connection.execute(start_message.insert(), rows)
