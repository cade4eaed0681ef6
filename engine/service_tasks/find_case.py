"""Which case people mean by its number."""

import sqlalchemy as sa

from engine.db.models import instance
from engine.service_tasks.registry import Occasion, Result, operation


@operation(parameters={"number": True}, results=frozenset({"case"}))
def find_case(occasion: Occasion, number: str | None) -> Result:
    """Give the id of the case with this number ("TS-2025-0001"), to send it a message; None where there is none."""
    assert occasion.connection is not None
    query = sa.select(instance.c.id).where(instance.c.business_key == number).order_by(instance.c.procedure)
    return {"case": occasion.connection.scalars(query).first()}
