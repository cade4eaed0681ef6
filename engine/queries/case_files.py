"""A file of a case, for who may see the case."""

import sqlalchemy as sa

from engine.actor import Actor
from engine.db.models import case_file, file
from engine.errors import NotFound
from engine.queries.instance import visible


def file_of(connection: sa.Connection, actor: Actor, case_id: str, digest: str) -> sa.RowMapping:
    """The name and kind of a file (digest: 64 hex digits) of a case.

    Raises:
        NotFound: There is none, or this person takes no part in the case.
    """
    if len(case_id) != 32 or len(digest) != 64 or set(case_id + digest) - set("0123456789abcdef"):
        raise NotFound(file=digest)
    visible(connection, actor, case_id)
    rows = sa.select(case_file.c.name, file.c.media_type).join(file, file.c.hash == case_file.c.hash)
    rows = rows.where(case_file.c.case_id == case_id, case_file.c.hash == bytes.fromhex(digest))
    found = connection.execute(rows.order_by(case_file.c.at.desc()).limit(1)).mappings().one_or_none()
    if found is None:
        raise NotFound(file=digest)
    return found
