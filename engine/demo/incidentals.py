"""What people do in a case besides completing its tasks: a word, a file, a transfer, a moved appointment, a pause."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.commands.attach_file import AttachFile
from engine.commands.cancel_instance import CancelInstance
from engine.commands.comment import Comment
from engine.commands.release_task import ReleaseTask
from engine.commands.report_progress import ReportProgress
from engine.commands.reschedule import Reschedule
from engine.commands.resume_instance import ResumeInstance
from engine.commands.save_draft import SaveDraft
from engine.commands.suspend_instance import SuspendInstance
from engine.commands.transfer_task import TransferTask
from engine.db.models import message_wait
from engine.demo import problems
from engine.demo.colleagues import Offered
from engine.demo.plans import Plan
from engine.stories import facts

if TYPE_CHECKING:
    from engine.demo.simulation import Simulation

MANAGER = "lin_xiaomei"
COMMENTED, ATTACHED, TRANSFERRED, RELEASED, DRAFTED, MOVED, PROGRESS = 0.14, 0.06, 0.03, 0.02, 0.15, 0.08, 0.3
APPOINTMENT = "T-05"


class Incidentals:
    """Deeds that a case can do without."""

    def __init__(self, simulation: Simulation) -> None:
        self.simulation = simulation
        self.rng = simulation.rng

    def of_case(self, plan: Plan, now: datetime) -> None:
        """A pause or an early end that is in store for a case."""
        if plan.suspend_after is not None:
            self.simulation.at(now + plan.suspend_after, lambda at: self._suspend(plan, at))
        if plan.cancel_after is not None:
            self.simulation.at(now + plan.cancel_after, lambda at: self._cancel(plan))

    def _suspend(self, plan: Plan, now: datetime) -> None:
        reason = self.rng.choice(problems.SUSPEND_REASONS)
        done = self.simulation.execute(SuspendInstance(case_id=plan.case_id, reason=reason), MANAGER)
        if done is not None and plan.suspend_for is not None:
            self.simulation.at(now + plan.suspend_for, lambda at: self._resume(plan))

    def _resume(self, plan: Plan) -> None:
        reason = self.rng.choice(problems.RESUME_REASONS)
        self.simulation.execute(ResumeInstance(case_id=plan.case_id, reason=reason), MANAGER)

    def _cancel(self, plan: Plan) -> None:
        reason = self.rng.choice(problems.CANCEL_REASONS)
        self.simulation.execute(CancelInstance(case_id=plan.case_id, reason=reason), MANAGER)

    def of_claim(self, row: sa.RowMapping, plan: Plan, login: str) -> None:
        """Some begin to write as soon as they have a task."""
        if row["form"] and self.rng.random() < DRAFTED and row["element"] == "verify_with_customer":
            values = {"facts": plan.problem.facts}
            self.simulation.execute(SaveDraft(task_id=row["id"], values=values), login)

    def instead_of(self, row: sa.RowMapping, plan: Plan, login: str, now: datetime) -> bool:
        """Whether somebody does something else with a task than completing it, for now."""
        if plan.brisk:
            return False
        chance = self.rng.random()
        if row["element"] == "visit_or_explain" and row["due_at"] and row["due_at"] > now and chance < MOVED:
            return self._move_appointment(row, login, now)
        if chance < TRANSFERRED and row["assignee"] is not None:
            return self._transfer(row, plan, login, now)
        if chance < TRANSFERRED + RELEASED and row["assignee"] is not None:
            self.simulation.execute(ReleaseTask(task_id=row["id"], revision=row["revision"]), login)
            self._again(row["id"], login, now)
            return True
        return False

    def _transfer(self, row: sa.RowMapping, plan: Plan, login: str, now: datetime) -> bool:
        offered = Offered(
            element=row["element"],
            candidates=row["candidates"],
            excluded=row["excluded"] or (),
            due_at=row["due_at"],
            not_before=row["not_before"],
        )
        other = self.simulation.office.who(offered, plan.doers, apart_from=login)
        if other is None:
            return False
        command = TransferTask(
            task_id=row["id"],
            to=self.simulation.actor(other).key,
            reason=self.rng.choice(problems.TRANSFER_REASONS),
            revision=row["revision"],
        )
        self.simulation.execute(command, login)
        self._again(row["id"], other, now)
        return True

    def _again(self, key: str, login: str, now: datetime) -> None:
        self.simulation.at(
            now + timedelta(minutes=self.rng.uniform(10, 120)), lambda at: self.simulation.do(key, login, at)
        )

    def _move_appointment(self, row: sa.RowMapping, login: str, now: datetime) -> bool:
        with self.simulation.engine.read() as connection:
            timers = [one for one in facts.timers(connection, row["case_id"]) if one.deadline == APPOINTMENT]
        if not timers:
            return False
        due = row["due_at"] + timedelta(days=1)
        command = Reschedule(
            case_id=row["case_id"],
            timer_id=timers[0].id,
            due_at=due,
            reason=self.rng.choice(problems.RESCHEDULE_REASONS),
        )
        self.simulation.execute(command, MANAGER)
        moment = due - timedelta(minutes=self.rng.uniform(3, 30))
        self.simulation.at(moment, lambda at: self.simulation.do(row["id"], login, at))
        return True

    def before(self, row: sa.RowMapping, plan: Plan, login: str, now: datetime) -> None:
        """A word or a file about the work, before it is done; a department tells how far it is."""
        case_id = row["case_id"]
        if self.rng.random() < COMMENTED:
            text = self.rng.choice(problems.COMMENTS)
            self.simulation.execute(Comment(case_id=case_id, text=text), login)
        if self.rng.random() < ATTACHED:
            self._attach(case_id, login)
        if row["element"] == "file_solution" and self.rng.random() < PROGRESS and self._is_awaited(case_id):
            self.simulation.execute(ReportProgress(case_id=case_id, message="progress_note"), login)

    def _attach(self, case_id: str, login: str) -> None:
        file: dict[str, Any] = self.rng.choice(self.simulation.files)
        command = AttachFile(
            case_id=case_id,
            digest=file["digest"],
            name=file["name"],
            size_bytes=file["size"],
            media_type=file["type"],
        )
        self.simulation.execute(command, login)

    def _is_awaited(self, case_id: str) -> bool:
        waiting = sa.select(message_wait.c.id).where(
            message_wait.c.case_id == case_id, message_wait.c.name == "progress_note"
        )
        with self.simulation.engine.read() as connection:
            return connection.scalars(waiting.limit(1)).one_or_none() is not None
