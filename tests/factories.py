"""Data for tests: plain functions with good defaults."""

import itertools
from collections.abc import Iterable
from pathlib import Path

from engine.actor import ADMINISTRATOR, Actor
from engine.commands.deploy_procedure import DeployProcedure
from engine.commands.start_process import StartProcess
from engine.executor import Engine

DIAGRAMS = Path(__file__).parent / "engine" / "diagrams"
CALL = {"caller": "林婉清", "severity": "ordinary"}  # what the start form of one_task takes


def make_actor(number: int = 1, *groups: str, roles: Iterable[str] = ()) -> Actor:
    """person:<number>, in these groups ("service_specialist"; "head:engineering_dept" for who heads it)."""
    keys = {group if ":" in group else f"group:{group}" for group in groups}
    return Actor(key=f"person:{number}", principals=frozenset({f"person:{number}", *keys}), roles=frozenset(roles))


SPECIALIST = make_actor(1, "service_specialist")
COLLEAGUE = make_actor(2, "service_specialist")
MANAGER = make_actor(3, "service_manager")
OUTSIDER = make_actor(4, "warehouse")
ADMIN = make_actor(9, roles=[ADMINISTRATOR])


def files_of(procedure: str) -> dict[str, bytes]:
    """The files of a procedure under tests/engine/diagrams, as a deployment has them."""
    folder = DIAGRAMS / procedure
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def deploy(engine: Engine, procedure: str = "one-task") -> str:
    """Deploy a procedure; gives the deployment's id."""
    done = engine.execute(DeployProcedure(files=files_of(procedure)), ADMIN)
    return str(done.body["deployment"])


def start(engine: Engine, procedure: str = "one-task", actor: Actor = SPECIALIST, **values: object) -> str:
    """Start a case; gives its id."""
    return engine.execute(StartProcess(procedure=procedure, values=values or CALL), actor).stream


def deploy_files(engine: Engine, files: dict[str, bytes]) -> str:
    """Deploy files as they are."""
    return str(engine.execute(DeployProcedure(files=files), ADMIN).body["deployment"])


def sequence_of_tasks(count: int) -> dict[str, bytes]:
    """A procedure "task-row" of so many user tasks one after the other, each with the deadline of one-task."""
    one = files_of("one-task")
    head, rest = one["one-task.bpmn"].decode().split('    <bpmn:userTask id="answer"')
    body, tail = rest.split('    <bpmn:endEvent id="finished"')
    body = '    <bpmn:userTask id="answer"' + body
    tail, _flows = tail.split("    <bpmn:sequenceFlow", 1)
    flow = '    <bpmn:sequenceFlow id="{0}_to_{1}" sourceRef="{0}" targetRef="{1}"/>\n'
    names = [f"answer_{number}" for number in range(1, count + 1)]
    way = ["begin", *names, "finished"]
    parts = [
        body.replace("answer", name).replace("told", f"told_{name}").replace("T-01", f"T-0{n}")
        for n, name in enumerate(names, 1)
    ]
    walked = [flow.format(a, b) for a, b in itertools.pairwise(way)]
    walked += [flow.format(f"{name}_late", f"told_{name}") for name in names]
    ids = [part for name in names for part in (name, f"{name}_late", f"told_{name}")]
    lane = (
        head.split("<bpmn:flowNodeRef>answer</bpmn:flowNodeRef>")[0]
        + "".join(f"<bpmn:flowNodeRef>{key}</bpmn:flowNodeRef>" for key in ids)
        + "<bpmn:flowNodeRef>finished"
        + head.split("<bpmn:flowNodeRef>finished")[1]
    )
    diagram = lane + "".join(parts) + '    <bpmn:endEvent id="finished"' + tail + "".join(walked)
    diagram += "  </bpmn:process>\n</bpmn:definitions>\n"
    forms = {
        f"forms/task-row/{name}.json": one["forms/one-task/answer.json"].replace(b'"answer"', f'"{name}"'.encode())
        for name in names
    }
    return {
        "task-row.bpmn": diagram.replace("one_task", "task_row").encode(),
        "procedure.toml": one["procedure.toml"],
        "forms/task-row/begin.json": one["forms/one-task/begin.json"],
        **forms,
    }
