"""`renoflow audit` on a record that is whole, and on one in which a single byte was changed."""

import json
import sqlite3
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from click.testing import Result

from engine import audit, replay
from engine.db import append_only
from engine.executor import Engine
from engine.settings import Settings
from tests.factories import start

Renoflow = Callable[..., Result]


def drop_triggers(engine: Engine) -> None:
    with engine.store.write() as connection:
        for drop in append_only.drop_statements(engine.store.dialect):
            connection.exec_driver_sql(drop)
        connection.commit()


def put_triggers(engine: Engine) -> None:
    with engine.store.write() as connection:
        for create in append_only.create_statements(engine.store.dialect, append_only.ALL):
            if "FUNCTION refuse_change()" not in create or create.startswith("CREATE TRIGGER"):
                connection.exec_driver_sql(create)
        connection.commit()


def change(engine: Engine, table: str, column: str, where: str, alter: Callable[[bytes], bytes]) -> None:
    """Change one byte of what is stored in one row, as somebody would who owns the database."""
    drop_triggers(engine)
    with engine.store.write() as connection:
        kind_of = "typeof" if engine.store.dialect == "sqlite" else "pg_typeof"
        stored = connection.exec_driver_sql(f'SELECT {kind_of}("{column}"), "{column}" FROM {table} WHERE {where}')
        kind, before = stored.one()
        if not isinstance(before, bytes):
            text = f'SELECT CAST("{column}" AS TEXT) FROM {table} WHERE {where}'
            before = connection.exec_driver_sql(text).scalar_one().encode()
        after = alter(before)
        assert sum(a != b for a, b in zip(before, after, strict=True)) == 1
        value = after if kind in ("blob", "bytea") else after.decode()
        new = ":value" if kind == "blob" else f"CAST(:value AS {kind})"
        connection.execute(sa.text(f'UPDATE {table} SET "{column}" = {new} WHERE {where}'), {"value": value})
        connection.commit()
    put_triggers(engine)


def swap(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    """Replace the first of these bytes."""

    def alter(stored: bytes) -> bytes:
        assert old in stored
        return stored.replace(old, new, 1)

    return alter


def flip(place: int) -> Callable[[bytes], bytes]:
    """Flip the lowest bit of the byte at this place."""

    def alter(stored: bytes) -> bytes:
        changed = bytearray(stored)
        changed[place] ^= 1
        return bytes(changed)

    return alter


COMPLETED = "kind = 'complete_task'"
ANSWERED = "element = 'answer'"


def test_an_untouched_record_is_called_whole(renoflow: Renoflow, case: str) -> None:
    result = renoflow("audit", "verify", "--json")

    assert (result.exit_code, json.loads(result.stdout)) == (0, {"commands": 4, "accesses": 0, "flaws": []})
    assert "0 处问题" in result.stderr


@pytest.mark.parametrize(
    ("table", "column", "where", "alter", "row"),
    [
        ("command", "body", COMPLETED, swap(b'"settled"', b'"Settled"'), 3),
        ("command", "reads", "kind = 'start_process'", swap(b"09", b"08"), 1),
        ("command", "actor", COMPLETED, swap(b"1", b"2"), 3),
        ("command", "at", COMPLETED, swap(b"06:", b"05:"), 3),
        ("command", "prev_hash", COMPLETED, flip(31), 3),
        ("command", "hash", COMPLETED, flip(0), 3),
        ("command", "state_digest", "kind = 'fire_timer'", flip(7), 2),
        ("submission", "values", ANSWERED, swap("好".encode(), "奼".encode()), 3),
        ("submission", "salt", ANSWERED, flip(15), 3),
        ("submission", "actor", ANSWERED, swap(b"1", b"3"), 3),
        ("submission", "element", ANSWERED, swap(b"answer", b"answes"), 3),
        ("submission", "round", ANSWERED, swap(b"1", b"2"), 3),
        ("submission", "element", "element = 'begin'", swap(b"n", b"m"), 1),
        ("instance", "state", "seq = 3", flip(0), 3),
        ("instance", "head_hash", "seq = 3", flip(9), 3),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_one_changed_byte_is_found_in_its_case_and_row(
    renoflow: Renoflow, engine: Engine, case: str, table: str, column: str, where: str, alter: object, row: int
) -> None:
    change(engine, table, column, where, alter)  # type: ignore[arg-type]

    result = renoflow("audit", "verify")

    assert result.exit_code == 1
    assert f"YB-2025-0001 ({case}) 第 {row} 条 row {row}" in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # PostgreSQL takes few of these bytes at all
@pytest.mark.parametrize("column", ["body", "reads", "actor", "at", "kind", "hash", "prev_hash", "state_digest"])
def test_every_byte_of_a_command_counts(settings: Settings, engine: Engine, case: str, column: str) -> None:
    where = f"stream = '{case}' AND seq = 2"
    drop_triggers(engine)
    with sqlite3.connect(settings.var / "renoflow.db", isolation_level=None) as raw:
        kind, before = raw.execute(
            f"SELECT typeof({column}), CAST({column} AS BLOB) FROM command WHERE {where}"
        ).fetchone()
        value = "CAST(? AS TEXT)" if kind == "text" else "?"
        for place in range(len(before)):
            for bit in (1, 128):
                changed = bytearray(before)
                changed[place] ^= bit
                raw.execute(f"UPDATE command SET {column} = {value} WHERE {where}", [bytes(changed)])
                with engine.read() as connection:
                    found = {(flaw.stream, flaw.seq) for flaw in audit.verify(connection, case)}
                assert (case, 2) in found, (place, bit)


def test_a_missing_trigger_is_named(renoflow: Renoflow, engine: Engine, case: str) -> None:
    drop_triggers(engine)

    result = renoflow("audit", "verify")

    assert result.exit_code == 1
    assert all(name in result.stderr for name in append_only.trigger_names(engine.store.dialect))


def test_a_changed_deployment_is_named(renoflow: Renoflow, engine: Engine, case: str) -> None:
    with engine.store.write() as connection:
        column = "CAST(CAST(content AS TEXT) || ' ' AS BLOB)"
        if engine.store.dialect == "postgresql":
            column = "content || ' '::bytea"
        connection.execute(sa.text(f"UPDATE deployment_file SET content = {column} WHERE path = 'one-task.bpmn'"))
        connection.commit()

    result = renoflow("audit", "verify")

    assert result.exit_code == 1
    assert "definitions 第 1 条 row 1" in result.stderr and "one-task 1" in result.stderr


@pytest.mark.parametrize("arguments", [("YB-2025-0001",), ("--all",)])
def test_a_case_is_replayed_by_its_number_or_with_all_others(
    renoflow: Renoflow, case: str, arguments: tuple[str, ...]
) -> None:
    result = renoflow("audit", "replay", *arguments, "--json")

    assert result.exit_code == 0
    assert json.loads(result.stdout) == {"cases": 1, "commands": 3, "older": 0, "flaws": []}


def test_a_replay_says_where_a_case_went_another_way(renoflow: Renoflow, engine: Engine, case: str) -> None:
    change(engine, "command", "state_digest", "kind = 'fire_timer'", flip(7))

    result = renoflow("audit", "replay", case)

    assert result.exit_code == 1
    assert f"YB-2025-0001 ({case}) 第 2 条 row 2" in result.stderr and "replay.mismatch" in result.stderr


def test_a_replay_bears_a_body_that_says_nothing(renoflow: Renoflow, engine: Engine, case: str) -> None:
    change(engine, "command", "body", COMPLETED, swap(b'"task"', b'"tusk"'))

    result = renoflow("audit", "replay", case)

    assert result.exit_code == 1
    assert "第 3 条" in result.stderr and "replay.failed" in result.stderr


def test_a_replay_finds_a_list_that_shows_what_is_not_there(renoflow: Renoflow, engine: Engine, case: str) -> None:
    with engine.store.write() as connection:
        connection.execute(sa.text("UPDATE user_task SET completed_at = NULL"))
        connection.commit()

    result = renoflow("audit", "replay", case)

    assert result.exit_code == 1
    assert "replay.projection" in result.stderr


def test_a_case_of_an_older_epoch_is_neither_green_nor_a_problem(
    renoflow: Renoflow, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay, "ENGINE_EPOCH", replay.ENGINE_EPOCH + 1)

    result = renoflow("audit", "replay", "--all", "--json")

    assert result.exit_code == 0
    assert json.loads(result.stdout)["older"] == 1
    assert "记录链完整" in result.stderr


def test_a_sample_replays_so_many_cases_and_finds_what_is_in_them(
    renoflow: Renoflow, engine: Engine, case: str
) -> None:
    for _ in range(4):
        start(engine)

    drawn = renoflow("audit", "replay", "--all", "--sample", "3", "--json")
    more = renoflow("audit", "replay", "--all", "--sample", "99", "--json")
    change(engine, "command", "state_digest", "kind = 'fire_timer'", flip(7))
    altered = renoflow("audit", "replay", "--all", "--sample", "99")

    assert (drawn.exit_code, json.loads(drawn.stdout)["cases"]) == (0, 3)
    assert (more.exit_code, json.loads(more.stdout)["cases"]) == (0, 5)
    assert altered.exit_code == 1 and f"YB-2025-0001 ({case}) 第 2 条" in altered.stderr


def test_a_changed_access_is_named_by_its_row(renoflow: Renoflow, engine: Engine, case: str) -> None:
    engine.access.note("case", "person:1", case=case)
    engine.access.flush()
    change(engine, "access", "actor", "seq = 1", swap(b"1", b"2"))

    result = renoflow("audit", "verify")

    assert result.exit_code == 1
    assert "查阅记录 access log 第 1 条 row 1" in result.stderr and "access.changed" in result.stderr


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # PostgreSQL takes no such text
def test_text_that_is_none_any_more_stops_neither_proof(renoflow: Renoflow, engine: Engine, case: str) -> None:
    start(engine)
    drop_triggers(engine)
    with engine.store.write() as connection:
        connection.exec_driver_sql(
            "UPDATE instance SET business_key = CAST(x'59422dff' AS TEXT) WHERE status = 'running'"
        )
        connection.exec_driver_sql("UPDATE user_task SET name = CAST(x'ff' AS TEXT), created_at = 'never'")
        connection.commit()
    put_triggers(engine)

    verified, replayed = renoflow("audit", "verify"), renoflow("audit", "replay", "--all")

    assert (verified.exit_code, replayed.exit_code) == (1, 1)
    assert "log.changed_case" in verified.stderr
    assert "replay.projection" in replayed.stderr and "YB-\\xff" in replayed.stderr


@pytest.mark.parametrize(
    "arguments", [(), ("TS-1",), ("TS-1", "--all"), ("YB-2025-0001", "--sample", "1"), ("--all", "--sample", "0")]
)
def test_a_replay_of_nothing_is_wrong_use(renoflow: Renoflow, case: str, arguments: tuple[str, ...]) -> None:
    assert renoflow("audit", "replay", *arguments).exit_code == 2
