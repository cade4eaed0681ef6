"""A procedure in force, and two process owners who may change it."""

import pytest

from engine.actor import ADMINISTRATOR, AUDITOR, PROCESS_OWNER, Actor
from engine.commands.put_person import PutPerson
from engine.executor import Engine
from tests.factories import ADMIN, deploy, make_actor


@pytest.fixture
def studio(engine: Engine) -> Engine:
    """The engine with one-task in force, and among its people two owners (1, 2), an administrator and an auditor."""
    for number, roles in enumerate([[PROCESS_OWNER], [PROCESS_OWNER], [ADMINISTRATOR], [AUDITOR], []], 1):
        engine.execute(PutPerson(username=f"p{number}", name=f"P{number}", roles=roles), ADMIN)
    deploy(engine)
    return engine


@pytest.fixture
def owner() -> Actor:
    return make_actor(1, roles=[PROCESS_OWNER])


@pytest.fixture
def second() -> Actor:
    return make_actor(2, roles=[PROCESS_OWNER])
