"""Plays stories on a stage of files, in a process of its own, and keeps a report that others read meanwhile.

    python -m engine.stories.rehearsal STAGE

STAGE is a folder with `processes/` and `forms/` as in a checkout, and `plan.json`: {procedure, stories: [paths]}. Its
`report.json` (see `trial.read`) is replaced after each story.
"""

import json
import os
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from engine.errors import EngineError, StoryFailed
from engine.settings import Settings
from engine.stories import company, reasons, theatre
from engine.stories import story as stories
from engine.workflow import runner
from engine.workflow.advance import Step
from engine.workflow.definition import Definition
from engine.workflow.lint.diagram import Diagram
from engine.workflow.lint.folder import diagrams_of

PLAN, REPORT, COMPANY = "plan.json", "report.json", "processes/company.toml"
POLITENESS = 5  # pages are served on the same processors
LANGUAGES = ("zh", "en")


@dataclass
class Walked:
    """How often the stories came through each flow, element and timer of one diagram."""

    diagram: Diagram
    flows: Counter[str] = field(default_factory=Counter)
    elements: Counter[str] = field(default_factory=Counter)
    timers: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._between = {(flow.source, flow.target): flow.id for flow in self.diagram.flows.values()}

    def observe(self, _definition: Definition, step: Step) -> None:
        """Called by the runner with each step."""
        for process, source, target in step.flows:
            if process == self.diagram.id and (source, target) in self._between:
                self.flows[self._between[source, target]] += 1
                self.elements[target] += 1
                begun = self.diagram.nodes[source]  # no flow leads to it
                if begun.tag == "startEvent" or (begun.host is not None and not begun.is_timer()):
                    self.elements[source] += 1
        for process, timer in step.fired:
            if process == self.diagram.id:
                self.timers[timer] += 1
                self.elements[timer] += 1

    def counts(self) -> dict[str, dict[str, int]]:
        """Everything that the diagram has, what was never walked with 0."""
        timers = [node.id for node in self.diagram.nodes.values() if node.is_timer() and node.tag != "startEvent"]
        return {
            "flows": {key: self.flows[key] for key in self.diagram.flows},
            "elements": {key: self.elements[key] for key in self.diagram.nodes},
            "timers": {key: self.timers[key] for key in timers},
        }


def rehearse(stage: Path) -> None:
    """Play what the plan says; the report is there from the beginning."""
    plan = json.loads((stage / PLAN).read_text(encoding="utf-8"))
    folder = stage / "processes" / plan["procedure"]
    walked = Walked(next(diagrams_of(folder)))
    paths = [stage / path for path in plan["stories"]]
    report: dict[str, Any] = {"state": "running", "pid": os.getpid(), "done": 0, "total": len(paths), "results": []}
    keep(stage, report | {"coverage": walked.counts()})
    names = _names(stage)
    with TemporaryDirectory() as room:
        template = Path(room) / "template.db"
        theatre.prepare(Settings(database_url=f"sqlite:///{template}", var=Path(room)), stage / COMPANY)
        for path in paths:
            report["results"].append(_played(path, template, Path(room), walked, names))
            report["done"] += 1
            keep(stage, report | {"coverage": walked.counts()})
    keep(stage, report | {"state": "done", "coverage": walked.counts()})


def _played(path: Path, template: Path, room: Path, walked: Walked, names: Mapping[str, str]) -> dict[str, Any]:
    """One story: {name, title, passed, step, reason: {zh, en}}."""
    said: dict[str, Any] = {"name": f"{path.parent.parent.name}/{path.stem}", "title": path.stem, "passed": False}
    try:
        story = stories.load(path)
        said["title"] = story.title
        with theatre.copied(template, room) as engine, runner.observed(walked.observe):
            theatre.perform(story, engine)
    except EngineError as error:
        step = error.context.get("step") if isinstance(error, StoryFailed) else 0
        reason = {language: reasons.in_words(error, names, language) for language in LANGUAGES}
        return said | {"step": step, "deed": names.get(str(error.context.get("deed")), ""), "reason": reason}
    return said | {"passed": True, "step": 0, "deed": "", "reason": dict.fromkeys(LANGUAGES, "")}


def _names(stage: Path) -> dict[str, str]:
    """What people call the elements and the people of the stage."""
    found = {login: one["name"] for login, one in company.read(stage / COMPANY)["people"].items()}
    for folder in sorted((stage / "processes").glob("*/")):
        for diagram in diagrams_of(folder):
            found |= {node.id: node.name for node in diagram.nodes.values() if node.name}
    return found


def keep(stage: Path, report: Mapping[str, Any]) -> None:
    """Replace the report at once, so that nobody reads half of it."""
    part = stage / f"{REPORT}.part"
    part.write_text(json.dumps(report, ensure_ascii=False), encoding="utf-8")
    part.replace(stage / REPORT)


if __name__ == "__main__":
    os.nice(POLITENESS)
    rehearse(Path(sys.argv[1]))
