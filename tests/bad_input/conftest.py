"""A small company and one open case that bad input is thrown at."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from engine import clock
from engine.actor import ADMINISTRATOR
from engine.commands.put_group import PutGroup
from engine.commands.put_person import PutPerson
from engine.db.models import user_task
from engine.executor import Engine
from engine.passwords import hashed
from tests.bad_input.browsing import Browser
from tests.bad_input.strict_procedure import strict_files
from tests.factories import ADMIN, deploy, deploy_files, start
from web import create_app

MORNING = datetime(2025, 9, 26, 1, tzinfo=UTC)
PASSWORD = "correct horse battery"
PEOPLE: dict[int, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    1: ("周敏", ("service_specialist",), ()),
    2: ("丁楠", ("service_specialist",), ()),
    3: ("何经理", ("service_manager",), ()),
    4: ("吴仓管", ("warehouse",), ()),
    5: ("离职的人", ("service_specialist",), ()),
    6: ("审计员", (), ("auditor",)),
    7: ("林工长", ("warehouse",), ()),
    8: ("陈设计", (), ()),
    9: ("王主任", (), (ADMINISTRATOR,)),
}  # 5 has left the company
LEFT = 5


@dataclass(frozen=True)
class Open:
    """An open case and its task."""

    case: str
    task: str


def open_task(engine: Engine, case: str) -> str:
    """The task of a case."""
    with engine.read() as connection:
        return str(connection.scalars(sa.select(user_task.c.id).where(user_task.c.case_id == case)).one())


@pytest.fixture(autouse=True)
def office_hours() -> Iterator[None]:
    """It is one morning."""
    with clock.hold(MORNING):
        yield


@pytest.fixture(scope="session")
def password_hash() -> str:
    """Everybody's password, hashed once."""
    return hashed(PASSWORD)


@pytest.fixture
def company(engine: Engine, password_hash: str) -> Engine:
    """The engine with the people of PEOPLE in their groups."""
    for key, title in {"service_specialist": "客服专员", "service_manager": "客服主管", "warehouse": "仓库"}.items():
        engine.execute(PutGroup(key=key, name=title), ADMIN)
    for number, (name, groups, roles) in PEOPLE.items():
        person = PutPerson(
            username=f"p{number}",
            name=name,
            groups=groups,
            roles=roles,
            password_hash=password_hash,
            active=number != LEFT,
        )
        assert engine.execute(person, ADMIN).body["person"] == number
    return engine


@pytest.fixture
def opened(company: Engine) -> Open:
    """A case of one-task, started this morning."""
    deploy(company)
    case = start(company)
    return Open(case, open_task(company, case))


@pytest.fixture
def strict(company: Engine) -> Callable[..., Open]:
    """Start a case of the strict procedure; properties of its task may be given."""

    def begin(**properties: str) -> Open:
        deploy_files(company, strict_files(**properties))
        case = start(company)
        return Open(case, open_task(company, case))

    return begin


@pytest.fixture
def app(company: Engine) -> Flask:
    """The application, with everything switched on."""
    return create_app(engine=company)


@pytest.fixture
def visit(app: Flask, company: Engine) -> Callable[..., Browser]:
    """Open a browser as the person with this number, or as nobody."""
    return lambda number=None: Browser(app, company, number)
