"""What people do in a story, as commands."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.commands.attach_file import AttachFile
from engine.commands.cancel_instance import CancelInstance
from engine.commands.claim_task import ClaimTask
from engine.commands.comment import Comment
from engine.commands.complete_task import CompleteTask
from engine.commands.correlate_message import CorrelateMessage
from engine.commands.release_task import ReleaseTask
from engine.commands.report_progress import ReportProgress
from engine.commands.reschedule import Reschedule
from engine.commands.resume_instance import ResumeInstance
from engine.commands.retry_job import RetryJob
from engine.commands.start_process import StartProcess
from engine.commands.suspend_instance import SuspendInstance
from engine.commands.transfer_task import TransferTask
from engine.db.models import job
from engine.jobs import INCIDENT
from engine.stories import facts
from engine.stories.story import Deed, instant
from engine.unit_of_work import Command

if TYPE_CHECKING:
    from engine.stories.driver import Playing


def start(playing: Playing, deed: Deed) -> None:
    command = StartProcess(
        procedure=playing.story.procedure, event=deed.do or None, values=playing.value(dict(deed.form))
    )
    playing.case = playing.engine.execute(command, playing.actor(deed)).stream


def _start_another(playing: Playing, deed: Deed) -> None:
    """Start one more case, of `procedure`; the story's own stays what it is."""
    procedure = deed.extra.get("procedure", playing.story.procedure)
    playing.engine.execute(
        StartProcess(procedure=procedure, values=playing.value(dict(deed.form))), playing.actor(deed)
    )


def complete(playing: Playing, deed: Deed) -> None:
    task = _task(playing, deed, deed.do)
    command = CompleteTask(task_id=task.id, revision=task.revision, values=playing.value(dict(deed.form)))
    playing.engine.execute(command, playing.actor(deed))


def _task(playing: Playing, deed: Deed, element: str) -> Any:
    """The open task of this name; of several the one that the actor may take."""
    with playing.engine.read() as connection:
        tasks = facts.open_tasks(connection, playing.case_of(deed))
    item = playing.value(deed.item)
    scope = deed.extra.get("scope")  # of several calls of one procedure: which
    found = [
        task for task in tasks if task.element == element and item in (None, task.item) and scope in (None, task.scope)
    ]
    if not found:
        playing.fail(deed, "not_open", element=element, open=[facts.label(task) for task in tasks])
    principals = playing.actor(deed).principals
    return min(found, key=lambda task: principals.isdisjoint([task.assignee] if task.assignee else task.candidates))


def _nothing(playing: Playing, deed: Deed) -> None:
    """The clock has moved; that was all."""


def _execute(make: Callable[[Playing, Deed, str], Command]) -> Callable[[Playing, Deed], None]:
    """A deed that is one command on a case."""

    def act(playing: Playing, deed: Deed) -> None:
        playing.engine.execute(make(playing, deed, playing.case_of(deed)), playing.actor(deed))

    return act


def _on_task(kind: type[ClaimTask] | type[ReleaseTask]) -> Callable[[Playing, Deed], None]:
    """A deed on the open task that `task` names."""

    def act(playing: Playing, deed: Deed) -> None:
        task = _task(playing, deed, deed.extra["task"])
        playing.engine.execute(kind(task_id=task.id, revision=task.revision), playing.actor(deed))

    return act


def _transfer(playing: Playing, deed: Deed) -> None:
    task = _task(playing, deed, deed.extra["task"])
    to = playing.people[deed.extra["to"]].key
    command = TransferTask(task_id=task.id, to=to, reason=deed.extra.get("reason", ""), revision=task.revision)
    playing.engine.execute(command, playing.actor(deed))


def _reschedule(playing: Playing, deed: Deed, case_id: str) -> Command:
    """Move the deadline `deadline` of a case to `due`."""
    with playing.engine.read() as connection:
        waiting = facts.timers(connection, case_id)
    found = [timer for timer in waiting if timer.deadline == deed.extra["deadline"]]
    if not found:
        running = [timer.deadline for timer in waiting]
        playing.fail(deed, "not_running", deadline=deed.extra["deadline"], running=running)
    return Reschedule(
        case_id=case_id,
        timer_id=found[0].id,
        due_at=instant(deed.extra["due"]),
        reason=deed.extra.get("reason", ""),
    )


def _message(playing: Playing, deed: Deed) -> None:
    extra = deed.extra
    command = CorrelateMessage(name=extra["message"], key=extra.get("key", ""), payload=playing.value(dict(deed.form)))
    playing.engine.perform(command)


def _retry(playing: Playing, deed: Deed) -> None:
    with playing.engine.read() as connection:
        incidents = list(connection.scalars(sa.select(job.c.id).where(job.c.status == INCIDENT)))
    for incident in incidents:
        playing.engine.execute(RetryJob(job_id=incident), playing.actor(deed))


BY_NAME: dict[str, Callable[[Playing, Deed], None]] = {
    "start": _start_another,
    "wait": _nothing,
    "downtime": _nothing,
    "claim": _on_task(ClaimTask),
    "release": _on_task(ReleaseTask),
    "transfer": _transfer,
    "comment": _execute(lambda _, deed, case: Comment(case_id=case, text=deed.extra["text"])),
    "suspend": _execute(lambda _, deed, case: SuspendInstance(case_id=case, reason=deed.extra["reason"])),
    "resume": _execute(lambda _, deed, case: ResumeInstance(case_id=case, reason=deed.extra.get("reason", ""))),
    "cancel": _execute(lambda _, deed, case: CancelInstance(case_id=case, reason=deed.extra["reason"])),
    "reschedule": _execute(_reschedule),
    "progress": _execute(
        lambda playing, deed, case: ReportProgress(
            case_id=case, message=deed.extra.get("message", "progress"), values=playing.value(dict(deed.form))
        )
    ),
    "attach": _execute(
        lambda _, deed, case: AttachFile(
            case_id=case, digest="0" * 64, name=deed.extra["name"], size_bytes=1, media_type="image/jpeg"
        )
    ),
    "message": _message,
    "retry": _retry,
}
