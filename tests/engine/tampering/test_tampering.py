"""Whatever is changed in a database of a thousand cases is found and named: which case, which command, what."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from engine import audit, file_store, log
from engine.db.models import case_file, command, instance
from tests.engine.tampering.conftest import TRIGGER, Company

pytestmark = pytest.mark.slow
_COPIED = "at, actor, kind, body, reads, state_digest, state_bytes_hash, engine_epoch"
_TASK = (
    "case_id, scope, element, round, item, name, form, candidates, excluded, assignee, revision, due_at, deadline, "
    "not_before, created_at, claimed_at, completed_at, cancelled_at"
)
_FOREIGN = "0" * 31 + "1"
OF_LOG = "stream = '{case}' AND seq = "
OF_CASE = "case_id = {id}"
HIGHER = (
    "INSERT INTO command (stream, seq, prev_hash, hash, {copied}) SELECT stream, 4, hash, hash, {copied} FROM command"
)

OFFERED = "INSERT INTO inbox (principal, due_at, task_id) SELECT 'person:7', due_at, id FROM user_task"

# name: (kind of the case, statements, code, number of the command)
OF_CASES: dict[str, tuple[str, list[str], str, int]] = {
    "another actor": (
        "closed", [f"UPDATE command SET actor = 'person:2' WHERE {OF_LOG}2"], "log.changed_command", 2),
    "another time": (
        "closed", [f"UPDATE command SET at = '2025-09-26 01:00:01' WHERE {OF_LOG}3"], "log.changed_command", 3),
    "another body": (
        "closed", [f"UPDATE command SET body = '{{{{}}}}' WHERE {OF_LOG}2"], "log.changed_command", 2),
    "another answer": (
        "closed", [f"UPDATE command SET reads = '[]' WHERE {OF_LOG}1"], "log.changed_command", 1),
    "another state": (
        "open", ["UPDATE instance SET state = {blob} WHERE id = {id}"], "log.changed_state", 1),
    "another hash": (
        "closed", [f"UPDATE command SET hash = prev_hash WHERE {OF_LOG}2"], "log.changed_command", 2),
    "a removed command": ("closed", [f"DELETE FROM command WHERE {OF_LOG}2"], "log.missing", 2),
    "an inserted command": ("closed", [f"{HIGHER} WHERE {OF_LOG}2"], "log.changed_command", 4),
    "a duplicated command": ("closed", [f"{HIGHER} WHERE {OF_LOG}3"], "log.changed_command", 4),
    "swapped commands": (
        "closed",
        [f"UPDATE command SET seq = {a} WHERE {OF_LOG}{b}" for a, b in ((99, 2), (2, 3), (3, 99))],
        "log.changed_command", 2),
    "another submission": (
        "closed", [f"UPDATE submission SET \"values\" = '{{{{}}}}' WHERE {OF_LOG}3"], "log.changed_submission", 3),
    "a removed submission": ("closed", [f"DELETE FROM submission WHERE {OF_LOG}3"], "log.missing_submission", 3),
    "another version": (
        "open", ["UPDATE instance SET deployment_id = {version} WHERE id = {id}"], "log.changed_case", 1),
    "another number": (
        "open", ["UPDATE instance SET business_key = 'YB-2025-9999' WHERE id = {id}"], "log.changed_case", 1),
    "another end": (
        "closed", ["UPDATE instance SET end_state = 'given_up' WHERE id = {id}"], "replay.projection", 3),
    "a case that is open again": (
        "closed", ["UPDATE instance SET status = 'running', ended_at = NULL WHERE id = {id}"],
        "replay.projection", 3),
    "somebody who may see it": (
        "open", ["INSERT INTO party (principal, case_id) VALUES ('person:7', {id})"], "replay.projection", 1),
    "a task that the state has not": (
        "open",
        [f"INSERT INTO user_task (id, {_TASK}) SELECT {{new}}, {_TASK} FROM user_task WHERE {OF_CASE}"],
        "replay.projection", 1),
    "a task that is missing": ("open", [f"DELETE FROM user_task WHERE {OF_CASE}"], "replay.projection", 1),
    "a task that somebody else has done": (
        "closed", [f"UPDATE user_task SET assignee = 'person:2' WHERE {OF_CASE}"], "replay.projection", 3),
    "a task that was done earlier": (
        "closed", [f"UPDATE user_task SET completed_at = '2025-09-25 01:00:00' WHERE {OF_CASE}"],
        "replay.projection", 3),
    "a place in a stranger's inbox": (
        "open",
        [f"{OFFERED} WHERE {OF_CASE}"],
        "replay.projection", 1),
    "a place that is missing": (
        "open", [f"DELETE FROM inbox WHERE task_id IN (SELECT id FROM user_task WHERE {OF_CASE})"],
        "replay.projection", 1),
    "a timer that the state has not": (
        "late",
        ["INSERT INTO job (id, stream, kind, args, due_at) VALUES ({new}, '{case}', 'timer', '{{}}', '2025-09-27')"],
        "replay.projection", 2),
    "a timer that is missing": (
        "open", ["DELETE FROM job WHERE stream = '{case}' AND kind = 'timer'"], "replay.projection", 1),
    "a timer that is due later": (
        "open", ["UPDATE job SET due_at = '2025-12-31 00:00:00' WHERE stream = '{case}' AND kind = 'timer'"],
        "replay.projection", 1),
    "a breach that is gone": ("late", [f"DELETE FROM breach WHERE {OF_CASE}"], "replay.projection", 2),
    "a breach that was met": (
        "late", [f"UPDATE breach SET met_at = due_at WHERE {OF_CASE}"], "replay.projection", 2),
    "a kept deadline that is gone": (
        "closed", [f"DELETE FROM deadline_met WHERE {OF_CASE}"], "replay.projection", 3),
    "another name of a file": (
        "filed", [f"UPDATE case_file SET name = 'x.jpg' WHERE {OF_CASE}"], "replay.projection", 3),
    "a file that is gone": ("filed", [f"DELETE FROM case_file WHERE {OF_CASE}"], "replay.projection", 3),
    "another size of a file": (
        "filed",
        [f"UPDATE file SET size_bytes = 1 WHERE hash IN (SELECT hash FROM case_file WHERE {OF_CASE})"],
        "file.changed", 3),
}  # fmt: skip

# name: (statement, code, stream, how `about` begins)
OF_TABLES: dict[str, tuple[str, str, str, str]] = {
    "another diagram": (
        "UPDATE deployment_file SET content = {blob} WHERE deployment_id = {version} AND path = 'one-task.bpmn'",
        "log.changed_deployment", "definitions", "one-task 2"),
    "another form": (
        "UPDATE deployment_file SET content = {blob} WHERE deployment_id = {version} AND path LIKE 'forms/%'",
        "log.changed_deployment", "definitions", "one-task 2"),
    "a form that is gone": (
        "DELETE FROM deployment_file WHERE deployment_id = {version} AND path LIKE 'forms/%'",
        "log.changed_deployment", "definitions", "one-task 2"),
    "another number of a version": (
        "UPDATE deployment SET version = 7 WHERE id = {version}",
        "log.changed_deployment", "definitions", "one-task 2"),
    "a version that nobody published": (
        "INSERT INTO deployment (id, procedure, version, title, hash, deployed_by, deployed_at) "
        "SELECT {new}, procedure, 9, title, hash, deployed_by, deployed_at FROM deployment WHERE id = {version}",
        "log.changed_deployment", "definitions", "one-task 9"),
    "another seal": (
        "UPDATE seal SET document = replace(document, 'YB-2025-0007', 'YB-2025-9999')",
        "seal.changed", "", "2025-09-26"),
    "a removed seal": ("DELETE FROM seal", "seal.removed", "", "2025-09-26"),
    "a place in an inbox without a task": (
        "INSERT INTO inbox (principal, due_at, task_id) VALUES ('person:1', '2025-09-27 00:00:00', {new})",
        "log.stray_row", "", "inbox"),
    "another telephone number": (
        "UPDATE customer SET name = '别人' WHERE key = 'K00001'", "log.changed_row", "registers", "customer K00001"),
    "a customer who is gone": (
        "DELETE FROM customer WHERE key = 'K00002'", "log.changed_row", "registers", "customer K00002"),
    "a customer whom nobody entered": (
        "INSERT INTO customer (key, name) VALUES ('K00099', '无名')",
        "log.changed_row", "registers", "customer K00099"),
    "another role": (
        "UPDATE person SET roles = '[\"administrator\"]' WHERE id = 1", "log.changed_row", "people", "person 1"),
    "another head": (
        "UPDATE group_ SET head = 2 WHERE key = 'crew_one'", "log.changed_row", "people", "group_ crew_one"),
    "another member": ("DELETE FROM membership WHERE person_id = 2", "log.changed_row", "people", "membership 2"),
    "another sum on both sides": (
        "UPDATE ledger_posting SET amount = amount * 2", "log.changed_row", "registers", "ledger_entry"),
    "another sum on one side": (
        "UPDATE ledger_posting SET amount = 1 WHERE n = 1", "ledger.unbalanced", "", ""),
    "another reader": ("UPDATE access SET actor = 'person:2' WHERE seq = 1", "access.changed", "access", ""),
}  # fmt: skip


def filled(company: Company, statement: str, kind: str = "open") -> str:
    case = company.cases[kind]
    blob = "x'00'" if company.engine.store.dialect == "sqlite" else "'\\x00'::bytea"
    named: dict[str, Any] = {"case": case, "id": company.literal(case), "blob": blob, "copied": _COPIED}
    named |= {"version": company.literal(company.versions[1]), "new": company.literal(_FOREIGN)}
    return statement.format(**named)


def test_nothing_is_found_where_nothing_was_changed(company: Company) -> None:
    with company.altered(keep_triggers=True) as connection:
        for case in company.cases.values():
            assert company.flaws(connection, case) == []


@pytest.mark.parametrize("what", OF_CASES)
def test_what_was_changed_of_a_case_is_named_by_case_and_command(company: Company, what: str) -> None:
    kind, statements, code, seq = OF_CASES[what]
    case = company.cases[kind]
    with company.altered(*(filled(company, one, kind) for one in statements)) as connection:
        found = company.flaws(connection, case)

    places = {(one.code, one.stream, one.seq) for one in found}
    assert (code, case, seq) in places
    assert {one.stream for one in found} <= {case, ""}  # no other case is blamed
    if what != "another number":
        assert {one.case for one in found if one.stream} == {company.numbers[kind]}


@pytest.mark.parametrize("what", OF_TABLES)
def test_what_was_changed_beside_the_cases_is_named(company: Company, what: str) -> None:
    statement, code, stream, about = OF_TABLES[what]
    with company.altered(filled(company, statement)) as connection:
        found = company.flaws(connection)

    assert any((one.code, one.stream) == (code, stream) and one.about.startswith(about) for one in found)


def test_a_removed_last_command_is_named_although_the_case_was_set_back_along(company: Company) -> None:
    case = company.cases["claimed"]
    with company.engine.read() as connection:
        first = connection.scalar(sa.select(command.c.hash).where(command.c.stream == case, command.c.seq == 1))
        at = connection.scalar(sa.select(command.c.at).where(command.c.stream == case, command.c.seq == 1))
    back = instance.update().where(instance.c.id == case).values(seq=1, head_hash=first, last_at=at)

    with company.altered(f"DELETE FROM command WHERE stream = '{case}' AND seq = 2", back) as connection:
        found = company.flaws(connection)

    assert [(one.code, one.stream, one.seq, one.case, one.about) for one in found] == [
        ("seal.lost_row", case, 2, company.numbers["claimed"], "2025-09-26")
    ]


def test_a_removed_case_is_named_by_its_number(company: Company) -> None:
    case, key = company.cases["filed"], company.literal(company.cases["filed"])
    of_tasks = f"DELETE FROM inbox WHERE task_id IN (SELECT id FROM user_task WHERE case_id = {key})"
    tables = ("user_task", "party", "concern", "case_file")
    of_streams = [f"DELETE FROM {table} WHERE stream = '{case}'" for table in ("job", "submission", "command")]
    with company.engine.read() as connection:
        has = {table for table in tables if _count(connection, f"SELECT count(*) FROM {table} WHERE case_id = {key}")}
    gone = [f"DELETE FROM {table} WHERE case_id = {key}" for table in tables if table in has]

    with company.altered(of_tasks, *gone, *of_streams, f"DELETE FROM instance WHERE id = {key}") as connection:
        found = company.flaws(connection)

    lost = [one for one in found if one.code == "seal.lost_row"]
    assert [(one.stream, one.case, one.about) for one in lost] == [(case, company.numbers["filed"], "2025-09-26")]
    assert {one.code for one in found} == {"seal.lost_row", "log.stray_row"}  # its file is nobody's now


def _count(connection: sa.Connection, query: str) -> int:
    return int(connection.execute(sa.text(query)).scalar_one())


def rechained(company: Company, kind: str, alter: Callable[[dict[str, Any]], None]) -> list[sa.Executable]:
    """The statements of somebody who changes a row and computes the chain anew, but has no key to seal with."""
    case = company.cases[kind]
    with company.engine.read() as connection:
        of_case = sa.select(command).where(command.c.stream == case).order_by(command.c.seq)
        rows = [dict(row) for row in connection.execute(of_case).mappings()]
    before, statements = log.FIRST, list[sa.Executable]()
    for row in rows:
        alter(row)
        row["prev_hash"] = before
        before = row["hash"] = log.row_hash(row)
        where = (command.c.stream == case, command.c.seq == row["seq"])
        statements.append(command.update().where(*where).values(row))
    return [*statements, instance.update().where(instance.c.id == case).values(head_hash=before)]


def test_a_chain_computed_anew_is_found_with_its_first_row(company: Company) -> None:
    def alter(row: dict[str, Any]) -> None:
        row["actor"] = "person:2" if row["seq"] == 2 else row["actor"]

    with company.altered(*rechained(company, "claimed", alter)) as connection:
        found = company.flaws(connection)

    assert [(one.code, one.seq, one.case) for one in found] == [("seal.other_history", 2, company.numbers["claimed"])]


def test_a_case_that_was_moved_to_another_version_with_its_whole_chain_is_found(company: Company) -> None:
    def alter(row: dict[str, Any]) -> None:
        if row["seq"] == 1:
            row["body"] = row["body"] | {"deployment": company.versions[1]}

    moved = instance.update().where(instance.c.id == company.cases["open"])
    moved = moved.values(deployment_id=company.versions[1])
    with company.altered(*rechained(company, "open", alter), moved) as connection:
        found = company.flaws(connection)

    assert [(one.code, one.seq, one.case) for one in found] == [("seal.other_history", 1, company.numbers["open"])]


def test_a_command_that_was_added_with_a_right_chain_is_found_by_re_execution(company: Company) -> None:
    case = company.cases["closed"]
    with company.engine.read() as connection:
        last = sa.select(command).where(command.c.stream == case, command.c.seq == 3)
        row = dict(connection.execute(last).mappings().one())
    row |= {"seq": 4, "prev_hash": row["hash"], "request_id": None, "body": row["body"] | {"values": {}}}
    row["body"].pop("digest")
    row["hash"] = log.row_hash(row)
    head = instance.update().where(instance.c.id == case).values(seq=4, head_hash=row["hash"])

    with company.altered(sa.insert(command).values(row), head) as connection:
        found = company.flaws(connection, case)

    assert [(one.code, one.stream, one.seq, one.case) for one in found] == [
        ("replay.failed", case, 4, company.numbers["closed"])
    ]


@pytest.mark.parametrize(
    ("alter", "code"), [(lambda path: path.write_bytes(b"x"), "file.changed"), (None, "file.missing")]
)
def test_a_changed_or_removed_content_is_named_by_case_and_command(
    company: Company, alter: Callable[[Any], object] | None, code: str
) -> None:
    case = company.cases["filed"]
    with company.engine.read() as connection:
        digest = connection.scalar(sa.select(case_file.c.hash).where(case_file.c.case_id == case))
    path = file_store.path_of(company.engine.settings, bytes(digest or b"").hex())
    kept = path.read_bytes()
    path.unlink() if alter is None else alter(path)

    with company.altered(keep_triggers=True) as connection:
        found = company.flaws(connection)

    path.write_bytes(kept)
    assert [(one.code, one.stream, one.seq, one.case, one.about) for one in found] == [
        (code, case, 3, company.numbers["filed"], path.name)
    ]


def test_a_changed_file_of_a_seal_is_named_by_its_day(company: Company) -> None:
    path = company.engine.settings.seal_folder / "2025-09-26.json"
    kept = path.read_bytes()
    path.write_bytes(kept.replace(b"YB-2025-0007", b"YB-2025-9999"))

    with company.altered(keep_triggers=True) as connection:
        found = company.flaws(connection)

    path.write_bytes(kept)
    assert [(one.code, one.about) for one in found] == [("seal.file_changed", "2025-09-26")]


def test_a_trigger_that_is_gone_is_named(company: Company) -> None:
    on = "" if company.engine.store.dialect == "sqlite" else " ON command"
    with company.altered(keep_triggers=True) as connection:
        connection.exec_driver_sql(f"DROP TRIGGER command_no_update{on}")
        found = audit.verify(connection, settings=company.engine.settings)

    assert [(one.code, one.about) for one in found] == [(TRIGGER, "command_no_update")]
