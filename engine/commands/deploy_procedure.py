"""Publish a procedure: from now on new cases run it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from engine import authorization, deployments, log, recurring
from engine.actor import ADMINISTRATOR, PROCESS_OWNER
from engine.studio import checking, deploying
from engine.unit_of_work import UnitOfWork


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
        files = checking.whole(work.connection, self.files)
        kept = deploying.keep(work, files, head.instant(work.now))
        if kept is not None:
            log.append(work, head, kept)
            return
        diagram = recurring.diagram_of(self.files)
        assert diagram is not None
        same = deployments.current(work.connection, diagram.procedure)
        assert same is not None
        work.unlogged(recurring.STREAM, deployment=same.id, procedure=same.procedure, version=same.version)
