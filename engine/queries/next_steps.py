"""What a step leads to, as the diagram has it: for the lines “提交以后” of a task's page."""

from dataclasses import dataclass

import sqlalchemy as sa

from engine import deployments
from engine.workflow.definition import Definition

PEOPLE = ("userTask", "callActivity", "subProcess")
CHOOSING = ("exclusiveGateway", "inclusiveGateway", "eventBasedGateway")


@dataclass(frozen=True, kw_only=True)
class NextStep:
    """A step behind another: a task, what another procedure does, or an end."""

    name: str
    lane: str | None
    ends: bool


@dataclass(frozen=True, kw_only=True)
class NextSteps:
    """What comes after a step; `chosen` where a gateway decides by what is filled in."""

    steps: tuple[NextStep, ...]
    chosen: bool


def next_steps(connection: sa.Connection, deployment_id: str, element: str) -> NextSteps:
    """The steps that follow an element, through gateways and automatic steps; without those after a boundary event."""
    definition = deployments.definition(connection, deployment_id)
    process = next((owner for owner, name in definition.elements if name == element), None)
    if process is None:
        return NextSteps(steps=(), chosen=False)
    found: list[NextStep] = []
    chosen, seen, queue = False, {element}, [element]
    while queue:
        for target in sorted(_targets(definition, process, queue.pop(0)) - seen):
            seen.add(target)
            one = definition.element(process, target)
            if one.kind in PEOPLE or one.kind == "endEvent":
                if one.name:
                    found.append(NextStep(name=one.name, lane=one.lane, ends=one.kind == "endEvent"))
            else:
                chosen = chosen or one.kind in CHOOSING
                queue.append(target)
    return NextSteps(steps=tuple(found), chosen=chosen and len(found) > 1)


def _targets(definition: Definition, process: str, source: str) -> set[str]:
    return {target for owner, start, target in definition.flows if (owner, start) == (process, source)}
