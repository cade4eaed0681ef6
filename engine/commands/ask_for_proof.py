"""Ask for a proof of the whole record."""

from dataclasses import dataclass
from typing import ClassVar

from engine import authorization, jobs, log
from engine.actor import ADMINISTRATOR, AUDITOR
from engine.db.models import job
from engine.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class AskForProof:
    """Let the record be proven now; where that is under way already, nothing is added. Changes no chain."""

    kind: ClassVar[str] = "ask_for_proof"
    every: bool = False  # re-execute all cases, not only some drawn by lot

    def run(self, work: UnitOfWork) -> None:
        authorization.require_role(work.actor, AUDITOR, ADMINISTRATOR)
        log.head(work, jobs.PROOF)  # of two that ask at once the second finds the first one's job
        found = jobs.find(work.connection, jobs.PROOF_ID)
        if found is None:
            args = {"by": work.actor.key, "every": self.every}
            row = {"id": jobs.PROOF_ID, "stream": jobs.PROOF, "kind": jobs.PROOF, "args": args, "due_at": work.now}
            work.connection.execute(job.insert(), row)
        elif found.status == jobs.INCIDENT:
            jobs.retry(work.connection, jobs.PROOF_ID, work.now)
        work.unlogged(job=jobs.PROOF_ID)
