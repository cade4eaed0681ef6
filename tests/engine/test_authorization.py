"""Who may do what: pure rules on principal keys."""

import pytest

from engine import authorization
from engine.actor import ADMINISTRATOR, AUDITOR, SYSTEM
from engine.errors import AlreadyClaimed, Forbidden
from tests.factories import make_actor

GROUP = ["group:service_specialist"]


@pytest.mark.parametrize(
    ("candidates", "excluded", "assignee", "refusal"),
    [
        (GROUP, [], None, None),
        (["person:1"], [], None, None),
        (["group:finance"], [], "person:1", None),  # it was handed over
        (["group:finance"], [], None, Forbidden),
        (GROUP, ["person:1"], None, Forbidden),
        (GROUP, [], "person:2", AlreadyClaimed),
        (["group:finance"], [], "person:2", Forbidden),
        ([], [], None, Forbidden),
    ],
)
def test_who_may_take_a_task(
    candidates: list[str], excluded: list[str], assignee: str | None, refusal: type[Exception] | None
) -> None:
    actor = make_actor(1, "service_specialist")

    if refusal is None:
        authorization.require_taking(actor, candidates, excluded, assignee)
    else:
        with pytest.raises(refusal):
            authorization.require_taking(actor, candidates, excluded, assignee)


@pytest.mark.parametrize(
    ("groups", "roles", "allowed"),
    [
        ((), (), True),  # the assignee
        (("head:service_specialist",), (), True),
        (("service_manager",), (), True),
        ((), (ADMINISTRATOR,), True),
        (("service_specialist",), (), False),
        (("head:finance",), (), False),
        ((), (AUDITOR,), False),
    ],
)
def test_who_may_move_a_task(groups: tuple[str, ...], roles: tuple[str, ...], allowed: bool) -> None:
    actor = make_actor(1 if not groups and not roles else 5, *groups, roles=roles)

    if allowed:
        authorization.require_moving(actor, GROUP, "person:1")
    else:
        with pytest.raises(Forbidden):
            authorization.require_moving(actor, GROUP, "person:1")


def test_auditors_see_what_others_see_only_where_they_took_part() -> None:
    assert authorization.may_see(make_actor(1, "service_specialist"), GROUP)
    assert not authorization.may_see(make_actor(1, "finance"), GROUP)
    assert authorization.may_see(make_actor(1, roles=[AUDITOR]), GROUP)
    authorization.require_seeing(SYSTEM, [])


def test_auditors_change_nothing() -> None:
    for refuse in (authorization.require_directing, lambda actor: authorization.require_role(actor, ADMINISTRATOR)):
        with pytest.raises(Forbidden):
            refuse(make_actor(1, roles=[AUDITOR]))


def test_only_starters_start() -> None:
    authorization.require_starting(make_actor(1, "service_specialist"), GROUP)
    with pytest.raises(Forbidden):
        authorization.require_starting(make_actor(1), GROUP)
