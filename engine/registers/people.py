"""People and groups: who stands behind a principal key."""

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from engine.db.models import group_, membership, person
from engine.errors import InvalidCommand, NotFound

STREAM = "people"
KINDS = ("group", "department", "crew")


def next_id(connection: sa.Connection) -> int:
    """The id of the next person; the stream's lock keeps two from getting the same."""
    return (connection.scalar(sa.select(sa.func.max(person.c.id))) or 0) + 1


def behind(connection: sa.Connection, keys: Iterable[str]) -> set[str]:
    """Who stands behind these principal keys now: keys of persons."""
    parts = [key.partition(":") for key in keys]
    named = {kind: [key for of_kind, _, key in parts if of_kind == kind] for kind in ("person", "group", "head")}
    rows = sa.union_all(
        sa.select(membership.c.person_id).where(membership.c.group_key.in_(named["group"])),
        sa.select(group_.c.head).where(group_.c.key.in_(named["head"])),
    )
    found = connection.scalars(rows) if named["group"] or named["head"] else ()
    return {f"person:{key}" for key in (*named["person"], *found) if key is not None}


def one_behind(connection: sa.Connection, principal: str) -> int | None:
    """The one person that a principal key (or an id as text) stands for now; None where it is nobody or several."""
    kind, _, key = principal.rpartition(":")
    match kind:
        case "" | "person":
            return int(key)
        case "head":
            return connection.scalar(sa.select(group_.c.head).where(group_.c.key == key))
    members = sa.select(person.c.id).join(membership, membership.c.person_id == person.c.id)
    found = connection.scalars(members.where(membership.c.group_key == key, person.c.active).limit(2)).all()
    return found[0] if len(found) == 1 else None


def require_person(connection: sa.Connection, person_id: int) -> None:
    """Raises NotFound where there is no such person."""
    if connection.scalar(sa.select(person.c.id).where(person.c.id == person_id)) is None:
        raise NotFound(person=person_id)


def require_groups(connection: sa.Connection, keys: Iterable[str]) -> list[str]:
    """The keys, sorted and without repetition.

    Raises:
        InvalidCommand: One of them is no group.
    """
    wanted = sorted(set(keys))
    known = set(connection.scalars(sa.select(group_.c.key).where(group_.c.key.in_(wanted))))
    if unknown := [key for key in wanted if key not in known]:
        raise InvalidCommand(field="groups", unknown=unknown)
    return wanted


def require_free_username(connection: sa.Connection, username: str, person_id: int) -> None:
    """Raises InvalidCommand where somebody else has this username."""
    taken = sa.select(person.c.id).where(person.c.username == username, person.c.id != person_id)
    if not username or connection.scalar(taken) is not None:
        raise InvalidCommand(field="username")


def put_person(connection: sa.Connection, person_id: int, values: Mapping[str, Any], *, new: bool) -> None:
    """Insert a person, or change the given columns of one."""
    if new:
        connection.execute(person.insert(), {"id": person_id, **values})
    elif values:
        connection.execute(person.update().where(person.c.id == person_id), dict(values))


def put_groups(connection: sa.Connection, person_id: int, keys: Iterable[str]) -> None:
    """Make these the groups that a person is in."""
    connection.execute(membership.delete().where(membership.c.person_id == person_id))
    rows = [{"person_id": person_id, "group_key": key} for key in keys]
    if rows:
        connection.execute(membership.insert(), rows)


def put_group(connection: sa.Connection, values: Mapping[str, Any]) -> None:
    """Insert a group, or change it."""
    changed = connection.execute(group_.update().where(group_.c.key == values["key"]), dict(values)).rowcount
    if not changed:
        connection.execute(group_.insert(), dict(values))


def staffing(connection: sa.Connection) -> dict[str, int]:
    """How many may act behind each principal: "group:x" → those of its members who are here, "head:x" → 1 or 0."""
    here = sa.select(membership.c.group_key, sa.func.count().label("members"))
    here = here.join(person, person.c.id == membership.c.person_id).where(person.c.active)
    members = {row.group_key: row.members for row in connection.execute(here.group_by(membership.c.group_key))}
    found = {}
    head = sa.select(group_.c.key, person.c.active).join(person, person.c.id == group_.c.head, isouter=True)
    for row in connection.execute(head):
        found[f"group:{row.key}"] = members.get(row.key, 0)
        found[f"head:{row.key}"] = int(bool(row.active))
    return found
