"""What groups and procedures of this company are called: sentences about one procedure name the others."""

import threading
from collections.abc import Sequence

import sqlalchemy as sa

from engine.db.models import deployment, deployment_file, group_
from engine.workflow.lint.material import Material, read_material
from engine.workflow.lint.surroundings import Surroundings
from engine.workflow.wording import Known

_materials: dict[str, Material] = {}  # deployment id → its own files, read; ids are digests of the content
_guard = threading.Lock()
_MOST = 400


def known(connection: sa.Connection) -> Known:
    """The names of all groups, and every procedure as it is in force."""
    groups = sa.select(group_.c.key, group_.c.name, group_.c.name_en)
    principals = {f"group:{row.key}": (row.name, row.name_en or row.name) for row in connection.execute(groups)}
    newest = sa.select(deployment.c.procedure, sa.func.max(deployment.c.version).label("version"))
    last = newest.group_by(deployment.c.procedure).subquery()
    same = sa.and_(last.c.procedure == deployment.c.procedure, last.c.version == deployment.c.version)
    materials = _read(connection, list(connection.scalars(sa.select(deployment.c.id).join(last, same))))
    return Known(principals, {diagram.id: one for one in materials for diagram in one.diagrams})


def _read(connection: sa.Connection, ids: Sequence[str]) -> list[Material]:
    with _guard:
        found = {key: _materials[key] for key in ids if key in _materials}
    missing = [key for key in ids if key not in found]
    if missing:
        rows = sa.select(deployment_file.c.deployment_id, deployment_file.c.path, deployment_file.c.content).where(
            deployment_file.c.deployment_id.in_(missing),
            deployment_file.c.path.not_like("calls/%"),
            deployment_file.c.path.not_like("%.typ"),
        )
        files: dict[str, dict[str, bytes]] = {}
        for row in connection.execute(rows):
            files.setdefault(row.deployment_id, {})[row.path] = bytes(row.content)
        read = {key: read_material(content, "", Surroundings()) for key, content in files.items()}
        found |= read
        with _guard:
            if len(_materials) > _MOST:
                _materials.clear()
            _materials.update(read)
    return [found[key] for key in ids if key in found]
