"""Submitted, approved by somebody else, returned, dropped: who may, what is refused, who is told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engine import clock, worker
from engine.actor import Actor
from engine.commands.approve_draft import ApproveDraft
from engine.commands.drop_draft import DropDraft
from engine.commands.new_procedure import NewProcedure
from engine.commands.open_draft import OpenDraft
from engine.commands.return_draft import ReturnDraft
from engine.commands.set_option import SetOption
from engine.commands.submit_draft import SubmitDraft
from engine.db.models import (
    command,
    notice,
    option,
    procedure_draft,
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
from engine.unit_of_work import Command
from tests.engine.studio.deeds import (
    LATER,
    NOW,
    REASON,
    draw,
    files,
    flaws,
    publish,
    refused,
    rows,
    save,
    submit,
    told,
    versions,
)
from tests.factories import ADMIN, SPECIALIST, deploy_files


@pytest.fixture(autouse=True)
def morning() -> Any:
    with clock.hold(NOW):
        yield


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


def test_a_dropped_draft_is_gone_and_the_log_says_who_dropped_it(studio: Engine, owner: Actor, second: Actor):
    draw(studio, owner)

    studio.execute(DropDraft(procedure="one-task"), second)

    assert rows(studio, procedure_draft) == []
    [row] = rows(studio, command, command.c.kind == "drop_draft")
    assert (row.actor, row.body["author"]) == (second.key, owner.key)
    refused(studio, DropDraft(procedure="one-task"), second, NotFound)


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
