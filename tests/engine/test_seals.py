"""The daily seal: what chains alone can't tell is found and named by case and day."""

import json
import stat
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from engine import audit, clock, log, seals
from engine.audit import Flaw
from engine.commands.claim_task import ClaimTask
from engine.commands.comment import Comment
from engine.commands.make_seal import MakeSeal
from engine.db import append_only
from engine.db.models import command, instance, seal, user_task
from engine.errors import SealKeyLost
from engine.executor import Engine
from tests.factories import SPECIALIST, deploy, start

MORNING = datetime(2025, 9, 26, 1, tzinfo=UTC)
FIRST, SECOND, THIRD = date(2025, 9, 26), date(2025, 9, 27), date(2025, 9, 28)
BESIDES = "log.missing_trigger"  # what every tampering here leaves behind


def sealed(engine: Engine, day: date) -> None:
    """Seal a day as the nightly job does."""
    engine.perform(MakeSeal(day=day))
    with engine.read() as connection:
        seals.write_file(connection, engine.settings)


@pytest.fixture
def case(engine: Engine) -> str:
    """A case of four rows, sealed after the second and the fourth; another one that stands in the first seal alone."""
    with clock.hold(MORNING):
        deploy(engine)
        case, _other = start(engine), start(engine)
        with engine.read() as connection:
            task = connection.scalar(sa.select(user_task.c.id).where(user_task.c.case_id == case))
        engine.execute(ClaimTask(task_id=str(task)), SPECIALIST)
        sealed(engine, FIRST)
    with clock.hold(MORNING + timedelta(hours=1)):
        for text in ("一", "二"):
            engine.execute(Comment(case_id=case, text=text), SPECIALIST)
        sealed(engine, SECOND)
        sealed(engine, THIRD)
    return case


def flaws(engine: Engine, stream: str | None = None) -> list[Flaw]:
    with engine.read() as connection:
        found = audit.verify(connection, stream, settings=engine.settings)
    return [one for one in found if one.code != BESIDES]


def of_seals(engine: Engine) -> list[tuple[str, str, int, str | None, str]]:
    """(code, stream, seq, case, day) of what the seals find."""
    return [(one.code, one.stream, one.seq, one.case, one.about) for one in flaws(engine) if "seal." in one.code]


def tampered(engine: Engine, *statements: str | sa.Executable) -> None:
    """Change the database as somebody would who owns it."""
    with engine.store.write() as connection:
        for drop in append_only.drop_statements(engine.store.dialect):
            connection.exec_driver_sql(drop)
        for one in statements:
            connection.execute(sa.text(one) if isinstance(one, str) else one)
        connection.commit()


def test_an_untouched_record_with_its_seals_has_no_flaw(engine: Engine, case: str) -> None:
    assert flaws(engine) == flaws(engine, case) == []


def test_a_seal_lists_the_heads_that_moved_and_follows_the_one_before(engine: Engine, case: str) -> None:
    with engine.read() as connection:
        pages = [json.loads(text) for text in connection.scalars(sa.select(seal.c.document).order_by(seal.c.number))]

    assert [page["number"] for page in pages] == [1, 2, 3]
    assert {head[0]: head[1] for head in pages[0]["heads"]}[case] == 2
    assert [head[:2] + head[3:] for head in pages[1]["heads"]] == [[case, 4, "YB-2025-0001"]]
    assert (pages[2]["heads"], pages[2]["root"]) == ([], pages[1]["root"])
    assert pages[0]["chains"] == pages[2]["chains"] and pages[0]["root"] != pages[1]["root"]


def test_a_day_is_sealed_once_and_its_key_is_its_owners_alone(engine: Engine, case: str) -> None:
    folder = engine.settings.seal_folder
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    for day in (SECOND, THIRD):
        sealed(engine, day)

    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert sorted(before) == ["2025-09-26.json", "2025-09-27.json", "2025-09-28.json", "public.pem"]
    assert stat.S_IMODE((engine.settings.var / "seal.key").stat().st_mode) == 0o600


def test_a_removed_last_command_is_named_although_its_case_was_set_back_along(engine: Engine, case: str) -> None:
    with engine.read() as connection:
        third = connection.scalar(sa.select(command.c.hash).where(command.c.stream == case, command.c.seq == 3))

    tampered(
        engine,
        f"DELETE FROM command WHERE stream = '{case}' AND seq = 4",
        f"DELETE FROM submission WHERE stream = '{case}' AND seq = 4",
        instance.update().where(instance.c.id == case).values(seq=3, head_hash=third),
    )

    assert [flaw.code for flaw in flaws(engine)] == ["seal.lost_row"]
    assert of_seals(engine) == [("seal.lost_row", case, 4, "YB-2025-0001", "2025-09-27")]
    assert [flaw.seq for flaw in flaws(engine, case)] == [4]


def test_a_removed_case_is_named_by_its_number(engine: Engine, case: str) -> None:
    tampered(
        engine,
        *(f"DELETE FROM {name}" for name in ("inbox", "party", "concern", "breach", "notice")),
        user_task.delete().where(user_task.c.case_id == case),
        f"DELETE FROM command WHERE stream = '{case}'",
        f"DELETE FROM submission WHERE stream = '{case}'",
        f"DELETE FROM job WHERE stream = '{case}'",
        instance.delete().where(instance.c.id == case),
    )

    assert flaws(engine) == [
        Flaw(code="seal.lost_row", stream=case, seq=2, case="YB-2025-0001", about=FIRST.isoformat())
    ]


def test_a_chain_computed_anew_without_the_key_is_found_with_its_first_row(engine: Engine, case: str) -> None:
    with engine.read() as connection:
        of_case = sa.select(command).where(command.c.stream == case).order_by(command.c.seq)
        rows = [dict(row) for row in connection.execute(of_case).mappings()]
    before, changes = log.FIRST, []
    for row in rows:
        row |= {"prev_hash": before, "actor": "person:2" if row["kind"] == "claim_task" else row["actor"]}
        before = row["hash"] = log.row_hash(row)
        where = (command.c.stream == case, command.c.seq == row["seq"])
        changes.append(command.update().where(*where).values({key: row[key] for key in ("prev_hash", "hash", "actor")}))

    tampered(engine, *changes, instance.update().where(instance.c.id == case).values(head_hash=before))

    assert [flaw.code for flaw in flaws(engine)] == ["seal.other_history"]
    assert of_seals(engine) == [("seal.other_history", case, 2, "YB-2025-0001", "2025-09-26")]


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE seal SET document = replace(document, 'YB-2025-0001', 'YB-2025-0009')", "seal.changed"),
        ("UPDATE seal SET document = '{{' WHERE day = '{day}'", "seal.changed"),
        ("UPDATE seal SET number = 9 WHERE day = '{day}'", "seal.changed"),
        ("UPDATE seal SET signature = (SELECT signature FROM seal WHERE number = 1)", "seal.changed"),
        ("DELETE FROM seal WHERE day = '{day}'", "seal.removed"),
    ],
)
def test_a_changed_or_removed_seal_is_named_by_its_day(engine: Engine, case: str, statement: str, found: str) -> None:
    tampered(engine, statement.format(day=SECOND.isoformat()))

    assert (found, "", 0, None, "2025-09-27") in of_seals(engine)
    assert not [one for one in of_seals(engine) if one[1]]


@pytest.mark.parametrize(
    ("alter", "found"),
    [
        (lambda text: text.replace(b"YB-2025-0001", b"YB-2025-0002"), "seal.file_changed"),
        (lambda text: text[:-20], "seal.file_changed"),
        (lambda text: text + b" ", "seal.file_changed"),
        (None, "seal.file_removed"),
    ],
    ids=["other case", "cut short", "one blank more", "gone"],
)
def test_a_changed_or_removed_file_is_named_by_its_day(
    engine: Engine, case: str, alter: Callable[[bytes], bytes] | None, found: str
) -> None:
    path = engine.settings.seal_folder / "2025-09-27.json"
    if alter is None:
        path.unlink()
    else:
        path.write_bytes(alter(path.read_bytes()))

    assert of_seals(engine) == [(found, "", 0, None, "2025-09-27")]


def test_a_removed_case_is_named_also_where_the_rows_of_its_seals_are_gone(engine: Engine, case: str) -> None:
    tampered(engine, f"DELETE FROM command WHERE stream = '{case}'", "DELETE FROM seal")

    assert ("seal.lost_row", case, 2, "YB-2025-0001", "2025-09-26") in of_seals(engine)
    assert [one[4] for one in of_seals(engine) if one[0] == "seal.removed"] == [
        "2025-09-26",
        "2025-09-27",
        "2025-09-28",
    ]


def test_a_seal_that_is_gone_from_both_places_leaves_a_gap(engine: Engine, case: str) -> None:
    tampered(engine, "DELETE FROM seal WHERE number = 2")
    (engine.settings.seal_folder / "2025-09-27.json").unlink()

    assert of_seals(engine) == [("seal.missing", "", 0, None, "2025-09-28")]


def test_an_exchanged_key_is_found_and_no_second_one_is_made(engine: Engine, case: str) -> None:
    private = engine.settings.var / "seal.key"
    kept = private.read_text()
    private.unlink()

    with pytest.raises(SealKeyLost):
        sealed(engine, THIRD + timedelta(days=1))
    assert not private.exists()

    (engine.settings.seal_folder / "public.pem").unlink()
    assert [one[0] for one in of_seals(engine)] == ["seal.no_key"]
    private.write_text(kept)
    assert [one[0] for one in of_seals(engine)] == ["seal.other_key"]


def test_seals_go_on_after_one_was_removed(engine: Engine, case: str) -> None:
    tampered(engine, "DELETE FROM seal WHERE number = 3")

    sealed(engine, THIRD + timedelta(days=1))

    assert of_seals(engine) == [("seal.removed", "", 0, None, "2025-09-28")]
    with engine.read() as connection:
        assert list(connection.scalars(sa.select(seal.c.number).order_by(seal.c.number))) == [1, 2, 4]


def test_seals_take_new_rows_only(engine: Engine, case: str) -> None:
    for statement in ("UPDATE seal SET day = 'x'", "DELETE FROM seal", "UPDATE proof SET found = 0"):
        with engine.store.write() as connection:
            if "proof" in statement:
                at = "'2025-09-26 01:00:00'"
                names = "number, at, ended_at, commands, cases, found, flaws"
                row = f"INSERT INTO proof ({names}) VALUES (1, {at}, {at}, 1, 1, 1, '[]')"
                connection.exec_driver_sql(row)
            with pytest.raises(sa.exc.DBAPIError, match="append-only"):
                connection.exec_driver_sql(statement)
