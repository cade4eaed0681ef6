"""How often somebody failed to log in of late, and who the demo's people are."""

from datetime import datetime

import sqlalchemy as sa

from engine.db.models import access, counter, group_, membership, person, session_

DEMO = "demo"  # a counter of this name marks a demo installation


def failures(connection: sa.Connection, actor: str, since: datetime) -> int:
    """How often a log-in under this key failed since an instant and since it last succeeded."""
    number = actor.removeprefix("person:")
    if number.isdigit():
        last = connection.scalar(
            sa.select(sa.func.max(session_.c.created_at)).where(session_.c.person_id == int(number))
        )
        since = max(since, last) if last else since
    failed = sa.and_(access.c.actor == actor, access.c.at > since, access.c.code == "login.refused")
    return connection.scalar(sa.select(sa.func.count()).where(failed)) or 0


def is_demo(connection: sa.Connection) -> bool:
    """Whether this installation shows the demo company: then anybody may be anybody."""
    return connection.scalar(sa.select(counter.c.value).where(counter.c.name == DEMO)) is not None


def demo_people(connection: sa.Connection) -> list[dict[str, object]]:
    """Everyone by department: id, name, roles, department and what else they belong to."""
    rows = sa.select(person.c.id, person.c.name, person.c.username, person.c.roles, group_.c.name, group_.c.kind)
    rows = rows.join(membership, membership.c.person_id == person.c.id, isouter=True)
    rows = rows.join(group_, group_.c.key == membership.c.group_key, isouter=True).where(person.c.active)
    found: dict[int, dict[str, object]] = {}
    for number, name, username, roles, group, kind in connection.execute(rows.order_by(person.c.id, group_.c.key)):
        one = found.setdefault(
            number,
            {"id": number, "name": name, "username": username, "roles": roles, "department": None, "groups": []},
        )
        if kind == "department":
            one["department"] = group
        elif group is not None:
            one["groups"] = [*one["groups"], group]  # type: ignore[misc]
    return list(found.values())
