"""The wrong person: of another group, excluded, gone, too late by a moment."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine import clock
from engine.actor import AUDITOR
from engine.commands.attach_file import AttachFile
from engine.commands.cancel_instance import CancelInstance
from engine.commands.claim_task import ClaimTask
from engine.commands.comment import Comment
from engine.commands.complete_task import CompleteTask
from engine.commands.put_group import PutGroup
from engine.commands.put_person import PutPerson
from engine.commands.release_task import ReleaseTask
from engine.commands.report_progress import ReportProgress
from engine.commands.save_draft import SaveDraft
from engine.commands.show_number import ShowNumber
from engine.commands.start_process import StartProcess
from engine.commands.transfer_task import TransferTask
from engine.db.models import user_task
from engine.errors import EngineError
from engine.executor import Engine
from engine.messages import say
from engine.queries import case_files, form_page, instance, task
from engine.unit_of_work import Command
from tests.bad_input.conftest import LEFT, MORNING, Open
from tests.bad_input.untouched import nothing_changes
from tests.factories import ADMIN, CALL, COLLEAGUE, MANAGER, OUTSIDER, SPECIALIST, make_actor

SETTLED = {"result": "settled"}
NOBODY = "00" * 16


def refused(engine: Engine, command: Command, actor: object) -> EngineError:
    with nothing_changes(engine), pytest.raises(EngineError) as found:
        engine.execute(command, actor)  # type: ignore[arg-type]
    return found.value


ON_A_CASE: list[Callable[[Open], Command]] = [
    lambda o: CompleteTask(task_id=o.task, values=SETTLED),
    lambda o: ClaimTask(task_id=o.task),
    lambda o: ReleaseTask(task_id=o.task),
    lambda o: TransferTask(task_id=o.task, to="person:4"),
    lambda o: SaveDraft(task_id=o.task, values=SETTLED),
    lambda o: Comment(case_id=o.case, text="?"),
    lambda o: AttachFile(case_id=o.case, digest="ab" * 32, name="a.jpg", size_bytes=1, media_type="image/jpeg"),
    lambda o: ShowNumber(case_id=o.case, of_seq=1, field="caller"),
    lambda o: ReportProgress(case_id=o.case, message="x"),
    lambda o: CancelInstance(case_id=o.case, reason="?"),
    lambda o: StartProcess(procedure="one-task", values=CALL),
]


@pytest.mark.parametrize("deed", ON_A_CASE, ids=[deed(Open("", "")).kind for deed in ON_A_CASE])
def test_who_is_of_another_group_does_nothing_to_the_case(
    company: Engine, opened: Open, deed: Callable[[Open], Command]
) -> None:
    assert refused(company, deed(opened), OUTSIDER).code == "access.forbidden"


@pytest.mark.parametrize("deed", ON_A_CASE, ids=[deed(Open("", "")).kind for deed in ON_A_CASE])
def test_an_auditor_changes_nothing_even_as_one_of_the_group(
    company: Engine, opened: Open, deed: Callable[[Open], Command]
) -> None:
    auditor = make_actor(6, "service_specialist", "service_manager", roles=[AUDITOR])
    if deed(opened).kind != "show_number":  # that is reading, on record
        assert refused(company, deed(opened), auditor).code == "access.forbidden"


@pytest.mark.parametrize("deed", ON_A_CASE[:-1], ids=[deed(Open("", "")).kind for deed in ON_A_CASE[:-1]])
def test_what_is_not_there_is_not_found(company: Engine, opened: Open, deed: Callable[[Open], Command]) -> None:
    assert refused(company, deed(Open(NOBODY, NOBODY)), MANAGER).code == "request.not_found"


def test_a_case_of_another_department_is_as_if_it_were_not_there(company: Engine, opened: Open) -> None:
    reads = [
        lambda c: instance.case_page(c, OUTSIDER, opened.case, MORNING),
        lambda c: task.task_page(c, OUTSIDER, opened.task, MORNING),
        lambda c: task.facts(c, OUTSIDER, opened.case),
        lambda c: case_files.file_of(c, OUTSIDER, opened.case, "ab" * 32),
    ]
    for read in reads:
        with pytest.raises(EngineError) as found, company.read() as connection:
            read(connection)
        assert found.value.code == "request.not_found"
    with company.read() as connection:
        assert instance.cases(connection, OUTSIDER) == []


def test_somebody_who_has_left_gets_no_task(company: Engine, opened: Open) -> None:
    for to in (f"person:{LEFT}", "person:999", "group:service_specialist", "", "person:", "person:1 OR 1=1"):
        error = refused(company, TransferTask(task_id=opened.task, to=to), MANAGER)
        assert (error.code, error.context) == ("person.unavailable", {"field": "to"})
    assert "另选" in say("person.unavailable", "zh")


def test_the_excluded_neither_claim_nor_complete_nor_get_it_handed(
    company: Engine, strict: Callable[..., Open]
) -> None:
    opened = strict(excluded='"person:2"')

    assert refused(company, ClaimTask(task_id=opened.task), COLLEAGUE).code == "access.forbidden"
    assert refused(company, CompleteTask(task_id=opened.task, values=SETTLED), COLLEAGUE).code == "access.forbidden"
    assert refused(company, TransferTask(task_id=opened.task, to="person:2"), MANAGER).code == "access.forbidden"


@pytest.mark.parametrize("excluded", ['group("warehouse")', '"head:warehouse"'])
def test_who_stands_behind_an_excluded_key_does_not_get_it_handed_either(
    company: Engine, strict: Callable[..., Open], excluded: str
) -> None:
    company.execute(PutGroup(key="warehouse", name="仓库", head=4), ADMIN)
    opened = strict(excluded=excluded)

    with company.read() as connection:
        row = connection.execute(sa.select(user_task)).mappings().one()
        offered = {key for key, _ in form_page.colleagues(connection, row)}
    error = refused(company, TransferTask(task_id=opened.task, to="person:4"), MANAGER)

    assert error.code == "access.forbidden"
    assert "person:4" not in offered and "person:2" in offered


def test_of_two_who_complete_at_once_the_other_is_told_who_and_when(company: Engine, opened: Open) -> None:
    both, answers = threading.Barrier(2), []

    def complete(number: int) -> None:
        both.wait()
        try:
            with clock.hold(MORNING + timedelta(minutes=number)):
                command = CompleteTask(task_id=opened.task, revision=1, values=SETTLED)
                answers.append(company.execute(command, make_actor(number, "service_specialist")))
        except EngineError as error:
            answers.append(error)

    threads = [threading.Thread(target=complete, args=(number,)) for number in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    (error,) = [one for one in answers if isinstance(one, EngineError)]
    (done,) = [one for one in answers if not isinstance(one, EngineError)]
    with company.read() as connection:
        winner = connection.scalars(sa.select(user_task.c.assignee)).one()
    assert error.code == "task.already_completed"
    assert (error.context["by"], error.context["at"]) == (winner, done.at)


def test_two_who_claim_at_once_are_one_assignee(company: Engine, opened: Open) -> None:
    company.execute(ClaimTask(task_id=opened.task, revision=1), SPECIALIST)

    error = refused(company, ClaimTask(task_id=opened.task), COLLEAGUE)

    assert (error.code, error.context) == ("task.already_claimed", {"assignee": "person:1"})


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"username": "p1"}, "username"),
        ({"username": ""}, "username"),
        ({"name": "\ud800"}, "name"),
        ({"name": "a\0"}, "name"),
        ({"roles": ["root"]}, "roles"),
        ({"groups": ["nobody"]}, "groups"),
        ({"username": "x" * 201}, "username"),
        ({"phone": "1" * 201}, "phone"),
    ],
    ids=str,
)
def test_a_person_is_not_put_with_a_wrong_field(company: Engine, values: dict[str, object], field: str) -> None:
    command = PutPerson(**{"username": "new", "name": "新人", **values})  # type: ignore[arg-type]

    error = refused(company, command, make_actor(9, roles=["administrator"]))

    assert (error.code, error.context["field"]) == ("command.invalid", field)


@pytest.mark.parametrize("number", [0, -1, 2**31, 2**63, 10**30])
def test_a_number_beyond_all_numbers_is_nobody(company: Engine, number: int) -> None:
    error = refused(company, PutPerson(person_id=number, name="?"), make_actor(9, roles=["administrator"]))

    assert error.code in ("request.not_found", "command.invalid")


@pytest.mark.parametrize("id_", ["", "x", "zz" * 16, "00" * 15, "0" * 33, "' OR 1=1 --", "\0" * 32])
def test_an_id_that_is_none_is_refused(company: Engine, opened: Open, id_: str) -> None:
    for deed in (CompleteTask(task_id=id_), Comment(case_id=id_, text="?"), ClaimTask(task_id=id_)):
        error = refused(company, deed, SPECIALIST)
        assert error.code in ("request.not_found", "command.invalid")
