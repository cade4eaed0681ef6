"""The files of one procedure, read once, together with their surroundings: what every rule is given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from engine.workflow.lint.decision_table import DecisionTable, read_decisions
from engine.workflow.lint.diagram import Diagram, read_diagram
from engine.workflow.lint.form_fields import FormFields, FormFile, read_form
from engine.workflow.lint.problem import Problem, problem
from engine.workflow.lint.procedure_file import FILE, Settings, read_settings
from engine.workflow.lint.reading import Element, children, is_bpmn, read_xml
from engine.workflow.lint.surroundings import Called, Surroundings, inputs_of_forms, inputs_read

MOST_NODES = 400
LARGEST_FORM_BYTES = 200_000


@dataclass(slots=True, eq=False)
class Material:
    """One procedure. `prefix` is "" or, of a called one, "calls/<procedure>/"."""

    prefix: str
    procedure: str
    surroundings: Surroundings
    diagrams: list[Diagram] = field(default_factory=list)
    roots: dict[str, Element] = field(default_factory=dict)
    tables: list[DecisionTable] = field(default_factory=list)
    settings: Settings = field(default_factory=Settings)
    settings_file: str = FILE
    own_forms: dict[str, FormFile] = field(default_factory=dict)  # form key → form
    form_files: dict[str, str] = field(default_factory=dict)  # form key → file
    templates: dict[str, bytes] = field(default_factory=dict)  # documents/….typ → content
    called: Mapping[str, Called] = field(default_factory=dict)
    given: Mapping[str, frozenset[str]] = field(default_factory=dict)  # process id → inputs that all its callers give
    problems: list[Problem] = field(default_factory=list)

    def form(self, key: str) -> FormFields | None:
        """The fields of a form by its key, the files' own before the surroundings'."""
        if key in self.own_forms:
            return self.own_forms[key].fields
        return self.surroundings.forms.get(key)

    def table(self, decision: str) -> DecisionTable | None:
        return next((table for table in self.tables if table.id == decision), None)

    def callee(self, process: str) -> Called | None:
        return self.called.get(process) or self.surroundings.procedures.get(process)


def read_material(files: Mapping[str, bytes], prefix: str, surroundings: Surroundings) -> Material:
    """Read the files below `prefix`, those below `calls/` left out; what cannot be read stands in `problems`."""
    own = {
        name.removeprefix(prefix): content
        for name, content in files.items()
        if name.startswith(prefix) and not name.removeprefix(prefix).startswith("calls/")
    }
    diagrams = sorted(name for name in own if name.endswith(".bpmn"))
    procedure = diagrams[0].removesuffix(".bpmn") if diagrams else prefix.rstrip("/").rpartition("/")[2]
    found = Material(prefix, procedure, surroundings, settings_file=prefix + FILE)
    if not diagrams:
        found.problems.append(problem("documents.no_diagram", prefix or FILE))
    if len(diagrams) > 1:
        found.problems.append(problem("documents.several_diagrams", prefix + diagrams[1]))
    found.settings, problems = read_settings(own.get(FILE), prefix + FILE)
    found.problems += problems
    for name in diagrams:
        _read_bpmn(found, prefix + name, name.removesuffix(".bpmn"), own[name])
    for name in sorted(own):
        if name.endswith(".dmn"):
            root, problems_found = read_xml(prefix + name, own[name])
            found.problems += problems_found
            if root is not None:
                found.tables += read_decisions(prefix + name, root)
                found.roots[prefix + name] = root
        elif name.endswith(".json") and name.startswith("forms/"):
            _read_own_form(found, name, own[name])
        elif name.endswith(".typ"):
            found.templates[name] = own[name]
    return found


def _read_bpmn(found: Material, file: str, procedure: str, content: bytes) -> None:
    root, diagrams, problems = _read(file, procedure, content)
    found.problems += problems
    found.diagrams += diagrams
    if root is not None:
        found.roots[file] = root


@lru_cache(maxsize=128)  # of the diagrams that a draft calls none changes while it is drawn
def _read(file: str, procedure: str, content: bytes) -> tuple[Element | None, list[Diagram], list[Problem]]:
    root, unreadable = read_xml(file, content)
    if root is None:
        return None, [], list(unreadable)
    if not is_bpmn(root, "definitions"):
        return None, [], [problem("documents.not_bpmn", file)]
    diagrams, problems = [], []
    for process in children(root, "process"):
        diagram = read_diagram(file, procedure, root, process)
        if len(diagram.nodes) > MOST_NODES:
            problems.append(problem("structure.too_many", file, diagram.id, most=MOST_NODES))
            continue
        diagrams.append(diagram)
    return root, diagrams, problems


def _read_own_form(found: Material, name: str, content: bytes) -> None:
    key = name.removeprefix("forms/").removesuffix(".json")
    key = key if "/" in key else f"{found.procedure}/{key}"
    if len(content) > LARGEST_FORM_BYTES:
        found.problems.append(
            problem("documents.too_large", found.prefix + name, bytes=len(content), most=LARGEST_FORM_BYTES)
        )
        return
    found.own_forms[key], found.form_files[key] = read_form(content), found.prefix + name
    if found.own_forms[key].json is None:
        found.problems.append(problem("documents.not_json", found.prefix + name))


def called_in(materials: list[Material]) -> dict[str, Called]:
    """The processes that come along below `calls/`: process id → what a caller has to know."""
    return {
        diagram.id: Called(
            inputs_read(diagram, [root for name, root in material.roots.items() if name.endswith(".dmn")]),
            frozenset(diagram.nodes),
            inputs_of_forms(material.own_forms.values()),
        )
        for material in materials
        for diagram in material.diagrams
    }
