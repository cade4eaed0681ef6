"""Who acts: a key, everything that this person stands behind, and roles."""

from dataclasses import dataclass

ADMINISTRATOR, PROCESS_OWNER, AUDITOR = "administrator", "process_owner", "auditor"
ROLES = (ADMINISTRATOR, PROCESS_OWNER, AUDITOR)  # everyone may do what their groups may; that needs no role


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who acts.

    Attributes:
        key: `person:<id>`, or "system" for what happens by itself.
        principals: All keys that this person stands behind, the own one included.
        roles: Out of ROLES.
    """

    key: str
    principals: frozenset[str]
    roles: frozenset[str] = frozenset()


SYSTEM = Actor(key="system", principals=frozenset())
