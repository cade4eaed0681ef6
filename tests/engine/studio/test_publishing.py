"""From draft to version: submitted, approved by somebody else, in force now or on its day, callers bound anew."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engine import audit, clock, jobs, worker
from engine.actor import Actor
from engine.commands.approve_draft import ApproveDraft
from engine.commands.drop_draft import DropDraft
from engine.commands.new_procedure import NewProcedure
from engine.commands.open_draft import OpenDraft
from engine.commands.put_group import PutGroup
from engine.commands.return_draft import ReturnDraft
from engine.commands.save_draft_file import SaveDraftFile
from engine.commands.set_option import SetOption
from engine.commands.submit_draft import SubmitDraft
from engine.db import append_only
from engine.db.models import (
    command,
    deployment,
    instance,
    job,
    notice,
    option,
    procedure_draft,
    publication,
    submission,
)
from engine.errors import (
    DraftFrozen,
    DraftNotSubmitted,
    DraftOvertaken,
    DraftUnchanged,
    EngineError,
    Forbidden,
    InvalidCommand,
    InvalidDiagram,
    NotFound,
    OwnApproval,
)
from engine.executor import Engine
from engine.studio import beginning, drafts
from engine.unit_of_work import Command
from tests.factories import ADMIN, SPECIALIST, deploy_files, files_of, start

NOW = datetime(2025, 9, 26, 1, tzinfo=UTC)
LATER = NOW + timedelta(days=3)
DIAGRAM = "one-task.bpmn"
REASON = "三小时太短，客户多在四小时内能联系上。"


@pytest.fixture(autouse=True)
def morning() -> Any:
    with clock.hold(NOW):
        yield


def files(**changes: str) -> dict[str, bytes]:
    """one-task with another deadline, "hours(3)" unless said."""
    found = files_of("one-task")
    text = found[DIAGRAM].decode().replace("hours(3)", changes.get("timer", "hours(3)"))
    return found | {DIAGRAM: text.encode()}


def calling(name: str, called: str) -> dict[str, bytes]:
    """A procedure that does nothing but call another one."""
    found = beginning.files(name, "调用", "service_specialist", "客服专员")
    call = f'<bpmn:callActivity id="handle" name="办理" calledElement="{called}" />'
    diagram = found[f"{name}.bpmn"].decode()
    task = '<bpmn:userTask id="handle" name="办理"/>'
    assert task in diagram
    del found[f"forms/{name}/handle.json"]
    return found | {f"{name}.bpmn": diagram.replace(task, call).encode()}


def draw(engine: Engine, actor: Actor, timer: str = "hours(4)") -> None:
    """Open a draft and change the deadline."""
    engine.execute(OpenDraft(procedure="one-task"), actor)
    save(engine, actor, timer)


def save(engine: Engine, actor: Actor, timer: str) -> None:
    with engine.read() as connection:
        draft = drafts.require(connection, "one-task")
        seen = drafts.file(connection, draft.id, DIAGRAM)
    assert seen is not None
    content = files(timer=timer)[DIAGRAM]
    saved = SaveDraftFile(procedure="one-task", path=DIAGRAM, content=content, revision=seen.revision)
    engine.execute(saved, actor)


def submit(engine: Engine, actor: Actor, at: datetime | None = None) -> None:
    engine.execute(SubmitDraft(procedure="one-task", reason=REASON, effective_at=at), actor)


def publish(engine: Engine, author: Actor, approver: Actor, timer: str = "hours(4)") -> dict[str, Any]:
    draw(engine, author, timer)
    submit(engine, author)
    return engine.execute(ApproveDraft(procedure="one-task"), approver).body


def versions(engine: Engine, procedure: str = "one-task") -> list[int]:
    with engine.read() as connection:
        rows = sa.select(deployment.c.version).where(deployment.c.procedure == procedure)
        return sorted(connection.scalars(rows))


def rows(engine: Engine, table: sa.Table, *conditions: Any) -> list[Any]:
    with engine.read() as connection:
        return list(connection.execute(sa.select(table).where(*conditions)))


def told(engine: Engine, code: str) -> set[str]:
    return {row.principal for row in rows(engine, notice, notice.c.code == code)}


def flaws(engine: Engine) -> list[audit.Flaw]:
    with engine.read() as connection:
        cases = connection.scalars(sa.select(instance.c.id)).all()
        return [*audit.verify(connection), *(flaw for case in cases for flaw in audit.examine(connection, case)[1])]


def refused(engine: Engine, deed: Command, actor: Actor, error: type[EngineError]) -> EngineError:
    with pytest.raises(error) as why:
        engine.execute(deed, actor)
    return why.value


def test_what_another_owner_approves_is_the_next_version(studio: Engine, owner: Actor, second: Actor):
    body = publish(studio, owner, second)

    assert versions(studio) == [1, 2]
    [row] = rows(studio, publication)
    assert (row.deployment_id, row.author, row.approver) == (body["deployment"], owner.key, second.key)
    assert (row.effective_at, row.because) == (NOW, None)
    said = rows(studio, submission, submission.c.stream == "definitions", submission.c.seq == row.submitted_seq)
    assert [one.values for one in said] == [{"reason": REASON}]
    assert rows(studio, procedure_draft) == []
    assert flaws(studio) == []


def test_the_log_names_the_files_and_both_people_but_no_text(studio: Engine, owner: Actor, second: Actor):
    body = publish(studio, owner, second)

    asked, given = rows(studio, command, command.c.kind.in_(["submit_draft", "approve_draft"]))
    assert (asked.actor, given.actor) == (owner.key, second.key)
    assert asked.body["files"] == given.body["files"] and len(asked.body["files"]) == 64
    assert (given.body["author"], given.body["approver"]) == (owner.key, second.key)
    assert given.body["submitted"] == asked.seq
    assert body["version"] == 2
    assert REASON not in repr(asked.body) + repr(given.body)


def test_nobody_approves_what_they_submitted(studio: Engine, owner: Actor, second: Actor):
    draw(studio, second)
    submit(studio, owner)

    refused(studio, ApproveDraft(procedure="one-task"), owner, OwnApproval)

    assert versions(studio) == [1]
    assert studio.execute(ApproveDraft(procedure="one-task"), second).body["version"] == 2


def test_an_administrator_may_switch_the_four_eyes_off_and_the_log_says_so(studio: Engine, owner: Actor):
    refused(studio, SetOption(name="four_eyes", on=False), owner, Forbidden)
    refused(studio, SetOption(name="two_eyes", on=False), ADMIN, InvalidCommand)

    studio.execute(SetOption(name="four_eyes", on=False), ADMIN)

    assert publish(studio, owner, owner)["approver"] == owner.key
    [row] = rows(studio, command, command.c.kind == "set_option")
    assert (row.actor, row.body) == (ADMIN.key, {"option": "four_eyes", "on": False})
    studio.execute(SetOption(name="four_eyes", on=True), ADMIN)
    assert [row.value for row in rows(studio, option)] == [True]
    draw(studio, owner, "hours(5)")
    submit(studio, owner)
    refused(studio, ApproveDraft(procedure="one-task"), owner, OwnApproval)


def test_a_submitted_draft_takes_no_change(studio: Engine, owner: Actor, second: Actor):
    draw(studio, owner)
    submit(studio, owner)

    with pytest.raises(DraftFrozen):
        save(studio, owner, "hours(5)")
    refused(studio, DropDraft(procedure="one-task"), owner, DraftFrozen)
    refused(studio, SubmitDraft(procedure="one-task", reason=REASON), second, DraftFrozen)


def test_what_was_returned_may_be_changed_and_submitted_again(studio: Engine, owner: Actor, second: Actor):
    draw(studio, owner)
    refused(studio, ReturnDraft(procedure="one-task", reason="无"), second, DraftNotSubmitted)
    submit(studio, owner)
    refused(studio, ReturnDraft(procedure="one-task", reason=" "), second, InvalidCommand)

    studio.execute(ReturnDraft(procedure="one-task", reason="写清楚为什么。"), second)

    refused(studio, ApproveDraft(procedure="one-task"), second, DraftNotSubmitted)
    [draft] = rows(studio, procedure_draft)
    assert (draft.state, draft.submitted_by, draft.digest) == ("editing", None, None)
    said = rows(studio, submission, submission.c.stream == "definitions", submission.c.seq == draft.returned_seq)
    assert [one.values for one in said] == [{"reason": "写清楚为什么。"}]
    assert told(studio, "notice.draft_returned") == {owner.key}
    save(studio, owner, "hours(6)")
    submit(studio, owner)
    assert studio.execute(ApproveDraft(procedure="one-task"), second).body["version"] == 2
    assert flaws(studio) == []


def test_the_other_owner_is_told_of_what_waits_and_the_author_of_what_came_of_it(
    studio: Engine, owner: Actor, second: Actor
):
    draw(studio, owner)
    submit(studio, owner)

    assert told(studio, "notice.draft_submitted") == {second.key}

    studio.execute(ApproveDraft(procedure="one-task"), second)
    assert told(studio, "notice.draft_published") == {owner.key}
    [row] = rows(studio, notice, notice.c.code == "notice.draft_published")
    assert row.parameters == {"title": "一步办结", "version": 2}


@pytest.mark.parametrize("at", [NOW, NOW - timedelta(minutes=1), LATER.replace(tzinfo=None)])
def test_an_effective_date_that_is_past_is_refused_at_its_field(studio: Engine, owner: Actor, at: datetime):
    draw(studio, owner)

    error = refused(studio, SubmitDraft(procedure="one-task", reason=REASON, effective_at=at), owner, InvalidCommand)

    assert error.context["field"] == "effective_at"


@pytest.mark.parametrize("reason", ["", "  ", "长" * 501])
def test_a_change_needs_a_reason(studio: Engine, owner: Actor, reason: str):
    draw(studio, owner)

    error = refused(studio, SubmitDraft(procedure="one-task", reason=reason), owner, InvalidCommand)

    assert error.context["field"] == "reason"


def test_what_has_problems_is_neither_submitted_nor_approved(studio: Engine, owner: Actor, second: Actor):
    draw(studio, owner, "hours()")

    error = refused(studio, SubmitDraft(procedure="one-task", reason=REASON), owner, InvalidDiagram)

    assert error.problems and all(one.severity == "error" for one in error.problems)  # type: ignore[attr-defined]
    save(studio, owner, "hours(4)")
    submit(studio, owner)
    with studio.store.write() as connection:  # a group that the lane names is gone since
        connection.execute(sa.text("DELETE FROM group_ WHERE key = 'service_specialist'"))
        connection.commit()
    refused(studio, ApproveDraft(procedure="one-task"), second, InvalidDiagram)
    assert versions(studio) == [1]


def test_what_says_nothing_new_is_not_submitted(studio: Engine, owner: Actor):
    studio.execute(OpenDraft(procedure="one-task"), owner)

    refused(studio, SubmitDraft(procedure="one-task", reason=REASON), owner, DraftUnchanged)


def test_running_cases_keep_their_version_and_new_ones_follow_the_new(studio: Engine, owner: Actor, second: Actor):
    old = start(studio)

    body = publish(studio, owner, second)

    new = start(studio)
    kept = {row.id: row.deployment_id for row in rows(studio, instance)}
    assert kept[new] == body["deployment"] != kept[old]
    due = {row.stream: row.due_at for row in rows(studio, job, job.c.kind == "timer")}
    assert due[new] - due[old] == timedelta(hours=1)
    assert flaws(studio) == []


def test_an_earlier_version_is_published_again_as_the_next_one(studio: Engine, owner: Actor, second: Actor):
    publish(studio, owner, second)
    studio.execute(OpenDraft(procedure="one-task", version=1), owner)
    submit(studio, owner)

    body = studio.execute(ApproveDraft(procedure="one-task"), second).body

    first, _, third = rows(studio, deployment)
    assert body["version"] == 3
    assert {first.hash, third.hash} == {bytes.fromhex(body["hash"])} and first.id != third.id


def test_an_approved_change_comes_into_force_at_its_instant(studio: Engine, owner: Actor, second: Actor):
    draw(studio, owner)
    submit(studio, owner, LATER)
    studio.execute(ApproveDraft(procedure="one-task"), second)
    assert versions(studio) == [1]
    assert told(studio, "notice.draft_approved") == {owner.key}

    with clock.hold(LATER - timedelta(seconds=1)):
        worker.run_due(studio)
        assert versions(studio) == [1]
    with clock.hold(LATER):
        worker.run_due(studio)
        worker.run_due(studio)

    assert versions(studio) == [1, 2]
    [row] = rows(studio, publication)
    assert (row.effective_at, row.author, row.approver) == (LATER, owner.key, second.key)
    [done] = rows(studio, command, command.c.kind == "publish_draft")
    assert (done.actor, done.at) == ("system", LATER)
    assert told(studio, "notice.draft_published") == {owner.key, second.key}
    assert flaws(studio) == []


def test_what_is_approved_after_its_effective_date_is_in_force_at_once(studio: Engine, owner: Actor, second: Actor):
    draw(studio, owner)
    submit(studio, owner, LATER)

    with clock.hold(LATER + timedelta(hours=1)):
        assert studio.execute(ApproveDraft(procedure="one-task"), second).body["version"] == 2

    assert [row.effective_at for row in rows(studio, publication)] == [LATER + timedelta(hours=1)]


def test_what_no_longer_passes_on_its_day_is_an_incident_and_can_be_returned(
    studio: Engine, owner: Actor, second: Actor
):
    draw(studio, owner)
    submit(studio, owner, LATER)
    studio.execute(ApproveDraft(procedure="one-task"), second)
    deploy_files(studio, files(timer="hours(7)"))

    with clock.hold(LATER):
        worker.run_due(studio)

    [failed] = rows(studio, job, job.c.kind == "publish")
    assert (failed.status, failed.error.partition(":")[0]) == (jobs.INCIDENT, "draft.overtaken")
    assert versions(studio) == [1, 2]
    studio.execute(ReturnDraft(procedure="one-task", reason="第二版已生效。"), owner)
    assert rows(studio, job, job.c.kind == "publish") == []


def test_a_change_that_waits_for_its_day_can_be_taken_back(studio: Engine, owner: Actor, second: Actor):
    draw(studio, owner)
    submit(studio, owner, LATER)
    studio.execute(ApproveDraft(procedure="one-task"), second)

    studio.execute(ReturnDraft(procedure="one-task", reason="再等等。"), owner)

    with clock.hold(LATER):
        worker.run_due(studio)
    assert versions(studio) == [1]
    [draft] = rows(studio, procedure_draft)
    assert (draft.state, draft.approved_by) == ("editing", None)


def test_what_was_overtaken_by_another_version_must_be_compared_anew(studio: Engine, owner: Actor, second: Actor):
    draw(studio, owner)
    submit(studio, owner)
    deploy_files(studio, files(timer="hours(7)"))

    refused(studio, ApproveDraft(procedure="one-task"), second, DraftOvertaken)


def test_an_approval_is_of_the_files_that_were_read(studio: Engine, owner: Actor, second: Actor):
    draw(studio, owner)
    submit(studio, owner)
    [read] = rows(studio, procedure_draft)
    studio.execute(ReturnDraft(procedure="one-task", reason="改一处。"), owner)
    save(studio, owner, "hours(9)")
    submit(studio, owner)

    refused(studio, ApproveDraft(procedure="one-task", digest=read.digest.hex()), second, DraftNotSubmitted)

    [now] = rows(studio, procedure_draft)
    assert studio.execute(ApproveDraft(procedure="one-task", digest=now.digest.hex()), second).body["version"] == 2


def test_what_calls_it_is_bound_to_the_new_version_in_the_same_command(studio: Engine, owner: Actor, second: Actor):
    deploy_files(studio, calling("call-once", "one_task"))
    deploy_files(studio, calling("call-twice", "call_once"))

    body = publish(studio, owner, second)

    assert [(one["procedure"], one["version"]) for one in body["bound"]] == [("call-once", 2), ("call-twice", 2)]
    because = {row.deployment_id: row.because for row in rows(studio, publication)}
    assert because == {body["deployment"]: None, **{one["deployment"]: body["deployment"] for one in body["bound"]}}
    assert len(rows(studio, command, command.c.kind == "approve_draft")) == 1
    with studio.read() as connection:
        path = "calls/one-task/one-task.bpmn"
        wanted = sa.text("SELECT content FROM deployment_file WHERE path = :path")
        contents = [bytes(content) for content in connection.scalars(wanted, {"path": path})]
    assert sum(b"hours(4)" in content for content in contents) == 2
    assert flaws(studio) == []


def test_a_change_that_breaks_what_calls_it_is_refused(studio: Engine, owner: Actor):
    deploy_files(studio, calling("call-once", "one_task"))
    draw(studio, owner, "hours(input.patience)")

    error = refused(studio, SubmitDraft(procedure="one-task", reason=REASON), owner, InvalidDiagram)

    assert {one.file for one in error.problems} == {"call-once.bpmn"}  # type: ignore[attr-defined]


def test_a_dropped_draft_is_gone_and_the_log_says_who_dropped_it(studio: Engine, owner: Actor, second: Actor):
    draw(studio, owner)

    studio.execute(DropDraft(procedure="one-task"), second)

    assert rows(studio, procedure_draft) == []
    [row] = rows(studio, command, command.c.kind == "drop_draft")
    assert (row.actor, row.body["author"]) == (second.key, owner.key)
    refused(studio, DropDraft(procedure="one-task"), second, NotFound)


def test_a_new_procedure_can_be_published_and_run_as_it_begins(studio: Engine, owner: Actor, second: Actor):
    for key, name in (("service_specialist", "客服专员"), ("service_manager", "客服主管")):
        studio.execute(PutGroup(key=key, name=name), ADMIN)
    deed = NewProcedure(procedure="site-visit", title="工地“回访” & <复查>", group="service_specialist")
    studio.execute(deed, owner)
    studio.execute(SubmitDraft(procedure="site-visit", reason="新流程。"), owner)

    body = studio.execute(ApproveDraft(procedure="site-visit"), second).body

    assert body["version"] == 1
    [row] = rows(studio, deployment, deployment.c.procedure == "site-visit")
    assert row.title == "工地“回访” & <复查>"
    start(studio, "site-visit", subject="看防水")
    assert flaws(studio) == []


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("procedure", {"procedure": "one-task"}),
        ("procedure", {"procedure": "Visit"}),
        ("procedure", {"procedure": "../x"}),
        ("procedure", {"procedure": "a" * 61}),
        ("title", {"title": " "}),
        ("title", {"title": "长" * 61}),
        ("group", {"group": "nobody"}),
    ],
)
def test_a_new_procedure_says_at_which_field_it_is_refused(
    studio: Engine, owner: Actor, field: str, change: dict[str, str]
):
    said = {"procedure": "site-visit", "title": "工地回访", "group": "service_specialist"} | change

    assert refused(studio, NewProcedure(**said), owner, InvalidCommand).context["field"] == field


def test_staff_and_auditors_decide_on_nothing(studio: Engine, owner: Actor):
    draw(studio, owner)
    deeds: list[Command] = [
        SubmitDraft(procedure="one-task", reason=REASON), ReturnDraft(procedure="one-task", reason=REASON),
        ApproveDraft(procedure="one-task"), DropDraft(procedure="one-task"), SetOption(name="four_eyes", on=False),
        NewProcedure(procedure="site-visit", title="工地回访", group="service_specialist"),
    ]  # fmt: skip
    auditor = Actor(key="person:23", principals=frozenset(), roles=frozenset({"auditor"}))

    for deed in deeds:
        for actor in (SPECIALIST, auditor):
            refused(studio, deed, actor, Forbidden)


def test_a_changed_signature_of_a_publication_is_found(studio: Engine, owner: Actor, second: Actor):
    publish(studio, owner, second)
    with studio.store.write() as connection:
        for drop in append_only.drop_statements(studio.store.dialect):
            connection.exec_driver_sql(drop)
        connection.execute(sa.text(f"UPDATE publication SET approver = '{owner.key}'"))
        connection.commit()

    found = [one for one in flaws(studio) if one.code == "log.changed_deployment"]
    assert [one.about for one in found] == ["one-task 2"]


def test_a_clock_that_was_set_back_leaves_the_record_whole(studio: Engine, owner: Actor, second: Actor):
    with clock.hold(LATER):
        draw(studio, owner)
        submit(studio, owner)

    studio.execute(ApproveDraft(procedure="one-task"), second)

    assert [row.deployed_at for row in rows(studio, deployment, deployment.c.version == 2)] == [LATER]
    assert [one for one in flaws(studio) if one.code == "log.changed_deployment"] == []


def test_of_two_approvals_at_once_one_publishes_and_the_other_is_told(studio: Engine, owner: Actor, second: Actor):
    draw(studio, owner)
    submit(studio, owner)

    def approve(actor: Actor) -> str:
        try:
            studio.execute(ApproveDraft(procedure="one-task"), actor)
        except EngineError as error:
            return error.code
        return "published"

    with ThreadPoolExecutor(2) as both:
        came = sorted(both.map(approve, [second, ADMIN]))

    assert came == ["draft.not_submitted", "published"]
    assert versions(studio) == [1, 2]
