"""Who has left or is suspended gets no site: neither in a form, nor by an operation, nor in the register."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engine import clock
from engine.clock import OFFICE
from engine.db.models import crew, person, site
from engine.db.session import Store
from engine.errors import FormRejected, OperationFailed, PersonUnavailable
from engine.form_schema import Form, FormContext, problems
from engine.registers import foremen, lookup, suspensions
from engine.service_tasks.assign_foreman import assign_foreman
from engine.service_tasks.registry import Occasion
from engine.service_tasks.suspend_orders import suspend_orders
from tests.engine.registers.conftest import CASE, MU_GONG, NOW, QIU_SHAN, TANG_YI, TIE_ZHU, WU_KAI

TODAY = NOW.astimezone(OFFICE).date()


def form(register: str) -> dict[str, Any]:
    field = {
        "type": "select",
        "key": "who",
        "label": "选择",
        "properties": {"label_en": "Choose", "register": register},
        "validate": {"required": True},
    }
    heads = {"type": "default", "id": "probe", "schemaVersion": 16, "title": "表", "title_en": "Form"}
    return {**heads, "components": [field], "rules": []}


def taken(connection: sa.Connection, register: str, key: str) -> bool:
    """Whether a form with one field of this register takes the key."""
    schema = form(register)
    assert list(problems(schema)) == []
    known = FormContext(
        now=NOW,
        started_at=NOW,
        evaluate=lambda text, values: None,
        exists=lambda register, key: lookup.exists(connection, register, key),
    )
    try:
        Form.read(schema).check({"who": key}, known)
    except FormRejected as refused:
        assert refused.errors["who"][0] == "form.reference"
        return False
    return True


def suspend(connection: sa.Connection, who: int, *, since: date, until: date) -> None:
    suspensions.put(connection, id="5" * 32, person=who, since=since, until=until, case_id=CASE, rule="P-32")


def test_a_form_takes_only_who_is_there(store: Store) -> None:
    with store.read() as connection, clock.hold(NOW):
        assert {one for one in range(1, 6) if taken(connection, "foreman", str(one))} == {TIE_ZHU, MU_GONG}
        assert {one for one in range(1, 6) if taken(connection, "project_manager", str(one))} == {WU_KAI}
        assert {one for one in ("crew_tie_zhu", "crew_qiu_shan", "foreman") if taken(connection, "crew", one)} == {
            "crew_tie_zhu"
        }
        assert {key for key in ("E-1", "E-2", "E-3") if taken(connection, "equipment", key)} == {"E-1"}


def test_a_form_offers_what_it_takes_and_still_names_who_has_left(store: Store) -> None:
    with store.read() as connection, clock.hold(NOW):
        assert [key for key, _ in lookup.search(connection, "foreman", "")] == [str(MU_GONG), str(TIE_ZHU)]
        assert lookup.names(connection, "foreman", [str(QIU_SHAN)]) == {str(QIU_SHAN): "qiu_shan"}
        assert lookup.names(connection, "crew", ["crew_qiu_shan"]) == {"crew_qiu_shan": "crew_qiu_shan"}


def test_an_account_that_was_closed_is_nobody_to_choose(store: Store) -> None:
    with store.write() as connection, clock.hold(NOW):
        connection.execute(person.update().where(person.c.id.in_([TIE_ZHU, WU_KAI])).values(active=False))

        assert not taken(connection, "foreman", str(TIE_ZHU))
        assert not taken(connection, "project_manager", str(WU_KAI))


def test_who_leads_a_crew_is_a_foreman_without_the_group(store: Store) -> None:
    with store.write() as connection, clock.hold(NOW):
        connection.execute(crew.update().where(crew.c.key == "crew_tie_zhu").values(foreman=TANG_YI))

        assert taken(connection, "foreman", str(TANG_YI))


def test_who_comes_back_with_another_crew_may_be_chosen(store: Store) -> None:
    with store.write() as connection, clock.hold(NOW):
        connection.execute(crew.update().where(crew.c.key == "crew_tie_zhu").values(foreman=QIU_SHAN))

        assert taken(connection, "foreman", str(QIU_SHAN))


def test_a_suspension_of_three_months_ends_by_itself(occasion: Callable[..., Occasion]) -> None:
    """8.pre-acceptance-inspection.6: 2025-09-29 … 2025-12-29."""
    one = occasion()
    assert one.connection is not None

    found = suspend_orders(one, person=f"person:{TIE_ZHU}", months=3, rule="P-32")

    assert found == {"person": "1", "since": "2025-09-29", "until": "2025-12-29"}
    last_second = datetime(2025, 12, 29, 23, 59, 59, tzinfo=OFFICE)
    for at, free in ((NOW, False), (last_second, False), (last_second + timedelta(seconds=1), True)):
        with clock.hold(at):
            assert taken(one.connection, "foreman", str(TIE_ZHU)) is free
    assert suspensions.until(one.connection, TIE_ZHU, date(2025, 12, 29)) == date(2025, 12, 29)
    assert suspensions.until(one.connection, TIE_ZHU, date(2025, 12, 30)) is None
    assert suspensions.until(one.connection, TIE_ZHU, date(2025, 9, 28)) is None
    assert suspensions.until(one.connection, MU_GONG, date(2025, 12, 1)) is None


def test_calendar_months_end_on_the_last_day_of_a_shorter_month(occasion: Callable[..., Occasion]) -> None:
    at = datetime(2025, 11, 30, 1, tzinfo=UTC)

    assert suspend_orders(occasion(at), person="1", months=3, rule="P-32")["until"] == "2026-02-28"


def test_of_two_suspensions_the_later_end_counts(store: Store) -> None:
    with store.write() as connection:
        for number, until in enumerate((date(2025, 12, 29), date(2025, 10, 1))):
            suspensions.put(
                connection, id=f"{number}" * 32, person=1, since=TODAY, until=until, case_id=None, rule="P-32"
            )

        assert suspensions.until(connection, 1, TODAY) == date(2025, 12, 29)


def test_a_site_goes_to_a_foreman_and_his_crew(occasion: Callable[..., Occasion]) -> None:
    one = occasion()
    assert one.connection is not None

    assert assign_foreman(one, site="S-2", person=str(TIE_ZHU)) == {
        "foreman": "1",
        "crew": "crew_tie_zhu",
        "before": str(QIU_SHAN),
    }
    row = one.connection.execute(sa.select(site).where(site.c.key == "S-2")).one()
    assert (row.foreman, row.crew) == (TIE_ZHU, "crew_tie_zhu")
    assert assign_foreman(occasion(), site="S-2", person=f"person:{MU_GONG}")["crew"] is None


@pytest.mark.parametrize("who", [QIU_SHAN, WU_KAI, 99], ids=["has left", "is no foreman", "nobody"])
def test_a_site_goes_to_nobody_who_may_not_have_it(occasion: Callable[..., Occasion], who: int) -> None:
    with pytest.raises(PersonUnavailable) as refused:
        assign_foreman(occasion(), site="S-1", person=str(who))

    assert refused.value.context == {"field": "foreman"}


def test_who_is_suspended_gets_no_site_meanwhile(occasion: Callable[..., Occasion]) -> None:
    suspend_orders(occasion(), person=str(MU_GONG), months=3, rule="P-32")

    with pytest.raises(PersonUnavailable):
        assign_foreman(occasion(), site="S-1", person=str(MU_GONG))
    after = datetime(2025, 12, 30, 1, tzinfo=UTC)
    assert assign_foreman(occasion(after), site="S-1", person=str(MU_GONG))["foreman"] == str(MU_GONG)


def test_a_site_that_there_is_not_is_given_to_nobody(occasion: Callable[..., Occasion]) -> None:
    with pytest.raises(OperationFailed):
        assign_foreman(occasion(), site="S-9", person=str(TIE_ZHU))


def test_a_suspension_begins_on_its_day(store: Store) -> None:
    with store.write() as connection:
        suspend(connection, MU_GONG, since=TODAY + timedelta(days=1), until=TODAY + timedelta(days=2))

        foremen.require(connection, MU_GONG, TODAY)
        with pytest.raises(PersonUnavailable):
            foremen.require(connection, MU_GONG, TODAY + timedelta(days=1))
