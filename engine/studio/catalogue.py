"""What an editor may offer: groups, forms, operations …, and the fields that exist at a point of a diagram."""

import sys
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from engine import deployments, recurring
from engine.db.models import group_
from engine.errors import NotFound
from engine.registers import people
from engine.service_tasks import registry
from engine.studio import checking, drafts
from engine.studio.fields import fields_at
from engine.studio.operation_texts import TITLES, of_parameter
from engine.workflow.functions import SIGNATURES
from engine.workflow.lint import Surroundings
from engine.workflow.lint.material import Material, read_material
from engine.workflow.lint.surroundings import inputs_read, tables_of

CHINESE = "zh_CN"


def files(connection: sa.Connection, procedure: str) -> dict[str, bytes]:
    """The files of a procedure's draft; without one those of the version in force.

    Raises:
        NotFound: There is neither.
    """
    draft = drafts.find(connection, procedure)
    if draft is not None:
        return drafts.files(connection, draft.id)
    row = deployments.current(connection, procedure)
    if row is None:
        raise NotFound(procedure=procedure)
    return checking.own(deployments.files(connection, str(row.id)))


def catalogue(connection: sa.Connection, procedure: str, language: str) -> dict[str, Any]:
    """What may be named in a procedure, as JSON; titles in the language.

    Raises:
        NotFound: There is no such procedure.
    """
    material = read_material(files(connection, procedure), "", Surroundings())
    return {
        "groups": list(_groups(connection, language)),
        "forms": [{"key": key, "title": _title(form.json or {}, key, language)} for key, form in _forms(material)],
        "decisions": [{"id": table.id, "title": table.name or table.id} for table in material.tables],
        "procedures": list(_procedures(connection, procedure)),
        "operations": list(_operations(language)),
        "functions": [_function(name, language) for name in SIGNATURES],
        "deadlines": sorted({key for diagram in material.diagrams for key in _deadlines(diagram.nodes.values())}),
        "parameters": list(_parameters(material, language)),
    }


def fields(connection: sa.Connection, procedure: str, element: str, language: str) -> list[dict[str, Any]]:
    """The fields that an expression at an element may read (engine.studio.fields).

    Raises:
        NotFound: There is no such procedure, or no such element in it.
    """
    own = files(connection, procedure)
    given = checking.given(connection).get(procedure.replace("-", "_"), frozenset())
    found = fields_at(checking.whole(connection, own), element, given, chinese=language == CHINESE)
    if found is None:
        raise NotFound(element=element)
    return found


def _groups(connection: sa.Connection, language: str) -> Iterator[dict[str, Any]]:
    staffing = people.staffing(connection)
    for row in connection.execute(sa.select(group_).order_by(group_.c.kind, group_.c.key)):
        name = row.name if language == CHINESE else row.name_en or row.name
        yield {"key": row.key, "name": name, "kind": row.kind, "people": staffing.get(f"group:{row.key}", 0)}


def _forms(material: Material) -> list[tuple[str, Any]]:
    return sorted(material.own_forms.items())


def _title(values: Mapping[str, Any], key: str, language: str) -> str:
    english = values.get("title_en") if language != CHINESE else None
    return str(english or values.get("title") or key)


def _procedures(connection: sa.Connection, procedure: str) -> Iterator[dict[str, Any]]:
    """Those in force that a call activity may name, with the inputs that they read."""
    for row in deployments.in_force(connection):
        if row.procedure != procedure:
            inputs = _inputs(connection, str(row.id))
            yield {"id": row.procedure.replace("-", "_"), "title": row.title, "inputs": inputs}


_known_inputs: dict[str, list[str]] = {}  # deployment → what it reads; a version never changes


def _inputs(connection: sa.Connection, key: str) -> list[str]:
    if key not in _known_inputs:
        own = checking.own(deployments.files(connection, key))
        diagram = recurring.diagram_of(own)
        tables = tables_of(content for path, content in own.items() if path.endswith(".dmn"))
        _known_inputs[key] = sorted(inputs_read(diagram, tables)) if diagram is not None else []
    return _known_inputs[key]


def _operations(language: str) -> Iterator[dict[str, Any]]:
    registry.load()
    for name, one in sorted(registry.OPERATIONS.items()):
        chinese, english = TITLES.get(name, (name, name))
        said = (one.perform.__doc__ or sys.modules[one.perform.__module__].__doc__ or "").partition("\n")[0]
        yield {
            "name": name,
            "title": chinese if language == CHINESE else english,
            "about": chinese if language == CHINESE else said,
            "parameters": [
                {"name": key, "required": required, "about": of_parameter(name, key)[language != CHINESE]}
                for key, required in one.parameters.items()
            ],
            "results": sorted(one.results or ()),
        }


def _function(name: str, language: str) -> dict[str, Any]:
    one = SIGNATURES[name]
    arguments = ["…"] * max(one.least, 1 if one.most else 0) + [f"{key}=…" for key in sorted(one.keywords)]
    about = one.zh if language == CHINESE else one.en
    return {"name": name, "signature": f"{name}({', '.join(arguments)})", "about": about}


def _deadlines(nodes: Any) -> Iterator[str]:
    return (node.properties["deadline"] for node in nodes if "deadline" in node.properties)


def _parameters(material: Material, language: str) -> Iterator[dict[str, Any]]:
    values = material.settings.values.get("parameters")
    for name, value in (values if isinstance(values, Mapping) else {}).items():
        described = value if isinstance(value, Mapping) else {}
        plain = described.get("value") if isinstance(value, Mapping) else value
        shown = plain if isinstance(plain, str | int | bool | list) else str(plain)
        yield {"name": name, "title": _title(described, name, language), "value": shown}
