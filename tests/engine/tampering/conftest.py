"""A company with a thousand cases, made once for each store; each tampering is undone after it was looked at."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import cycle
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
import sqlalchemy as sa

from engine import audit, clock, file_store, seals
from engine.audit import Flaw
from engine.bootstrap import build_engine
from engine.commands.attach_file import AttachFile
from engine.commands.claim_task import ClaimTask
from engine.commands.comment import Comment
from engine.commands.complete_task import CompleteTask
from engine.commands.enter_money import EnterMoney
from engine.commands.make_seal import MakeSeal
from engine.commands.put_group import PutGroup
from engine.commands.put_person import PutPerson
from engine.commands.put_register_row import PutRegisterRow
from engine.db import append_only
from engine.db.models import instance, user_task
from engine.executor import Engine
from engine.settings import Settings
from tests.conftest import BOTH_STORES
from tests.factories import ADMIN, SPECIALIST, deploy, deploy_files, files_of, start

CASES = 1000
MORNING = datetime(2025, 9, 26, 1, tzinfo=UTC)
FIRST_DAY, LATER = date(2025, 9, 26), timedelta(hours=5)
TRIGGER = "log.missing_trigger"  # what everybody who changes a row leaves behind, unless it is put back
KINDS = ("open", "closed", "late", "filed", "claimed")


@dataclass(frozen=True)
class Company:
    """An installation; of each kind of case one by which it is known.

    Attributes:
        cases: Kind → id of a case that the seal covers; "late" has missed its deadline, "filed" has a file.
        numbers: Kind → its number.
        versions: Ids of the two deployments; all cases are of the first.
    """

    engine: Engine
    cases: dict[str, str]
    numbers: dict[str, str]
    versions: tuple[str, str]

    def literal(self, key: str) -> str:
        """An id in SQL."""
        return f"x'{key}'" if self.engine.store.dialect == "sqlite" else f"'{key}'"

    @contextmanager
    def altered(self, *statements: str | sa.Executable, keep_triggers: bool = False) -> Iterator[sa.Connection]:
        """Change the database as somebody would who owns it; undone at the end of the block."""
        with self.engine.store.write() as connection:
            is_sqlite = self.engine.store.dialect == "sqlite"
            off = "PRAGMA defer_foreign_keys = ON" if is_sqlite else "SET LOCAL session_replication_role = replica"
            connection.exec_driver_sql(off)
            for drop in () if keep_triggers else append_only.drop_statements(self.engine.store.dialect):
                connection.exec_driver_sql(drop)
            for one in statements:
                done = connection.execute(sa.text(one.replace(":", r"\:")) if isinstance(one, str) else one)
                assert done.rowcount, f"this changes nothing: {one}"
            yield connection
            connection.rollback()

    def flaws(self, connection: sa.Connection, case: str | None = None) -> list[Flaw]:
        """What the proof finds, with the re-execution of one case."""
        found = audit.verify(connection, settings=self.engine.settings)
        if case is not None and case in audit.cases(connection):
            found += audit.examine(connection, case)[1]
        return [one for one in found if one.code != TRIGGER]


@pytest.fixture(scope="package", params=BOTH_STORES)
def company(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    folder = tmp_path_factory.mktemp("company")
    engine = build_engine(Settings(database_url=_database(request, folder), var=folder, data=folder))
    with clock.hold(MORNING):
        for key in ("service_specialist", "service_manager"):
            engine.execute(PutGroup(key=key, name=key), ADMIN)
        versions = deploy(engine), ""
        _people_and_registers(engine)
    ids = [_case(engine, kind) for kind, _ in zip(cycle(KINDS), range(CASES), strict=False)]
    with clock.hold(MORNING + LATER):
        for case in ids[2 :: len(KINDS)]:
            engine.fire_due(case, clock.now())
        files = files_of("one-task")
        changed = files | {"procedure.toml": files["procedure.toml"].replace("一步办结".encode(), "一步办完".encode())}
        versions = versions[0], deploy_files(engine, changed)
        engine.access.note("case", "person:1", case=ids[0])
        engine.access.flush()
        engine.perform(MakeSeal(day=FIRST_DAY))
        with engine.read() as connection:
            seals.write_file(connection, engine.settings)
            numbers = dict(connection.execute(sa.select(instance.c.id, instance.c.business_key)).all())
    cases = dict(zip(KINDS, ids[500:], strict=False))
    yield Company(engine, cases, {kind: numbers[key] for kind, key in cases.items()}, versions)
    engine.store.close()


def _database(request: pytest.FixtureRequest, folder: Path) -> str:
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), folder / "renoflow.db")
        return f"sqlite:///{folder / 'renoflow.db'}"
    server: Callable[[str], str] = request.getfixturevalue("postgres_server")
    template, name = request.getfixturevalue("postgres_template"), f"company_{uuid4().hex}"
    with psycopg.connect(server("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
    return str(server(name))


def _people_and_registers(engine: Engine) -> None:
    for login, name in (("lin", "林婉清"), ("chen", "陈思雨")):
        person = PutPerson(username=login, name=name, phone="000-1000-0001", groups=["service_specialist"])
        engine.execute(person, ADMIN)
    engine.execute(PutGroup(key="crew_one", name="一队", group_kind="crew"), ADMIN)
    engine.execute(PutRegisterRow(register="crew", key="crew_one", new=True, values={"foreman": 1}), ADMIN)
    for name in ("周建国", "何志远"):
        engine.execute(PutRegisterRow(register="customer", values={"name": name, "grade": "A"}), ADMIN)
    money = EnterMoney(purpose="deposit", payer="company:bank", receiver="retention:crew_one", amount="5000.00")
    engine.execute(money, ADMIN)


def _case(engine: Engine, kind: str) -> str:
    """A case: open, claimed, closed, open until its deadline passes, or with a comment and a file."""
    with clock.hold(MORNING):
        case = start(engine)
        with engine.read() as connection:
            task = str(connection.scalar(sa.select(user_task.c.id).where(user_task.c.case_id == case)))
        if kind in ("claimed", "closed"):
            engine.execute(ClaimTask(task_id=task), SPECIALIST)
        if kind == "closed":
            engine.execute(CompleteTask(task_id=task, values={"result": "settled", "words": "好"}), SPECIALIST)
        if kind == "filed":
            content = f"照片 {case}".encode()
            digest = file_store.keep(engine.settings, content)
            engine.execute(Comment(case_id=case, text="已经到场"), SPECIALIST)
            file = AttachFile(
                case_id=case, digest=digest, name="墙砖.jpg", size_bytes=len(content), media_type="image/jpeg"
            )
            engine.execute(file, SPECIALIST)
    return case
