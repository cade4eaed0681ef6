"""Tell people something whose day has come."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID, uuid5

import sqlalchemy as sa

from engine import jobs
from engine.db.models import instance, notice
from engine.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class Announce:
    """Write a notice to each principal of a job of registers.announcements; changes nothing in the case."""

    kind: ClassVar[str] = "announce"
    job_id: str
    args: Mapping[str, Any]  # case, to, code, parameters

    def run(self, work: UnitOfWork) -> None:
        work.unlogged(job=self.job_id)
        if not jobs.take(work.connection, self.job_id):
            return
        number = sa.select(instance.c.business_key).where(instance.c.id == self.args["case"])
        parameters = {**self.args["parameters"], "case": work.connection.scalar(number) or ""}
        rows = [
            {
                "principal": principal,
                "at": work.now,
                "id": uuid5(UUID(hex=self.job_id), principal).hex,
                "case_id": self.args["case"],
                "code": self.args["code"],
                "parameters": parameters,
            }
            for principal in dict.fromkeys(self.args["to"])
        ]
        if rows:
            work.connection.execute(notice.insert(), rows)
