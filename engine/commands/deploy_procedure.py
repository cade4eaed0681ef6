"""Publish a procedure: from now on new cases run it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import sqlalchemy as sa

from engine import authorization, deployments, log, recurring
from engine.actor import ADMINISTRATOR, PROCESS_OWNER
from engine.db.models import deployment, deployment_file, group_, start_message
from engine.errors import InvalidDiagram
from engine.papers.proof import flaw
from engine.service_tasks import registry
from engine.unit_of_work import UnitOfWork
from engine.workflow import lint, parser
from engine.workflow.definition import Definition


@dataclass(frozen=True, kw_only=True)
class DeployProcedure:
    """Check the files of a procedure and keep them, unchangeable, as its next version; the same content does nothing.

    `files` are named as in `parser.parse`. A called procedure that is missing among them is bound as it is deployed.
    """

    kind: ClassVar[str] = "deploy_procedure"
    files: Mapping[str, bytes]

    def run(self, work: UnitOfWork) -> None:
        authorization.require_role(work.actor, ADMINISTRATOR, PROCESS_OWNER)
        head = log.head(work, recurring.STREAM)
        files = {**self.files, **_called(work.connection, self.files)}
        problems = _checked(tuple(sorted(files.items())), frozenset(work.connection.scalars(sa.select(group_.c.key))))
        if any(problem.severity == "error" for problem in problems):
            raise InvalidDiagram(problems)
        definition = parser.parse(files)
        content = deployments.content_hash(files)
        before = deployments.current(work.connection, definition.procedure)
        if before is not None and before.hash == content:
            work.unlogged(
                recurring.STREAM, deployment=before.id, procedure=definition.procedure, version=before.version
            )
            return
        version = before.version + 1 if before is not None else 1
        key = deployments.deployment_id(definition.procedure, version, content)
        body = {"deployment": key, "procedure": definition.procedure, "version": version, "hash": content.hex()}
        log.append(work, head, body)
        work.connection.execute(deployment.insert(), _row(work, definition, body, content))
        rows = [{"deployment_id": key, "path": path, "content": data} for path, data in sorted(files.items())]
        work.connection.execute(deployment_file.insert(), rows)
        _replace_start_messages(work.connection, definition)
        recurring.replace(work, definition.procedure, recurring.series_of(self.files))


def _row(work: UnitOfWork, definition: Definition, body: Mapping[str, Any], content: bytes) -> dict[str, Any]:
    return {
        "id": body["deployment"],
        "procedure": definition.procedure,
        "version": body["version"],
        "title": definition.process.title,
        "hash": content,
        "deployed_by": work.actor.key,
        "deployed_at": work.now,
    }


def _called(connection: sa.Connection, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of every deployed procedure that is called and not at hand; called ones hold what they call."""
    diagram = recurring.diagram_of(files)
    names = {node.xml.get("calledElement", "") for node in diagram.of_tag("callActivity")} if diagram else set()
    found: dict[str, bytes] = {}
    for name in sorted(name.replace("_", "-") for name in names):
        row = deployments.current(connection, name)
        if row is None or any(path.startswith(f"calls/{name}/") for path in files):
            continue
        for path, content in deployments.files(connection, row.id).items():
            found[path if path.startswith("calls/") else f"calls/{name}/{path}"] = content
    return found


@lru_cache(maxsize=256)
def _checked(files: tuple[tuple[str, bytes], ...], groups: frozenset[str]) -> tuple[lint.Problem, ...]:
    """The lint's answer; it depends on nothing else, and stories deploy the same files a hundred times."""
    registry.load()
    operations = {name: lint.Operation(one.parameters, one.results) for name, one in registry.OPERATIONS.items()}
    return lint.check(dict(files), lint.Surroundings(operations=operations, groups=groups, typeset=flaw))


def _replace_start_messages(connection: sa.Connection, definition: Definition) -> None:
    connection.execute(start_message.delete().where(start_message.c.procedure == definition.procedure))
    process = definition.process
    events = [definition.element(process.id, event) for event, kind in process.starts.items() if kind == "message"]
    rows = [{"name": event.message, "procedure": process.procedure, "event": event.id} for event in events]
    if rows:
        connection.execute(start_message.insert(), rows)
