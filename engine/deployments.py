"""Deployments as the engine runs them: parsed once per process and kept, because they never change."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from engine.db.models import deployment, deployment_file
from engine.errors import NotFound
from engine.form_schema import Form
from engine.workflow import parser
from engine.workflow.definition import Definition

_KEPT = 256
_parsed: OrderedDict[str, Definition] = OrderedDict()  # deployment id → definition; ids are digests of the content
_guard = threading.Lock()
_FILES = sa.select(deployment_file.c.path, deployment_file.c.content).where(
    deployment_file.c.deployment_id == sa.bindparam("id")
)


def definition(connection: sa.Connection, deployment_id: str) -> Definition:
    """The definition of a deployment.

    Raises:
        NotFound: There is no such deployment.
    """
    with _guard:
        if deployment_id in _parsed:
            _parsed.move_to_end(deployment_id)
            return _parsed[deployment_id]
    found = parser.parse(files(connection, deployment_id))
    with _guard:
        _parsed[deployment_id] = found
        while len(_parsed) > _KEPT:
            _parsed.popitem(last=False)
    return found


def files(connection: sa.Connection, deployment_id: str) -> dict[str, bytes]:
    """Path → content of a deployment's files.

    Raises:
        NotFound: There is no such deployment.
    """
    rows = connection.execute(_FILES, {"id": deployment_id})
    found = {row.path: bytes(row.content) for row in rows}
    if not found:
        raise NotFound(deployment=deployment_id)
    return found


def current(connection: sa.Connection, procedure: str) -> sa.Row[tuple[object, ...]] | None:
    """The newest deployment of a procedure."""
    rows = sa.select(deployment).where(deployment.c.procedure == procedure).order_by(deployment.c.version.desc())
    return connection.execute(rows.limit(1)).one_or_none()


def in_force(connection: sa.Connection) -> list[sa.Row[Any]]:
    """The newest deployment of every procedure, by procedure."""
    last = sa.select(deployment.c.procedure, sa.func.max(deployment.c.version).label("version"))
    of_each = last.group_by(deployment.c.procedure).subquery()
    is_last = (of_each.c.procedure == deployment.c.procedure) & (of_each.c.version == deployment.c.version)
    return list(connection.execute(sa.select(deployment).join(of_each, is_last).order_by(deployment.c.procedure)))


def content_hash(content: Mapping[str, bytes]) -> bytes:
    """SHA-256 over all paths and contents of a deployment."""
    digest = hashlib.sha256()
    for path, data in sorted(content.items()):
        digest.update(hashlib.sha256(path.encode()).digest() + hashlib.sha256(data).digest())
    return digest.digest()


def deployment_id(procedure: str, version: int, content: bytes) -> str:
    """The id of a deployment: 32 hex digits of a digest over all that it is."""
    return hashlib.sha256(f"{procedure}:{version}:".encode() + content).hexdigest()[:32]


_forms: dict[tuple[str, str], Form] = {}


def form(found: Definition, deployment: str, key: str | None) -> Form | None:
    """A form of a deployment, read once; None where an element has none."""
    if key is None:
        return None
    if (deployment, key) not in _forms:
        if len(_forms) > 20 * _KEPT:
            _forms.clear()
        _forms[deployment, key] = Form.read(found.forms[key])
    return _forms[deployment, key]


def starters(found: Definition) -> list[str]:
    """Principal keys of who may start a procedure by hand: `starters` in procedure.toml, else the lanes' groups."""
    named = found.process.settings.get("starters")
    if named is not None:
        return [key if ":" in key else f"group:{key}" for key in named]
    return sorted({key for key in found.process.lanes.values() if key})
