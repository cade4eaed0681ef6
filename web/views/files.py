"""Files of a case, as attachments for who may see it."""

from typing import Any

from flask import Blueprint, send_file

from engine import file_store
from engine.errors import NotFound
from engine.queries import case_files
from web import identity, noting
from web.permissions import EVERYONE, access

pages = Blueprint("files", __name__)


@pages.get("/cases/<hex:case_id>/files/<digest>")
@access(EVERYONE)
def file(case_id: str, digest: str) -> Any:
    """A file of a case by its digest; never opened inside the page, whatever it is."""
    with identity.reading() as connection:
        found = case_files.file_of(connection, identity.actor(), case_id, digest)
    path = file_store.path_of(identity.engine().settings, digest)
    if not path.is_file():
        raise NotFound(file=digest)
    noting.note("file", case=case_id, subject=digest)
    response = send_file(path, mimetype=found["media_type"], as_attachment=True, download_name=found["name"])
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
