"""What tests of the studio do: change one-task, submit it, publish it, and look at what came of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engine import audit
from engine.actor import Actor
from engine.commands.approve_draft import ApproveDraft
from engine.commands.open_draft import OpenDraft
from engine.commands.save_draft_file import SaveDraftFile
from engine.commands.submit_draft import SubmitDraft
from engine.db.models import (
    deployment,
    instance,
    notice,
)
from engine.errors import (
    EngineError,
)
from engine.executor import Engine
from engine.studio import beginning, drafts
from engine.unit_of_work import Command
from tests.factories import files_of

NOW = datetime(2025, 9, 26, 1, tzinfo=UTC)
LATER = NOW + timedelta(days=3)
DIAGRAM = "one-task.bpmn"
REASON = "三小时太短，客户多在四小时内能联系上。"


def files(**changes: str) -> dict[str, bytes]:
    """one-task with another deadline, "hours(3)" unless said."""
    found = files_of("one-task")
    text = found[DIAGRAM].decode().replace("hours(3)", changes.get("timer", "hours(3)"))
    return found | {DIAGRAM: text.encode()}


def calling(name: str, called: str) -> dict[str, bytes]:
    """A procedure that does nothing but call another one."""
    found = beginning.files(name, "调用", "service_specialist", "客服专员")
    call = f'<bpmn:callActivity id="handle" name="办理" calledElement="{called}" />'
    diagram = found[f"{name}.bpmn"].decode()
    task = '<bpmn:userTask id="handle" name="办理"/>'
    assert task in diagram
    del found[f"forms/{name}/handle.json"]
    return found | {f"{name}.bpmn": diagram.replace(task, call).encode()}


def draw(engine: Engine, actor: Actor, timer: str = "hours(4)") -> None:
    """Open a draft and change the deadline."""
    engine.execute(OpenDraft(procedure="one-task"), actor)
    save(engine, actor, timer)


def save(engine: Engine, actor: Actor, timer: str) -> None:
    with engine.read() as connection:
        draft = drafts.require(connection, "one-task")
        seen = drafts.file(connection, draft.id, DIAGRAM)
    assert seen is not None
    content = files(timer=timer)[DIAGRAM]
    saved = SaveDraftFile(procedure="one-task", path=DIAGRAM, content=content, revision=seen.revision)
    engine.execute(saved, actor)


def submit(engine: Engine, actor: Actor, at: datetime | None = None) -> None:
    engine.execute(SubmitDraft(procedure="one-task", reason=REASON, effective_at=at), actor)


def publish(engine: Engine, author: Actor, approver: Actor, timer: str = "hours(4)") -> dict[str, Any]:
    draw(engine, author, timer)
    submit(engine, author)
    return engine.execute(ApproveDraft(procedure="one-task"), approver).body


def versions(engine: Engine, procedure: str = "one-task") -> list[int]:
    with engine.read() as connection:
        rows = sa.select(deployment.c.version).where(deployment.c.procedure == procedure)
        return sorted(connection.scalars(rows))


def rows(engine: Engine, table: sa.Table, *conditions: Any) -> list[Any]:
    with engine.read() as connection:
        return list(connection.execute(sa.select(table).where(*conditions)))


def told(engine: Engine, code: str) -> set[str]:
    return {row.principal for row in rows(engine, notice, notice.c.code == code)}


def flaws(engine: Engine) -> list[audit.Flaw]:
    with engine.read() as connection:
        cases = connection.scalars(sa.select(instance.c.id)).all()
        return [*audit.verify(connection), *(flaw for case in cases for flaw in audit.examine(connection, case)[1])]


def refused(engine: Engine, deed: Command, actor: Actor, error: type[EngineError]) -> EngineError:
    with pytest.raises(error) as why:
        engine.execute(deed, actor)
    return why.value
