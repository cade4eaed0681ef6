"""Who somebody is, and which principal keys they stand behind."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.actor import Actor
from engine.db.models import group_, membership, person, session_

_WHO: Any = sa.bindparam("of_person")


def _known(person_id: Any) -> "sa.Select[Any]":
    """One statement: a row per principal key of the person, at least one."""
    groups = sa.select(membership.c.person_id, (sa.literal("group:") + membership.c.group_key).label("principal"))
    heads = sa.select(group_.c.head.label("person_id"), (sa.literal("head:") + group_.c.key).label("principal"))
    keys = sa.union_all(
        groups.where(membership.c.person_id == person_id), heads.where(group_.c.head == person_id)
    ).subquery()
    return (
        sa.select(person, keys.c.principal)
        .join(keys, keys.c.person_id == person.c.id, isouter=True)
        .where(person.c.id == person_id, person.c.active)
    )


_SESSION_PERSON = (
    sa.select(session_.c.person_id)
    .where(session_.c.token_hash == sa.bindparam("of_token"), session_.c.expires_at > sa.bindparam("now"))
    .scalar_subquery()
)
_BY_ID, _BY_SESSION = _known(_WHO), _known(_SESSION_PERSON)
_BY_USERNAME = sa.select(person.c.id, person.c.password_hash, person.c.active).where(
    person.c.username == sa.bindparam("of_username")
)


@dataclass(frozen=True, kw_only=True)
class Known:
    """A person who may act."""

    id: int
    username: str
    name: str
    language: str | None
    notices_seen_at: datetime | None
    actor: Actor


def known(connection: sa.Connection, person_id: int) -> Known | None:
    """A person by id; None where there is none, or they have left."""
    return _read(connection.execute(_BY_ID, {"of_person": person_id}).mappings().all())


def known_by_session(connection: sa.Connection, token_hash: bytes, now: datetime) -> Known | None:
    """A person by the hash of their session's token; None where it has ended."""
    return _read(connection.execute(_BY_SESSION, {"of_token": token_hash, "now": now}).mappings().all())


def _read(rows: Any) -> Known | None:
    if not rows:
        return None
    first, key = rows[0], f"person:{rows[0]['id']}"
    principals = {row["principal"] for row in rows if row["principal"]} | {key}
    actor = Actor(key=key, principals=frozenset(principals), roles=frozenset(first["roles"]))
    names = ("id", "username", "name", "language", "notices_seen_at")
    return Known(**{name: first[name] for name in names}, actor=actor)


def credentials(connection: sa.Connection, username: str) -> tuple[int, str] | None:
    """Person id and password hash of who may log in under this name."""
    row = connection.execute(_BY_USERNAME, {"of_username": username}).one_or_none()
    return (row.id, row.password_hash) if row and row.active and row.password_hash else None


def names(connection: sa.Connection, principals: set[str], language: str = "zh_CN") -> dict[str, str]:
    """What people call principal keys: a person's name, a group's, "…负责人" of a head is left to the page."""
    ids = [int(key[7:]) for key in principals if key.startswith("person:") and key[7:].isdigit()]
    groups = [key.partition(":")[2] for key in principals if not key.startswith("person:")]
    found: dict[str, str] = {}
    if ids:
        rows = sa.select(person.c.id, person.c.name).where(person.c.id.in_(ids))
        found |= {f"person:{row.id}": row.name for row in connection.execute(rows)}
    if groups:
        by_key = sa.select(group_.c.key, group_.c.name, group_.c.name_en).where(group_.c.key.in_(groups))
        labels = {
            row.key: row.name_en or row.name if language == "en" else row.name for row in connection.execute(by_key)
        }
        found |= {key: labels[key.partition(":")[2]] for key in principals if key.partition(":")[2] in labels}
    return found


def people(connection: sa.Connection) -> list[dict[str, Any]]:
    """Everyone, with the keys of their groups."""
    rows = [dict(row) for row in connection.execute(sa.select(person).order_by(person.c.id)).mappings()]
    of_person: dict[int, list[str]] = {}
    for row in connection.execute(sa.select(membership).order_by(membership.c.group_key)):
        of_person.setdefault(row.person_id, []).append(row.group_key)
    return [{**row, "groups": of_person.get(row["id"], [])} for row in rows]


def groups(connection: sa.Connection) -> list[sa.RowMapping]:
    """All groups, with the number of their members."""
    members = sa.select(sa.func.count()).where(membership.c.group_key == group_.c.key).scalar_subquery()
    rows = sa.select(group_, members.label("members")).order_by(group_.c.kind, group_.c.key)
    return list(connection.execute(rows).mappings())
