"""What the operations write into the books, and what they read of the registers."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from engine.db.models import award, contract, crew, fault_slip, group_, repair_cost, site
from engine.db.session import Store
from engine.errors import OperationFailed
from engine.registers import awards, contracts, costs, crews, faults, inspections, ledger
from engine.service_tasks.contract_facts import contract_facts
from engine.service_tasks.crew_facts import crew_facts
from engine.service_tasks.publish_fault_slip import publish_fault_slip
from engine.service_tasks.record_fault_slip import record_fault_slip
from engine.service_tasks.registry import Occasion
from engine.service_tasks.settle_fine import settle_fine
from engine.service_tasks.site_facts import site_facts
from tests.engine.registers.conftest import CASE, MU_GONG, NOW, QIU_SHAN, TIE_ZHU, WU_KAI

Occasions = Callable[..., Occasion]


def connection_of(one: Occasion) -> sa.Connection:
    assert one.connection is not None
    return one.connection


def test_a_site_tells_who_works_there_and_what_was_agreed(occasion: Occasions) -> None:
    assert site_facts(occasion(), site="S-1") == {
        "customer": "K-1",
        "crew": "crew_tie_zhu",
        "crew_state": "active",
        "crew_kind": "general",
        "foreman": "1",
        "project_manager": "4",
        "designer": "5",
        "contract": "C-1",
        "warranty_until": "2027-08-20",
        "in_warranty": True,
        "completed_on": None,
        "final_paid_on": None,
        "satisfaction": None,
    }


def test_a_site_without_a_crew_of_its_own_has_its_foremans(occasion: Occasions) -> None:
    facts = site_facts(occasion(), site="S-2")

    assert (facts["crew"], facts["crew_state"], facts["contract"]) == ("crew_qiu_shan", "departed", None)


def test_the_last_day_under_warranty_is_under_warranty(occasion: Occasions) -> None:
    """The card of S-2 ends on 2025-09-29, in the office's time."""
    for hour, within in ((15, True), (16, False)):  # 23:00 and midnight
        facts = site_facts(occasion(datetime(2025, 9, 29, hour, tzinfo=UTC)), site="S-2")
        assert (facts["warranty_until"], facts["in_warranty"]) == ("2025-09-29", within)


def test_the_card_counts_before_the_contract(occasion: Occasions) -> None:
    one = occasion()
    connection_of(one).execute(contract.insert(), {"key": "C-2", "site": "S-2", "kind": "construction"})
    connection_of(one).execute(contract.update().values(warranty_until=date(2030, 1, 1)))

    assert site_facts(one, site="S-2")["warranty_until"] == "2025-09-29"
    assert site_facts(one, site="S-1")["warranty_until"] == "2030-01-01"


def test_a_contract_counts_with_its_additions_and_deductions(occasion: Occasions) -> None:
    """The example of 3.21: 120,000 + 8,000 − 3,000 = 125,000."""
    assert contract_facts(occasion(), contract="C-1") == {
        "site": "S-1",
        "customer": "K-1",
        "amount": "120000.00",
        "additions": "8000.00",
        "deductions": "3000.00",
        "base": "125000.00",
        "designer": "5",
        "crew": "crew_tie_zhu",
        "foreman": "1",
        "status": "active",
    }


def test_a_contract_in_force_stands_for_the_site_before_a_cancelled_one(store: Store) -> None:
    with store.write() as connection:
        newer = {"key": "C-2", "site": "S-1", "kind": "construction", "signed_on": date(2025, 9, 1)}
        connection.execute(contract.insert(), newer)
        connection.execute(contract.insert(), {"key": "C-3", "site": "S-1", "kind": "design"})
        assert contracts.of_site(connection, "S-1") == "C-2"

        contracts.cancel(connection, "C-2", date(2025, 9, 29))

        assert contracts.of_site(connection, "S-1") == "C-1"
        row = contracts.find(connection, "C-2")
        assert row is not None
        assert (row.status, row.cancelled_on) == ("cancelled", date(2025, 9, 29))


def test_a_contract_without_an_amount_counts_nothing(store: Store) -> None:
    with store.write() as connection:
        connection.execute(contract.insert(), {"key": "C-2", "site": "S-1", "kind": "design"})

        assert contracts.base(connection, "C-2") == Decimal("0.00")


def test_where_nothing_is_named_there_are_no_facts(occasion: Occasions) -> None:
    for operation, name in ((site_facts, "site"), (crew_facts, "crew"), (contract_facts, "contract")):
        assert set(operation(occasion(), **{name: None}).values()) == {None}
        with pytest.raises(OperationFailed):
            operation(occasion(), **{name: "none"})


def test_a_slip_without_money_owes_nothing(occasion: Occasions) -> None:
    one = occasion()
    found = record_fault_slip(one, person=f"person:{WU_KAI}", rule="P-31b", grade="ordinary", decided_by="person:9")

    assert (found["amount"], found["crew"]) == (None, None)
    publish_fault_slip(occasion(), slip=found["slip"], on="2025-10-09")
    (row,) = faults.of_person(connection_of(one), WU_KAI)
    assert (row.id, row.case_id, row.rule, row.grade, row.amount) == (found["slip"], CASE, "P-31b", "ordinary", None)
    assert (row.decided_at, row.decided_by, row.bulletin_on) == (NOW, "person:9", date(2025, 10, 9))
    assert faults.owes(connection_of(one), WU_KAI) == 0


@pytest.mark.parametrize(("way", "account"), [("wages", "company:wages"), ("cash", "company:bank")])
def test_a_fine_is_owed_until_it_is_collected(occasion: Occasions, way: str, account: str) -> None:
    one = occasion()
    found = record_fault_slip(one, person=str(WU_KAI), rule="P-32", decided_by="person:9", amount=500)
    assert found["amount"] == "500.00"
    assert faults.owes(connection_of(one), WU_KAI) == Decimal("500.00")

    settled = settle_fine(occasion(), slip=found["slip"], amount="500.00", way=way)

    assert settled == {"settled": "500.00", "owed": "0.00"}
    assert faults.owes(connection_of(one), WU_KAI) == 0
    assert ledger.balance(connection_of(one), "company:fines") == Decimal("500.00")
    assert ledger.balance(connection_of(one), account) == Decimal("-500.00")


def test_the_cost_of_a_second_repair_comes_out_of_the_foremans_retention(occasion: Occasions) -> None:
    one = occasion()
    connection = connection_of(one)
    entry = ledger.Entry(id="ab" * 16, at=NOW, kind="deposit")
    ledger.transfer(
        connection, entry, payer="company:bank", receiver="retention:crew_tie_zhu", amount=Decimal("400.00")
    )
    found = record_fault_slip(one, person=str(TIE_ZHU), rule="P-28", decided_by="person:9", amount="455.00")
    assert found["crew"] == "crew_tie_zhu"

    settled = settle_fine(occasion(), slip=found["slip"], amount="455.00", way="retention")

    assert settled == {"settled": "455.00", "owed": "55.00"}
    assert crews.retention(connection, "crew_tie_zhu") == 0
    assert crews.owes(connection, "crew_tie_zhu") == Decimal("55.00")
    assert ledger.balance(connection, "company:repairs") == Decimal("455.00")


def test_nothing_is_collected_twice(occasion: Occasions) -> None:
    """What was set off elsewhere meanwhile is not credited again."""
    one = occasion()
    found = record_fault_slip(one, person=str(WU_KAI), rule="P-32", decided_by="person:9", amount=500)
    settle_fine(occasion(), slip=found["slip"], amount="300.00", way="cash")

    again = settle_fine(occasion(), slip=found["slip"], amount="500.00", way="cash")

    assert again["settled"] == "200.00"
    assert faults.owes(connection_of(one), WU_KAI) == 0
    assert settle_fine(occasion(), slip=found["slip"], amount="1.00", way="cash")["settled"] == "0.00"


def test_who_leads_no_crew_has_no_retention(occasion: Occasions) -> None:
    found = record_fault_slip(occasion(), person=str(MU_GONG), rule="P-32", decided_by="person:9", amount=500)

    with pytest.raises(OperationFailed):
        settle_fine(occasion(), slip=found["slip"], amount="500.00", way="retention")


def test_a_slip_is_of_whoever_a_head_or_a_group_is_now(occasion: Occasions) -> None:
    """Complaints propose slips for the head of a department (P-02), checks for a group of one (P-26)."""
    one = occasion()
    connection = connection_of(one)
    connection.execute(group_.insert(), {"key": "engineering_dept", "kind": "department", "name": "x", "head": WU_KAI})
    connection.execute(group_.insert(), {"key": "design_dept", "kind": "department", "name": "x"})
    of = {"head:engineering_dept": WU_KAI, "group:project_manager": WU_KAI, "person:1": TIE_ZHU, "2": MU_GONG}
    of |= dict.fromkeys(("head:design_dept", "group:foreman", "group:design_dept"))

    slips = {
        who: record_fault_slip(occasion(), person=who, rule="P-02", grade="ordinary", decided_by="person:9")["slip"]
        for who in of
    }

    assert {who: faults.find(connection, slip).person for who, slip in slips.items()} == of
    assert faults.find(connection, slips["2"]).principal == "person:2"
    assert faults.find(connection, slips["group:foreman"]).principal == "group:foreman"
    with pytest.raises(OperationFailed):
        record_fault_slip(occasion(), person="group:foreman", rule="P-25", decided_by="person:9", amount=500)


@pytest.mark.parametrize("amount", ["0.00", "-5.00"])
def test_a_fine_is_above_nothing(occasion: Occasions, amount: str) -> None:
    with pytest.raises(OperationFailed):
        record_fault_slip(occasion(), person="1", rule="P-25", decided_by="person:9", amount=amount)


def test_inspections_count_anew_under_a_new_foreman_and_void_ones_not_at_all(store: Store) -> None:
    with store.write() as connection:

        def inspect(number: int, foreman: int, result: str) -> int:
            at = NOW + timedelta(days=number)
            return inspections.put(
                connection,
                id=f"{number}" * 32,
                case_id=CASE,
                site="S-1",
                foreman=foreman,
                at=at,
                overall_rate=None if result == "void" else "84.2",
                result=result,
            )

        given = [(1, TIE_ZHU, "failed"), (2, TIE_ZHU, "void"), (3, TIE_ZHU, "failed"), (4, TIE_ZHU, "failed")]
        assert [inspect(*one) for one in given] == [1, 0, 2, 3]
        assert inspect(5, MU_GONG, "good") == 1
        assert inspect(6, MU_GONG, "void") == 0

        last = inspections.last(connection, "S-1")
        assert last is not None
        assert (last.result, last.foreman) == ("good", MU_GONG)
        assert inspections.last(connection, "S-2") is None


def test_a_site_is_awarded_once_a_month(store: Store) -> None:
    with store.write() as connection:
        shares = {"foreman": TIE_ZHU, "foreman_share": Decimal("602.00")}
        shares |= {"project_manager": WU_KAI, "project_manager_share": Decimal("258.00")}

        def put(month: date) -> None:
            awards.put(
                connection, site="S-1", month=month, amount=Decimal("860.00"), score="96.0", case_id=CASE, **shares
            )

        put(date(2025, 9, 30))

        (row,) = awards.of_month(connection, date(2025, 9, 2))
        assert (row.month, row.foreman_share + row.project_manager_share) == (date(2025, 9, 1), row.amount)
        assert awards.of_month(connection, date(2025, 10, 1)) == []
        with pytest.raises(sa.exc.IntegrityError):
            put(date(2025, 9, 1))


def test_what_a_repair_cost_is_signed_and_settled(store: Store) -> None:
    with store.write() as connection:
        for number, crew_key in enumerate(("crew_tie_zhu", None)):
            costs.put(
                connection,
                id=f"{number}" * 32,
                case_id=CASE,
                site="S-1",
                crew=crew_key,
                payer=costs.CREW if crew_key else costs.CUSTOMER,
                scope=costs.NORMAL,
                labour=Decimal("440.00"),
                material=Decimal("0.00"),
                computed_at=NOW,
            )
        entry = ledger.Entry(id="ab" * 16, at=NOW, kind="repair_cost")
        ledger.transfer(
            connection, entry, payer="retention:crew_tie_zhu", receiver="company:repairs", amount=Decimal("440.00")
        )

        costs.sign(connection, "0" * 32, NOW + timedelta(hours=1))
        costs.settle(connection, "0" * 32, entry.id)

        row = connection.execute(sa.select(repair_cost).where(repair_cost.c.id == "0" * 32)).one()
        assert (row.signed_at, row.entry) == (NOW + timedelta(hours=1), entry.id)


def test_a_crew_that_leaves_is_departed_from_that_day(store: Store) -> None:
    with store.write() as connection:
        crews.depart(connection, "crew_tie_zhu", date(2025, 9, 29))

        row = crews.find(connection, "crew_tie_zhu")
        assert row is not None
        assert (row.state, row.departed_on) == ("departed", date(2025, 9, 29))
        assert crews.of_foreman(connection, TIE_ZHU) == "crew_tie_zhu"
        assert crews.of_site(connection, "S-9") is None


def test_of_a_foremans_crews_the_active_one_is_his(store: Store) -> None:
    with store.write() as connection:
        connection.execute(crew.update().where(crew.c.key == "crew_tie_zhu").values(foreman=QIU_SHAN))
        connection.execute(site.update().where(site.c.key == "S-2").values(crew=None))

        assert crews.of_site(connection, "S-2") == "crew_tie_zhu"


def test_the_same_call_can_not_write_twice(occasion: Occasions) -> None:
    """An operation is performed once per command: a second time with its key is a fault that the store refuses."""
    one = occasion()
    record_fault_slip(one, person="1", rule="P-30", decided_by="person:9", grade="ordinary")

    with pytest.raises(sa.exc.IntegrityError), connection_of(one).begin_nested():
        record_fault_slip(one, person="1", rule="P-30", decided_by="person:9", grade="ordinary")
    assert connection_of(one).scalar(sa.select(sa.func.count()).select_from(fault_slip)) == 1
    assert connection_of(one).scalar(sa.select(sa.func.count()).select_from(award)) == 0
