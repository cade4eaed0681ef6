"""What the studio's pages of forms, decisions, parameters and papers show of a draft."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from engine.db.models import deployment, deployment_file
from engine.errors import InvalidFormSchema
from engine.form_schema import Form
from engine.papers import invented
from engine.studio import drafts
from engine.workflow.lint.diagram import GATEWAYS
from engine.workflow.lint.material import Material, read_material
from engine.workflow.lint.surroundings import Surroundings

FORMS = "forms/{procedure}/{form}.json"
ASKING = ("userTask", "startEvent")  # what may have a form


@dataclass(frozen=True, kw_only=True)
class FormRow:
    """A form of a draft; `step` is the name of what asks it, "" where nothing does."""

    key: str
    title: str
    step: str
    fields: int


@dataclass(frozen=True, kw_only=True)
class DecisionRow:
    """A decision table of a draft."""

    key: str
    name: str
    rows: int
    columns: int


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What a draft holds.

    Attributes:
        without_form: (element id, name) of user tasks that have no form yet.
        lanes: The names of the diagram's lanes.
        named: The names of steps and events that English pages need a name for.
    """

    files: Mapping[str, bytes]
    forms: list[FormRow]
    without_form: list[tuple[str, str]]
    decisions: list[DecisionRow]
    documents: list[str]
    lanes: list[str]
    named: list[str]


def contents(connection: sa.Connection, procedure: str) -> Contents:
    """What the draft of a procedure holds.

    Raises:
        NotFound: It has none.
    """
    files = drafts.files(connection, drafts.require(connection, procedure).id)
    material = read_material(files, "", Surroundings())
    nodes = [node for diagram in material.diagrams for node in diagram.nodes.values()]
    steps = {node.id: node.name for node in nodes if node.tag in ASKING}
    keys = [path.split("/")[-1].removesuffix(".json") for path in files if path.startswith("forms/")]
    asked = {node.properties.get("form", f"{procedure}/{node.id}") for node in nodes if node.tag in ASKING}
    tasks = [(node.id, node.name) for node in nodes if node.tag == "userTask" and "form" not in node.properties]
    return Contents(
        files=files,
        forms=[_form_row(material, procedure, key, steps, asked) for key in keys],
        without_form=[(key, name) for key, name in tasks if key not in keys],
        decisions=[
            DecisionRow(key=_stem(one.file), name=one.name, rows=len(one.rows), columns=len(one.inputs))
            for one in material.tables
        ],
        documents=[_stem(path) for path in files if path.startswith("documents/")],
        lanes=list(dict.fromkeys(lane.name for diagram in material.diagrams for lane in diagram.lanes)),
        named=list(dict.fromkeys(node.name for node in nodes if node.tag not in GATEWAYS and node.name)),
    )


def form(content: bytes) -> Form:
    """A draft's form.

    Raises:
        InvalidFormSchema: It can't be shown yet; `problems` says why.
    """
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        found = None
    return Form.read(found)


def paper(connection: sa.Connection, files: Mapping[str, bytes], template: str) -> list[bytes]:
    """The pages of a template as PNG, filled in with an invented case.

    Raises:
        PaperFailed: It can't be set; `reason` says why.
    """
    return invented.pictures(template, _forms(connection, files))


def paper_as_pdf(connection: sa.Connection, files: Mapping[str, bytes], template: str) -> bytes:
    """As `paper`, one PDF."""
    return invented.pdf(template, _forms(connection, files))


def _forms(connection: sa.Connection, files: Mapping[str, bytes]) -> dict[str, Form]:
    """Element id → form: of every procedure in force, the draft's own before them; a paper may print any of a case."""
    newest = sa.select(deployment.c.procedure, sa.func.max(deployment.c.version).label("version"))
    last = newest.group_by(deployment.c.procedure).subquery()
    same = sa.and_(last.c.procedure == deployment.c.procedure, last.c.version == deployment.c.version)
    query = (
        sa.select(deployment_file.c.path, deployment_file.c.content)
        .join(deployment, deployment.c.id == deployment_file.c.deployment_id)
        .join(last, same)
        .where(deployment_file.c.path.like("forms/%"))
    )
    found = {row.path: bytes(row.content) for row in connection.execute(query)}
    found |= {path: content for path, content in files.items() if path.startswith("forms/")}
    read = {path.rpartition("/")[2].removesuffix(".json"): _read(content) for path, content in found.items()}
    return {key: one for key, one in read.items() if one is not None}


@lru_cache(maxsize=1024)
def _read(content: bytes) -> Form | None:
    try:
        return form(content)
    except InvalidFormSchema:
        return None


def _form_row(material: Material, procedure: str, key: str, steps: Mapping[str, str], asked: set[str]) -> FormRow:
    found = material.own_forms.get(f"{procedure}/{key}")
    json_: Any = found.json if found else None
    plain = json_ if isinstance(json_, Mapping) else {}
    components = plain.get("components")
    used = f"{procedure}/{key}" in asked
    return FormRow(
        key=key,
        title=str(plain.get("title") or key),
        step=steps.get(key, key) if used else "",
        fields=len(components) if isinstance(components, list) else 0,
    )


def _stem(path: str) -> str:
    return path.rpartition("/")[2].rpartition(".")[0]
