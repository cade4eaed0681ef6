"""The folders of an engineer beside what owners published in the browser: neither replaces the other unseen."""

from collections.abc import Mapping
from pathlib import Path

import sqlalchemy as sa

from engine import deployments
from engine.db.models import deployment, publication
from engine.studio import checking, packing
from engine.workflow.changes import Change, compare
from engine.workflow.lint.folder import files_of


def unseen(connection: sa.Connection, procedure: str, files: Mapping[str, bytes]) -> "tuple[int, list[Change]] | None":
    """The version that owners published in the browser and that these files would take back: its number, and what
    the files change in it; None where nothing is lost.

    Versions that only bind a called procedure anew say the same as the one before them.
    """
    rows = (
        sa.select(deployment.c.id, deployment.c.version, publication.c.because, publication.c.author)
        .outerjoin(publication, publication.c.deployment_id == deployment.c.id)
        .where(deployment.c.procedure == procedure)
        .order_by(deployment.c.version.desc())
    )
    newest = next((row for row in connection.execute(rows) if row.because is None), None)
    if newest is None or newest.author is None:
        return None
    kept = checking.own(deployments.files(connection, str(newest.id)))
    if kept == dict(files):
        return None
    return int(newest.version), list(compare(kept, files))


def is_known(connection: sa.Connection, procedure: str, files: Mapping[str, bytes]) -> bool:
    """Whether some version holds exactly these files, so that a folder that holds them can be overwritten."""
    rows = sa.select(deployment.c.id).where(deployment.c.procedure == procedure).order_by(deployment.c.version.desc())
    wanted = dict(files)
    return any(checking.own(deployments.files(connection, str(key))) == wanted for key in connection.scalars(rows))


def write(root: Path, procedure: str, files: Mapping[str, bytes]) -> list[Path]:
    """Make `root`/processes/<procedure> and `root`/forms/<procedure> hold these files; stories beside them stay.

    Gives what was written or removed.
    """
    processes, forms = root / "processes", root / "forms"
    folder = processes / procedure
    before = files_of(folder, forms) if folder.is_dir() else {}
    touched = []
    for path in sorted(before.keys() | files.keys()):
        target = root / packing.place(procedure, path)
        if before.get(path) == files.get(path):
            continue
        touched.append(target)
        if path in files:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(files[path])
        else:
            target.unlink()
    return touched
