"""Whether a person is a member of a group now."""

import sqlalchemy as sa

from engine.db.models import membership
from engine.service_tasks.registry import Occasion, Result, operation


@operation(parameters={"person": True, "group": True}, results=frozenset({"belongs"}))
def belongs_to_group(occasion: Occasion, *, person: str | None, group: str) -> Result:
    """Answer `belongs`; no when nobody is given.

    Args:
        person: A row of the register of people, as a form keeps it.
        group: The group's key.
    """
    assert occasion.connection is not None  # not a job
    if person is None:
        return {"belongs": False}
    query = sa.select(membership.c.person_id).where(
        membership.c.person_id == int(person), membership.c.group_key == group
    )
    return {"belongs": occasion.connection.scalar(query) is not None}
