"""Papers that somebody keeps until a day (T-27): a record with a job, so that no case stays open for them."""

from datetime import date

import sqlalchemy as sa

from engine.db.models import kept_paper


def put(connection: sa.Connection, *, id: str, case_id: str, what: str, holder: str, kept_until: date) -> None:
    """Note that a group keeps papers; `what` is a code, said by the message "paper.<what>"."""
    row = {"id": id, "case_id": case_id, "what": what, "holder": holder, "kept_until": kept_until}
    connection.execute(kept_paper.insert(), row)
