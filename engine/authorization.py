"""May this actor do this? Pure decisions on principal keys.

Keys are `person:<id>`, `group:<key>` and `head:<key>`. Who stands behind a key was looked up when the actor was made.
"""

from collections.abc import Collection

from engine.actor import ADMINISTRATOR, AUDITOR, PROCESS_OWNER, SYSTEM, Actor
from engine.errors import AlreadyClaimed, Forbidden

MANAGER = "group:service_manager"  # may move any task
# Who looks at contracts' sums, the ledger and fines in the registers (our convention; the source says nothing).
MONEY = frozenset(
    f"group:{key}"
    for key in (
        *("finance", "finance_supervisor", "service_manager", "service_supervisor", "budget_dept", "hr_dept"),
        *("gm_office", "general_manager", "company_executive"),
    )
)


def is_candidate(actor: Actor, candidates: Collection[str], excluded: Collection[str]) -> bool:
    """Whether a task is offered to this actor."""
    return not actor.principals.isdisjoint(candidates) and actor.principals.isdisjoint(excluded)


def only_reads(actor: Actor) -> bool:
    """Whether this is an auditor: reads everything and changes nothing."""
    return AUDITOR in actor.roles and ADMINISTRATOR not in actor.roles


def require_taking(actor: Actor, candidates: Collection[str], excluded: Collection[str], assignee: str | None) -> None:
    """Let pass who may claim or complete a task.

    Raises:
        AlreadyClaimed: Somebody else has it.
        Forbidden: It is not offered to this actor.
    """
    if only_reads(actor):
        raise Forbidden()
    if assignee == actor.key:
        return
    if not is_candidate(actor, candidates, excluded):
        raise Forbidden()
    if assignee is not None:
        raise AlreadyClaimed(assignee=assignee)


def require_moving(actor: Actor, candidates: Collection[str], assignee: str | None) -> None:
    """Let pass who may give a task away or back: its assignee, a head of its groups, the manager, an administrator.

    Raises:
        Forbidden: None of these.
    """
    heads = {f"head:{key.partition(':')[2]}" for key in candidates if not key.startswith("person:")}
    allowed = {assignee, *heads, MANAGER}
    if only_reads(actor):
        raise Forbidden()
    if ADMINISTRATOR not in actor.roles and actor.principals.isdisjoint(key for key in allowed if key):
        raise Forbidden()


def require_starting(actor: Actor, starters: Collection[str]) -> None:
    """Let pass who may start a procedure by hand.

    Raises:
        Forbidden: The actor stands behind none of the starters.
    """
    if only_reads(actor):
        raise Forbidden()
    if ADMINISTRATOR not in actor.roles and actor is not SYSTEM and actor.principals.isdisjoint(starters):
        raise Forbidden()


def may_see(actor: Actor, parties: Collection[str]) -> bool:
    """Whether a case is shown to this actor: their groups took part, they direct cases, or they read everything."""
    reads_all = not actor.roles.isdisjoint((ADMINISTRATOR, AUDITOR)) or MANAGER in actor.principals
    return reads_all or not actor.principals.isdisjoint(parties)


def sees_money(actor: Actor) -> bool:
    """Whether the registers show this actor sums of money."""
    return not actor.roles.isdisjoint((ADMINISTRATOR, AUDITOR)) or not actor.principals.isdisjoint(MONEY)


def require_seeing(actor: Actor, parties: Collection[str]) -> None:
    """Raises Forbidden unless `may_see`; what happens by itself sees everything."""
    if actor is not SYSTEM and not may_see(actor, parties):
        raise Forbidden()


def require_taking_part(actor: Actor, parties: Collection[str]) -> None:
    """Raises Forbidden unless this actor may see the case and add to it."""
    require_seeing(actor, parties)
    if only_reads(actor):
        raise Forbidden()


def require_directing(actor: Actor) -> None:
    """Let pass who may suspend, resume, cancel, reschedule and retry: the manager and administrators.

    Raises:
        Forbidden: Neither of these.
    """
    if (
        actor is not SYSTEM
        and ADMINISTRATOR not in actor.roles
        and (MANAGER not in actor.principals or only_reads(actor))
    ):
        raise Forbidden()


def require_role(actor: Actor, *roles: str) -> None:
    """Raises Forbidden unless the actor has one of these roles (the system has all)."""
    if actor is not SYSTEM and actor.roles.isdisjoint(roles):
        raise Forbidden()


def require_owning(actor: Actor) -> None:
    """Let pass who may change procedures: process owners and administrators.

    Raises:
        Forbidden: Neither of these.
    """
    require_role(actor, ADMINISTRATOR, PROCESS_OWNER)
    if only_reads(actor):
        raise Forbidden()
