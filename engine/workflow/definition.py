"""What a parsed deployment holds: immutable, shared by all threads, without anything of one case."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Element:
    """One shape of a diagram, as the engine needs it."""

    id: str
    kind: str  # BPMN's tag: userTask, boundaryEvent, …
    name: str
    process: str  # id of the process (not of the embedded sub-process) it stands in
    lane: str | None = None
    properties: Mapping[str, str] = field(default_factory=dict)
    event: str | None = None  # timer, conditional, message, signal, escalation, error, terminate
    message: str | None = None
    timer: str | None = None  # expression of a timer event
    attached_to: str | None = None
    interrupting: bool = True
    default_breach: bool = False  # of a timer: its path ends in an end event with breach="default"
    documentation: str = ""
    called: str | None = None  # process id, of a call activity


@dataclass(frozen=True, kw_only=True)
class Process:
    """A process of the deployment: the procedure itself, or one that it calls."""

    id: str
    procedure: str  # the folder's name
    title: str
    title_en: str
    english: Mapping[str, str]  # name of a step or event → what English pages call it
    lanes: Mapping[str, str | None]  # lane name → principal key; None: dynamic
    parameters: Mapping[str, Any]
    starts: Mapping[str, str]  # start event id → none, message or timer
    settings: Mapping[str, Any]  # procedure.toml as it is


@dataclass(frozen=True, kw_only=True)
class Definition:
    """One deployment, parsed. The specs are SpiffWorkflow's; nobody outside this package looks at them."""

    procedure: str
    process: Process
    processes: Mapping[str, Process]  # process id → process, called ones included
    elements: Mapping[tuple[str, str], Element]  # (process id, element id) → element
    forms: Mapping[str, Any]  # form key "<procedure>/<form>" → form-js schema, called processes' included
    flows: frozenset[tuple[str, str, str]]  # (process id, source, target), for coverage
    decisions: Mapping[str, tuple[str, ...]]  # decision id → rule ids
    spec: Any = field(repr=False)
    subprocess_specs: Mapping[str, Any] = field(repr=False)

    @cached_property
    def english(self) -> Mapping[str, str]:
        """Titles and names of the procedure and of those that it calls → their English; its own win."""
        others = [process for process in self.processes.values() if process is not self.process]
        found: dict[str, str] = {}
        for process in (*others, self.process):
            found |= {**process.english, process.title: process.title_en}
        return found

    def element(self, process: str, element: str) -> Element:
        return self.elements[process, element]

    def named(self, element: str) -> Element | None:
        """The element of this id; the procedure's own before those of what it calls, where several have one."""
        found = (one for one in self.elements.values() if one.id == element)
        return self.elements.get((self.process.id, element)) or next(found, None)

    def at(self, scope: str | None, element: str) -> Element | None:
        """The element of this id in the procedure that a scope (engine.workflow.advance) runs; None: some procedure."""
        process: str | None = self.process.id
        for call in scope.split("/") if scope else ():
            calling = self.elements.get((process or "", call.partition(":")[0]))
            process = calling.called if calling is not None else None
        found = self.elements.get((process or "", element)) if scope is not None else None
        return found or self.named(element)

    def form_key(self, element: Element) -> str | None:
        """The form of a user task or start event, None where there is none."""
        key = element.properties.get("form", f"{self.processes[element.process].procedure}/{element.id}")
        return key if key in self.forms else None
