"""The diagrams of a case, and where it stands in each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine import deployments
from engine.actor import Actor
from engine.db.models import deployment_file, instance
from engine.errors import NotFound
from engine.queries.instance import visible
from engine.workflow import runner
from engine.workflow.definition import Definition, Process

STEPS = ("userTask", "callActivity")
UNMARKED = ("subProcess", "sequenceFlow")  # a mark on a frame would colour everything inside


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A diagram and where a case stands in it: element ids of the shown process.

    Attributes:
        active: Steps with open tasks, a call where they are inside what it calls; element → rows of `user_task`.
        here: Whether one of these tasks is in this very diagram.
    """

    procedure: str
    title: str
    done: frozenset[str]
    active: Mapping[str, list[sa.RowMapping]]
    here: bool


def pictures(connection: sa.Connection, case: Mapping[str, Any], open_tasks: list[sa.RowMapping]) -> list[Picture]:
    """The diagrams that a case has reached: its procedure's first, then those it has called.

    Args:
        case: Its row, as from `instance.visible`: who may see it was asked there.
    """
    state = connection.scalars(sa.select(instance.c.state).where(instance.c.id == case["id"])).one()
    definition = deployments.definition(connection, case["deployment_id"])
    reached = runner.visited(definition, state)
    found = [
        _picture(definition, process, reached.get(process.id, frozenset()), open_tasks)
        for process in definition.processes.values()
        if process.id == definition.process.id or process.id in reached
    ]
    return sorted(found, key=lambda one: one.procedure != definition.procedure)


def _picture(
    definition: Definition, process: Process, reached: frozenset[str], open_tasks: list[sa.RowMapping]
) -> Picture:
    own = {key: element for (owner, key), element in definition.elements.items() if owner == process.id}
    active: dict[str, list[sa.RowMapping]] = {}
    here = False
    for task in open_tasks:
        calls = [part.partition(":")[0] for part in task["scope"].split("/") if part]
        here = here or task["element"] in own
        for key in (*calls, task["element"]):
            if key in own and own[key].kind in STEPS:
                active.setdefault(key, []).append(task)
    done = {key for key in reached if key in own and own[key].kind not in UNMARKED}
    return Picture(
        procedure=process.procedure, title=process.title, done=frozenset(done - set(active)), active=active, here=here
    )


def diagram(connection: sa.Connection, actor: Actor, case_id: str, procedure: str) -> bytes:
    """The BPMN file of a case's own procedure, or of one that it calls, as it was published.

    Raises:
        NotFound: There is none, or this person takes no part in the case.
    """
    case = visible(connection, actor, case_id)
    folder = "" if procedure == case["procedure"] else f"calls/{procedure}/"
    rows = sa.select(deployment_file.c.content).where(
        deployment_file.c.deployment_id == case["deployment_id"],
        deployment_file.c.path == f"{folder}{procedure}.bpmn",
    )
    found = connection.scalars(rows).one_or_none()
    if found is None:
        raise NotFound(diagram=procedure)
    return bytes(found)
