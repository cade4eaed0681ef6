"""Add a person, or change one."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, ClassVar

from engine import authorization, log
from engine.actor import ADMINISTRATOR, ROLES
from engine.errors import InvalidCommand
from engine.registers import people
from engine.unit_of_work import UnitOfWork

_TEXTS = ("username", "name", "phone", "email", "subject", "language")
_LONGEST = 200


@dataclass(frozen=True, kw_only=True)
class PutPerson:
    """Add a person (no `person_id`), or change those fields that are given."""

    kind: ClassVar[str] = "put_person"
    person_id: int | None = None
    username: str | None = None
    name: str | None = None
    phone: str | None = None
    email: str | None = None
    subject: str | None = None  # of the identity provider
    language: str | None = None
    password_hash: str | None = field(default=None, compare=False)  # argon2id, salted anew each time; never logged
    roles: Collection[str] | None = None
    groups: Collection[str] | None = None  # keys; all of the person's
    active: bool | None = None

    def run(self, work: UnitOfWork) -> None:
        authorization.require_role(work.actor, ADMINISTRATOR)
        head = log.head(work, people.STREAM)
        new = self.person_id is None
        person_id = people.next_id(work.connection) if self.person_id is None else self.person_id
        texts = {name: getattr(self, name) for name in _TEXTS if getattr(self, name) is not None}
        if too_long := [name for name, text in texts.items() if len(text) > _LONGEST]:
            raise InvalidCommand(field=too_long[0])
        if new:
            texts = {"username": "", "name": "", **texts}
        else:
            people.require_person(work.connection, person_id)
        if "username" in texts:
            people.require_free_username(work.connection, texts["username"], person_id)
        keys = self._keys(new)
        if self.groups is not None:
            keys["groups"] = people.require_groups(work.connection, self.groups)
        body = {"person": person_id, **keys, **({"password": True} if self.password_hash else {})}
        log.append(work, head, body, submitted=log.Submitted(values=texts) if texts else None)
        columns = texts | {name: value for name, value in keys.items() if name != "groups"}
        if self.password_hash or new:
            columns["password_hash"] = self.password_hash
        people.put_person(work.connection, person_id, columns, new=new)
        if self.groups is not None:
            people.put_groups(work.connection, person_id, keys["groups"])

    def _keys(self, new: bool) -> dict[str, Any]:
        keys: dict[str, Any] = {"roles": [], "active": True} if new else {}
        if self.roles is not None:
            if not set(self.roles) <= set(ROLES):
                raise InvalidCommand(field="roles")
            keys["roles"] = sorted(self.roles)
        if self.active is not None:
            keys["active"] = self.active
        return keys
