"""Stories against a draft: a stage of files is set, and played in a process of its own (engine.stories.rehearsal).

There is one stage for each procedure, in var/trials/<procedure>/<digest of what is on it>; once the draft, or anything
else on the stage, has changed, there is no trial of it yet. What is kept lies in files, so that every process that
serves pages can tell of it.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from engine import deployments
from engine.settings import Settings
from engine.stories.rehearsal import COMPANY, PLAN, REPORT, keep
from engine.studio import catalogue, checking, drafts
from engine.workflow.lint import Surroundings
from engine.workflow.lint.diagram import Diagram
from engine.workflow.lint.material import read_material

FOLDER = "trials"
LONGEST_SECONDS = 1800
NONE: dict[str, Any] = {"state": "none", "done": 0, "total": 0, "results": [], "coverage": {}}


@dataclass(frozen=True, kw_only=True)
class Trial:
    """The place of a trial: it changes with the draft, with the versions in force and with the stories."""

    procedure: str
    folder: Path

    def report(self) -> dict[str, Any]:
        """{state, done, total, results: [{name, title, passed, step, deed, reason: {zh, en}}], coverage}.

        `state`: none (nobody has asked), running, done, or failed: it has ended before all was played. `coverage`:
        flows, elements and timers, id → how often the stories came through.
        """
        try:
            report: dict[str, Any] = json.loads((self.folder / REPORT).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return dict(NONE)
        if report["state"] == "running" and not _is_alive(report["pid"]):
            report["state"] = "failed"
        return {key: report[key] for key in NONE}


def find(connection: sa.Connection, settings: Settings, procedure: str) -> Trial:
    """The trial of a procedure's draft as it stands, or of the version in force where there is no draft."""
    draft = drafts.find(connection, procedure)
    parts = [repr((draft.id, draft.revision)) if draft is not None else ""]
    parts += [f"{row.procedure} {row.id}" for row in deployments.in_force(connection)]
    parts += [f"{path} {path.stat().st_mtime_ns}" for path in _stories(settings)]
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
    return Trial(procedure=procedure, folder=settings.var / FOLDER / procedure / digest)


def start(connection: sa.Connection, settings: Settings, trial: Trial) -> threading.Thread | None:
    """Play in the background, unless that is being done, or has been: then there is no thread that waits for the end.

    Raises:
        NotFound: There is no such procedure.
    """
    files = _files(connection, settings, trial.procedure)
    if trial.report()["state"] == "failed":
        shutil.rmtree(trial.folder, ignore_errors=True)
    trial.folder.parent.mkdir(parents=True, exist_ok=True)
    for older in trial.folder.parent.iterdir():  # what still plays there ends
        if older != trial.folder:
            shutil.rmtree(older, ignore_errors=True)
    try:
        trial.folder.mkdir()
    except FileExistsError:  # somebody else was faster
        return None
    stories = concerned(trial.procedure, files)
    for path, content in files.items():
        (trial.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (trial.folder / path).write_bytes(content)
    (trial.folder / PLAN).write_text(json.dumps({"procedure": trial.procedure, "stories": stories}), encoding="utf-8")
    keep(trial.folder, NONE | {"state": "running", "pid": os.getpid(), "total": len(stories)})
    waiting = threading.Thread(target=_play, args=(trial.folder,), daemon=True)
    waiting.start()
    return waiting


def _play(folder: Path) -> None:
    """See a process through that plays a stage."""
    command = [sys.executable, "-m", "engine.stories.rehearsal", str(folder)]
    nowhere = subprocess.DEVNULL
    with subprocess.Popen(command, stdin=nowhere, stdout=nowhere, stderr=nowhere) as playing:
        try:
            playing.wait(LONGEST_SECONDS)
        except subprocess.TimeoutExpired:
            playing.kill()
    for part in ("processes", "forms"):  # what was played is known; the report stays
        shutil.rmtree(folder / part, ignore_errors=True)
    if playing.returncode != 0 and folder.exists():
        report = json.loads((folder / REPORT).read_text(encoding="utf-8"))
        keep(folder, report | {"state": "failed"})


def _files(connection: sa.Connection, settings: Settings, procedure: str) -> dict[str, bytes]:
    """The draft among the versions in force, with the stories of them all and their company, as in a checkout."""
    found = _placed(procedure, catalogue.files(connection, procedure))
    for row in deployments.in_force(connection):
        if row.procedure != procedure:
            found |= _placed(row.procedure, checking.own(deployments.files(connection, str(row.id))))
    known = {path.split("/")[1] for path in found if path.endswith(".bpmn")}
    for path in (settings.data / COMPANY, *_stories(settings)):
        if path.name == "company.toml" or path.parent.parent.name in known:
            found[path.relative_to(settings.data).as_posix()] = path.read_bytes()
    return found


def _stories(settings: Settings) -> list[Path]:
    return sorted((settings.data / "processes").glob("*/scenarios/*.toml"))


def _placed(procedure: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """A procedure's files as they lie in a checkout."""
    return {path if path.startswith("forms/") else f"processes/{procedure}/{path}": one for path, one in files.items()}


def concerned(procedure: str, files: Mapping[str, bytes]) -> list[str]:
    """The procedure's own stories, and of others those in which one of its steps is done.

    A procedure without steps of its own (decisions, calls) is seen in the stories of those that call it.
    """
    told = [path for path in sorted(files) if path.endswith(".toml") and "/scenarios/" in path]
    own = [path for path in told if path.startswith(f"processes/{procedure}/")]
    diagrams = {diagram.procedure: diagram for diagram in _diagrams(files)}
    process = procedure.replace("-", "_")
    steps = _steps(procedure, diagrams) or {
        step
        for name, diagram in diagrams.items()
        if any(node.xml.get("calledElement") == process for node in diagram.of_tag("callActivity"))
        for step in _steps(name, diagrams)
    }
    said = [f'"{step}"'.encode() for step in steps]
    return own + [path for path in told if path not in own and any(step in files[path] for step in said)]


def _diagrams(files: Mapping[str, bytes]) -> Iterator[Diagram]:
    for path, content in files.items():
        if path.endswith(".bpmn"):
            yield from read_material({path.rpartition("/")[2]: content}, "", Surroundings()).diagrams


def _steps(procedure: str, diagrams: Mapping[str, Diagram]) -> set[str]:
    """Its user tasks that no other procedure has by the same id."""
    of_each = {name: {node.id for node in diagram.of_tag("userTask")} for name, diagram in diagrams.items()}
    others = set[str]().union(*(ids for name, ids in of_each.items() if name != procedure))
    return of_each.get(procedure, set()) - others


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (OSError, TypeError):
        return False
    return True
