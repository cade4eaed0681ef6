"""From draft to version: in force now or on its day, its callers bound anew, running cases left alone."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engine import clock, jobs, worker
from engine.actor import Actor
from engine.commands.approve_draft import ApproveDraft
from engine.commands.new_procedure import NewProcedure
from engine.commands.open_draft import OpenDraft
from engine.commands.publish_years import PublishYears
from engine.commands.put_group import PutGroup
from engine.commands.return_draft import ReturnDraft
from engine.commands.submit_draft import SubmitDraft
from engine.db import append_only
from engine.db.models import (
    command,
    deployment,
    instance,
    job,
    procedure_draft,
    publication,
    submission,
)
from engine.errors import (
    InvalidCommand,
    InvalidDiagram,
)
from engine.executor import Engine
from tests.engine.studio.deeds import (
    DIAGRAM,
    LATER,
    NOW,
    REASON,
    calling,
    draw,
    files,
    flaws,
    publish,
    refused,
    rows,
    submit,
    told,
    versions,
)
from tests.factories import ADMIN, deploy_files, start


@pytest.fixture(autouse=True)
def morning() -> Any:
    with clock.hold(NOW):
        yield


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


def test_an_occurrence_that_was_moved_off_a_holiday_survives_a_version_with_the_same_series(studio: Engine):
    start_event = """<bpmn:startEvent id="begin" name="每周三"><bpmn:extensionElements><spiffworkflow:properties>
      <spiffworkflow:property name="shift" value="following"/></spiffworkflow:properties></bpmn:extensionElements>
      <bpmn:timerEventDefinition><bpmn:timeCycle>weekly("wed", "10:30")</bpmn:timeCycle></bpmn:timerEventDefinition>
      </bpmn:startEvent>"""

    def deploy_weekly(timer: str, weekly: str = "wed") -> None:
        changed = files(timer=timer)
        text = changed[DIAGRAM].decode().replace('<bpmn:startEvent id="begin" name="收到来电"/>', start_event)
        del changed["forms/one-task/begin.json"]
        deploy_files(studio, changed | {DIAGRAM: text.replace('"wed"', f'"{weekly}"').encode()})

    def waiting() -> list[datetime]:
        return [row.due_at for row in rows(studio, job, job.c.kind == "start")]

    studio.execute(PublishYears(years=[2025], days={date(2025, 10, day): (False, "国庆") for day in (1, 2)}), ADMIN)
    with clock.hold(datetime(2025, 9, 30, 1, tzinfo=UTC)):
        deploy_weekly("hours(3)")
    [moved] = waiting()
    assert moved > datetime(2025, 10, 3, 1, tzinfo=UTC)

    with clock.hold(datetime(2025, 10, 2, 1, tzinfo=UTC)):
        deploy_weekly("hours(4)")
        assert waiting() == [moved]
        deploy_weekly("hours(4)", weekly="tue")
        assert waiting() != [moved]
