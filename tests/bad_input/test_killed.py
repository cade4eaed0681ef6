"""Processes that are killed (SIGKILL) in the midst of a command or a job: all of it is there, or nothing, and once."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
import sqlalchemy as sa

from engine import audit, clock, jobs, worker, worker_postgres
from engine.actor import PROCESS_OWNER
from engine.commands.approve_draft import ApproveDraft
from engine.commands.complete_task import CompleteTask
from engine.commands.open_draft import OpenDraft
from engine.commands.save_draft_file import SaveDraftFile
from engine.commands.start_process import StartProcess
from engine.commands.submit_draft import SubmitDraft
from engine.db.models import breach, command, deployment, instance, job, notice, procedure_draft
from engine.executor import Engine
from engine.settings import ROOT
from tests.bad_input.conftest import MORNING, Open
from tests.bad_input.listeners import PostOffice, listening
from tests.bad_input.untouched import nothing_changes
from tests.factories import ADMIN, CALL, SPECIALIST, files_of, make_actor

REQUEST = "5e" * 16
Kill = Callable[..., None]


@pytest.fixture
def kill() -> Iterator[Kill]:
    """Let a process of its own do a deed until it stands still there, and kill it."""
    begun: list[subprocess.Popen[str]] = []

    def killed(engine: Engine, where: str, *deed: str) -> None:
        settings = engine.settings
        environ = {
            "RENOFLOW_DATABASE_URL": settings.url,
            "RENOFLOW_VAR": str(settings.var),
            "RENOFLOW_NOTIFY_URLS": settings.notify_urls,
        }
        program = [sys.executable, "-m", "tests.bad_input.dying", where, *deed]
        process = subprocess.Popen(program, env=os.environ | environ, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        begun.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "here\n"
        process.kill()
        assert process.wait() == -signal.SIGKILL

    yield killed
    for process in begun:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def count(engine: Engine, column: sa.Column[object], *conditions: sa.ColumnElement[bool]) -> int:
    with engine.read() as connection:
        return connection.scalar(sa.select(sa.func.count(column)).where(*conditions)) or 0


def flaws(engine: Engine) -> list[audit.Flaw]:
    """What the audit finds: in the record, and in each case when it is replayed and rebuilt."""
    with engine.read() as connection:
        cases = connection.scalars(sa.select(instance.c.id)).all()
        found = [flaw for case in cases for flaw in audit.examine(connection, case)[1]]
        return [*audit.verify(connection), *found]


@pytest.mark.parametrize("where", ["written", "committing"])
def test_of_a_completion_that_was_killed_nothing_is_left_and_its_repetition_succeeds_once(
    company: Engine, opened: Open, kill: Kill, where: str
) -> None:
    with nothing_changes(company):
        kill(company, where, "complete", opened.task, REQUEST, MORNING.isoformat())
    assert flaws(company) == []

    again = CompleteTask(task_id=opened.task, values={"result": "settled"})
    answers = [company.execute(again, SPECIALIST, REQUEST) for _ in range(2)]

    assert answers[0] == answers[1]
    assert count(company, command.c.seq, command.c.kind == "complete_task") == 1
    assert flaws(company) == []


@pytest.mark.parametrize("where", ["written", "committing"])
def test_of_a_start_that_was_killed_no_case_is_left_and_its_repetition_starts_one(
    company: Engine, opened: Open, kill: Kill, where: str
) -> None:
    with nothing_changes(company):
        kill(company, where, "start", REQUEST, MORNING.isoformat())

    answers = [company.execute(StartProcess(procedure="one-task", values=CALL), SPECIALIST, REQUEST) for _ in range(2)]

    assert answers[0] == answers[1]
    assert count(company, instance.c.id) == 2
    assert flaws(company) == []


@pytest.mark.parametrize("where", ["written", "committing"])
def test_of_an_approval_that_was_killed_no_version_is_left_and_its_repetition_makes_one(
    company: Engine, opened: Open, kill: Kill, where: str
) -> None:
    owner = make_actor(1, roles=[PROCESS_OWNER])
    company.execute(OpenDraft(procedure="one-task"), owner)
    diagram = files_of("one-task")["one-task.bpmn"].replace(b"hours(3)", b"hours(4)")
    saved = SaveDraftFile(procedure="one-task", path="one-task.bpmn", content=diagram, revision=1)
    company.execute(saved, owner)
    company.execute(SubmitDraft(procedure="one-task", reason="三小时太短。"), owner)

    with nothing_changes(company):
        kill(company, where, "approve", REQUEST, MORNING.isoformat())
    assert flaws(company) == []

    answers = [company.execute(ApproveDraft(procedure="one-task"), ADMIN, REQUEST) for _ in range(2)]

    assert answers[0] == answers[1] and answers[0].body["version"] == 2
    assert count(company, deployment.c.id) == 2
    assert count(company, procedure_draft.c.id) == 0
    assert flaws(company) == []


@pytest.fixture
def late(company: Engine, opened: Open) -> Engine:
    """The company with a case whose deadline is long past, and nothing else to be done."""
    with company.store.write() as connection:
        connection.execute(job.delete().where(job.c.kind == "reminder"))
        connection.commit()
    if company.store.dialect == "postgresql":
        worker_postgres.prepare(company.settings.url)
    return company


@pytest.mark.parametrize("where", ["written", "committing"])
def test_a_timer_whose_worker_was_killed_fires_once_and_at_its_instant(late: Engine, kill: Kill, where: str) -> None:
    with nothing_changes(late, frozenset({"job"})):  # the loop that is killed has put the night's job there
        kill(late, where, "jobs")

    with clock.hold(datetime.now(UTC)):
        assert worker.run_due(late) == 1
        assert worker.run_due(late) == 0

    with late.read() as connection:
        due = connection.scalars(sa.select(breach.c.due_at)).all()
        fired = connection.scalars(sa.select(command.c.at).where(command.c.kind == "fire_timer")).all()
    assert len(due) == 1 and fired == due
    assert flaws(late) == []


def said(letter: EmailMessage) -> str:
    body = letter.get_body()
    assert body is not None
    return str(body.get_content()).strip()


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # by a plugin of Apprise
def test_a_letter_whose_sender_was_killed_is_sent_again_under_its_number_after_the_lease(
    late: Engine, kill: Kill
) -> None:
    office = PostOffice()
    with listening(office):
        late.settings = replace(late.settings, notify_urls=office.url)
        kill(late, "sent", "jobs")
        (first,) = map(said, office.letters)

        with clock.hold(datetime.now(UTC)):
            worker.run_due(late)
        before_the_lease_ended = [said(letter) for letter in office.letters]
        with clock.hold(datetime.now(UTC) + jobs.LEASE):
            worker.run_due(late)

    assert before_the_lease_ended == [first]
    assert [said(letter) for letter in office.letters] == [first, first]
    left = count(late, job.c.id, job.c.kind == "notify")
    assert (count(late, breach.c.id), count(late, notice.c.id), left) == (1, 2, 0)
    assert count(late, command.c.seq, command.c.kind == "fire_timer") == 1
    assert flaws(late) == []
