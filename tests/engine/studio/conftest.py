"""A procedure in force, and two process owners who may change it."""

import pytest

from engine.actor import PROCESS_OWNER, Actor
from engine.db.models import person
from engine.executor import Engine
from tests.factories import deploy, make_actor

OWNER = make_actor(21, roles=[PROCESS_OWNER])
SECOND = make_actor(22, roles=[PROCESS_OWNER])


@pytest.fixture
def studio(engine: Engine) -> Engine:
    """The engine with one-task in force and two owners, an administrator and an auditor among its people."""
    roles = {21: [PROCESS_OWNER], 22: [PROCESS_OWNER], 9: ["administrator"], 23: ["auditor"], 24: []}
    with engine.store.write() as connection:
        rows = [
            {"id": key, "username": f"p{key}", "name": f"P{key}", "roles": has, "active": True}
            for key, has in roles.items()
        ]
        connection.execute(person.insert(), rows)
        connection.commit()
    deploy(engine)
    return engine


@pytest.fixture
def owner() -> Actor:
    return OWNER


@pytest.fixture
def second() -> Actor:
    return SECOND
