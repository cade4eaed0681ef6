"""Rows that people keep: what may stand in them, and that nothing is half written."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from engine import clock, log
from engine.actor import Actor
from engine.commands.enter_money import EnterMoney
from engine.commands.put_group import PutGroup
from engine.commands.put_register_row import PutRegisterRow
from engine.db.models import (
    command,
    contract,
    contract_change,
    crew,
    equipment,
    ledger_entry,
    person,
    site,
    submission,
    suspension,
    warranty_card,
)
from engine.errors import EngineError, Forbidden, InvalidCommand, NotFound, PersonUnavailable
from engine.executor import Engine
from engine.registers import crews, ledger
from tests.engine.registers.conftest import MU_GONG, NOW, QIU_SHAN, TIE_ZHU
from tests.factories import ADMIN, SPECIALIST, make_actor

FINANCE = make_actor(7, "finance")


def put(
    engine: Engine, register: str, key: str | None = None, *, new: bool = False, **values: Any
) -> Mapping[str, Any]:
    with clock.hold(NOW):
        return engine.execute(PutRegisterRow(register=register, key=key, values=values, new=new), ADMIN).body


def refused(engine: Engine, register: str, key: str | None = None, *, new: bool = False, **values: Any) -> str:
    """The field that is wrong."""
    before = commands(engine)
    with pytest.raises(EngineError) as error:
        put(engine, register, key, new=new, **values)
    assert isinstance(error.value, InvalidCommand | PersonUnavailable)
    assert commands(engine) == before
    return str(error.value.context["field"])


def commands(engine: Engine) -> int:
    with engine.read() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(command)) or 0


def row(engine: Engine, table: sa.Table, key: str) -> Any:
    with engine.read() as connection:
        return connection.execute(sa.select(table).where(table.c.key == key)).one()


def test_each_register_takes_its_rows(engine: Engine) -> None:
    engine.execute(PutGroup(key="crew_mu_gong", name="穆工施工队", group_kind="crew"), ADMIN)

    put(engine, "crew", "crew_mu_gong", new=True, foreman=MU_GONG, kind="paving")
    change = put(engine, "contract_change", contract="C-1", on="2025-09-01", item="吊柜", amount="1234.565", approver=4)
    card = put(engine, "warranty_card", site="S-1", until="2027-09-01", scope="防水")
    tool = put(engine, "equipment", name="激光水平仪", calibrated_until="2026-06-30")

    assert row(engine, crew, "crew_mu_gong")[:4] == ("crew_mu_gong", MU_GONG, "paving", "active")
    assert row(engine, contract_change, change["key"]).amount == Decimal("1234.57")
    assert row(engine, warranty_card, card["key"]).until == date(2027, 9, 1)
    assert row(engine, equipment, tool["key"]).name == "激光水平仪"
    assert (change["key"], card["key"], tool["key"]) == ("B00003", "W00002", "E00004")


def test_names_and_remarks_stay_out_of_the_log(engine: Engine) -> None:
    put(engine, "contract_change", contract="C-1", item="厨房加做吊柜", amount="100.00")
    put(engine, "warranty_card", site="S-1", until="2027-09-01", scope="防水层")
    put(engine, "equipment", name="激光水平仪")

    with engine.read() as connection:
        bodies = str(connection.scalars(sa.select(command.c.body).where(command.c.stream == "registers")).all())
        kept = str(connection.scalars(sa.select(submission.c["values"])).all())
        assert list(log.verify(connection)) == []
    for text in ("厨房加做吊柜", "防水层", "激光水平仪"):
        assert text not in bodies
        assert text in kept
    assert "'amount': '100.00'" in bodies


@pytest.mark.parametrize("amount", ["-0.01", "100000000.01", "NaN", "Infinity", "1e30", "十万", "1,000", 12.5])
def test_a_contract_has_an_amount_that_can_be_meant(engine: Engine, amount: object) -> None:
    assert refused(engine, "contract", site="S-1", kind="construction", amount=amount) == "amount"


@pytest.mark.parametrize("amount", ["0", "100000000"])
def test_the_least_and_the_largest_contract_are_taken(engine: Engine, amount: str) -> None:
    body = put(engine, "contract", site="S-1", kind="construction", amount=amount)

    assert row(engine, contract, body["key"]).amount == Decimal(amount)


@pytest.mark.parametrize("amount", ["0", "0.004", "100000000.01", "-100000000.01", None])
def test_a_change_of_a_contract_changes_something(engine: Engine, amount: str | None) -> None:
    assert refused(engine, "contract_change", contract="C-1", amount=amount) == "amount"


@pytest.mark.parametrize(
    ("register", "values", "field"),
    [
        ("site", {"customer": "K-9", "address": "街"}, "customer"),
        ("site", {"customer": "K-1", "address": ""}, "address"),
        ("site", {"customer": "K-1", "address": "街", "crew": "crew_none"}, "crew"),
        ("site", {"customer": "K-1", "address": "街", "foreman": 99}, "foreman"),
        ("site", {"customer": "K-1", "address": "街", "satisfaction": "fine"}, "satisfaction"),
        ("contract", {"site": "S-9", "kind": "construction"}, "site"),
        ("contract", {"site": "S-1", "kind": "construction", "status": "lost"}, "status"),
        ("contract_change", {"amount": "1.00"}, "contract"),
        ("contract_change", {"contract": "C-1", "amount": "1.00", "on": "2025-02-30"}, "on"),
        ("warranty_card", {"site": "S-1"}, "until"),
        ("equipment", {"calibrated_until": "2025-09-01"}, "name"),
        ("equipment", {"name": "尺", "colour": "red"}, "colour"),
        ("crew", {"foreman": TIE_ZHU}, "key"),
        ("ledger_entry", {"kind": "x"}, "register"),
    ],
)
def test_a_row_that_makes_no_sense_is_refused_at_its_field(
    engine: Engine, register: str, values: dict[str, Any], field: str
) -> None:
    assert refused(engine, register, **values) == field


def test_a_crew_has_the_key_of_a_group_of_crews(engine: Engine) -> None:
    assert refused(engine, "crew", "foreman", new=True) == "key"
    assert refused(engine, "crew", "nobody", new=True) == "key"
    assert refused(engine, "crew", "crew_tie_zhu", kind="masons") == "kind"


def test_a_key_that_is_taken_is_not_taken_again(engine: Engine) -> None:
    assert refused(engine, "contract", "C-1", new=True, site="S-1", kind="construction") == "key"
    with pytest.raises(NotFound):
        put(engine, "contract", "C-9", kind="construction")


def test_a_field_that_is_needed_can_not_be_emptied(engine: Engine) -> None:
    assert refused(engine, "site", "S-1", customer="") == "customer"


def test_a_new_site_goes_to_nobody_who_has_left_or_is_suspended(engine: Engine) -> None:
    with engine.store.write() as connection:
        suspended = {"id": "5" * 32, "person": MU_GONG, "since": date(2025, 9, 1), "until": date(2025, 9, 29)}
        connection.execute(suspension.insert(), suspended)
        connection.commit()

    for foreman in (QIU_SHAN, MU_GONG):
        assert refused(engine, "site", customer="K-1", address="街", foreman=foreman) == "foreman"
        assert refused(engine, "site", "S-1", foreman=foreman) == "foreman"
    assert refused(engine, "site", customer="K-1", address="街", crew="crew_qiu_shan") == "crew"
    assert refused(engine, "site", "S-1", crew="crew_qiu_shan") == "crew"
    assert row(engine, site, "S-1").foreman == TIE_ZHU


def test_a_site_keeps_the_foreman_that_it_has_whatever_becomes_of_him(engine: Engine) -> None:
    with engine.store.write() as connection:
        connection.execute(crew.update().values(state="departed"))
        connection.execute(person.update().where(person.c.id == TIE_ZHU).values(active=False))
        connection.commit()

    put(engine, "site", "S-1", crew="crew_tie_zhu", foreman=TIE_ZHU, address="枫林苑 4 栋")

    assert row(engine, site, "S-1").address == "枫林苑 4 栋"


def test_a_completed_site_says_who_built_it(engine: Engine) -> None:
    body = put(
        engine, "site", customer="K-1", address="街", foreman=QIU_SHAN, crew="crew_qiu_shan", completed_on="2024-12-31"
    )

    assert row(engine, site, body["key"]).foreman == QIU_SHAN


def enter(engine: Engine, actor: Actor = FINANCE, **values: Any) -> Mapping[str, Any]:
    given = {"purpose": "deposit", "payer": "company:bank", "receiver": "retention:crew_tie_zhu", "amount": "5000.00"}
    with clock.hold(NOW):
        return engine.execute(EnterMoney(**{**given, **values}), actor).body


@pytest.mark.parametrize("actor", [FINANCE, ADMIN])
def test_finance_enters_what_was_withheld_from_a_crew(engine: Engine, actor: Actor) -> None:
    body = enter(engine, actor, month="2025-01-31")

    with engine.read() as connection:
        assert crews.retention(connection, "crew_tie_zhu") == Decimal("5000.00")
        assert ledger.balance(connection, "company:bank") == Decimal("-5000.00")
        entry = connection.execute(sa.select(ledger_entry)).one()
        assert (entry.id, entry.month, entry.case_id) == (body["entry"], date(2025, 1, 1), None)
        assert list(log.verify(connection)) == []


def test_others_enter_no_money(engine: Engine) -> None:
    with pytest.raises(Forbidden):
        enter(engine, SPECIALIST)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"amount": "0"}, "amount"),
        ({"amount": "-1"}, "amount"),
        ({"amount": "100000000.01"}, "amount"),
        ({"amount": "many"}, "amount"),
        ({"amount": 12.5}, "amount"),
        ({"payer": "retention:crew_none"}, "payer"),
        ({"receiver": "somebody"}, "receiver"),
        ({"receiver": "company:bank"}, "receiver"),
        ({"month": "September"}, "month"),
    ],
)
def test_a_sum_that_makes_no_sense_is_not_entered(engine: Engine, values: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidCommand) as error:
        enter(engine, **values)

    assert error.value.context["field"] == field
    with engine.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(ledger_entry)) == 0


def test_an_equipment_that_nobody_asks_for_is_no_register_of_people(engine: Engine) -> None:
    with pytest.raises(Forbidden), clock.hold(NOW):
        engine.execute(PutRegisterRow(register="equipment", values={"name": "尺"}), SPECIALIST)
