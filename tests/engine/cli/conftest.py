"""The command line on a test's own installation."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from engine import clock
from engine.cli import main
from engine.commands.complete_task import CompleteTask
from engine.db.models import user_task
from engine.executor import Engine
from engine.settings import Settings
from tests.factories import SPECIALIST, deploy, start

MORNING = datetime(2025, 9, 26, 1, tzinfo=UTC)


@pytest.fixture
def renoflow(settings: Settings) -> Callable[..., Result]:
    """Run `renoflow` with these arguments on this test's installation."""
    environ = {
        "RENOFLOW_DATABASE_URL": settings.database_url,
        "RENOFLOW_VAR": str(settings.var),
        "RENOFLOW_DATA": str(settings.data),
    }
    return lambda *arguments, **more: CliRunner(env=environ).invoke(main, arguments, **more)


@pytest.fixture
def case(engine: Engine) -> str:
    """A case that was started, breached and completed: three rows."""
    with clock.hold(MORNING):
        deploy(engine)
        case = start(engine)
    with engine.read() as connection:
        task = connection.scalars(sa.select(user_task.c.id)).one()
    with clock.hold(MORNING + timedelta(hours=5)):
        engine.execute(CompleteTask(task_id=task, values={"result": "settled", "words": "好"}), SPECIALIST)
    return case
