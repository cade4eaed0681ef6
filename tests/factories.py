"""Data for tests: plain functions with good defaults."""

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
